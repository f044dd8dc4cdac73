"""Narrowing the trail to days."""

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.ui.forms import DayField


class TrailFilter(forms.Form):
    """From and to, both included."""

    columns = 2  # drawn side by side

    begin = DayField(label=_("From"), required=False)
    end = DayField(label=_("Until"), required=False)
