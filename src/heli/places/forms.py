"""Forms of the register: the day a page shows, events recorded by hand, neighbours, figures."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.places import texts
from heli.places.measures import counted, measures
from heli.ui.forms import DayField, offer


class DayForm(forms.Form):
    """Which day a page shows, and whether figures of an earlier day are restated to it."""

    on = DayField(label=_("As of"), required=False)
    since = DayField(label=_("Restate figures of"), required=False)

    def days(self, today: date) -> tuple[date, date | None]:
        """The day, and the day whose figures are restated to it (never a later one)."""
        self.is_valid()
        on = self.cleaned_data.get("on") or today
        since = self.cleaned_data.get("since")
        return on, since if since and since <= on else None


class ReverseForm(forms.Form):
    """Why an event is taken back."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class FactForm(forms.Form):
    """One figure of a place."""

    measure = forms.ChoiceField(label=_("Figure"))
    on = DayField(label=_("Counted on"))
    value = forms.DecimalField(
        label=_("Value"), help_text=_("Areas in km², money in yuan."), max_digits=16, decimal_places=4
    )
    reason = forms.CharField(label=_("Source or reason"), max_length=200)
    columns = 2

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, measure=[(one.id, f"{texts.measure_text(one)} ({texts.unit_text(one.unit)})") for one in counted()])

    def clean(self) -> dict[str, Any]:
        """The value as the integer the register keeps."""
        data = super().clean() or self.cleaned_data
        chosen = measures().get(data.get("measure", ""))
        if chosen is not None and data.get("value") is not None:
            exact = data["value"] * {"dm2": 100_000_000, "fen": 100}.get(chosen.unit, 1)
            if exact != int(exact):
                self.add_error("value", _("More decimals than this figure is kept with. Round it."))
            data["amount"] = int(exact)
        return data


class NeighbourForm(forms.Form):
    """Two places that touch."""

    a = forms.ChoiceField(label=_("Place"))
    b = forms.ChoiceField(label=_("Neighbour"))
    border_m = forms.IntegerField(label=_("Common border (m)"), min_value=0, initial=0)
    affinity = forms.IntegerField(label=_("Affinity (0–1000)"), min_value=0, max_value=1000, initial=500)
    road_m = forms.IntegerField(label=_("Distance by road (m)"), min_value=0, required=False)
    is_barrier = forms.BooleanField(label=_("A river or ridge lies between"), required=False)
    on = DayField(label=_("From"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
    columns = 2

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(places)
        offer(self, a=offered, b=offered)
