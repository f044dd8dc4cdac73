"""The shape of the list of villages."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from heli.handover.queries import AskedVillage
from heli.records.abouts import About
from heli.ui.tables import Column, Exceptions, Table


def unit_table(request: HttpRequest, about: About, rows: Sequence[AskedVillage]) -> Table:
    """Villages, the one that is asked most first."""
    return Table(
        "handover", request, sorted(rows, key=lambda row: -row.yearly),
        [
            Column("name", _("Village"), link=lambda row: reverse("handover:unit", args=[about.id, row.place.public_id])),
            Column("town", _("Town"), filter=True),
            Column("tasks", _("Tasks admitted"), kind="integer", screen=False),
            Column("yearly", _("Minutes a year"), kind="integer"),
            Column("fields", _("Typed in 7 days"), kind="integer"),
            Column("received", _("Services received"), kind="integer", value=lambda row: row.received if row.items else None),
            Column("items", _("Services in all"), kind="integer", value=lambda row: row.items or None, screen=False),
            Column("borne", _("Functions borne"), kind="integer", value=lambda row: row.borne or None, screen=False),
            Column("points", _("Agency points"), kind="integer", value=lambda row: row.points if row.wanted else None),
            Column("wanted", _("Agency points wanted"), kind="integer", value=lambda row: row.wanted or None),
        ],
        search=("name", "town"), caption=_("Villages and what is asked of them"), cards=True, sample=about.is_sample,
        exceptions=Exceptions(
            _("Only what is not finished"), lambda row: row.received < row.items or row.points < row.wanted
        ),
        replaces=_("list of tasks and handover list (事项台账、移交清单)"),
    )  # fmt: skip
