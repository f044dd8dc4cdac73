"""Shapes of input of meetings. Every free text asks for matters, never persons."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.meetings.catalogues import attendance_classes
from heli.records.forms import RowForm
from heli.records.words import words_of


class MeetingForm(RowForm):
    """A meeting that was held, and how many of each class came."""

    columns = 2

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, name in words_of(attendance_classes()).items():
            label = _("Present: %(class)s") % {"class": name}
            self.fields[f"present_{key}"] = forms.IntegerField(label=label, min_value=0, required=False)

    def attendance(self) -> dict[str, int]:
        """{class: present}."""
        return {key: self.cleaned_data[f"present_{key}"] or 0 for key in attendance_classes().entries}
