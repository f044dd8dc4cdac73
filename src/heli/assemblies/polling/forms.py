"""The hall, the hours and what is to stand there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.assemblies.polling.contests import PollingDay
from heli.assemblies.rules.hall import LEAST, MOST, HallWish, lay_out
from heli.assemblies.texts import as_fault
from heli.kernel.faults import Unsound
from heli.ui.forms import NamedNumbersField

METRES: dict[str, Any] = {"min_value": LEAST / 100, "max_value": MOST / 100}


def _count(most: int, least: int = 1, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(min_value=least, max_value=most, **more)


class PollingDayForm(forms.Form):
    """What of a pack is not known of the contest; kept nowhere."""

    columns = 2
    ORDINARY = {
        "hours": "8:00—11:00", "width": 18, "depth": 24, "desks": 4, "booths": 12, "boxes": 2, "mobile": 1, "wheelchairs": 2,
    }  # fmt: skip

    hours = forms.CharField(label=_("Hours of voting"), max_length=40)
    width = forms.FloatField(label=_("Width of the hall (m)"), **METRES, help_text=_("Along the front."))
    depth = forms.FloatField(label=_("Depth of the hall (m)"), **METRES, help_text=_("The doors are at the back."))
    desks = _count(30, label=_("Desks that hand out ballots"))
    booths = _count(100, label=_("Booths to write in"))
    boxes = _count(20, label=_("Ballot boxes"))
    mobile = _count(50, 0, label=_("Mobile boxes"))
    wheelchairs = _count(50, 0, label=_("Places for wheelchairs"))
    groups = NamedNumbersField(
        label=_("Groups that sit together"), required=False, rows=5,
        help_text=_("One to a line, with its voters: “Group 1 130”. None: no seats are drawn."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A hall without room for what stands there is refused at the field."""
        given = super().clean() or {}
        if not self.errors:
            try:
                lay_out(self.day().hall)
            except Unsound as wrong:
                for finding in wrong.findings:
                    self.add_error(finding.field, as_fault(finding).message)
        return given

    def day(self) -> PollingDay:
        """What was chosen."""
        given = self.cleaned_data
        hall = HallWish(
            round(given["width"] * 100), round(given["depth"] * 100), given["desks"], given["booths"], given["boxes"],
            given["wheelchairs"], given["groups"],
        )  # fmt: skip
        return PollingDay(hall, given["hours"], given["mobile"])
