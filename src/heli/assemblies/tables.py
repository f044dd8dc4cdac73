"""The list of sittings."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from heli.assemblies.models import Sitting, SittingStatus
from heli.assemblies.texts import BODIES, MATTERS
from heli.records.abouts import About
from heli.records.queries import names_for
from heli.ui.tables import Column, Table


def sitting_table(request: HttpRequest, about: About, rows: Sequence[Sitting], on: date) -> Table:
    """Sittings with their counts and what the law says of them."""
    names = names_for(rows, about, on)
    return Table(
        "sittings",
        request,
        rows,
        [
            Column("held_on", _("Held on"), kind="date"),
            Column("place", _("Place"), value=lambda row: names.of(row.place_id)),
            Column("town", _("Town"), value=lambda row: names.of(row.town_id), filter=True),
            Column("body", _("Who sits"), labels=BODIES, filter=True),
            Column("matter", _("Matter"), labels=MATTERS, filter=True),
            Column("entitled", _("Entitled"), kind="integer"),
            Column("present", _("Present"), kind="integer"),
            Column("votes_for", _("For"), kind="integer"),
            Column(
                "status", _("Status"), labels=SittingStatus.words(),
                badge=lambda row: SittingStatus(row.status).tone, filter=True,
            ),
        ],
        search=("place",),
        order="-held_on",
        caption=_("Sittings of legal bodies"),
        replaces=_("register of votes and sign-in sheets (表决情况登记表、签到表), as counts"),
        empty=_("No sitting yet"),
        sample=about.is_sample,
        cards=True,
    )  # fmt: skip
