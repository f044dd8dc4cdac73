"""Shapes of input of stations."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.stations.models import MOST_MEMBERS
from heli.ui.forms import FindingSelect, MomentField


class PlaceForm(forms.Form):
    """Where departments are called to."""

    place = forms.ChoiceField(label=_("Place"), widget=FindingSelect)


class CallForm(forms.Form):
    """Which departments on call are called, and why."""

    title = forms.CharField(label=_("What is to be enforced"), max_length=60)
    departments = forms.MultipleChoiceField(
        label=_("Departments on call today"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ticks"}),
    )
    called_at = MomentField(
        label=_("When they were called"), required=False, help_text=_("Left empty: now. From paper only with a reason.")
    )
    reason = forms.CharField(label=_("Why it is entered later"), required=False, max_length=200)


class LateForm(forms.Form):
    """A time that stands on paper and is entered later, with the reason."""

    columns = 2

    moment = MomentField(label=_("When, as the paper says"))
    reason = forms.CharField(label=_("Why it is entered later"), max_length=200)


class MembersForm(forms.Form):
    """How many members come from each group."""

    columns = 2

    def __init__(self, *args: Any, groups: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group, label in groups.items():
            self.fields[group] = forms.IntegerField(label=label, min_value=0, max_value=MOST_MEMBERS)
