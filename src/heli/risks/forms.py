"""Shapes of input of an assessment. Every free text asks for matters, never persons."""

from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.records.fields import fields_of
from heli.records.forms import form_field, of_mapping
from heli.risks.models import RiskAssessment, RiskItem
from heli.risks.texts import ASPECTS

ASSESSMENT, ITEM = fields_of(RiskAssessment), fields_of(RiskItem)
MARKS = [(str(mark), str(mark)) for mark in range(1, 6)]
MOST_RISKS = 12


class RiskForm(forms.Form):
    """The contingency plan; the risks are lines of their own."""

    contingency = form_field(ASSESSMENT["contingency"], [])
    contingency_file = form_field(ASSESSMENT["contingency_file"], [])


class RiskLine(forms.Form):
    """One risk; a line without words is left out."""

    columns = 2

    aspect = forms.ChoiceField(label=_("Aspect"), choices=of_mapping(ASPECTS))
    likelihood = forms.ChoiceField(label=_("Likelihood"), choices=MARKS, initial="1")
    severity = forms.ChoiceField(label=_("Severity"), choices=MARKS, initial="1")
    what = form_field(replace(ITEM["what"], required=False), [])
    measures = form_field(ITEM["measures"], [])
