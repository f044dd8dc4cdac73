"""What goes into the planner and what comes out: frozen values, no behaviour beyond look-ups.

Villages are numbered 0 … n−1 in the order of the instance; `Instance.id` holds the names known outside.
Everything in a `Plan` speaks of villages by that id, so a plan means the same whatever the order of the input was.
Money-like quantities (`score`, `cost`, `objective`, `bound`) are integers in millionths of the score's unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

VillageId = int | str
TownId = int | str
Number = int | float

MILLION = 1_000_000
WEIGHT_SCALE = 10_000
"""Weights and the detour factor are decimals of at most four places, held as integers of 1/10,000."""


class Status(StrEnum):
    """How far a plan is proven."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


class Kind(StrEnum):
    """What became of a unit's members. Only `kept`, `fixed` and `merged` count as villages afterwards."""

    KEPT = "kept"
    FIXED = "fixed"
    MERGED = "merged"
    CONVERTED = "converted"
    ABSORBED = "absorbed"
    HOST = "host"


COUNTED_KINDS = frozenset({Kind.KEPT, Kind.FIXED, Kind.MERGED})


class FlawSeverity(StrEnum):
    """An error refuses the instance; a warning is handled and told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with an instance: where, what, and what to do about it."""

    code: str
    message: str
    field: str
    index: int | None = None
    remedy: str = ""
    severity: FlawSeverity = FlawSeverity.ERROR

    def __str__(self) -> str:
        where = self.field if self.index is None else f"{self.field}[{self.index}]"
        return f"{where}: {self.message}" + (f" — {self.remedy}" if self.remedy else "")


class MergeplanError(Exception):
    """Base of everything this library raises on purpose."""


class InstanceError(MergeplanError, ValueError):
    """The instance cannot be read; `problems` lists every error found (at most 50)."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        self.flaws = flaws
        super().__init__("\n".join(str(p) for p in flaws))


class RequestError(MergeplanError, ValueError):
    """A solve was asked with contradictory or unknown arguments."""


class UndecidedError(MergeplanError):
    """Neither a plan nor a proof that there is none was found in the time allowed."""


class TooManyColumnsError(MergeplanError):
    """A town has more connected sets than the limit; `fitting_k` is the largest k that stays below it (0: none)."""

    def __init__(self, town: TownId, k: int, limit: int, fitting_k: int) -> None:
        self.town, self.k, self.limit, self.fitting_k = town, k, limit, fitting_k
        advice = f"k = {fitting_k} fits" if fitting_k else "not even k = 1 fits"
        super().__init__(
            f"town {town} has more than {limit:,} connected sets of up to {k} villages: {advice}; "
            "lower k, tighten Pmax, or raise the limit"
        )


@dataclass(frozen=True, slots=True)
class Edge:
    """A border between two villages: its length in metres and their affinity, 0 … 1000."""

    i: int
    j: int
    length_m: Number
    affinity: int


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the score's five parts in 1/10,000."""

    balance: int = 10_000
    travel: int = 5_000
    disrupt: int = 2_000
    compact: int = 3_000
    affinity: int = 2_000


