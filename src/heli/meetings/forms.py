"""Shapes of input of a campaign's matters. Every free text asks for matters, never persons."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.campaigns.forms_matters import MATTERS_ONLY, MattersForm, area
from heli.ui.forms import DayField, FileDrop

# -- meetings ----------------------------------------------------------------------------------------------------------


class MeetingForm(MattersForm):
    """A meeting that was held."""

    columns = 2

    kind = forms.ChoiceField(label=_("Kind"))
    title = forms.CharField(label=_("Title"), max_length=120)
    place = forms.ChoiceField(label=_("Place"))
    held_on = DayField(label=_("Held on"))
    sittings = forms.IntegerField(
        label=_("Sittings"),
        min_value=1,
        initial=1,
        help_text=_("More than one when several of the same kind are recorded together."),
    )
    agenda = forms.CharField(label=_("Agenda"), required=False, max_length=4000, widget=area(3))
    minutes = forms.CharField(
        label=_("Minutes"), required=False, max_length=20_000, widget=area(5), help_text=MATTERS_ONLY
    )
    file = forms.FileField(label=_("Minutes as a file"), required=False, widget=FileDrop())

    def __init__(self, *args: Any, classes: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.classes = list(classes)
        for key, name in classes.items():
            self.fields[f"present_{key}"] = forms.IntegerField(
                label=_("Present: %(class)s") % {"class": name}, min_value=0, required=False
            )

    def attendance(self) -> dict[str, int]:
        """{class: present}."""
        return {key: self.cleaned_data[f"present_{key}"] or 0 for key in self.classes}


class DecisionForm(MattersForm):
    """What was decided, as a task."""

    text = forms.CharField(label=_("What was decided"), max_length=1000, widget=area(2))
    owner = forms.ChoiceField(label=_("Who does it"))
    due_on = DayField(label=_("Due on"))
