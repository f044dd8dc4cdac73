"""Values of the matters of a campaign: problems, risks, consultation, meetings, questionnaires. No Django here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from heli.campaigns.types import Words


class IssueSource(StrEnum):
    """Where a problem came to light."""

    SURVEY = "survey"
    INSPECTION = "inspection"
    CONSULTATION = "consultation"
    MEETING = "meeting"
    REPORT = "report"


class IssueStatus(StrEnum):
    """How far a problem is: closed only by a second person."""

    OPEN = "open"
    IN_HAND = "in_hand"
    CLAIMED = "claimed"
    CLOSED = "closed"


class IssueDid(StrEnum):
    """What an entry of a problem's history says. Never renamed: the log is read for ever."""

    OPENED = "opened"
    CHANGED = "changed"
    TOOK_IN_HAND = "took_in_hand"
    CLAIMED = "claimed"
    RETURNED = "returned"
    CLOSED = "closed"
    REOPENED = "reopened"


class Aspect(StrEnum):
    """The four aspects of a risk assessment 四方面."""

    LEGALITY = "legality"
    REASONABLENESS = "reasonableness"
    FEASIBILITY = "feasibility"
    CONTROLLABILITY = "controllability"


class RiskLevel(StrEnum):
    """How high a risk is, from low to extreme; the pack says from which score on."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


LEVEL_ORDER: tuple[RiskLevel, ...] = tuple(RiskLevel)
"""From least to most."""


class Channel(StrEnum):
    """How an opinion came in."""

    WALL_BOX = "wall_box"
    MEETING = "meeting"
    PHONE = "phone"
    ONLINE = "online"
    LETTER = "letter"


class Answering(StrEnum):
    """What a question of a questionnaire takes: one option or several."""

    ONE = "one"
    SEVERAL = "several"


class InquiryStatus(StrEnum):
    """How far a village is with its e-questionnaire."""

    SENT = "sent"
    ANSWERED = "answered"
    RETURNED = "returned"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a catalogue: its key, its words, and what else the catalogue says about it."""

    key: str
    words: Words
    more: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A list of kinds as data, with the id, version and source it was read from; `settings` are its plain values."""

    id: str
    version: int
    source: str
    entries: Mapping[str, Entry]
    settings: Mapping[str, object]

    def text(self, key: str, language: str) -> str:
        """The words of an entry in the reader's language; a key no longer in the file stays readable as it is."""
        entry = self.entries.get(key)
        return entry.words.text(language) if entry else key


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """One risk: its aspect, how likely and how severe it is (1 to 5 each), what it is and what is done against it."""

    aspect: Aspect
    likelihood: int
    severity: int
    what: str
    measures: str = ""

    @property
    def score(self) -> int:
        """1 to 25."""
        return self.likelihood * self.severity


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an anonymous questionnaire. `role` says which rate its first option counts for: "aware", "support" or none."""

    key: str
    text: str
    options: tuple[tuple[str, str], ...]
    answering: Answering = Answering.ONE
    role: str = ""


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
