"""Shapes of input of rounds. Every free text asks for matters, never persons."""

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.campaigns.forms_matters import MATTERS_ONLY, MattersForm
from heli.records.forms import SeveralPlaces
from heli.ui.forms import DayField


class RoundForm(forms.Form):
    """A new round of supervision."""

    columns = 2

    subject = forms.CharField(label=_("What is looked at"), max_length=120, required=False)
    first_on = DayField(label=_("First day"))
    last_on = DayField(label=_("Last day"))


class VisitForm(SeveralPlaces, MattersForm):
    """A team was in some places; a finding goes with a single one."""

    columns = 2

    team = forms.ChoiceField(label=_("Team"))
    visited_on = DayField(label=_("Visited on"))
    kind = forms.ChoiceField(label=_("Kind of finding"), required=False)
    text = forms.CharField(label=_("Finding"), max_length=300, required=False, help_text=MATTERS_ONLY)
