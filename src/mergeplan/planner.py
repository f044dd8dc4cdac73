"""The planner: an instance in, a proven plan out, and quick answers to "what if".

`Planner` keeps every town's columns and curve, so a changed lock or ban re-solves one town and one small knapsack. The answer
is the first optimum in canonical order: fewest units, then town counts from the first town on, then units in reading order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import partial

from mergeplan.choosing import Choice, WishedTown, choose, hull_curve, settle_one_by_one
from mergeplan.enumeration import COLUMN_LIMIT
from mergeplan.explain import explain_infeasible, explain_plan
from mergeplan.io import label_key
from mergeplan.knapsack import Table, joined
from mergeplan.parallel import Progress, Workplace, prepare_towns, settle_towns
from mergeplan.partition import Curve, Point, TownSolver
from mergeplan.relief import Family, Relaxed
from mergeplan.scoring import DEFAULT, Scoring
from mergeplan.towns import Town, exact_distance, split_towns
from mergeplan.types import (
    CurvePoint,
    Instance,
    Kind,
    Plan,
    RequestError,
    Status,
    TownCount,
    TownId,
    Unit,
    VillageId,
)
from mergeplan.units import PlannedUnit, read_off

Ids = Iterable[VillageId]
KEPT_VILLAGES = 30_000
"""Villages up to which the columns of all towns are kept for further questions, and the curve tells every count. Beyond, columns
are dropped and built again for the towns that need them, and the curve is told only where it is asked for."""
MOST_TRIMMED = 120
"""Towns up to which the ends of every town's range are proven; beyond, the relaxation's range is told."""


@dataclass(frozen=True, slots=True)
class Edits:
    """Wishes on top of the rules, in village ids. A lock or ban may name a host: then it is about joining that host."""

    lock: tuple[frozenset[VillageId], ...] = ()
    """These form exactly one unit."""
    forbid: tuple[frozenset[VillageId], ...] = ()
    """These do not form exactly one unit."""
    apart: tuple[frozenset[VillageId], ...] = ()
    """No two of these share a unit."""
    together: tuple[frozenset[VillageId], ...] = ()
    """All of these share a unit."""

    @staticmethod
    def of(
        lock: Iterable[Ids] = (), forbid: Iterable[Ids] = (), apart: Iterable[Ids] = (), together: Iterable[Ids] = ()
    ) -> Edits:
        """From any iterables of ids."""
        groups = [tuple(frozenset(g) for g in kind) for kind in (lock, forbid, apart, together)]
        return Edits(*groups)

    def plus(self, other: Edits) -> Edits:
        """Both sets of wishes."""
        return Edits(
            self.lock + other.lock,
            self.forbid + other.forbid,
            self.apart + other.apart,
            self.together + other.together,
        )

    def all(self) -> Iterable[frozenset[VillageId]]:
        for kind in (self.lock, self.forbid, self.apart, self.together):
            yield from kind


NO_EDITS = Edits()


@dataclass
class TownState:
    """A town with its solver."""

    town: Town
    solver: TownSolver
    _joins: list[frozenset[int]] = field(default_factory=list)

    def joins(self) -> list[frozenset[int]]:
        """Per column the instance indices it joins, the host of an absorption included."""
        if not self._joins:
            for c in self.solver.columns.columns:
                host = (self.town.hosts[c.centre],) if c.kind is Kind.ABSORBED and c.members else ()
                self._joins.append(frozenset((*(self.town.index[p] for p in c.members), *host)))
        return self._joins


class Planner:
    """Everything known about one instance. Not thread-safe; make one per thread.

    `k` overrides the instance's; `workers` is the number of processes (None: as many as pay off); `scheduler` the address
    of a Dask scheduler; `asked` the range of counts that will probably be asked for (default: the instance's), which only
    saves work. Raises `TooManyColumnsError`.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        k: int | None = None,
        scoring: Scoring = DEFAULT,
        column_limit: int = COLUMN_LIMIT,
        workers: int | None = None,
        scheduler: str | None = None,
        asked: tuple[int, int] | None = None,
        progress: Progress | None = None,
    ) -> None:
        if k is not None:
            if k < 1:
                raise RequestError(f"k is {k}; give at least 1")
            instance = replace(instance, rules=replace(instance.rules, k=k))
        self.instance = instance
        self._stated = (instance.rules.k, instance.rules.target_pop)
        self.scoring = scoring
        self.column_limit = column_limit
        self._towns = split_towns(instance)
        self._at = Workplace(workers, scheduler)
        self._is_lean = instance.n > KEPT_VILLAGES
        solvers = prepare_towns(
            self._towns,
            scoring,
            column_limit,
            at=self._at,
            villages=instance.villages,
            asked=self.count_range() if asked is None else asked,
            keep=not self._is_lean,
            progress=progress,
        )
        self.states = [TownState(t, s) for t, s in zip(self._towns, solvers, strict=True)]
        self._state_of: Mapping[TownId, int] = {t.label: i for i, t in enumerate(self._towns)}
        self._relaxed: dict[str, Relaxed] = {}

    # -- asking ---------------------------------------------------------------------------------------------------

    def solve(
        self,
        *,
        at_most: int | None = None,
        exactly: int | None = None,
        at_least: int | None = None,
        reduction: str | Decimal | None = None,
        edits: Edits = NO_EDITS,
        lock: Iterable[Ids] = (),
        forbid: Iterable[Ids] = (),
        apart: Iterable[Ids] = (),
        together: Iterable[Ids] = (),
        exact_curve: bool = False,
        explain: bool = True,
    ) -> Plan:
        """The cheapest plan in the wanted range of counts (default: the instance's K and Kmin).

        Raises `RequestError` for unknown ids or contradictory counts.
        """
        low, high = self.count_range(at_most=at_most, exactly=exactly, at_least=at_least, reduction=reduction)
        edits = edits.plus(Edits.of(lock, forbid, apart, together))
        barred = self.barred_by(edits)
        if exact_curve and not self._is_lean:
            self.settle_everything(barred)
        return self._answer(low, high, barred, edits, explain=explain, exact_curve=exact_curve)

    def solve_range(self, low: int, high: int, edits: Edits = NO_EDITS, *, explain: bool = True) -> Plan:
        """The cheapest plan of low … high units."""
        return self._answer(low, high, self.barred_by(edits), edits, explain=explain)

    def cost(self, low: int, high: int, edits: Edits = NO_EDITS) -> int | None:
        """The cheapest plan's cost alone; None when there is no plan."""
        chosen = self.choose(low, high, self.barred_by(edits))
        return None if chosen is None else chosen.cost

    def count_range(
        self,
        *,
        at_most: int | None = None,
        exactly: int | None = None,
        at_least: int | None = None,
        reduction: str | Decimal | None = None,
    ) -> tuple[int, int]:
        """Fewest and most units asked for; at most one of the ways may be used. Raises `RequestError`."""
        return counts_asked(self.instance, at_most=at_most, exactly=exactly, at_least=at_least, reduction=reduction)

    def curve(self, *, edits: Edits = NO_EDITS, exact: bool = False) -> tuple[CurvePoint, ...]:
        """The reduction–cost curve: every count with bounds, or exactly.

        Beyond `KEPT_VILLAGES` only with `exact`: the corners of the curve's lower convex hull. Between two of them the cost lies on
        or above the straight line; `solve(exactly=…)` gives it.
        """
        barred = self.barred_by(edits)
        if exact and not self._is_lean:
            self.settle_everything(barred)
        return self._curve_points(barred, exact=exact)

    def settle_everything(self, barred: Mapping[int, frozenset[int]] | None = None) -> None:
        """Prove every point of every town's curve."""
        towns = self.wished(barred or {})
        self._settle(towns, [(t, tuple(solver.curve(key).points)) for t, (solver, key) in enumerate(towns)])

    def _settle(self, towns: Sequence[WishedTown], wanted: Sequence[tuple[int, tuple[int, ...]]]) -> None:
        """Settle counts: towns with wishes or with their columns at hand here, the others side by side."""
        elsewhere = [w for w in wanted if self._is_lean and not towns[w[0]][1]]
        settle_towns(
            [(self._towns[t], towns[t][0], counts) for t, counts in elsewhere],
            self.scoring,
            self.column_limit,
            at=self._at,
        )
        settle_one_by_one(towns, [w for w in wanted if not self._is_lean or towns[w[0]][1]])

    # -- edits ----------------------------------------------------------------------------------------------------

    def barred_by(self, edits: Edits) -> dict[int, frozenset[int]]:
        """Town number → columns that the edits rule out. Raises `RequestError` for an unknown id."""
        index_of = self.instance.index_of
        barred: dict[int, set[int]] = {}
        for group in edits.all():
            unknown = sorted((v for v in group if v not in index_of), key=label_key)
            if unknown or not group:
                raise RequestError(f"unknown village {unknown[0]!r}" if unknown else "an empty group of villages")
        for kind, groups in (
            ("lock", edits.lock),
            ("forbid", edits.forbid),
            ("apart", edits.apart),
            ("together", edits.together),
        ):
            for ids in groups:
                members = frozenset(index_of[v] for v in ids)
                for t in {self._state_of[self.instance.town[i]] for i in members}:
                    columns = barred.setdefault(t, set())
                    columns.update(j for j, s in enumerate(self.states[t].joins()) if _breaks(kind, members, s))
        return {t: frozenset(c) for t, c in barred.items() if c}

    # -- solving --------------------------------------------------------------------------------------------------

    def counts(self, barred: Mapping[int, frozenset[int]]) -> list[int]:
        """Every number of units that some plan has, ascending."""
        self.settle_everything(barred)
        return joined(_lower_table(c) for c in self.curves(barred)).counts()

    def let_go(self, state: TownState) -> None:
        """Drop a town's columns where there are too many towns to keep them all."""
        if self._is_lean:
            state.solver.release()

    def relaxed(self, family: Family) -> Relaxed:
        """The towns without one family of rules, kept for further questions."""
        if family.rule not in self._relaxed:
            self._relaxed[family.rule] = Relaxed(self, family)
        return self._relaxed[family.rule]

    def curves(self, barred: Mapping[int, frozenset[int]]) -> list[Curve]:
        return [s.solver.curve(barred.get(t, frozenset())) for t, s in enumerate(self.states)]

    def choose(self, low: int, high: int, barred: Mapping[int, frozenset[int]]) -> Choice | None:
        """The cheapest counts per town with low … high units; None when infeasible. Raises `UndecidedError`."""
        towns = self.wished(barred)
        return choose(towns, low, high, partial(self._settle, towns))

    def wished(self, barred: Mapping[int, frozenset[int]]) -> list[WishedTown]:
        """Every town's solver with the columns that are ruled out in it."""
        return [(s.solver, barred.get(t, frozenset())) for t, s in enumerate(self.states)]

    def _answer(
        self,
        low: int,
        high: int,
        barred: Mapping[int, frozenset[int]],
        edits: Edits,
        *,
        explain: bool,
        exact_curve: bool = False,
    ) -> Plan:
        chosen = self.choose(low, high, barred)
        if len(self.states) <= MOST_TRIMMED:
            for t, state in enumerate(self.states):
                state.solver.trim(barred.get(t, frozenset()))
        curve = self._curve_points(barred, exact=exact_curve)
        if chosen is None:
            reasons = tuple(explain_infeasible(self, low, high, barred, edits)) if explain else ()
            return Plan(Status.INFEASIBLE, None, None, (), curve, (), reasons, low, high, *self._stated)
        counts, cost, bound = chosen.counts, chosen.cost, chosen.bound
        units: list[Unit] = []
        towns: list[TownCount] = []
        for state, count, town_curve in zip(self.states, counts, self.curves(barred), strict=True):
            units += self._units(state, town_curve.points[count])
            fewest, most = (town_curve.fewest or 0, town_curve.most or 0) if town_curve.is_whole else (0, 0)
            towns.append(TownCount(state.town.label, count, state.town.size, fewest, most))
        status = Status.OPTIMAL if cost == bound else Status.FEASIBLE
        if status is Status.OPTIMAL:
            chosen_point = CurvePoint(sum(counts), cost, cost)
            others = [p for p in curve if p.count != chosen_point.count]
            curve = tuple(sorted((*others, chosen_point), key=lambda p: p.count))
        plan = Plan(status, cost, bound, tuple(units), curve, tuple(towns), (), low, high, *self._stated)
        return replace(plan, explanation=explain_plan(self, plan)) if explain else plan

    def _curve_points(self, barred: Mapping[int, frozenset[int]], *, exact: bool) -> tuple[CurvePoint, ...]:
        """Proven points when everything was settled, else the bounds of the relaxations (never what chance had settled)."""
        curves = self.curves(barred)
        if self._is_lean:
            towns = self.wished(barred)
            return hull_curve(towns, partial(self._settle, towns)) if exact else ()
        if exact:
            lower = joined(_lower_table(c) for c in curves)
            upper = joined(_upper_table(c) for c in curves)
        else:
            ranges = [range(c.fewest or 0, (c.most or 0) + 1) for c in curves]
            inside = [{n: b for n, b in c.bounds.items() if n in r} for c, r in zip(curves, ranges, strict=True)]
            lower = joined(Table.of({n: b[0] for n, b in c.items()}) for c in inside)
            upper = joined(Table.of({n: b[1] for n, b in c.items() if b[1] is not None}) for c in inside)
        points = []
        for count in lower.counts():
            bound = lower.at(count)
            assert bound is not None
            points.append(CurvePoint(count, bound, upper.at(count)))
        return tuple(points)

    # -- reading off ----------------------------------------------------------------------------------------------

    def _units(self, state: TownState, point: Point) -> list[Unit]:
        if point.units is None:
            columns = state.solver.columns.columns
            point.units = read_off(state.town, self.scoring, (columns[j] for j in point.chosen or ()))
        units = [u for planned in point.units for u in self._named(state.town, planned)]
        units += [self._single(i, Kind.HOST, 0, i) for i in state.town.hosts]
        return sorted(units, key=lambda u: min(map(label_key, u.members)))

    def _named(self, town: Town, planned: PlannedUnit) -> list[Unit]:
        column = planned.column
        if column.kind is Kind.ABSORBED:
            cost = {(p, host): c for p, host, c in town.absorb}
            return [
                self._single(town.index[p], Kind.ABSORBED, cost[p, column.centre], town.hosts[column.centre])
                for p in column.members
            ]
        if column.kind is Kind.CONVERTED:
            i = town.index[column.centre]
            return [self._single(i, Kind.CONVERTED, column.cost, i)]
        ids = self.instance.id
        return [
            Unit(
                members=tuple(sorted((ids[town.index[p]] for p in column.members), key=label_key)),
                centre=ids[town.index[column.centre]],
                score=column.cost,
                kind=column.kind,
                town=town.label,
                population=planned.population,
                farthest_m=planned.farthest_m,
                parts=planned.parts,
            )
        ]

    def _single(self, i: int, kind: Kind, score: int, centre: int) -> Unit:
        instance = self.instance
        road = exact_distance(
            instance.x[i], instance.y[i], instance.x[centre], instance.y[centre], instance.rules.detour
        )
        return Unit((instance.id[i],), instance.id[centre], score, kind, instance.town[i], instance.pop[i], road, None)


