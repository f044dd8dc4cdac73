"""Tables of points: sums, never rows of members."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.points.catalogues import act_words
from heli.points.certificate import hours
from heli.points.queries import PlaceSum
from heli.ui.tables import Column, Table


def sums_table(request: HttpRequest, rows: Sequence[PlaceSum], *, sample: bool) -> Table:
    """By place and by what it counts as."""
    columns = [
        Column("place", _("Place"), filter=True),
        Column("act", _("Counts as"), labels=act_words(), filter=True),
        Column("points", pgettext_lazy("volunteer", "Points"), kind="integer", total=True),
        Column("hours", _("Hours of work"), value=lambda row: hours(row.minutes)),
        Column("lines", _("Times"), kind="integer", total=True),
    ]
    return Table("points", request, rows, columns, caption=_("Sums of points"), order="place", sample=sample,
                 replaces=_("points sheets of double report (双报到积分统计表)"))  # fmt: skip
