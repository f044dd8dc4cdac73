"""Several districts with one total: against planning them as one, and the range of what can be asked."""

from __future__ import annotations

import pytest

from mergeplan import Districts, Edits, Planner, RequestError, Status, instance_from_json
from mergeplan.knapsack import CostTable
from mergeplan.shares import lower_hull
from mergeplan.testing import county
from mergeplan.tests.joining import JoinedCurve


def three() -> dict[str, Planner]:
    return {
        key: Planner(county(n, 3, seed, Pmin=700))
        for key, n, seed in (("east", 60, 1), ("north", 45, 2), ("west", 70, 3))
    }


def whole_curve(planners: dict[str, Planner]) -> CostTable:
    """Every count of all districts together, from each one's exact curve."""
    curves = [
        {p.count: p.cost for p in planner.curve(exact=True) if p.cost is not None} for planner in planners.values()
    ]
    return JoinedCurve([CostTable.of(c) for c in curves]).table


def test_every_total_is_shared_at_the_lowest_cost_and_each_share_is_the_districts_own_optimum() -> None:
    planners = three()
    joint, curve = Districts(planners), whole_curve(planners)
    for count in curve.counts():
        shared = joint.share(exactly=count)
        assert shared is not None
        assert (shared.status, shared.count, shared.cost) == (Status.OPTIMAL, count, curve.at(count))
        assert shared.bound == shared.cost == sum(s.cost for s in shared.districts)
        for share in shared.districts:
            assert planners[share.district].solve(exactly=share.count, explain=False).objective == share.cost
    assert joint.share(exactly=curve.counts()[0] - 1) is None
    assert joint.share(at_least=curve.counts()[-1] + 1) is None


def test_without_a_total_the_cheapest_of_all_is_found() -> None:
    planners = three()
    curve = whole_curve(planners)
    costs = [(curve.at(n), n) for n in curve.counts()]
    shared = Districts(planners).share()
    assert shared is not None
    assert (shared.cost, shared.count) == min(c for c in costs if c[0] is not None)


def test_the_curve_is_the_hull_of_every_count() -> None:
    planners = three()
    curve = whole_curve(planners)
    costs = [c for n in curve.counts() if (c := curve.at(n)) is not None]
    points = Districts(three()).curve()
    assert [(p.count, p.cost) for p in points] == lower_hull(curve.counts(), costs)
    assert all(p.exact for p in points)
    for bound in Districts(three()).curve(exact=False):
        best = curve.at(bound.count)
        assert best is None or bound.lower <= best
        assert bound.cost is None or best is None or best <= bound.cost


def test_wishes_hold_in_their_district_and_unknown_ones_are_refused() -> None:
    planners = three()
    free = Districts(planners).share(at_most=80)
    assert free is not None
    count = next(s.count for s in free.districts if s.district == "north")
    merged = next(u for u in planners["north"].solve(exactly=count).units if len(u.members) > 1)
    edits = Edits.of(forbid=[merged.members])
    barred = Districts(planners, {"north": edits}).share(at_most=80)
    assert barred is not None
    assert barred.cost >= free.cost
    count = next(s.count for s in barred.districts if s.district == "north")
    plan = planners["north"].solve(exactly=count, forbid=[merged.members])
    assert plan.objective == next(s.cost for s in barred.districts if s.district == "north")
    with pytest.raises(RequestError, match="none of the districts"):
        Districts(planners, {"south": edits})
    with pytest.raises(RequestError, match="exactly"):
        Districts(planners).share(exactly=3, at_most=4)


def test_a_district_without_any_plan_is_named() -> None:
    lonely = instance_from_json(
        {"n": 1, "x": [0], "y": [0], "pop": [10], "area": [1], "perim": [4], "town": [1], "edges": [], "Pmin": 500, "id": ["only"]}
    )  # fmt: skip
    joint = Districts({**three(), "island": Planner(lonely)})
    assert joint.infeasible() == ("island",)
    assert joint.share(at_most=90) is None
    assert joint.range() is None
    assert joint.curve() == ()
    assert Districts(three()).infeasible() == ()
