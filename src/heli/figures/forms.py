"""What the pages of figures ask for."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.figures.reports.wording import REPORT_KINDS
from heli.figures.types import ClaimSpec
from heli.kernel.lint import Claim
from heli.kernel.periods import is_plausible
from heli.ui.forms import DayField, offer

SEPARATORS = re.compile(r"[\t|｜;；]")
PLUS = re.compile(r"[+＋、\s]+")


class WhichForm(forms.Form):
    """The day and the district a page shows, and to which later day its numbers are restated."""

    on = DayField(label=_("As of"), required=False)
    restated = DayField(label=_("Restated to"), required=False)

    def days(self, today: date) -> tuple[date, date | None]:
        """The day, and the later day to whose places its numbers are carried; nonsense counts as not given."""
        self.is_valid()
        on, restated = self.cleaned_data.get("on"), self.cleaned_data.get("restated")
        day = on if on and is_plausible(on) else today
        return day, restated if restated and is_plausible(restated) and restated > day else None


class FreezeForm(forms.Form):
    """Take a snapshot by hand."""

    district = forms.ChoiceField(label=_("District"))
    on = DayField(label=_("Day"))

    def __init__(self, *args: Any, districts: Sequence[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        offer(self, district=districts)

    def clean_on(self) -> date:
        """No snapshot of a day that has not come."""
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet: choose today or an earlier day."), code="future")
        return day


class ClaimForm(forms.Form):
    """Published figures: one by its fields, or many pasted from a sheet."""

    place = forms.ChoiceField(label=_("Place"))
    on = DayField(label=_("Figures of"))
    document = forms.CharField(
        label=_("Published in"),
        max_length=200,
        required=False,
        help_text=_("Document, bulletin or page they were read in."),
    )
    title = forms.CharField(label=_("Name of the figure"), max_length=120, required=False)
    text = forms.CharField(
        label=_("Number as written"), max_length=60, required=False, help_text=_("With its unit: 54.33 %, 2502, 8100+.")
    )
    figure = forms.ChoiceField(
        label=_("Compare with"), required=False, help_text=_("Heli's own figure of the same place and day.")
    )
    numerator = forms.IntegerField(label=_("Numerator"), min_value=0, max_value=10**14, required=False)
    base = forms.IntegerField(label=_("Denominator"), min_value=0, max_value=10**14, required=False)
    parts = forms.CharField(
        label=_("Parts that add up to it"), required=False, help_text=_("For example 94 + 26 + 18.")
    )
    difference_of = forms.CharField(
        label=_("Difference of two percentages"), required=False, help_text=_("For example 54.33% 40.95%.")
    )
    mean_total = forms.IntegerField(label=_("Mean: total"), min_value=0, max_value=10**14, required=False)
    mean_units = forms.IntegerField(label=_("Mean: number of units"), min_value=0, max_value=10**9, required=False)
    known_bases = forms.CharField(
        label=_("Counts the scope can have"), required=False, help_text=_("For example 254 148.")
    )
    is_change = forms.BooleanField(label=_("It is a growth, which may pass 100 %"), required=False)
    pasted = forms.CharField(
        label=_("Or many, pasted from a sheet"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=40_000,
        help_text=_("A line each: name, number, numerator, denominator, parts; in columns of a sheet or apart by |."),
    )
    columns = 2

    def __init__(
        self, *args: Any, places: Sequence[tuple[str, str]], figures: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, place=places, figure=[("", "–"), *figures])

    def claims(self) -> list[ClaimSpec]:
        """The figures given: the pasted lines, and the one by its fields."""
        given = self.cleaned_data
        found = [one for line in given["pasted"].splitlines() if line.strip() and (one := _pasted(line))]
        if given["title"] or given["text"]:
            means = (given["mean_total"], given["mean_units"])
            claim = Claim(
                text=given["text"],
                numerator=given["numerator"],
                base=given["base"],
                parts=_apart(given["parts"]),
                difference_of=_apart(given["difference_of"]),
                mean_of=means if None not in means else (),
                known_bases=tuple(int(word) for word in re.findall(r"\d{1,14}", given["known_bases"])),
                is_change=given["is_change"],
            )
            found.append(ClaimSpec(title=given["title"], claim=claim, figure=given["figure"]))
        return found


def _apart(text: str) -> tuple[str, ...]:
    """ "94 + 26 + 18" as its parts."""
    return tuple(part for part in PLUS.split(text.strip()) if part)


def _pasted(line: str) -> ClaimSpec:
    """A pasted line: name, number, numerator, denominator, parts."""
    cells = [cell.strip() for cell in SEPARATORS.split(line)] + [""] * 5
    numbers = [int(cell.replace(",", "")) if re.fullmatch(r"[\d,]{1,18}", cell) else None for cell in cells[2:4]]
    claim = Claim(text=cells[1], numerator=numbers[0], base=numbers[1], parts=_apart(cells[4]))
    return ClaimSpec(title=cells[0], claim=claim)


class MakeForm(forms.Form):
    """Make reports now."""

    campaign = forms.ChoiceField(label=_("Campaign"))
    kind = forms.ChoiceField(label=_("Kind"), choices=list(REPORT_KINDS.items()))

    def __init__(self, *args: Any, campaigns: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, campaign=campaigns)