@dataclass(frozen=True, slots=True)
class Absorption:
    """`village` may join the existing community `host` at `cost` millionths."""

    village: int
    host: int
    cost: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What a new unit may be. Village numbers are indices into the instance; R is in metres."""

    k: int = 3
    pmin: int = 0
    pmax: int = 1_000_000_000
    radius_m: Number = 1_000_000_000
    target_pop: int = 1
    """T. When the instance gives none: total population / K, or / n when it gives no K either."""
    is_target_given: bool = True
    at_most: int | None = None
    at_least: int | None = None
    detour: int = 13_000
    fixed: frozenset[int] = frozenset()
    must: tuple[tuple[int, int], ...] = ()
    cannot: tuple[tuple[int, int], ...] = ()
    exempt: frozenset[int] = frozenset()
    convertible: frozenset[int] = frozenset()
    convert_cost: int = 0
    hosts: frozenset[int] = frozenset()
    absorb: tuple[Absorption, ...] = ()
    types: tuple[str | None, ...] = ()
    windows: tuple[tuple[str, int, int], ...] = ()
    zones: tuple[tuple[int, ...], ...] = ()

    def window_of(self, type_name: str | None) -> tuple[int, int]:
        """[Pmin, Pmax] of a unit whose centre is of this type."""
        for name, low, high in self.windows:
            if name == type_name:
                return low, high
        return self.pmin, self.pmax


@dataclass(frozen=True)
class Instance:
    """A district to plan: per village one entry in every tuple; edges join villages with a common border.

    `outline` (WKB per village, metres) and `outline_crs` are carried for drawing and export; the planner
    never reads them.
    """

    id: tuple[VillageId, ...]
    name: tuple[str, ...]
    x: tuple[Number, ...]
    y: tuple[Number, ...]
    pop: tuple[int, ...]
    area: tuple[Number, ...]
    perim: tuple[Number, ...]
    town: tuple[TownId, ...]
    edges: tuple[Edge, ...]
    rules: Rules
    weights: Weights = Weights()
    outline: tuple[bytes | None, ...] | None = field(default=None, compare=False, repr=False)
    outline_crs: str = field(default="", compare=False)
    warnings: tuple[Flaw, ...] = field(default=(), compare=False, repr=False)

    @property
    def n(self) -> int:
        """Number of villages (and host communities)."""
        return len(self.id)

    @cached_property
    def index_of(self) -> Mapping[VillageId, int]:
        """Village id → position in the tuples."""
        return {v: i for i, v in enumerate(self.id)}

    def label(self, i: int) -> str:
        """How a village is called in a sentence: its name with the id when they differ."""
        return str(self.id[i]) if self.name[i] == str(self.id[i]) else f"{self.name[i]} ({self.id[i]})"

    @property
    def villages(self) -> int:
        """Number of villages before the merger: all entries but the host communities."""
        return self.n - len(self.rules.hosts)


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """The five parts of a unit's score in millionths; they add up to it."""

    balance: int = 0
    travel: int = 0
    disrupt: int = 0
    compact: int = 0
    affinity: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the plan. An absorbed village is a unit of its own whose `centre` is the host community."""

    members: tuple[VillageId, ...]
    centre: VillageId
    score: int
    kind: Kind
    town: TownId
    population: int
    farthest_m: int
    parts: ScoreParts | None = None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Cheapest cost of exactly `count` units: proven `lower`, and `cost` where a plan is known (`exact`: they meet)."""

    count: int
    lower: int
    cost: int | None

    @property
    def exact(self) -> bool:
        return self.cost == self.lower


@dataclass(frozen=True, slots=True)
class TownCount:
    """Units of one town in the plan, and the range of counts that the rules allow it (0 and 0: not looked for)."""

    town: TownId
    count: int
    before: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """One sentence about the result; `code` and `values` let a caller say it in another language."""

    code: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The answer. `objective` is None and `units` empty when infeasible; `bound` ≤ every possible objective."""

    status: Status
    objective: int | None
    bound: int | None
    units: tuple[Unit, ...]
    curve: tuple[CurvePoint, ...]
    towns: tuple[TownCount, ...]
    explanation: tuple[Explanation, ...]
    at_least: int
    at_most: int
    k: int = 0
    """Max members of a unit that was asked for; 0 when unknown."""
    target_pop: int = 0
    """T that the scores were made with; 0 when unknown."""

    @property
    def count(self) -> int:
        """Villages after the merger (communities are not counted)."""
        return sum(1 for u in self.units if u.kind in COUNTED_KINDS)

    @cached_property
    def unit_of(self) -> Mapping[VillageId, Unit]:
        """Village id → the unit it belongs to."""
        return {v: u for u in self.units for v in u.members}

    @property
    def gap(self) -> int | None:
        """Objective − bound, millionths; 0 when optimal."""
        return None if self.objective is None or self.bound is None else self.objective - self.bound


def town_order(towns: Iterable[TownId]) -> list[TownId]:
    """Distinct towns, numbers before texts."""
    return sorted(set(towns), key=label_key)


def label_key(label: int | str) -> tuple[int, int, str]:
    """Order of ids and towns: whole numbers by size, then texts by code point. This is what "canonical by id" means."""
    return (0, label, "") if isinstance(label, int) else (1, 0, label)
