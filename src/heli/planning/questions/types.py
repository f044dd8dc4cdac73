"""What a question is asked about and what is answered, whatever its kind: things, rules, units. Frozen values and their JSON.

Things are named by their own ids (texts); sizes are households or people, ways metres, costs whole numbers of the kind's unit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from math import floor, hypot
from typing import Any

from heli.planning.types import PlanKind, RuleFinding
from mergeplan.questions.splitting import PART


@dataclass(frozen=True, slots=True)
class Thing:
    """What is shared out, or what takes it in: a group, a building, a village, a site, an organisation, an area.

    `place` is its key in the register, None for what stands in a file only; `x`, `y` are metres in a local plane; `more` holds
    what only its kind knows.
    """

    id: str
    name: str
    parent: str = ""
    size: int = 0
    x: int = 0
    y: int = 0
    lon: float | None = None
    lat: float | None = None
    place: int | None = None
    parent_place: int | None = None
    role: str = ""
    area_m2: int = 0
    perimeter_m: int = 0
    outline: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)
    more: Mapping[str, Any] = field(default_factory=dict)


DETOUR = 1.3
"""Roads beside the straight line."""


def way_m(one: Thing, other: Thing) -> int:
    """Metres between two things where no way is measured; at least 1."""
    return max(1, floor(DETOUR * hypot(one.x - other.x, one.y - other.y) + 0.5))


COLUMNS = tuple(item.name for item in fields(Thing))


@dataclass(frozen=True)
class QuestionMaterial:
    """What a question was asked about on a day, pinned. `edges` are [thing, thing, metres, closeness] by position."""

    kind: PlanKind
    district: int
    district_name: str
    on: date
    is_sample: bool
    things: tuple[Thing, ...]
    edges: tuple[tuple[int, int, int, int], ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The pinned form; its hash identifies the inputs."""
        return {
            "kind": self.kind.value,
            "district": [self.district, self.district_name],
            "on": self.on.isoformat(),
            "is_sample": self.is_sample,
            "columns": list(COLUMNS),
            "things": [[getattr(thing, name) for name in COLUMNS] for thing in self.things],
            "edges": [list(edge) for edge in self.edges],
            "more": dict(self.more),
        }

    @property
    def by_id(self) -> dict[str, Thing]:
        """Things by their id; a part of a split one (`E01#2`) is found as that thing under its own name."""
        return _Known({thing.id: thing for thing in self.things})

    def of(self, *roles: str) -> tuple[Thing, ...]:
        """The things of these roles."""
        return tuple(thing for thing in self.things if thing.role in roles)


class _Known(dict[str, Thing]):
    def __missing__(self, key: str) -> Thing:
        whole, mark, number = key.partition(PART)
        if not mark or whole not in self:
            raise KeyError(key)
        return replace(self[whole], id=key, name=f"{self[whole].name}({number})")


def question_material_from_json(raw: Mapping[str, Any]) -> QuestionMaterial:
    """Read pinned inputs back."""
    district, name = raw["district"]
    return QuestionMaterial(
        kind=PlanKind(raw["kind"]),
        district=district,
        district_name=name,
        on=date.fromisoformat(raw["on"]),
        is_sample=raw["is_sample"],
        things=tuple(Thing(**dict(zip(raw["columns"], row, strict=True))) for row in raw["things"]),
        edges=tuple((a, b, metres, closeness) for a, b, metres, closeness in raw["edges"]),
        more=raw["more"],
    )


