"""Elastic cover: relax one family of rules at a time and find the smallest relaxation that helps.

For a family the town is enumerated once without the rule, and every unit gets its *excess*: how far the rule would have to give
for it (people, metres, members; 1 for a link or ban). Barring all units with an excess above θ then gives the town under the
rule relaxed by θ, so the smallest θ is found by bisection on a warm solver without enumerating again. What is advised has been
solved for in integers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mergeplan.columns import Column, build_columns
from mergeplan.partition import LARGE_TOWN, TownSolver
from mergeplan.relaxation import Relaxation
from mergeplan.towns import Town, split_towns
from mergeplan.types import Explanation, Instance, Kind, MergeplanError, Rules, TownId

if TYPE_CHECKING:
    from mergeplan.planner import Planner

ROOMY = 10**9
MOST_TOWNS = 120
"""Towns up to which every family of rules is tried for the district's total."""
Excess = Callable[[Instance, Town, Column], int]


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


def _people(town: Town, column: Column) -> int:
    return sum(town.pop[p] for p in column.members)


def _over_k(instance: Instance, town: Town, column: Column) -> int:
    return max(0, len(column.members) - instance.rules.k) if column.kind is Kind.MERGED else 0


def _over_pmax(instance: Instance, town: Town, column: Column) -> int:
    if column.kind is not Kind.MERGED:
        return 0
    return max(0, _people(town, column) - _window(instance, town, column)[1])


def _under_pmin(instance: Instance, town: Town, column: Column) -> int:
    p = column.members[0] if column.members else 0
    spared = column.kind is Kind.KEPT and town.exempt >> p & 1
    if column.kind not in {Kind.MERGED, Kind.KEPT} or spared:
        return 0
    return max(0, _window(instance, town, column)[0] - _people(town, column))


