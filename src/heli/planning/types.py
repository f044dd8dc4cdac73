"""The words of planning: what a scenario is ruled by, what it is planned from, and what came out.

Frozen values and their strict JSON forms. Places are named by their integer id; populations are people, lengths metres,
scores and costs millionths, reductions hundredths of a percent. No Django here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from dataclasses import field as default
from datetime import date
from enum import StrEnum
from typing import Any


class PlanKind(StrEnum):
    """What a scenario plans: the merger of villages, or one of the other questions."""

    VILLAGES = "villages"
    GROUPS = "groups"
    GRIDS = "grids"
    LAYOUT = "layout"
    POINTS = "points"
    PAIRING = "pairing"


class ScenarioStatus(StrEnum):
    """How far a scenario has come. Accepting freezes it; applying writes the register; both are separate acts."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    APPLIED = "applied"
    REVERSED = "reversed"


class RunState(StrEnum):
    """Where a computation stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class GoalKind(StrEnum):
    """How the wanted number of villages is given."""

    AT_MOST = "at_most"
    EXACTLY = "exactly"
    REDUCTION = "reduction"


class VillageClass(StrEnum):
    """The three planning classes of a new village; each may have its own population window."""

    MARKET_TOWN = "market_town"
    CENTRAL = "central"
    CHARACTERISTIC = "characteristic"


class OverrideKind(StrEnum):
    """One village, one policy: how a village departs from the district's rules."""

    FIXED = "fixed"
    EXEMPT = "exempt"
    CONVERT = "convert"
    ABSORB = "absorb"


class MergerKind(StrEnum):
    """What became of the villages of one unit of the plan."""

    TWO_IN_ONE = "two_in_one"
    THREE_IN_ONE = "three_in_one"
    MORE_IN_ONE = "more_in_one"
    ABSORBED = "absorbed"
    KEPT = "kept"
    FIXED = "fixed"
    CONVERTED = "converted"


class MergerFit(StrEnum):
    """How a unit's score stands beside the worst of its plan."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """A rule's finding: a stable code, the field where it can be mended, and the values its sentence names."""

    code: str
    field: str = ""
    values: Mapping[str, object] = default(default_factory=dict)
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """The wanted result: a number of villages, or a reduction in hundredths of a percent (40.95 % = 4095).

    Beside a number the reduction stays the district's target that the plan is measured against; None where there is none.
    """

    kind: GoalKind = GoalKind.REDUCTION
    count: int | None = None
    reduction: int | None = 4095


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """Weights of the five score parts in 1/10,000."""

    balance: int = 10_000
    travel: int = 5_000
    disrupt: int = 2_000
    compact: int = 3_000
    affinity: int = 2_000


@dataclass(frozen=True, slots=True)
class Window:
    """People in a new village of this class: `low` ≤ population ≤ `high`."""

    village_class: VillageClass
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Zone:
    """A feature zone (tea, pepper, peony, lake, tourism): its villages stay together."""

    name: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """One village, one policy; `host` is the community that an absorbed village joins."""

    place: int
    kind: OverrideKind
    reason: str
    host: int | None = None