Wish = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionRules:
    """The numbers of a question by name (None: not asked for), and what was settled by hand, by ids of things.

    `locks` must hold and `bans` must not; `moves` are [thing, one of the unit it goes to], done after the answer.
    """

    numbers: Mapping[str, int | None] = field(default_factory=dict)
    locks: tuple[Wish, ...] = ()
    bans: tuple[Wish, ...] = ()
    moves: tuple[Wish, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        wishes = {name: [list(wish) for wish in getattr(self, name)] for name in ("locks", "bans", "moves")}
        return {"numbers": dict(sorted(self.numbers.items())), **wishes}

    def settled(self, did: str, wish: Wish) -> "QuestionRules":
        """The rules with one more lock, ban or move; the opposite gives way."""
        free = self.free(wish)
        locks, bans, moves = free.locks, free.bans, free.moves
        if did == "locks":
            locks = (*locks, wish)
        elif did == "bans":
            bans = (*bans, wish)
        else:
            moves = (*(move for move in moves if move[0] != wish[0]), wish)
        return QuestionRules(self.numbers, locks, bans, moves)

    def free(self, wish: Wish) -> "QuestionRules":
        """The rules without this lock, ban or move."""
        locks, bans, moves = (tuple(w for w in held if w != wish) for held in (self.locks, self.bans, self.moves))
        return QuestionRules(self.numbers, locks, bans, moves)


def question_rules_from_json(raw: Mapping[str, Any]) -> QuestionRules:
    """Read stored rules back. Raises `ValueError` naming unknown keys."""
    if unknown := sorted(set(raw) - {"numbers", "locks", "bans", "moves"}):
        raise ValueError(f"unknown {', '.join(unknown)}")
    wishes = {name: tuple(tuple(wish) for wish in raw.get(name, ())) for name in ("locks", "bans", "moves")}
    return QuestionRules(raw.get("numbers", {}), **wishes)


@dataclass(frozen=True, slots=True)
class QuestionUnit:
    """One unit of an answer: `centre` and `members` are ids of things, `far_m` the longest way to the centre.

    `mark` says what became of it: merged, kept, grid, special, new, open, short, paired.
    """

    key: str
    name: str
    parent: str
    centre: str
    members: tuple[str, ...]
    size: int
    mark: str
    cost: int = 0
    far_m: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """A finished computation: units, numbers of the kind by name, reasons by code, and the curve (number, cost)."""

    status: str
    objective: int | None
    bound: int | None
    units: tuple[QuestionUnit, ...] = ()
    figures: Mapping[str, int] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    curve: tuple[tuple[int, int], ...] = ()

    @property
    def is_feasible(self) -> bool:
        """Whether there is an answer at all."""
        return self.status != "infeasible"

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        names = [item.name for item in fields(QuestionUnit)]
        return {
            "status": self.status,
            "objective": self.objective,
            "bound": self.bound,
            "units": [[_plain(getattr(unit, name)) for name in names] for unit in self.units],
            "figures": dict(self.figures),
            "said": list(self.said),
            "curve": [list(point) for point in self.curve],
        }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _unit(row: list[Any]) -> QuestionUnit:
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row]
    return QuestionUnit(*values)


def question_answer_from_json(raw: Mapping[str, Any]) -> QuestionAnswer:
    """Read a stored answer back."""
    return QuestionAnswer(
        raw["status"],
        raw["objective"],
        raw["bound"],
        tuple(_unit(row) for row in raw["units"]),
        raw["figures"],
        tuple(raw["said"]),
        tuple((number, cost) for number, cost in raw["curve"]),
    )


@dataclass(frozen=True, slots=True)
class NumberRule:
    """A whole number that rules a kind: its default (None: may be left empty) and the range it lies in."""

    name: str
    default: int | None
    low: int = 0
    high: int = 10_000_000


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """A kind of question: its numbers, how it is solved, and what may be settled by hand (`lock`, `ban`, `move`).

    `wishes` is how many things a lock or a ban names. `needs_file`: asked about a file, not about the register. `more_numbers`
    come with what is asked about (grids of each community).
    """

    name: PlanKind
    numbers: tuple[NumberRule, ...]
    solve: Callable[[QuestionMaterial, QuestionRules], QuestionAnswer]
    hands: tuple[str, ...]
    wishes: int = 2
    needs_file: bool = False
    more_numbers: Callable[[QuestionMaterial], tuple[NumberRule, ...]] | None = None

    def numbers_of(self, material: QuestionMaterial) -> tuple[NumberRule, ...]:
        """The numbers of the kind, and those that what is asked about brings with it."""
        return self.numbers + (self.more_numbers(material) if self.more_numbers else ())

    @property
    def defaults(self) -> QuestionRules:
        """The rules that a new question begins with."""
        return QuestionRules({number.name: number.default for number in self.numbers})

    def check(self, rules: QuestionRules, material: QuestionMaterial) -> list[RuleFinding]:
        """Numbers that are missing or out of range, and a window that is empty."""
        found = []
        for rule in self.numbers_of(material):
            value = rules.numbers.get(rule.name)
            if value is None and rule.default is not None:
                found.append(RuleFinding("number.missing", rule.name))
            elif value is not None and not rule.low <= value <= rule.high:
                found.append(RuleFinding("number.range", rule.name, {"low": rule.low, "high": rule.high}))
        low, high = rules.numbers.get("low"), rules.numbers.get("high")
        if low is not None and high is not None and low > high:
            found.append(RuleFinding("window.empty", "low", {"low": low, "high": high}))
        return found
