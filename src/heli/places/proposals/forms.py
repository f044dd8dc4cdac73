"""What a person says about proposals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.ui.forms import DayField


class ConfirmForm(forms.Form):
    """The day and the document of confirmed proposals."""

    on = DayField(label=_("Day it took effect"))
    document_number = forms.CharField(label=_("Document number"), required=False, max_length=100)
