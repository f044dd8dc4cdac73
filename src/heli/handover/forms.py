"""Shapes of input of handover."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.handover.catalogues import BEARERS, functions, item_words
from heli.handover.models import AgencyPoint
from heli.records.fields import fields_of
from heli.records.forms import form_field, of_mapping
from heli.records.words import words_of

POINT = fields_of(AgencyPoint)


class RefuseForm(forms.Form):
    """Somebody asks for something that is on no list."""

    columns = 2

    title = forms.CharField(label=_("What is asked"), max_length=60)
    asker = forms.ChoiceField(label=_("Who asks"))


class AgencyForm(forms.Form):
    """The agency point of a former village, as it is posted on the wall."""

    columns = 2

    spot = form_field(POINT["spot"], [])
    hours = form_field(POINT["hours"], [])
    keeper = forms.ChoiceField(
        label=_("Who is there"), required=False, help_text=_("An office-holder; residents are never entered.")
    )
    is_seat = forms.BooleanField(label=_("The committee itself sits here: no point is needed"), required=False)
    items = forms.MultipleChoiceField(
        label=_("Services"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "ticks"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = of_mapping(item_words())  # type: ignore[attr-defined]  # a field of choices


class CloseForm(forms.Form):
    """Why an agency point closes."""

    reason = forms.CharField(label=_("Why it closes"), max_length=300)


class BearersForm(forms.Form):
    """Who bears each function."""

    columns = 2

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in words_of(functions()).items():
            self.fields[key] = forms.ChoiceField(label=label, choices=of_mapping(BEARERS), required=False)


class WhereForm(forms.Form):
    """The old name of a village."""

    name = forms.CharField(label=_("Name of your village, as it was called"), max_length=30)
