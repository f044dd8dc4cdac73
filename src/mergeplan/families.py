"""The families of rules, and the towns without one of them: how far would the rule have to give for each unit?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from mergeplan.columns import UnitColumn, build_columns
from mergeplan.partition import TownSolver
from mergeplan.scoring import Scoring
from mergeplan.towns import TownInstance, split_towns
from mergeplan.types import Instance, Kind, Rules, TownId

ROOMY = 10**9
"""No limit at all: more people or metres than any unit has."""
Excess = Callable[[Instance, TownInstance, UnitColumn], int]


@dataclass(frozen=True, slots=True)
class Reach:
    """What a relaxation must bring about: a total within a limit, or any plan at all; in one town or in all."""

    at_most: int | None = None
    at_least: int | None = None
    town: TownId | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """A family of rules: how the instance looks without it, and by how much a unit exceeds it."""

    rule: str
    without: Callable[[Rules], Rules]
    excess: Excess


def _people(town: TownInstance, column: UnitColumn) -> int:
    return sum(town.pop[p] for p in column.members)


def over_k(instance: Instance, town: TownInstance, column: UnitColumn) -> int:
    """Members of a merger beyond k."""
    return max(0, len(column.members) - instance.rules.k) if column.kind is Kind.MERGED else 0


def _over_pmax(instance: Instance, town: TownInstance, column: UnitColumn) -> int:
    if column.kind is not Kind.MERGED:
        return 0
    return max(0, _people(town, column) - _window(instance, town, column)[1])


def _under_pmin(instance: Instance, town: TownInstance, column: UnitColumn) -> int:
    p = column.members[0] if column.members else 0
    spared = column.kind is Kind.KEPT and town.exempt >> p & 1
    if column.kind not in {Kind.MERGED, Kind.KEPT} or spared:
        return 0
    return max(0, _window(instance, town, column)[0] - _people(town, column))


def _over_radius(instance: Instance, town: TownInstance, column: UnitColumn) -> int:
    if column.kind is not Kind.MERGED:
        return 0
    needed = min(max(int(town.distance[p, c]) for p in column.members) for c in column.members)
    return max(0, -(-needed // 1) - int(instance.rules.radius_m))


def _window(instance: Instance, town: TownInstance, column: UnitColumn) -> tuple[int, int]:
    rules = instance.rules
    return rules.window_of(rules.types[town.index[column.centre]] if rules.types else None)


def _cuts(groups: Callable[[Rules], Sequence[Sequence[int]]]) -> Excess:
    def excess(instance: Instance, town: TownInstance, column: UnitColumn) -> int:
        members = {town.index[p] for p in column.members}
        if column.kind is Kind.ABSORBED:
            members.add(town.hosts[column.centre])
        return int(any(members & set(g) and not set(g) <= members for g in groups(instance.rules)))

    return excess


def _joins(instance: Instance, town: TownInstance, column: UnitColumn) -> int:
    members = {town.index[p] for p in column.members}
    if column.kind is Kind.ABSORBED:
        members.add(town.hosts[column.centre])
    return int(any(i in members and j in members for i, j in instance.rules.cannot))


def _touches_fixed(instance: Instance, town: TownInstance, column: UnitColumn) -> int:
    free = column.kind is not Kind.FIXED and column.kind is not Kind.KEPT
    return int(free and any(town.index[p] in instance.rules.fixed for p in column.members))


def _windows(rules: Rules, low: int | None = None, high: int | None = None) -> Rules:
    windows = tuple((name, a if low is None else low, b if high is None else high) for name, a, b in rules.windows)
    return replace(rules, windows=windows)


FAMILIES = (
    Family("k", lambda r: replace(r, k=r.k + 1), over_k),
    Family("Pmax", lambda r: replace(_windows(r, high=ROOMY), pmax=ROOMY), _over_pmax),
    Family("R", lambda r: replace(r, radius_m=ROOMY), _over_radius),
    Family("Pmin", lambda r: replace(_windows(r, low=0), pmin=0), _under_pmin),
    Family("must", lambda r: replace(r, must=()), _cuts(lambda r: r.must)),
    Family("zones", lambda r: replace(r, zones=()), _cuts(lambda r: r.zones)),
    Family("cannot", lambda r: replace(r, cannot=()), _joins),
    Family("fixed", lambda r: replace(r, fixed=frozenset()), _touches_fixed),
)


class Relaxed:
    """The towns of an instance without one family of rules, each listed when it is first asked about."""

    def __init__(self, instance: Instance, family: Family, scoring: Scoring, column_limit: int) -> None:
        self._instance, self._family = instance, family
        self._scoring, self._column_limit = scoring, column_limit
        # The target must not move with the rules, so only the rules are replaced.
        without = replace(instance, rules=family.without(instance.rules))
        self._towns = {town.label: town for town in split_towns(without)}
        self._listed: dict[TownId, tuple[TownSolver, list[int]]] = {}

    def town(self, label: TownId) -> tuple[TownSolver, list[int]]:
        """A town's solver and the excess of each of its units. Raises `TooManyColumnsError`."""
        if label not in self._listed:
            town = self._towns[label]
            columns = build_columns(town, self._scoring, self._column_limit)
            excess = [self._family.excess(self._instance, town, c) for c in columns.columns]
            self._listed[label] = TownSolver(columns), excess
        return self._listed[label]

    def layout(self, label: TownId) -> TownInstance:
        """The town as it is without the rule."""
        return self._towns[label]

    def extreme(self, label: TownId, sign: int, theta: int) -> int | None:
        """Fewest or most units of a town when the rule gives by `theta`; for a large town what its relaxation says."""
        solver, excess = self.town(label)
        barred = frozenset(j for j, e in enumerate(excess) if e > theta)
        return solver.count_bound(sign, barred) if solver.is_large else solver.extreme(sign, barred)

    def is_confirmed(self, label: TownId, reach: Reach, theta: int) -> bool:
        """Whether a large town really can have what its relaxation promises; smaller ones were solved exactly."""
        solver, excess = self.town(label)
        if not solver.is_large:
            return True
        barred = frozenset(j for j, e in enumerate(excess) if e > theta)
        promised = solver.count_bound(-1 if reach.at_least is not None else 1, barred)
        return promised is not None and solver.is_possible(promised, barred)

    def steps(self, towns: Sequence[TownId]) -> list[int]:
        """Relaxations worth trying: the distinct excesses."""
        return sorted({e for t in towns for e in self.town(t)[1] if e > 0})
