"""Shapes of input of e-questionnaires. Every free text asks for matters, never persons."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from heli.inquiries.types import InquiryField
from heli.places.measures import measures
from heli.places.texts import unit_text
from heli.records.fields import LARGEST, Field, FieldKind
from heli.records.forms import RowForm, SeveralPlaces
from heli.records.tables import unit

KINDS = {"dm2": FieldKind.AREA, "fen": FieldKind.MONEY}


def field_of(asked: InquiryField) -> Field:
    """What is asked, as forms ask for it: areas in mu, money in yuan, the rest as counted."""
    kind = KINDS.get(_unit(asked.measure), FieldKind.NUMBER)
    return Field(kind=kind, name=asked.measure, label=asked.words.text(get_language() or "zh-hans"), most=LARGEST)


def unit_of(one: Field) -> str:
    """The unit people type it in."""
    return str(unit(one) or unit_text(_unit(one.name)))


def _unit(measure: str) -> str:
    known = measures().get(measure)
    return known.unit if known is not None else "ratio"


class InquiryForm(SeveralPlaces, RowForm):
    """Send an e-questionnaire."""

    columns = 2


class ReplyForm(RowForm):
    """The fields of an e-questionnaire, prefilled with what is known: {measure: (value, its day)}.

    A field that was left alone keeps the exact known value, however it is rounded on the screen.
    """

    columns = 2

    def __init__(
        self, data: Any = None, *, asked: Sequence[InquiryField], facts: Mapping[str, tuple[int, date]]
    ) -> None:
        self.known = {key: value for key, (value, _day) in facts.items()}
        drawn = [field_of(one) for one in asked]
        start = {one.name: one.typed(self.known[one.name]) for one in drawn if one.name in self.known}
        super().__init__(data, drawn=drawn, choices={}, row=SimpleNamespace(**self.known), initial=start)
        for one in drawn:
            field, words = self.fields[one.name], {"name": one.label, "unit": unit_of(one)}
            field.label = _("%(name)s (%(unit)s)") % words if words["unit"] else str(one.label)
            field.help_text = (
                _("known since %(day)s") % {"day": facts[one.name][1]} if one.name in facts else _("not known yet")
            )


class ReturnForm(forms.Form):
    """Why an answer is sent back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
