"""Shapes of input of rounds. Every free text asks for matters, never persons."""

from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.records.fields import fields_of
from heli.records.forms import SeveralPlaces, form_field
from heli.rounds.models import InspectionRound, Visit, VisitFinding

ROUND, VISIT, FINDING = (fields_of(model) for model in (InspectionRound, Visit, VisitFinding))


class RoundForm(forms.Form):
    """A new round of supervision."""

    columns = 2

    subject = form_field(ROUND["subject"], [])
    first_on = form_field(ROUND["first_on"], [])
    last_on = form_field(ROUND["last_on"], [])


class VisitForm(SeveralPlaces):
    """A team was in some places; a finding goes with a single one."""

    columns = 2

    team = forms.ChoiceField(label=_("Team"))
    visited_on = form_field(VISIT["visited_on"], [])
    kind = form_field(replace(FINDING["kind"], required=False), [])
    text = form_field(replace(FINDING["text"], required=False), [])
