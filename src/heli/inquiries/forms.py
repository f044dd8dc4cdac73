"""Shapes of input of a campaign's matters. Every free text asks for matters, never persons."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.campaigns.forms_matters import MattersForm
from heli.inquiries.types import InquiryField
from heli.inquiries.units import from_shown, shown_decimals, to_shown
from heli.records.forms import SeveralPlaces
from heli.ui.forms import DayField

# -- e-questionnaires --------------------------------------------------------------------------------------------------


class InquiryFormForm(SeveralPlaces, MattersForm):
    """Send an e-questionnaire."""

    columns = 2

    form = forms.ChoiceField(label=_("Form"))
    title = forms.CharField(label=_("Title"), max_length=120)
    asked_on = DayField(label=_("As of"), help_text=_("The day the answers hold for."))
    due_on = DayField(label=_("Due on"))


class ReplyForm(forms.Form):
    """The fields of an e-questionnaire, prefilled with what is known: areas in mu, money in yuan.

    A field that was left alone keeps the exact known value, however it is rounded on the screen.
    """

    columns = 2
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, fields: Sequence[InquiryField], known: Mapping[str, int], labels: Mapping[str, str],
        helps: Mapping[str, str],
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.known, self.asked = known, fields
        for field in fields:
            shown = to_shown(field.measure, known[field.measure]) if field.measure in known else None
            self.fields[field.measure] = forms.DecimalField(
                label=labels[field.measure],
                min_value=0,
                max_digits=16,
                decimal_places=shown_decimals(field.measure),
                initial=shown,
                help_text=helps[field.measure],
            )

    def answers(self) -> dict[str, int]:
        """{measure: value in its own unit}."""
        return {
            one.measure: self.known[one.measure]
            if one.measure in self.known and one.measure not in self.changed_data
            else from_shown(one.measure, self.cleaned_data[one.measure])
            for one in self.asked
        }
