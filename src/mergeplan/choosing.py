"""Choose the towns' counts for a total, lazily and proven.

Towns enter with proven lower bounds only. The cheapest shares of the bounds are found, the counts in them are settled exactly,
which can only raise them, and so on until everything picked is exact. Bounds never exceed true costs, so the first such pick is
the optimum, and the first one in canonical order: fewest units, then the smallest counts from the first town on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from mergeplan.partition import TownSolver
from mergeplan.shares import CostCurves
from mergeplan.types import CurvePoint, UndecidedError

WishedTown = tuple[TownSolver, frozenset[int]]
"""A town and its columns that wishes rule out."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Units of each town, in order; what they cost, and the proven bound of what any choice in the range costs."""

    counts: tuple[int, ...]
    cost: int
    bound: int


Settle = Callable[[Sequence[tuple[int, tuple[int, ...]]]], None]
"""Settles counts of towns, given by the towns' places."""


def choose(towns: Sequence[WishedTown], low: int, high: int, settle: Settle | None = None) -> Choice | None:
    """The cheapest choice with low … high units; None when there is none. Raises `UndecidedError`.

    `settle` proves counts of many towns at once, the quickest way; by default one after the other.
    """
    settle = settle or partial(settle_one_by_one, towns)
    curves = [solver.curve(barred) for solver, barred in towns]
    lower = lower_curves(towns)
    while True:
        best = lower.cheapest(low, high)
        if best is None:
            return None
        picked = [curve.points[n] for curve, n in zip(curves, best.counts, strict=True)]
        unsettled = [t for t, point in enumerate(picked) if not point.settled]
        if not unsettled:
            break
        settle([(t, (best.counts[t],)) for t in unsettled])
        for t in unsettled:
            lower.put(t, {n: p.lower for n, p in curves[t].points.items()})
    if all(p.exact for p in picked):
        return Choice(best.counts, best.cost, best.cost)
    return _best_known(towns, (low, high), best.cost, settle)


def lower_curves(towns: Sequence[WishedTown]) -> CostCurves:
    """What is proven of each town's costs so far."""
    return CostCurves({n: p.lower for n, p in s.curve(barred).points.items()} for s, barred in towns)


def settle_one_by_one(towns: Sequence[WishedTown], wanted: Sequence[tuple[int, tuple[int, ...]]]) -> None:
    """Settle in this process, with the columns at hand."""
    for t, counts in wanted:
        solver, barred = towns[t]
        for count in counts:
            solver.settle(count, barred)


def hull_curve(towns: Sequence[WishedTown], settle: Settle | None = None) -> tuple[CurvePoint, ...]:
    """The corners of the joined curve's lower convex hull, fewest units first; empty when a town has no plan.

    With `settle` every count that makes a corner is proven, else the corners carry the relaxations' bounds, and a cost where the
    relaxations are whole.
    """
    curves = [solver.curve(barred) for solver, barred in towns]
    while settle is not None:
        steps = lower_curves(towns).hull()
        taken = [(t, curve.fewest or 0) for t, curve in enumerate(curves)] + [(s.town, s.count) for s in steps[1:]]
        unsettled: dict[int, list[int]] = {}
        for t, n in taken if steps else ():
            if not curves[t].points[n].settled:
                unsettled.setdefault(t, []).append(n)
        if not unsettled:
            break
        settle([(t, tuple(counts)) for t, counts in unsettled.items()])
    if settle is None:
        known = [curve.bounds for curve in curves]
    else:
        known = [{n: (p.lower, p.upper) for n, p in curve.points.items()} for curve in curves]
    steps = CostCurves({n: lower for n, (lower, _) in town.items()} for town in known).hull()
    if not steps:
        return ()
    upper = [town[min(town)][1] for town in known]
    unknown, cost = sum(u is None for u in upper), sum(u or 0 for u in upper)
    points: list[CurvePoint] = []
    for step in steps:
        if step.town >= 0:
            before, after = upper[step.town], known[step.town][step.count][1]
            upper[step.town] = after
            unknown += (after is None) - (before is None)
            cost += (after or 0) - (before or 0)
        if step.is_corner:
            points.append(CurvePoint(step.total, step.cost, None if unknown else cost))
    return tuple(points)


def _best_known(towns: Sequence[WishedTown], asked: tuple[int, int], bound: int, settle: Settle) -> Choice:
    """When a town's optimum stays unproven: the best of the known plans, with the proven bound."""
    known = _known(towns).cheapest(*asked)
    if known is None:
        settle([(t, tuple(solver.curve(barred).points)) for t, (solver, barred) in enumerate(towns)])
        known = _known(towns).cheapest(*asked)
    if known is None:
        raise UndecidedError(
            f"no plan of {asked[0]} to {asked[1]} units was found in time, nor proven impossible; "
            "lower k or split the largest town"
        )
    return Choice(known.counts, known.cost, bound)


def _known(towns: Sequence[WishedTown]) -> CostCurves:
    return CostCurves(
        {n: p.upper for n, p in solver.curve(barred).points.items() if p.upper is not None and p.chosen is not None}
        for solver, barred in towns
    )
