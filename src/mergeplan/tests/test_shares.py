"""Sharing a total among many curves: against the whole knapsack at every count, and its laws."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mergeplan.knapsack import CostTable
from mergeplan.shares import CostCurves, Shares, lower_hull
from mergeplan.testing import town_curves
from mergeplan.tests.joining import JoinedCurve

COSTS = st.integers(-60, 60)
CURVE = st.dictionaries(st.integers(0, 9), COSTS, min_size=1, max_size=7)
CURVES = st.lists(CURVE, max_size=8)


def by_the_whole_knapsack(curves: list[dict[int, int]], low: int, high: int) -> Shares | None:
    """The reference: the min-plus convolution of everything, read back from the first town on."""
    joined = JoinedCurve([CostTable.of(c) for c in curves])
    best = joined.cheapest(low, high)
    return None if best is None else Shares(tuple(joined.town_counts(best[0])), best[1])


@settings(max_examples=300, deadline=None)
@given(CURVES, st.data())
def test_any_range_is_shared_like_the_whole_knapsack(curves: list[dict[int, int]], data: st.DataObject) -> None:
    fewest, most = sum(map(min, curves)), sum(map(max, curves))
    low = data.draw(st.integers(fewest - 2, most + 2))
    high = data.draw(st.integers(low, most + 3))
    assert CostCurves(curves).cheapest(low, high) == by_the_whole_knapsack(curves, low, high)


@pytest.mark.parametrize("unit", [1, 10**15], ids=["64 bits", "beyond 64 bits"])
@pytest.mark.parametrize("seed", range(3))
def test_every_count_of_a_large_district_is_shared_like_the_whole_knapsack(seed: int, unit: int) -> None:
    curves = [{n: cost * unit for n, cost in curve.items()} for curve in town_curves(60, seed)]
    shares = CostCurves(curves)
    joined = JoinedCurve([CostTable.of({n: c // unit for n, c in curve.items()}) for curve in curves])
    limits = shares.range()
    assert limits is not None
    for count in range(limits[0] - 1, limits[1] + 2):
        found, best = shares.cheapest(count, count), joined.table.at(count)
        assert (found and found.cost) == (None if best is None else best * unit)
        if found is not None:
            assert list(found.counts) == joined.town_counts(count)


def test_many_equal_towns_are_shared_from_the_last_town_on() -> None:
    curves = CostCurves([{1: 10, 2: 4, 4: 0}] * 900)
    found = curves.cheapest(1_500, 1_500)
    assert found == by_the_whole_knapsack([{1: 10, 2: 4, 4: 0}] * 900, 1_500, 1_500)


@settings(max_examples=200, deadline=None)
@given(CURVES)
def test_the_merged_hulls_are_the_hull_of_the_whole_curve(curves: list[dict[int, int]]) -> None:
    table = JoinedCurve([CostTable.of(c) for c in curves]).table
    points = {n: cost for n in table.counts() if (cost := table.at(n)) is not None}
    steps = CostCurves(curves).hull()
    assert [(s.total, s.cost) for s in steps if s.is_corner] == lower_hull(
        sorted(points), [points[n] for n in sorted(points)]
    )
    assert all(points[s.total] == s.cost for s in steps), "each step is a plan of that total"
    assert all(a.total < b.total for a, b in pairwise(steps))


@settings(max_examples=200, deadline=None)
@given(CURVES, st.data())
def test_a_raised_or_struck_point_is_as_if_it_had_been_so_from_the_start(
    curves: list[dict[int, int]], data: st.DataObject
) -> None:
    shares = CostCurves(curves)
    changed = [dict(c) for c in curves]
    for town, curve in enumerate(curves):
        costs = {count: data.draw(st.none() | COSTS) for count in curve}
        changed[town] = {count: cost for count, cost in costs.items() if cost is not None}
        shares.put(town, changed[town])
    assert shares.cheapest(0, 10**6) == (by_the_whole_knapsack(changed, 0, 10**6) if all(changed) else None)
    assert (shares.range() is None) == (not all(changed))


def test_a_count_that_cannot_be_had_stays_so_beside_negative_costs() -> None:
    assert CostTable.of({6: 7, 7: -62}).joined(CostTable.of({0: 10, 3: 10})).at(8) is None
