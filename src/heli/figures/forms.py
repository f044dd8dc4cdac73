"""What the pages of figures ask for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.ui.forms import DateInput


class WhichForm(forms.Form):
    """The day and the district a page shows, and to which later day its numbers are restated."""

    on = forms.DateField(label=_("As of"), widget=DateInput, required=False)
    restated = forms.DateField(label=_("Restated to"), widget=DateInput, required=False)

    def days(self, today: date) -> tuple[date, date | None]:
        """The day, and the later day to whose places its numbers are carried; nonsense counts as not given."""
        self.is_valid()
        on = self.cleaned_data.get("on") or today
        restated = self.cleaned_data.get("restated")
        return on, restated if restated and restated > on else None


class FreezeForm(forms.Form):
    """Take a snapshot by hand."""

    district = forms.ChoiceField(label=_("District"))
    on = forms.DateField(label=_("Day"), widget=DateInput)

    def __init__(self, *args: Any, districts: Sequence[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["district"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(districts)

    def clean_on(self) -> date:
        """No snapshot of a day that has not come."""
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet: choose today or an earlier day."), code="future")
        return day
