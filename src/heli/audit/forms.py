"""Narrowing the trail to days."""

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.ui.forms import DateInput


class TrailFilter(forms.Form):
    """From and to, both included."""

    columns = 2  # drawn side by side

    begin = forms.DateField(label=_("From"), required=False, widget=DateInput())
    end = forms.DateField(label=_("To"), required=False, widget=DateInput())
