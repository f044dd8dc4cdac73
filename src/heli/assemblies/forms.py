"""Shapes of input of sittings: what is asked before one, its counts after it; the meetings and notices of the four steps."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.assemblies.models import Sitting
from heli.assemblies.rules.law import shelf
from heli.assemblies.rules.sittings import COUNTED, sits, ways_of
from heli.assemblies.texts import BODIES, MODES
from heli.records.fields import Field, fields_of
from heli.records.forms import CHOOSE, RowForm, upload_of
from heli.records.words import MATTERS_ONLY, Text
from heli.ui.forms import DayField, FileDrop, offer

BEFORE = ("matter", "place", "held_on", "called_on", "entitled")
COUNTS = ("matter", "place", "held_on", "called_on", "entitled", "present", *COUNTED.values())


def way_names() -> dict[str, str]:
    """Who sits and how, in words, by one key: {"villagers_assembly:households": …}."""
    ways = ways_of(shelf())
    return {sits(body, mode): f"{BODIES[body]}（{MODES[mode]}）" if mode else str(BODIES[body]) for body, mode in ways}


def drawn_fields(names: Sequence[str]) -> list[Field]:
    """Columns of a sitting that are typed, in this order."""
    known = fields_of(Sitting)
    return [known[name] for name in names]


class NeedForm(RowForm):
    """What is asked before a sitting: who sits, on what, where, when, how many are entitled."""

    columns = 2

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sits"] = forms.ChoiceField(label=_("Who sits"), choices=[("", CHOOSE), *way_names().items()])
        self.fields["is_urgent"] = forms.BooleanField(label=_("Called urgently"), required=False)
        self.fields["is_delegated"] = forms.BooleanField(
            label=_("The assembly has entrusted the congress with it"), required=False
        )
        self.order_fields(["matter", "sits"])

    def given(self) -> dict[str, Any]:
        """The columns of a sitting, the place among them."""
        body, _colon, mode = self.cleaned_data["sits"].partition(":")
        flags = {name: self.cleaned_data[name] for name in ("is_urgent", "is_delegated")}
        return {**self.values(), "body": body, "mode": mode, **flags}


class MinutesForm(forms.Form):
    """The minutes of what was held, as text or as a file."""

    minutes = forms.CharField(
        label=_("Minutes"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}), help_text=MATTERS_ONLY,
    )  # fmt: skip
    minutes_file = forms.FileField(label=_("Minutes as a file"), required=False, widget=FileDrop())

    def kept(self) -> dict[str, Any]:
        """The arguments of services."""
        given = self.cleaned_data
        return {"minutes": given["minutes"], "minutes_file": upload_of(given["minutes_file"])}


class SittingForm(MinutesForm, NeedForm):
    """The counts of a sitting that was held, its minutes, and the matter on the four steps that it is a step of."""

    def __init__(self, *args: Any, matters: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if matters:
            self.fields["steps"] = forms.ChoiceField(
                label=_("A step of this matter"), required=False, choices=[("", _("of none")), *matters.items()]
            )
        self.order_fields(
            [*(name for name in self.fields if not name.startswith("minutes")), "minutes", "minutes_file"]
        )

    def record(self) -> dict[str, Any]:
        """The arguments of the service."""
        values = self.given()
        return {"place_id": values.pop("place"), "values": values, **self.kept()}


class StepsForm(RowForm):
    """A matter that begins its way through the four steps."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_one_shoulder"] = forms.BooleanField(
            label=_("One person leads the Party branch and the committee"), required=False,
            help_text=_("Then the first two steps may be one meeting."),
        )  # fmt: skip


class StepMeetingForm(MinutesForm):
    """The meeting that proposed or discussed, in numbers."""

    taken = forms.ChoiceField(label=_("What it was"))
    held_on = DayField(label=_("Held on"))
    present = forms.IntegerField(label=pgettext_lazy("sitting", "Present"), min_value=1, max_value=1_000)
    field_order = ("taken", "held_on", "present")

    def __init__(self, *args: Any, taken: Mapping[str, Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, taken=taken.items())

    def record(self) -> dict[str, Any]:
        """The arguments of the service."""
        return {**self.cleaned_data, "taken": self.cleaned_data["taken"].split("+"), **self.kept()}


class PublishedForm(forms.Form):
    """The notice that published it."""

    notice = forms.ChoiceField(label=_("Notice that published it"))

    def __init__(self, *args: Any, notices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, notice=[("", CHOOSE), *notices])


class SupervisionForm(forms.Form):
    """What the supervision committee saw."""

    supervision = forms.CharField(
        label=_("What the supervision committee saw"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=MATTERS_ONLY,
    )  # fmt: skip


class LawForm(forms.Form):
    """Whose law, where, on which day."""

    columns = 2
    kind = forms.ChoiceField(label=_("Law"))
    on = DayField(label=_("In force on"))
    province = forms.CharField(
        label=_("Province"), required=False, max_length=2,
        help_text=_("The first two digits of the code, such as 51; national law without."),
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: Mapping[str, Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, kind=kinds.items())
