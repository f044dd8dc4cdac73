"""Shapes of input: opening a campaign, pausing it, a deputy, and everything that a step asks for."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.campaigns.services.evidence import GivenProof
from heli.campaigns.texts import unit_of
from heli.campaigns.types import EvidenceKind, Required
from heli.kernel.faults import Fault
from heli.kernel.relations import day_number, day_text
from heli.ui.forms import DateInput, DayField, ResumableFile, ResumableFileField, WholeField
from heli.ui.http import language


class CampaignForm(forms.Form):
    """A new campaign: which playbook, over which villages, from when, or until when."""

    columns = 2

    name = forms.CharField(label=_("Name of the campaign"), max_length=100)
    district = forms.ChoiceField(label=_("District"))
    playbook = forms.ChoiceField(label=_("Playbook"))
    scenario = forms.ChoiceField(
        label=_("Accepted merger plan"), required=False,
        help_text=_("With a plan the campaign runs over its villages, and applying the plan is one of its steps."),
    )  # fmt: skip
    starts_on = DayField(label=_("First day"))
    fixed_on = DayField(
        label=_("Fixed day"), widget=DateInput(), required=False,
        help_text=_("The last day, in an election polling day. Given, the timetable is computed backwards from it."),
    )  # fmt: skip
    towns = forms.MultipleChoiceField(
        label=_("Only these towns"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ticks"}),
        help_text=_("None ticked: all."),
    )
    codes = forms.CharField(
        label=_("Only these villages"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Names or twelve-digit codes, one per line."),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]  # a field of this form, by name


class PauseForm(forms.Form):
    """From when a campaign rests, and why."""

    on = DayField(label=_("From"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class ResumeForm(forms.Form):
    """From when it goes on."""

    on = DayField(label=_("Goes on from"))


class FixedDayForm(forms.Form):
    """Another fixed day, and why."""

    fixed_on = DayField(label=_("Fixed day"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class DeputyForm(forms.Form):
    """Who acts for whom, from when until before when."""

    columns = 2

    principal = forms.CharField(label=_("Absent colleague (sign-in name)"), max_length=60)
    deputy = forms.CharField(label=_("Deputy (sign-in name)"), max_length=60)
    valid_from = DayField(label=_("From"))
    valid_to = DayField(label=_("Until before"))


FILL = "campaigns.fill"


class StepForm(forms.Form):
    """Everything a step asks for in one form: `evidence-0-number`, `evidence-1-file`, …, and `gate-x.y-file`.

    Nothing is required here: what is still missing the service says. `asked` are the requirements by their place, without
    those whose number Heli knows itself; `held` what stands there already, to be changed: {place: number or words}.
    """

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        asked: Mapping[int, Required],
        gates: Collection[str],
        held: Mapping[int, int | str],
        place_id: int,
    ) -> None:
        super().__init__(data, files, auto_id="id-%s")
        self.asked, self.gates, self.held = asked, gates, held
        for number, wanted in asked.items():
            name = wanted.name.text(language())
            if wanted.kind is EvidenceKind.NUMBER:
                unit = unit_of(wanted)
                label = f"{name} ({unit})" if unit else name
                kept = held.get(number)
                field = (
                    DayField(label=label, required=False, initial=day_text(kept) if isinstance(kept, int) else None)
                    if wanted.is_day
                    else WholeField(label=label, required=False, initial=kept)
                )
                self.fields[f"evidence-{number}-number"] = field
            if wanted.kind is EvidenceKind.MINUTES:
                self.fields[f"evidence-{number}-text"] = forms.CharField(
                    label=name, required=False, widget=forms.Textarea(attrs={"rows": 3}), initial=held.get(number)
                )
            if wanted.kind is not EvidenceKind.NUMBER:
                self.fields[f"evidence-{number}-file"] = ResumableFileField(
                    label=name,
                    required=False,
                    widget=ResumableFile(FILL, place_id, photo=wanted.kind is EvidenceKind.PHOTO),
                )
        for gate in gates:
            self.fields[f"gate-{gate}-file"] = ResumableFileField(
                label=_("Attesting document"), required=False, widget=ResumableFile(FILL, place_id), most=1
            )

    def pieces(self) -> list[GivenProof]:
        """What was given, in the order of the form; what was left as it stood is given again."""
        given = self.cleaned_data
        found = []
        for number in self.asked:
            value, words = given.get(f"evidence-{number}-number"), given.get(f"evidence-{number}-text") or ""
            value = day_number(value) if isinstance(value, date) else value
            if value is not None or words.strip():
                found.append(GivenProof(number, number=value, text=words))
            found += [GivenProof(number, given=file) for file in given.get(f"evidence-{number}-file") or ()]
        for gate in self.gates:
            found += [GivenProof(gate=gate, given=file) for file in given[f"gate-{gate}-file"]]
        return found

    def emptied(self) -> list[int]:
        """The places where something stood that was taken out of its field."""
        names = {number: "number" if isinstance(value, int) else "text" for number, value in self.held.items()}
        return [number for number, name in names.items() if not self.data.get(f"evidence-{number}-{name}", "").strip()]

    def faults(self) -> list[Fault]:
        """What cannot be read, each at its block of the page."""
        return [
            Fault("form", str(error), field=name.rpartition("-")[0])
            for name, errors in self.errors.items()
            for error in errors
        ]
