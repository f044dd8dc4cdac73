"""Rules of e-questionnaires: what is typed against what is known, and what deserves a second look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heli.inquiries.types import InquiryField


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that is possible but unlikely: outside its usual range, or far from what was known."""

    measure: str
    code: str
    value: int
    known: int | None = None


def find_doubts(fields: Sequence[InquiryField], answers: Mapping[str, int], known: Mapping[str, int]) -> list[Doubt]:
    """Values to be confirmed before they are taken: "out_of_range" or "big_change", in the order of the fields."""
    doubts = []
    for field in fields:
        value = answers.get(field.measure)
        if value is None:
            continue
        if (field.least is not None and value < field.least) or (field.most is not None and value > field.most):
            doubts.append(Doubt(field.measure, "out_of_range", value))
        before = known.get(field.measure)
        if before and field.change_bp is not None and abs(value - before) * 10_000 > field.change_bp * abs(before):
            doubts.append(Doubt(field.measure, "big_change", value, before))
    return doubts


def split_answers(answers: Mapping[str, int], known: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """(what was typed anew, what only confirms the known)."""
    typed = {key: value for key, value in answers.items() if known.get(key) != value}
    return typed, {key: value for key, value in answers.items() if key not in typed}
