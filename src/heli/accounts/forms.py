"""Forms of the administrator's pages. Places are chosen among those the administrator keeps."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.accounts.texts import ROLES
from heli.ui.forms import DayField, offer

Choices = Sequence[tuple[str, str]]


def _offer_places(form: forms.Form, places: Choices) -> None:
    """Offer the places; the empty choice is the whole installation, for those who administer it."""
    offer(form, place=places)
    form.fields["place"].required = all(key for key, _name in places)


class AddUserForm(forms.Form):
    """A new account with its first role."""

    username = forms.CharField(label=_("Sign-in name"), max_length=60, help_text=_("3 to 60 letters, digits, . - _"))
    name = forms.CharField(label=_("Name"), max_length=60)
    place = forms.ChoiceField(label=_("Unit"), help_text=_("Whose administrators keep the account."))
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()))

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_places(self, places)


class GrantForm(forms.Form):
    """A role over a place and everything in it, or over a body."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()))
    place = forms.ChoiceField(label=_("Place"), help_text=_("The role reaches everything in it."))
    body = forms.ChoiceField(label=_("Body"), required=False)
    on = DayField(label=_("From"))

    def __init__(self, *args: Any, places: Choices, bodies: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_places(self, places)
        offer(self, body=[("", "—"), *bodies])
        self.fields["on"].initial = today


class KeyForm(forms.Form):
    """A key for another program: to report at a place, or to read as an account."""

    name = forms.CharField(
        label=_("Program"), max_length=60, help_text=_("Such as: city hotline, resident app. The trail says this name.")
    )
    account = forms.ChoiceField(
        label=_("Reads as"),
        required=False,
        help_text=_(
            "It may read what this person may read. Left empty, it may report matters and see what everybody sees."
        ),
    )
    place = forms.ChoiceField(
        label=_("Reports in"), required=False, help_text=_("Where it may report; not asked for where it reads.")
    )
    most_an_hour = forms.IntegerField(label=_("Requests an hour at most"), min_value=1, initial=600)

    def __init__(self, *args: Any, places: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, place=[("", "—"), *(one for one in places if one[0])], account=[("", "—"), *people])
