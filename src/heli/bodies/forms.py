"""Forms of bodies; places and holders are chosen among those within reach."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.bodies.texts import KINDS, LINKS
from heli.bodies.types import JOINT, ORDER
from heli.ui.forms import DayField, offer

Choices = Sequence[tuple[str, str]]


class _Dated(forms.Form):
    """A form with a day on which something begins or ends."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class BodyForm(_Dated):
    """A new body."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))
    place = forms.ChoiceField(label=_("Belongs to"))
    on = DayField(label=_("From"))

    def __init__(self, *args: Any, places: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        offer(self, place=places)


class PersonForm(_Dated):
    """A person in an office: name and office, nothing else."""

    name = forms.CharField(label=_("Name"), max_length=60)
    office = forms.CharField(label=_("Office"), max_length=120)
    on = DayField(label=_("From"))


class LinkForm(_Dated):
    """A link of the body, or of one of its persons, to a place."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind, LINKS[kind]) for kind in (*ORDER, *JOINT)])
    place = forms.ChoiceField(label=_("Place"))
    holder = forms.ChoiceField(label=_("Who"))
    on = DayField(label=_("From"))
    until = DayField(label=_("Until"), required=False)
    document_number = forms.CharField(label=_("Document number"), max_length=100, required=False)

    def __init__(self, *args: Any, places: Choices, holders: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        offer(self, place=places, holder=holders)


class EndForm(_Dated):
    """The day on which something ends, and why."""

    on = DayField(label=_("Ends on"))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
