"""What e-questionnaires ask. No Django here."""

from collections.abc import Mapping
from dataclasses import dataclass

from heli.kernel.words import Words


@dataclass(frozen=True, slots=True)
class InquiryField:
    """A field of an e-questionnaire: which measure of the register it asks, and between which values an answer is plausible.

    `least`, `most`: bounds in the measure's unit. `change_bp`: a change by more than so many basis points is asked back.
    """

    measure: str
    words: Words
    least: int | None = None
    most: int | None = None
    change_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """An e-questionnaire as data."""

    id: str
    version: int
    words: Words
    source: str
    fields: tuple[InquiryField, ...]
    relations: tuple[Mapping[str, list[str]], ...] = ()
    """As declared (`kernel.relations.read_relation` reads them): they are kept with what was sent."""