def solve(
    instance: Instance,
    *,
    at_most: int | None = None,
    exactly: int | None = None,
    reduction: str | Decimal | None = None,
    lock: Iterable[Ids] = (),
    forbid: Iterable[Ids] = (),
    k: int | None = None,
    scoring: Scoring = DEFAULT,
    exact_curve: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """Plan once. For several questions about one instance keep a `Planner`."""
    instance = aim_at(instance, at_most=at_most, exactly=exactly, reduction=reduction)
    counts = counts_asked(instance, at_most=at_most, exactly=exactly, reduction=reduction)
    planner = Planner(
        instance, k=k, scoring=scoring, workers=workers, scheduler=scheduler, progress=progress, asked=counts
    )
    return planner.solve(
        at_most=at_most, exactly=exactly, reduction=reduction, lock=lock, forbid=forbid, exact_curve=exact_curve
    )


def aim_at(
    instance: Instance,
    *,
    at_most: int | None = None,
    exactly: int | None = None,
    reduction: str | Decimal | None = None,
) -> Instance:
    """Where the instance gives neither T nor K, the target follows from the count asked for."""
    rules = instance.rules
    asked = exactly if exactly is not None else at_most
    if reduction is not None:
        asked = count_after_reduction(instance.villages, reduction)
    if rules.is_target_given or rules.at_most is not None or not asked:
        return instance
    target = max((2 * sum(instance.pop) + asked) // (2 * asked), 1)
    return replace(instance, rules=replace(rules, target_pop=target))


def counts_asked(
    instance: Instance,
    *,
    at_most: int | None = None,
    exactly: int | None = None,
    at_least: int | None = None,
    reduction: str | Decimal | None = None,
) -> tuple[int, int]:
    """Fewest and most units asked for; at most one of the ways may be used. Raises `RequestError`."""
    # One way only; nothing is guessed from two that contradict each other.
    if sum(v is not None for v in (at_most, exactly, reduction)) > 1 or (exactly is not None and at_least is not None):
        raise RequestError("ask for at most, exactly or a reduction: one of them")
    rules = instance.rules
    if exactly is not None:
        return exactly, exactly
    if reduction is not None:
        return at_least or 0, count_after_reduction(instance.villages, reduction)
    if at_most is not None:
        return at_least or 0, at_most
    high = instance.villages if rules.at_most is None else rules.at_most
    low = rules.at_least if at_least is None else at_least
    return low or 0, high


def count_after_reduction(villages: int, reduction: str | Decimal) -> int:
    """Most villages left when at least this share must go: "40.95%", "40.95 %" or 0.4095, as an integer inequality.

    254 · 40.95 % = 104.01, so 104 fall short and 149 remain. Raises `RequestError`.
    """
    text = str(reduction).strip().replace("％", "%")
    try:
        share = Decimal(text[:-1].strip()) / 100 if text.endswith("%") else Decimal(text)
    except InvalidOperation:
        share = Decimal(-1)
    if not share.is_finite() or not 0 <= share <= 1:
        raise RequestError(f"{reduction!r} is no reduction: write 40.95% or 0.4095")
    numerator, denominator = share.as_integer_ratio()
    return villages - -(-villages * numerator // denominator)


def _breaks(kind: str, group: frozenset[int], joined: frozenset[int]) -> bool:
    """Whether a column joining these villages contradicts a wish about the group."""
    if kind == "lock":
        return bool(joined & group) and joined != group
    if kind == "forbid":
        return joined == group
    if kind == "apart":
        return len(joined & group) > 1
    return bool(joined & group) and not group <= joined


def _lower_table(curve: Curve) -> Table:
    return Table.of({n: p.lower for n, p in curve.points.items()})


def _upper_table(curve: Curve) -> Table:
    return Table.of({n: p.upper for n, p in curve.points.items() if p.upper is not None})