def _over_radius(instance: Instance, town: Town, column: Column) -> int:
    if column.kind is not Kind.MERGED:
        return 0
    needed = min(max(int(town.distance[p, c]) for p in column.members) for c in column.members)
    return max(0, -(-needed // 1) - int(instance.rules.radius_m))


def _window(instance: Instance, town: Town, column: Column) -> tuple[int, int]:
    rules = instance.rules
    return rules.window_of(rules.types[town.index[column.centre]] if rules.types else None)


def _cuts(groups: Callable[[Rules], Sequence[Sequence[int]]]) -> Excess:
    def excess(instance: Instance, town: Town, column: Column) -> int:
        members = {town.index[p] for p in column.members}
        if column.kind is Kind.ABSORBED:
            members.add(town.hosts[column.centre])
        return int(any(members & set(g) and not set(g) <= members for g in groups(instance.rules)))

    return excess


def _joins(instance: Instance, town: Town, column: Column) -> int:
    members = {town.index[p] for p in column.members}
    if column.kind is Kind.ABSORBED:
        members.add(town.hosts[column.centre])
    return int(any(i in members and j in members for i, j in instance.rules.cannot))


def _touches_fixed(instance: Instance, town: Town, column: Column) -> int:
    free = column.kind is not Kind.FIXED and column.kind is not Kind.KEPT
    return int(free and any(town.index[p] in instance.rules.fixed for p in column.members))


def _windows(rules: Rules, low: int | None = None, high: int | None = None) -> Rules:
    windows = tuple((name, a if low is None else low, b if high is None else high) for name, a, b in rules.windows)
    return replace(rules, windows=windows)


FAMILIES = (
    Family("k", lambda r: replace(r, k=r.k + 1), _over_k),
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

    def __init__(self, planner: Planner, family: Family) -> None:
        self._planner, self._family = planner, family
        # The target must not move with the rules, so only the rules are replaced.
        instance = replace(planner.instance, rules=family.without(planner.instance.rules))
        self._towns = {town.label: town for town in split_towns(instance)}
        self._listed: dict[TownId, tuple[TownSolver, list[int]]] = {}

    def town(self, label: TownId) -> tuple[TownSolver, list[int]]:
        """A town's solver and the excess of each of its units. Raises `TooManyColumnsError`."""
        if label not in self._listed:
            planner, town = self._planner, self._towns[label]
            columns = build_columns(town, planner.scoring, planner.column_limit)
            excess = [self._family.excess(planner.instance, town, c) for c in columns.columns]
            self._listed[label] = TownSolver(columns), excess
        return self._listed[label]

    def layout(self, label: TownId) -> Town:
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


def advise(planner: Planner, reach: Reach, scope: str) -> list[Explanation]:
    """The smallest relaxation of each family that brings about what is wanted; families that cannot help are left out."""
    towns = [s.town.label for s in planner.states] if reach.town is None else [reach.town]
    advice = []
    # In a province one total says little about any town, and bisecting it would take minutes: only k is tried there.
    families = FAMILIES if len(towns) <= MOST_TOWNS else FAMILIES[:1]
    for family in families:
        if not _is_used(family.rule, planner.instance.rules):
            continue
        relaxed: Relaxed | None
        try:
            relaxed = planner.relaxed(family)
            theta = _smallest(relaxed, towns, reach)
            if theta is not None and not all(relaxed.is_confirmed(t, reach, theta) for t in towns):
                continue
        except MergeplanError:
            continue  # without this rule there are too many units to list; other families are still tried
        if theta is None and family.rule == "k" and scope != "town" and len(towns) <= MOST_TOWNS:
            relaxed, theta = _larger_k(planner, towns, reach)
        if relaxed is not None and theta is not None:
            advice.append(_in_words(planner.instance.rules, family.rule, theta, reach, relaxed=relaxed, scope=scope))
    return advice


def _larger_k(planner: Planner, towns: Sequence[TownId], reach: Reach) -> tuple[Relaxed | None, int | None]:
    """Two and three more members, where one more is not enough."""
    for more in (2, 3):
        family = Family("k", lambda r, more=more: replace(r, k=r.k + more), _over_k)  # type: ignore[misc]
        try:
            relaxed = Relaxed(planner, family)
            theta = _smallest(relaxed, towns, reach)
        except MergeplanError:
            break
        if theta is not None:
            return relaxed, theta
    return None, None


def _is_used(rule: str, rules: Rules) -> bool:
    used = {"must": rules.must, "zones": rules.zones, "cannot": rules.cannot, "fixed": rules.fixed}
    numbers = {"Pmax": rules.pmax < ROOMY, "R": rules.radius_m < ROOMY, "Pmin": rules.pmin > 0}
    return bool(used.get(rule, numbers.get(rule, True) or (rules.windows and rule != "R")))


def _smallest(relaxed: Relaxed, towns: Sequence[TownId], reach: Reach) -> int | None:
    steps = relaxed.steps(towns)
    if not steps or not _is_met(relaxed, towns, reach, steps[-1]):
        return None
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        if _is_met(relaxed, towns, reach, steps[middle]):
            high = middle
        else:
            low = middle + 1
    return steps[low]


def _is_met(relaxed: Relaxed, towns: Sequence[TownId], reach: Reach, theta: int) -> bool:
    total = 0
    for town in towns:
        count = relaxed.extreme(town, -1 if reach.at_least is not None else 1, theta)
        if count is None:
            return False
        total += count
    if reach.at_least is not None:
        return total >= reach.at_least
    return reach.at_most is None or total <= reach.at_most


def _in_words(rules: Rules, rule: str, theta: int, reach: Reach, *, relaxed: Relaxed, scope: str) -> Explanation:
    now = {"k": rules.k, "Pmax": rules.pmax, "R": int(rules.radius_m), "Pmin": rules.pmin}
    values: dict[str, object] = {"rule": rule, "scope": scope, "by": theta}
    if reach.town is not None:
        values["town"] = reach.town
    if rule in now:
        to = now[rule] - theta if rule == "Pmin" else now[rule] + theta
        values |= {"from": now[rule], "to": to, "value": to}
        typed = f" (and the windows of types by {theta:,})" if rules.windows and rule in {"Pmax", "Pmin"} else ""
        verb = "lower" if rule == "Pmin" else "raise"
        how = f"{verb} {rule} to {to:,}{typed}"
        if rule == "k" and scope == "town":
            how = f"allow one {to}-in-1" if _one_is_enough(relaxed, reach) else f"allow {to}-in-1"
    else:
        how = {
            "must": "give up must-links",
            "zones": "let a zone be cut",
            "cannot": "give up cannot-links",
            "fixed": "free fixed villages",
        }[rule]
    values["how"] = how
    where = f"Town {reach.town}: " if reach.town is not None else ""
    aim = "" if scope == "town" else " would be enough"
    sentence = f"{where}{how}{aim}."
    return Explanation("relax", sentence[0].upper() + sentence[1:], values)


def _one_is_enough(relaxed: Relaxed, reach: Reach) -> bool:
    """Whether a single larger unit brings the town to the wanted count."""
    town, wanted = reach.town, reach.at_most
    if town is None or wanted is None:
        return False
    townsolver, excess = relaxed.town(town)
    columns = townsolver.columns
    counting = tuple(c._replace(cost=int(e > 0)) for c, e in zip(columns.columns, excess, strict=True))
    # Nearly all costs are 0, so the path search would drown in ties: the integer solver is the better tool here.
    solver = Relaxation(replace(columns, columns=counting))
    bound = solver.solve(wanted)
    if bound is None or bound.objective > 1 + 1e-6:
        return False
    answer = solver.solve_integer(wanted, 1.0, target=1.0) if townsolver.columns.rows <= LARGE_TOWN else None
    return answer is not None and sum(excess[j] > 0 for j in answer.chosen) == 1
