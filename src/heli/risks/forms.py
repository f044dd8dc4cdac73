"""Shapes of input of a campaign's matters. Every free text asks for matters, never persons."""

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.campaigns.forms_matters import area
from heli.risks.types import Aspect
from heli.ui.forms import FileDrop

# -- risks -------------------------------------------------------------------------------------------------------------

MARKS = [(str(mark), str(mark)) for mark in range(1, 6)]


MOST_RISKS = 12


class RiskForm(forms.Form):
    """An assessment: lines of aspect, likelihood, severity, what, measures; and the contingency plan."""

    contingency = forms.CharField(label=_("Contingency plan"), required=False, max_length=4000, widget=area(5))
    contingency_file = forms.FileField(label=_("Contingency plan as a file"), required=False, widget=FileDrop())


class RiskLine(forms.Form):
    """One risk."""

    columns = 2

    aspect = forms.ChoiceField(label=_("Aspect"), choices=[(str(aspect), str(aspect)) for aspect in Aspect])
    likelihood = forms.ChoiceField(label=_("Likelihood"), choices=MARKS, initial="1")
    severity = forms.ChoiceField(label=_("Severity"), choices=MARKS, initial="1")
    what = forms.CharField(label=_("What could go wrong"), max_length=1000, required=False, widget=area(2))
    measures = forms.CharField(label=_("Measures"), max_length=2000, required=False, widget=area(2))
