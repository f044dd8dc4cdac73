"""Values of campaigns: playbooks, the life of a step, colours. No Django here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from heli.kernel.levels import Per
from heli.kernel.relations import Conclusion, Relation
from heli.kernel.words import Words


class OnMerge(StrEnum):
    """What becomes of a village's open step when the village goes on in a successor."""

    MOVE = "move"
    END = "end"


class EvidenceKind(StrEnum):
    """What proves a step. `MINUTES` is a text or a file; `ATTESTATION` a document that stands for a gate nobody offers yet."""

    PHOTO = "photo"
    FILE = "file"
    NUMBER = "number"
    MINUTES = "minutes"
    ATTESTATION = "attestation"


class StepStatus(StrEnum):
    """How far a step is. The last four are ends; `MOVED` and `ENDED` come with a merger, visibly."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WAIVED = "waived"
    MOVED = "moved"
    ENDED = "ended"


OPEN: frozenset[StepStatus] = frozenset(
    {StepStatus.NOT_STARTED, StepStatus.IN_PROGRESS, StepStatus.SUBMITTED, StepStatus.RETURNED}
)


DONE: frozenset[StepStatus] = frozenset({StepStatus.ACCEPTED, StepStatus.WAIVED})
"""What counts as finished: dependents may go on."""


class Did(StrEnum):
    """What an entry of a step's history says. Never renamed: the log is read for ever."""

    STARTED = "started"
    SUBMITTED = "submitted"
    WITHDREW = "withdrew"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WAIVED = "waived"
    REOPENED = "reopened"
    ASKED_EXTENSION = "asked_extension"
    EXTENDED = "extended"
    REFUSED_EXTENSION = "refused_extension"
    MOVED = "moved"
    ENDED = "ended"
    REPLACED = "replaced"
    """The playbook of the running campaign was replaced by a newer version; the step goes on, is new, or is dropped."""
    REPLANNED = "replanned"
    """The fixed day of the campaign was moved, and the step's days with it."""


class CampaignStatus(StrEnum):
    """How far a campaign is."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"


class Colour(StrEnum):
    """Three colours of lateness, from none to worst; `GREEN` is in time."""

    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


COLOUR_ORDER: tuple[Colour, ...] = tuple(Colour)
"""From best to worst."""


class SeatLevel(StrEnum):
    """At which level a place of a campaign has its colour."""

    DISTRICT = "district"
    TOWN = "town"
    VILLAGE = "village"


class Tag(StrEnum):
    """What a step's `applies` may ask of its place. Those of a merger come from the plan; others are set when opening."""

    MERGED = "merged"
    ABSORBED = "absorbed"
    UNCHANGED = "unchanged"
    COMMUNITY = "community"
    URBAN_VILLAGE = "urban_village"


class Repeat(StrEnum):
    """How often a step comes again: once in each month or quarter, counted from the campaign's first day."""

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def months(self) -> int:
        """How long one turn is."""
        return 1 if self is Repeat.MONTH else 3


@dataclass(frozen=True, slots=True)
class Party:
    """Who does or accepts: a role held over the place of that level ("town_officer" at the "town") that contains the step's."""

    role: str
    level: Per


DAY_UNIT = "date"
"""The unit of a number that is a day."""


@dataclass(frozen=True, slots=True)
class Required:
    """Evidence a step needs before it can be submitted: at least so many pieces.

    `measure`: the number becomes a dated fact of the register. `fact`: it is not typed but read from the context that
    offers it, when the step is submitted. `why`: the reason for which a photo is asked, said where it is asked for.
    `key`: the name under which relations speak of a number. A number whose unit is "date" is a day, typed as one and kept as
    20261129.
    """

    kind: EvidenceKind
    least: int
    name: Words
    unit: str = ""
    measure: str = ""
    fact: str = ""
    why: Words | None = None
    key: str = ""

    @property
    def is_day(self) -> bool:
        """Whether the number is a day."""
        return self.unit == DAY_UNIT


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step of a playbook. `applies` empty: every place; else those with one of the tags.

    `anchor`: the step of one day that a fixed day means. `before`: calendar days between its last day and the anchor's; 0: no
    rule. `within`: calendar days from the campaign's first day on which it is due at the latest, working days left or not; 0: no
    rule. `repeat`: its key and title are those of one `turn` of several. `line`: where in its file.
    """

    key: str
    stage: str
    title: Words
    per: Per
    does: Party
    accepts: Party
    days: int
    law: str
    guide: Words | None = None
    after: tuple[str, ...] = ()
    evidence: tuple[Required, ...] = ()
    relations: tuple[Relation, ...] = ()
    follows: tuple[Conclusion, ...] = ()
    documents: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    act: str = ""
    on_merge: OnMerge = OnMerge.MOVE
    applies: tuple[Tag, ...] = ()
    anchor: bool = False
    before: int = 0
    within: int = 0
    repeat: Repeat | None = None
    turn: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: its steps in order."""

    key: str
    title: Words
    steps: tuple[StepRule, ...]


@dataclass(frozen=True)
class Playbook:
    """A way of working as data: stages of steps. `key`, `version` and `sha256` (of the file) say which one exactly."""

    key: str
    version: int
    title: Words
    about: Words
    valid_from: date
    valid_to: date | None
    jurisdiction: str
    source: str
    stages: tuple[Stage, ...]
    sha256: str
    text: str = field(repr=False)

    @cached_property
    def steps(self) -> tuple[StepRule, ...]:
        """Every step in order."""
        return tuple(step for stage in self.stages for step in stage.steps)

    @cached_property
    def by_key(self) -> Mapping[str, StepRule]:
        """Steps by their key."""
        return {step.key: step for step in self.steps}

    @cached_property
    def anchor(self) -> str | None:
        """The key of the step whose day is the fixed one."""
        return next((step.key for step in self.steps if step.anchor), None)


@dataclass(frozen=True, slots=True)
class StepWindow:
    """When a step is planned: first and last working day, and whether either rests on a year without an official calendar."""

    start: date
    due: date
    is_provisional: bool = False
