"""Shapes of input for documents: for which place, and what is typed when they are made."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.campaigns.texts import LEVELS
from heli.files.documents import official_date
from heli.files.templating.documents import GivenBy, PaperFieldKind, PaperTemplate
from heli.papers.models import PaperFormat
from heli.papers.queries.templates import catalogue
from heli.papers.queries.work import PlaceChoice
from heli.ui.forms import DayField
from heli.ui.http import language


def typed_fields(names: set[str] | None = None) -> dict[str, forms.Field]:
    """A form field for every field of documents that is typed; `names` narrows them to those that are used."""
    found: dict[str, forms.Field] = {}
    for rule in catalogue().fields.values():
        if rule.given_by is not GivenBy.HAND or (names is not None and rule.id not in names):
            continue
        label = rule.name.text(language())
        if rule.kind is PaperFieldKind.DATE:
            found[rule.id] = DayField(label=label, required=False)
        else:
            found[rule.id] = forms.CharField(label=label, required=False, max_length=60)
    return found


def given_from(cleaned: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, as documents print it."""
    fields = catalogue().fields
    return {
        name: official_date(value) if isinstance(value, date) else str(value)
        for name, value in cleaned.items()
        if value and name in fields and fields[name].given_by is GivenBy.HAND
    }


class PaperForm(forms.Form):
    """For which place a document is made, and what is typed for it."""

    columns = 2
    place = forms.ChoiceField(label=_("Place"))

    def __init__(self, *args: Any, choices: Sequence[PlaceChoice], template: PaperTemplate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(one.public_id, one.name) for one in choices]  # type: ignore[attr-defined]  # a field of this form, by name
        self.fields.update(typed_fields(template.fields()))


class BatchForm(forms.Form):
    """Many documents: which templates, for which place and all below it, as what, and what is typed for all of them."""

    columns = 2
    place = forms.ChoiceField(label=_("For this place and all below it"))
    format = forms.ChoiceField(label=_("As"), choices=[(PaperFormat.DOCX, _("Word (docx)")), (PaperFormat.PDF, "PDF")])
    every = forms.BooleanField(label=_("All templates"), required=False)
    templates = forms.MultipleChoiceField(
        label=_("Only these templates"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self, *args: Any, choices: Sequence[PlaceChoice], templates: Sequence[PaperTemplate], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [  # type: ignore[attr-defined]  # a field of this form, by name
            (one.public_id, f"{one.name} ({LEVELS[one.per]})") for one in choices
        ]
        self.fields["templates"].choices = [  # type: ignore[attr-defined]  # a field of this form, by name
            (one.key, f"{one.title.text(language())} ({LEVELS[one.per]})") for one in templates
        ]
        self.fields.update(typed_fields())
