"""Shapes of input of points."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.points.models import MOST_HOURS
from heli.ui.forms import DayField, FindingSelect

QUARTER = Decimal("0.25")
NOWHERE = ("", "—")


class MemberForm(forms.Form):
    """Where somebody reports in."""

    columns = 2

    home = forms.ChoiceField(label=_("Where I live"), required=False, widget=FindingSelect)
    work = forms.ChoiceField(label=_("Where I work"), required=False, widget=FindingSelect)
    unit = forms.ChoiceField(label=_("My organisation"), required=False, widget=FindingSelect)
    consents = forms.BooleanField(
        label=_("I consent that this, the shifts I take on and the points they earn are kept until I leave"),
        required=False,
    )


class HoursForm(forms.Form):
    """How long somebody worked, in steps of a quarter of an hour."""

    hours = forms.DecimalField(
        label=_("Hours of work"), min_value=QUARTER, max_value=MOST_HOURS, decimal_places=2, step_size=QUARTER
    )

    @property
    def minutes(self) -> int:
        """In whole minutes."""
        return int(self.cleaned_data["hours"] * 60)


class EarnedForm(forms.Form):
    """What an organisation or a place earned."""

    columns = 2

    act = forms.ChoiceField(label=_("Counts as"))
    place = forms.ChoiceField(label=_("Place"), widget=FindingSelect)
    unit = forms.ChoiceField(label=_("Organisation"), required=False, widget=FindingSelect)
    on = DayField(label=_("Day"))
    proof = forms.CharField(
        label=_("What shows it"), max_length=120,
        help_text=_("A record, a list with signatures, the number of a matter. No log-in, no photo of whereabouts."),
    )  # fmt: skip
