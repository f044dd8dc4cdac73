"""The planner: an instance in, a proven plan out, and quick answers to "what if".

`Planner` keeps every town's columns and curve, so a changed lock or ban re-solves one town and one small knapsack. The answer
is the first optimum in canonical order: fewest units, then town counts from the first town on, then units in reading order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from mergeplan.counts import aim_at, counts_asked
from mergeplan.curves import Point
from mergeplan.edits import NO_EDITS, Edits, Ids
from mergeplan.explain import explain_infeasible, explain_plan
from mergeplan.scoring import DEFAULT, Scoring
from mergeplan.solving import Solvers, TownState
from mergeplan.towns import TownInstance, exact_distance
from mergeplan.types import CurvePoint, Instance, Kind, Plan, Status, TownCount, Unit, label_key
from mergeplan.units import PlannedUnit, read_off

MOST_TRIMMED = 120
"""Towns up to which the ends of every town's range are proven; beyond, the relaxation's range is told."""


class Planner(Solvers):
    """Everything known about one instance. Not thread-safe; make one per thread.

    `k` overrides the instance's; `workers` is the number of processes (None: as many as pay off); `scheduler` the address
    of a Dask scheduler; `asked` the range of counts that will probably be asked for (default: the instance's), which only
    saves work. Raises `TooManyColumnsError`.
    """

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

    def _units(self, state: TownState, point: Point) -> list[Unit]:
        if point.units is None:
            columns = state.solver.columns.columns
            point.units = read_off(state.town, self.scoring, (columns[j] for j in point.chosen or ()))
        units = [u for planned in point.units for u in self._named(state.town, planned)]
        units += [self._single(i, Kind.HOST, 0, i) for i in state.town.hosts]
        return sorted(units, key=lambda u: min(map(label_key, u.members)))

    def _named(self, town: TownInstance, planned: PlannedUnit) -> list[Unit]:
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
