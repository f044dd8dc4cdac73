"""The shapes of the law as data: inequalities in whole numbers, readings, bodies, and what is in force on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from heli.bodies.types import BodyKind
from heli.kernel.packs import Header
from heli.kernel.words import Words

SIGNS = {">=": "≥", "<=": "≤"}
Values = Mapping[str, int]
"""Whole numbers by the names that rules use: {"present": 40, "entitled": 60}."""


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One inequality with its numbers: `left op right` is `holds`."""

    article: str
    words: Words
    left: int
    op: str
    right: int
    holds: bool

    @property
    def sign(self) -> str:
        """The sign as people write it, as the law asks it."""
        return SIGNS.get(self.op, self.op)

    def as_json(self, language: str) -> dict[str, object]:
        """A test of the JSON forms; `text` in the language asked for."""
        return {
            "article": self.article,
            "text": self.words.text(language),
            "left": self.left,
            "op": self.op,
            "right": self.right,
            "holds": self.holds,
        }


@dataclass(frozen=True, slots=True)
class LawRule:
    """An inequality of the law: times · quantity op of · base; without a base, of itself is the number.

    Holds for the bodies named, in the modes and matters named or, where none are, in all. `test` says what follows when it
    does not hold; `replaces` is the id of the national rule that a province's rule stands for.
    """

    id: str
    article: str
    words: Words
    test: str
    bodies: frozenset[str]
    modes: frozenset[str]
    matters: frozenset[str]
    times: int
    quantity: str
    op: str
    of: int
    base: str
    replaces: str = ""

    def text(self) -> str:
        """The inequality as it is written: "3·present ≥ 2·entitled"."""
        left = self.quantity if self.times == 1 else f"{self.times}·{self.quantity}"
        right = str(self.of) if not self.base else self.base if self.of == 1 else f"{self.of}·{self.base}"
        return f"{left} {SIGNS.get(self.op, self.op)} {right}"

    def can_be_asked(self, values: Values) -> bool:
        """Whether the numbers it needs are there."""
        return self.quantity in values and (not self.base or self.base in values)

    def right(self, values: Values) -> int:
        """The right side in numbers."""
        return self.of * values[self.base] if self.base else self.of

    def line(self, values: Values) -> ProofLine:
        """The inequality with numbers; they must be there."""
        left, right = self.times * values[self.quantity], self.right(values)
        holds = {">": left > right, ">=": left >= right, "=": left == right, "<=": left <= right, "<": left < right}
        return ProofLine(self.article, self.words, left, self.op, right, holds[self.op])

    def least(self, values: Values) -> int:
        """The least whole quantity with which a rule of > or >= holds."""
        right = self.right(values)
        return right // self.times + 1 if self.op == ">" else -(-right // self.times)


@dataclass(frozen=True, slots=True)
class LawReading:
    """What a law orders without an inequality, or how it is read, by a name that code knows."""

    id: str
    article: str
    words: Words
    bodies: frozenset[str]


@dataclass(frozen=True, slots=True)
class LegalBody:
    """Who decides or elects: its modes, the matters that are its own, and those it needs to be entrusted with.

    `matters` is None where none were read: then none are refused.
    """

    name: str
    article: str
    modes: frozenset[str]
    matters: frozenset[str] | None
    delegated: frozenset[str]


@dataclass(frozen=True, slots=True)
class LawPack:
    """One file of law: a national law or a province's, with its hash."""

    header: Header
    sha256: str
    kind: str
    title: Words
    by_analogy: frozenset[str]
    bodies: Mapping[str, LegalBody]
    rules: tuple[LawRule, ...]
    readings: tuple[LawReading, ...]
    not_read: tuple[Words, ...]

    def as_json(self) -> dict[str, object]:
        """Which file it was, so that an act can be proved later."""
        return {
            "id": self.header.id,
            "version": self.header.version,
            "jurisdiction": self.header.jurisdiction,
            "valid_from": self.header.valid_from.isoformat(),
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class LawOfDay:
    """What is in force for a kind of assembly on a day in a province, and which lines of the province were set aside.

    `set_aside` pairs the province's line with the national one that is younger; `warnings` are the codes
    of what was not read.
    """

    on: date
    jurisdiction: str
    packs: tuple[LawPack, ...]
    rules: tuple[LawRule, ...]
    readings: tuple[LawReading, ...]
    bodies: Mapping[str, LegalBody]
    set_aside: tuple[tuple[LawRule | LawReading, LawRule | LawReading], ...]
    warnings: tuple[str, ...]

    def modes(self, body: str) -> frozenset[str]:
        """The ways in which a body meets or is elected; none where the law of the day does not know it."""
        return self.bodies[body].modes if body in self.bodies else frozenset()

    def objection(self, body: str, matter: str, quantity: str) -> LawRule | None:
        """In how many days an objection to a matter of an election is made ("days_to_object") or ruled on ("days_to_rule")."""
        rules = (rule for rule in self.rules_for(body, "", matter) if rule.test == "objection" and rule.matters)
        return next((rule for rule in rules if rule.quantity == quantity), None)

    def reads(self, name: str, body: str) -> bool:
        """Whether a reading of that name holds for the body."""
        return any(one.id == name and body in one.bodies for one in self.readings)

    def rules_for(self, body: str, mode: str, matter: str = "") -> tuple[LawRule, ...]:
        """The rules that hold for a body, mode and matter; a rule for the matter stands for the general one of its test."""
        fitting = [
            rule
            for rule in self.rules
            if body in rule.bodies
            and (not rule.modes or mode in rule.modes)
            and (not rule.matters or matter in rule.matters)
        ]
        special = {rule.test for rule in fitting if rule.matters}
        return tuple(rule for rule in fitting if rule.matters or rule.test not in special)


class ElectedSort(StrEnum):
    """What an elected body is to a playbook; only a committee has a roll, a review, a handover and a leader to be named."""

    COMMITTEE = "committee"
    SUPERVISION = "supervision"
    HEADS = "heads"
    REPRESENTATIVES = "representatives"
    BOARD = "board"


@dataclass(frozen=True, slots=True)
class KindPost:
    """A post of a body: its words on a ballot, and the office it gives."""

    words: Words
    office: str


@dataclass(frozen=True, slots=True)
class ElectionKind:
    """What is elected: under which kind of law, of which sort, what it is called after its unit and what it is
    among organisations, its posts from the highest; `by_election`: what the law calls it when a congress fills vacant seats.
    """

    body: str
    law: str
    elects: ElectedSort
    name: str
    kind: BodyKind
    posts: Mapping[str, KindPost]
    by_election: str = ""

    @property
    def is_committee(self) -> bool:
        """Whether the law asks of it a roll, a review, a handover and who leads the Party organisation."""
        return self.elects is ElectedSort.COMMITTEE

    @property
    def avoids_kin(self) -> bool:
        """Whether near relatives do not serve on it together, or beside the committee."""
        return self.elects not in {ElectedSort.HEADS, ElectedSort.REPRESENTATIVES}


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectionPlan:
    """An election as it is opened: what is elected by whom, when and under whose law, the seats by post of every unit, or of these
    `parts` (groups) of each; `counts_intent`: seats won by those recommended are counted after the fact.
    """

    title: str
    body: str
    mode: str
    on: date
    jurisdiction: str
    seats: Mapping[str, int]
    parts: tuple[str, ...] = ()
    counts_intent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """Another round in a unit: its day, its seats by post, why there is a vote, the first or the second ballot."""

    on: date
    seats: Mapping[str, int]
    kind: str
    round: int = 1
    is_by_congress: bool = False
