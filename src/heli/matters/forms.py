"""Shapes of input of matters: whistling, merging, splitting for the office; reporting for everybody."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from heli.matters.services import LONGEST_CONTACT, MOST_PHOTOS
from heli.records.words import MATTERS_ONLY
from heli.ui.forms import ResumableFile, ResumableFileField, offer

LONGEST_TEXT = 2_000
KEY = re.compile(r"[0-9a-zA-Z-]{16,64}")
"""What a device calls one thing that it sends: random, its own."""


def key_of(typed: str) -> str:
    """The key if it is one, else none."""
    return typed if KEY.fullmatch(typed) else ""


class WhistleForm(forms.Form):
    """Which departments are whistled; `decided` is asked where one of some joint sittings must have said so."""

    lead = forms.ChoiceField(label=_("Department that leads"))
    support = forms.MultipleChoiceField(
        label=_("Departments that support it"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ticks"}),
    )
    decided = forms.ChoiceField(
        label=_("Which joint sitting decided it"),
        help_text=_("A sitting that is not here is recorded first, under meetings; what it decided is not given back."),
    )

    def __init__(self, *args: Any, sittings: Sequence[tuple[str, str]] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sittings is None:
            del self.fields["decided"]
        else:
            offer(self, decided=sittings)


class IntoForm(forms.Form):
    """Which other matter."""

    number = forms.IntegerField(label=_("Number of the matter that goes on"), min_value=1)


class LiftForm(forms.Form):
    """What the problem is called, of which kind; with the others of its theme, where there are some."""

    title = forms.CharField(
        label=_("What is the problem?"),
        max_length=120,
        help_text=_("What keeps coming up, and not only what was reported."),
    )
    kind = forms.ChoiceField(label=_("Kind"))
    with_theme = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, others: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            label = ngettext(
                "with %(n)s other of the same item here in a year",
                "with %(n)s others of the same item here in a year",
                others,
            )
            self.fields["with_theme"].label = label % {"n": others}
        else:
            del self.fields["with_theme"]


class PartsForm(forms.Form):
    """A line for each part."""

    titles = forms.CharField(
        label=_("What each part is about, a line each"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1_000
    )


class VoiceForm(forms.Form):
    """Somebody else says the same."""

    contact = forms.CharField(
        label=_("How can we tell you? (may be left empty)"), max_length=LONGEST_CONTACT, required=False,
        help_text=_("A telephone number or mail. It is kept sealed; only whoever calls you back opens it, never whoever "
                    "handles the matter, and it is removed 90 days after the matter is closed."),
    )  # fmt: skip


class PointForm(forms.Form):
    """A point: where it was clicked on the map, or where the device says it is."""

    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)

    def point(self) -> tuple[int, int] | None:
        """The point in millionths of a degree, where there is one."""
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        return None if lon is None or lat is None else (round(lon * 1e6), round(lat * 1e6))


class WhatForm(PointForm):
    """The first step of a report: what and where. A field that people do not see keeps machines away."""

    place = forms.ChoiceField(label=_("In which village or community?"))
    spot = forms.CharField(
        label=_("Where exactly?"),
        max_length=120,
        required=False,
        help_text=_("Such as: in front of building 3, east gate."),
    )
    text = forms.CharField(
        label=_("What is the matter?"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=MATTERS_ONLY,
    )  # fmt: skip
    item = forms.ChoiceField(label=_("What kind of thing is it?"), required=False)
    website = forms.CharField(required=False, label=_("Leave this empty"), widget=forms.HiddenInput)


class SendForm(WhatForm):
    """The second step: photos, and how to be told; what was typed before comes along unseen."""

    photos = ResumableFileField(
        label=_("Photos (three at most)"), required=False, most=MOST_PHOTOS,
        widget=ResumableFile("matters.report", photo=True, is_open=True),
        help_text=_("Where and when a photo was taken is removed from it."),
    )  # fmt: skip
    contact = VoiceForm.base_fields["contact"]
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("place", "spot", "text", "item"):
            self.fields[name].widget = forms.HiddenInput()

    def clean_key(self) -> str:
        """The key that the sending device made up; anything else is none."""
        return key_of(self.cleaned_data["key"])


class CodeForm(forms.Form):
    """The code of a voice."""

    code = forms.CharField(label=_("The code you were given"), max_length=20)


class AgainForm(CodeForm):
    """What is not solved."""

    code = forms.CharField(max_length=20, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What is not solved?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=MATTERS_ONLY
    )
