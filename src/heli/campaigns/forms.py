"""Shapes of input: opening a campaign, pausing it, a deputy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.campaigns.texts import unit_of
from heli.campaigns.types import EvidenceKind, Required
from heli.ui.forms import DateInput, DayField, ResumableFile, ResumableFileField


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
        label=_("Fixed last day"), widget=DateInput(), required=False,
        help_text=_("Given, the timetable is computed backwards from it."),
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


class DeputyForm(forms.Form):
    """Who acts for whom, from when until before when."""

    columns = 2

    principal = forms.CharField(label=_("Absent colleague (sign-in name)"), max_length=60)
    deputy = forms.CharField(label=_("Deputy (sign-in name)"), max_length=60)
    valid_from = DayField(label=_("From"))
    valid_to = DayField(label=_("Until before"))


FILL = "campaigns.fill"
ACCEPTED = {
    EvidenceKind.PHOTO: "image/*,.heic,.heif",
    EvidenceKind.FILE: "",
    EvidenceKind.MINUTES: "",
    EvidenceKind.ATTESTATION: "",
}


class EvidenceForm(forms.Form):
    """One piece of proof: files, a number or words, as the requirement says, and the day it is of."""

    number = forms.IntegerField(label=_("Number"), min_value=0, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    text = forms.CharField(label=_("Minutes in words"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    file = ResumableFileField(label=_("File"), widget=ResumableFile(FILL))

    def __init__(self, *args: Any, wanted: Required, place_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_number, is_text = wanted.kind is EvidenceKind.NUMBER, wanted.kind is EvidenceKind.MINUTES
        for name, kept in (("number", is_number), ("text", is_text), ("file", not is_number)):
            if not kept:
                del self.fields[name]
        if is_number and wanted.unit:
            self.fields["number"].label = f"{self.fields['number'].label} ({unit_of(wanted)})"
        if "file" in self.fields:
            self.fields["file"].required = not is_text
            self.fields["file"].widget = ResumableFile(FILL, place_id, accept=ACCEPTED[wanted.kind])


class AttestationForm(forms.Form):
    """The document that attests a gate."""

    file = ResumableFileField(label=_("Attesting document"), widget=ResumableFile(FILL), most=1)

    def __init__(self, *args: Any, place_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget = ResumableFile(FILL, place_id)
