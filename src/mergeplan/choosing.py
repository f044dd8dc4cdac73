"""Choose the towns' counts for a total, lazily and proven.

Towns enter with proven lower bounds only. The cheapest shares of the bounds are found, the counts in them are settled exactly,
which can only raise them, and so on until everything picked is exact. Bounds never exceed true costs, so the first such pick is
the optimum, and the first one in canonical order: fewest units, then the smallest counts from the first town on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mergeplan.partition import Point, TownSolver
from mergeplan.shares import TownCurves
from mergeplan.types import CurvePoint, UndecidedError

WishedTown = tuple[TownSolver, frozenset[int]]
"""A town and its columns that wishes rule out."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Units of each town, in order; what they cost, and the proven bound of what any choice in the range costs."""

    counts: tuple[int, ...]
    cost: int
    bound: int


def choose(towns: Sequence[WishedTown], low: int, high: int) -> Choice | None:
    """The cheapest choice with low … high units; None when there is none. Raises `UndecidedError`."""
    curves = [solver.curve(barred) for solver, barred in towns]
    lower = lower_curves(towns)
    while True:
        best = lower.cheapest(low, high)
        if best is None:
            return None
        picked = [curve.points[n] for curve, n in zip(curves, best.counts, strict=True)]
        unsettled = [t for t, point in enumerate(picked) if not point.settled]
        for t in unsettled:
            solver, barred = towns[t]
            point = solver.settle(best.counts[t], barred)
            lower.put(t, best.counts[t], None if point is None else point.lower)
        if not unsettled:
            break
    if all(p.exact for p in picked):
        return Choice(best.counts, best.cost, best.cost)
    return _best_known(towns, low, high, best.cost)


def lower_curves(towns: Sequence[WishedTown]) -> TownCurves:
    """What is proven of each town's costs so far."""
    return TownCurves({n: p.lower for n, p in s.curve(barred).points.items()} for s, barred in towns)


def hull_curve(towns: Sequence[WishedTown], *, exact: bool) -> tuple[CurvePoint, ...]:
    """The corners of the joined curve's lower convex hull, fewest units first; empty when a town has no plan.

    With `exact` every count that makes a corner is settled, else the corners carry what is known: bounds, and a cost where
    the towns' plans are known.
    """
    while True:
        points: list[CurvePoint] = []
        taken = [(t, solver.curve(barred).fewest or 0) for t, (solver, barred) in enumerate(towns)]
        steps = lower_curves(towns).hull()
        taken += [(s.town, s.count) for s in steps[1:]]
        unsettled = [(t, n) for t, n in taken if steps and not _point(towns, t, n).settled]
        if not exact or not unsettled:
            break
        for t, n in unsettled:
            solver, barred = towns[t]
            solver.settle(n, barred)
    upper = [_point(towns, t, n).upper for t, n in taken[: len(towns)]] if steps else []
    unknown, cost = sum(u is None for u in upper), sum(u or 0 for u in upper)
    for step in steps:
        if step.town >= 0:
            before, after = upper[step.town], _point(towns, step.town, step.count).upper
            upper[step.town] = after
            unknown += (after is None) - (before is None)
            cost += (after or 0) - (before or 0)
        if step.is_corner:
            points.append(CurvePoint(step.total, step.cost, None if unknown else cost))
    return tuple(points)


def _point(towns: Sequence[WishedTown], town: int, count: int) -> Point:
    solver, barred = towns[town]
    return solver.curve(barred).points[count]


def _best_known(towns: Sequence[WishedTown], low: int, high: int, bound: int) -> Choice:
    """When a town's optimum stays unproven: the best of the known plans, with the proven bound."""
    known = _known(towns).cheapest(low, high)
    if known is None:
        for solver, barred in towns:
            for count in list(solver.curve(barred).points):
                solver.settle(count, barred)
        known = _known(towns).cheapest(low, high)
    if known is None:
        raise UndecidedError(
            f"no plan of {low} to {high} units was found in time, nor proven impossible; lower k or split the largest town"
        )
    return Choice(known.counts, known.cost, bound)


def _known(towns: Sequence[WishedTown]) -> TownCurves:
    return TownCurves(
        {n: p.upper for n, p in solver.curve(barred).points.items() if p.upper is not None and p.chosen is not None}
        for solver, barred in towns
    )
