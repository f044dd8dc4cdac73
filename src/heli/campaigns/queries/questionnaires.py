"""Reads of e-questionnaires: their fields as pinned, what the register knows of a village."""

from collections.abc import Sequence
from datetime import date

from heli.campaigns.models import Inquiry
from heli.campaigns.types import Words
from heli.campaigns.types_matters import InquiryField
from heli.places import queries as places


def fields_of(inquiry: Inquiry) -> list[InquiryField]:
    """The fields of an e-questionnaire exactly as they were sent."""
    return [
        InquiryField(
            measure=data["measure"],
            words=Words(data["zh"], data["en"]),
            least=data["least"],
            most=data["most"],
            change_bp=data["change_bp"],
        )
        for data in inquiry.fields
    ]


def known_facts(place_id: int, fields: Sequence[InquiryField], on: date) -> dict[str, int]:
    """What the register knows of a village on a day, by measure: the newest figure on or before it."""
    newest: dict[str, int] = {}
    wanted = {field.measure for field in fields}
    for fact in places.facts_of(place_id):
        if fact.measure in wanted and fact.on <= on:
            newest[fact.measure] = fact.value
    return newest
