"""Values of the matters of a campaign: problems, risks, consultation, meetings, questionnaires. No Django here."""

from dataclasses import dataclass
from enum import StrEnum

from heli.kernel.words import Words


class InquiryStatus(StrEnum):
    """How far a village is with its e-questionnaire."""

    SENT = "sent"
    ANSWERED = "answered"
    RETURNED = "returned"
    CHECKED = "checked"


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
class InquiryForm:
    """An e-questionnaire as data."""

    id: str
    version: int
    words: Words
    source: str
    fields: tuple[InquiryField, ...]