@dataclass(frozen=True, slots=True)
class PlanRules:
    """Everything a scenario is ruled by. Defaults are those of a hilly county with villages of about a thousand people."""

    goal: Goal = Goal()
    k: int = 3
    pmin: int = 1000
    pmax: int = 6000
    radius_m: int = 6000
    target_population: int | None = None
    detour: int = 13_000
    weights: ScoreWeights = ScoreWeights()
    absorb_bordering: bool = False
    absorb_cost: int = 1_500_000
    convert_cost: int = 1_500_000
    windows: tuple[Window, ...] = ()
    classes: tuple[tuple[int, VillageClass], ...] = ()
    zones: tuple[Zone, ...] = ()
    overrides: tuple[Override, ...] = ()
    town_merges: tuple[tuple[int, int], ...] = ()
    locks: tuple[tuple[int, ...], ...] = ()
    forbidden_pairs: tuple[tuple[int, int], ...] = ()
    forbidden_units: tuple[tuple[int, ...], ...] = ()
    moved: tuple[int, ...] = ()
    names: tuple[tuple[tuple[int, ...], str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The stored form; `rules_from_json` reads it back."""
        return {item.name: _stored(getattr(self, item.name)) for item in fields(self)}


def _stored(value: Any) -> Any:
    """A value by itself is stored by names, one among several as a row."""
    if is_dataclass(value):
        return {item.name: _stored(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [list(held.values()) if isinstance(held := _stored(one), dict) else held for one in value]
    return str(value) if isinstance(value, StrEnum) else value


@dataclass(frozen=True, slots=True)
class Town:
    """A town as it stood in the register."""

    id: int
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Village:
    """A village (or a community that may take villages in) as it stood in the register.

    `x`, `y` are metres in the district's local plane; `lon`, `lat` and `outline` (GeoJSON geometry or None) are EPSG:4490.
    """

    id: int
    public_id: str
    name: str
    code: str
    town: int
    x: int
    y: int
    population: int
    area_m2: int
    perimeter_m: int
    lon: float
    lat: float
    is_community: bool = False
    outline: Mapping[str, Any] | None = default(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SharedBorder:
    """A shared border: ids of the two places, its length, and how close the two are (0 … 1000)."""

    a: int
    b: int
    length_m: int
    affinity: int


@dataclass(frozen=True)
class Material:
    """What a scenario is planned from, pinned: the register of one district on one day."""

    district: int
    district_name: str
    district_code: str
    on: date
    is_sample: bool
    towns: tuple[Town, ...]
    villages: tuple[Village, ...]
    borders: tuple[SharedBorder, ...]

    @property
    def planned(self) -> tuple[Village, ...]:
        """The villages to be planned, communities left out."""
        return tuple(village for village in self.villages if not village.is_community)

    def as_json(self) -> dict[str, Any]:
        """The pinned form; hashing its canonical JSON identifies the inputs."""
        columns = [item.name for item in fields(Village)]
        return {
            "district": [self.district, self.district_name, self.district_code],
            "on": self.on.isoformat(),
            "is_sample": self.is_sample,
            "towns": [[town.id, town.name, town.code] for town in self.towns],
            "columns": columns,
            "villages": [[getattr(village, name) for name in columns] for village in self.villages],
            "borders": [[border.a, border.b, border.length_m, border.affinity] for border in self.borders],
        }


@dataclass(frozen=True, slots=True)
class Merger:
    """One unit of a plan, ready to be read: `members` sorted by id; parts are millionths by name."""

    key: str
    members: tuple[int, ...]
    centre: int
    kind: MergerKind
    town: int
    population: int
    farthest_m: int
    score: int
    parts: tuple[tuple[str, int], ...] = ()
    is_locked: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is a village afterwards."""
        return self.kind not in (MergerKind.ABSORBED, MergerKind.CONVERTED)


@dataclass(frozen=True, slots=True)
class Result:
    """A finished computation as stored: status, numbers in millionths, units, the curve and its explanation."""

    status: str
    objective: int | None
    bound: int | None
    at_most: int
    mergers: tuple[Merger, ...]
    curve: tuple[tuple[int, int, int | None], ...]
    towns: tuple[tuple[int, int, int, int, int], ...]
    explanation: tuple[RuleFinding, ...]
    relaxations: tuple["Relaxation", ...] = ()

    @property
    def is_feasible(self) -> bool:
        return self.status != "infeasible"

    @property
    def after(self) -> int:
        """Villages after the merger."""
        return sum(merger.counts for merger in self.mergers)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The smallest change of one rule that would help: the rule's name in `PlanRules` and its new value."""

    rule: str
    value: int
    values: Mapping[str, object] = default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """A plan against its target, in integers: `target` in hundredths of a percent, `at_most` villages reach it."""

    before: int
    after: int
    target: int | None
    at_most: int
    population: int
    kinds: tuple[tuple[MergerKind, int], ...]
    touched: int
    untouched: int
    mean_population: int
    farthest_m: int
    mean_distance_m: int

    @property
    def removed(self) -> int:
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class TownLine:
    """One town of the plan: villages before and after, and the range its rules allow."""

    town: int
    name: str
    before: int
    after: int
    fewest: int
    most: int
    population: int
