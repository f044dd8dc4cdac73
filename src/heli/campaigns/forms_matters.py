"""Shapes of input of a campaign's matters. Every free text asks for matters, never persons."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.bodies.queries import Holder
from heli.campaigns.services.matters import Upload
from heli.places.types import Level, PlaceRow

MATTERS_ONLY = _("Write about the matter: no names, telephone or identity numbers of residents.")


Choices = list[Any]


def area(rows: int, **attrs: str) -> forms.Textarea:
    """A text box of so many lines."""
    return forms.Textarea(attrs={"rows": rows, **attrs})


def of_mapping(labels: Mapping[Any, str | Promise], first: str | Promise | None = None) -> Choices:
    """Choices from words by key; `first` stands for nothing chosen."""
    return [*([("", first)] if first is not None else []), *((str(key), text) for key, text in labels.items())]


def of_places(rows: Sequence[PlaceRow], first: str | Promise | None = None) -> Choices:
    """Places as choices: the district, then each town with its villages in a group."""
    choices: Choices = [("", first)] if first is not None else []
    choices += [(str(row.id), row.name) for row in rows if row.level is Level.DISTRICT]
    groups: dict[str, Choices] = {}
    for row in rows:
        if row.level is Level.TOWNSHIP:
            groups.setdefault(row.name, []).insert(0, (str(row.id), row.name))
        elif row.level is Level.VILLAGE:
            groups.setdefault(row.parent_name, []).append((str(row.id), row.name))
    return [*choices, *groups.items()]


def of_holders(holders: Iterable[Holder], first: str | Promise) -> Choices:
    """Organisations and office-holders as choices, in two groups."""
    bodies = [(one.key, one.label) for one in holders if not one.is_person]
    persons = [(one.key, one.label) for one in holders if one.is_person]
    return [("", first), (_("Organisations"), bodies), (_("Office-holders"), persons)]


def upload_of(given: Any) -> Upload | None:
    """What came with a form as the services take it."""
    return None if not given else Upload(given.name or "", given.chunks())


class MattersForm(forms.Form):
    """A form whose choices depend on the campaign and the actor: {field: choices}."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in (choices or {}).items():
            if name in self.fields:
                self.fields[name].choices = options  # type: ignore[attr-defined]  # a field of this form, by name

    def clean_place(self) -> int | None:
        """The key of the chosen place."""
        chosen = self.cleaned_data["place"]
        return int(chosen) if chosen else None


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=area(2))
