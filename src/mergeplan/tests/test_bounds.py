"""Bounds are bounds: never above the cheapest plan that trying everything finds, whatever the solver's duals were."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mergeplan import Instance
from mergeplan.columns import build_columns
from mergeplan.partition import DUAL_SCALE, TownSolver
from mergeplan.relaxation import LinearSolution
from mergeplan.scoring import DEFAULT
from mergeplan.testing import county, odd_county
from mergeplan.tests.brute import cheapest_by_count
from mergeplan.tests.drawing import draw_county
from mergeplan.towns import split_towns

SEEDS = [s for s in range(900) if len(set(odd_county(s, 7).town)) == 1][:60]
"""Small counties of one town."""


def solver_of(instance: Instance) -> TownSolver:
    (town,) = split_towns(instance)
    return TownSolver(build_columns(town, DEFAULT))


def check(instance: Instance, seed: int) -> int:
    """Bounds of one town from exact and from spoiled duals; the number of counts that were checked."""
    best, solver, dice = cheapest_by_count(instance), solver_of(instance), np.random.default_rng(seed)
    if not solver.columns.rows:
        return 0  # host communities alone
    curve = solver.curve()
    assert set(best) <= set(curve.points), "a count that can be had was called infeasible"
    for count, optimum in best.items():
        point = curve.points[count]
        assert point.lower <= optimum
        assert point.upper is None or point.upper >= optimum
        solution = solver.relaxation.solve(count)
        assert solution is not None
        for size in (0.0, 0.4, 1e2, 1e6):
            # What a solver with a wide tolerance, or a wrong one, might have said.
            wrong = LinearSolution(
                solution.values,
                solution.duals + dice.normal(0, size, len(solution.duals)) if size else solution.duals,
                solution.count_dual + (float(dice.normal(0, size)) if size else 0.0),
                solution.objective,
            )
            spoiled = solver._point(wrong, count, frozenset())
            assert spoiled.lower <= optimum
            assert spoiled.duals is not None
            for c in solver.columns.columns:
                paid = sum(spoiled.duals[r] for r in range(c.rows.bit_length()) if c.rows >> r & 1)
                assert paid + spoiled.count_dual * c.counted <= c.cost * DUAL_SCALE, (
                    "a unit is worth more than it costs"
                )
        fewest, most = solver._count_prices(frozenset())
        assert sum(fewest) <= count * DUAL_SCALE <= sum(most)
    for count in list(curve.points):
        settled = solver.settle(count)
        assert (None if settled is None else settled.lower) == best.get(count)
    return len(best)


def test_bounds_of_odd_towns_hold_for_any_duals() -> None:
    assert sum(check(odd_county(seed, 7), seed) for seed in SEEDS) > 60, "too few counts to mean anything"


@pytest.mark.parametrize("seed", range(4))
def test_bounds_of_plain_towns_hold_for_any_duals(seed: int) -> None:
    assert check(county(9, 1, seed, Pmin=700), seed) > 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 200), st.integers(-3_000_000, 3_000_000))
def test_a_curve_made_near_a_price_bounds_every_count(seed: int, price: int) -> None:
    instance = county(14, 1, seed, Pmin=600)
    reference, near = solver_of(instance), solver_of(instance)
    curve = near.curve_near(price * DUAL_SCALE)
    exact = {count: p.lower for count in list(reference.curve().points) if (p := reference.settle(count)) is not None}
    assert set(exact) <= set(curve.points)
    for count, optimum in exact.items():
        assert curve.points[count].lower <= optimum
    own = min(exact, key=lambda n: (exact[n] - price * n, n), default=None)
    near.settle_own(price * DUAL_SCALE)
    if own is not None:
        assert curve.points[own].exact
        assert curve.points[own].lower == exact[own]
        assert curve.points[own].chosen == reference.curve().points[own].chosen
    for count in list(curve.points):
        near.settle(count)
    assert {n: p.lower for n, p in curve.points.items()} == exact


@pytest.mark.parametrize("price", [-2_000_000, -400_000, 0, 2_000_000])
def test_bounds_far_from_the_price_are_met_exactly_where_every_merger_costs_the_same(price: int) -> None:
    instance = draw_county("abcdefghij", k=2)
    exact = {n: p.lower for n, p in solver_of(instance).curve().points.items()}
    curve = solver_of(instance).curve_near(price * DUAL_SCALE)
    assert not curve.is_whole
    assert all(curve.points[n].lower <= cost for n, cost in exact.items())
    assert sum(curve.points[n].lower == cost for n, cost in exact.items()) > 3
