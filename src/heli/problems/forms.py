"""Shapes of input of a campaign's matters. Every free text asks for matters, never persons."""

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.campaigns.forms_matters import MATTERS_ONLY, MattersForm, ReasonForm, area
from heli.ui.forms import DateInput, DayField, FileDrop

# -- problems ----------------------------------------------------------------------------------------------------------


class IssueForm(MattersForm):
    """A problem as it was found."""

    columns = 2

    title = forms.CharField(label=_("What is the matter?"), max_length=120, help_text=MATTERS_ONLY)
    place = forms.ChoiceField(label=_("Place"))
    kind = forms.ChoiceField(label=_("Kind"))
    source = forms.ChoiceField(label=_("Where it came to light"))
    found_on = DayField(label=_("Found on"))
    description = forms.CharField(
        label=_("Description"), required=False, max_length=4000, widget=area(4), help_text=MATTERS_ONLY
    )
    leader = forms.ChoiceField(label=_("Who leads it"), required=False)
    due_on = DayField(
        label=_("Due on"), widget=DateInput, required=False,
        help_text=_("Left empty with a leader chosen: the working days of its kind are counted from the day it was found."),
    )  # fmt: skip
    measures = forms.CharField(label=_("Measures"), required=False, max_length=4000, widget=area(3))


class LeadForm(MattersForm):
    """Who leads a problem, what is done, until when."""

    leader = forms.ChoiceField(label=_("Who leads it"))
    due_on = DayField(label=_("Due on"))
    measures = forms.CharField(label=_("Measures"), required=False, max_length=4000, widget=area(3))


class ClaimForm(forms.Form):
    """How a problem was settled, with what shows it."""

    note = forms.CharField(
        label=_("How it was settled"), required=False, max_length=4000, widget=area(3), help_text=MATTERS_ONLY
    )
    file = forms.FileField(label=_("File or photo that shows it"), required=False, widget=FileDrop())


class ReopenForm(ReasonForm):
    """Why a closed problem is open again, and until when it is to be settled now."""

    due_on = DayField(label=_("Due on"))


class ListFileForm(forms.Form):
    """A list of problems."""

    file = forms.FileField(label=_("Excel or CSV file"), widget=FileDrop(".xlsx,.xls,.csv"))
