"""The exchanged county of 254 villages: the proven figures, exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mergeplan import Planner, Status, alternatives, dump_json, read_json, regret, solve, verify
from mergeplan.diversity import difference

HERE = Path(__file__).parent
EXPECTED: dict[str, Any] = json.loads((HERE / "county254.expected.json").read_text())


@pytest.fixture(scope="module")
def planner() -> Planner:
    return Planner(read_json(HERE / "county254.json"))


def test_the_optimum_is_the_published_one_and_proven(planner: Planner) -> None:
    plan = planner.solve(at_most=EXPECTED["at_most"])
    assert (plan.status, plan.objective, plan.bound) == (Status.OPTIMAL, EXPECTED["objective"], EXPECTED["objective"])
    assert [t.count for t in plan.towns] == EXPECTED["towns_counts"]
    assert plan.count == 116
    assert verify(planner.instance, json.loads(dump_json(plan))) == []


def test_sample_units_have_the_published_centres_and_scores(planner: Planner) -> None:
    known = {
        frozenset(state.town.index[p] for p in c.members): (state.town.index[c.centre], c.cost)
        for state in planner.states
        for c in state.solver.columns.columns
    }
    for unit in EXPECTED["sample_units"]:
        assert known[frozenset(unit["members"])] == (unit["centre"], unit["score"])


def test_the_curve_agrees_at_every_published_count(planner: Planner) -> None:
    curve = planner.curve(exact=True)
    assert len(curve) == 101
    assert all(point.exact for point in curve)
    costs = {point.count: point.cost for point in curve}
    assert {int(count): costs[int(count)] for count in EXPECTED["curve"]} == {
        int(count): cost for count, cost in EXPECTED["curve"].items()
    }


def test_bounds_hold_before_anything_is_asked_exactly() -> None:
    planner = Planner(read_json(HERE / "county254.json"))
    bounds = planner.curve()
    exact = {p.count: p.cost for p in planner.curve(exact=True)}
    assert len(bounds) == 101
    for point in bounds:
        true = exact[point.count]
        assert true is not None
        assert point.lower <= true
        assert point.cost is None or true <= point.cost


def test_a_reduction_is_an_integer_inequality(planner: Planner) -> None:
    """254 · 40.95 % = 104.01: going down by 104 falls just short, so 149 are the most."""
    plan = planner.solve(reduction="40.95%")
    assert (plan.at_most, plan.count, plan.objective) == (149, 149, EXPECTED["curve"]["149"])
    assert planner.solve(reduction="0.4095").at_most == 149
    assert planner.solve(reduction="50 %").at_most == 127


@pytest.mark.parametrize("workers", [1, 2])
def test_bytes_do_not_depend_on_processes_or_history(planner: Planner, workers: int) -> None:
    instance = planner.instance
    fresh = dump_json(solve(instance, workers=workers, exact_curve=True))
    assert fresh == dump_json(planner.solve(exact_curve=True))


def test_a_plan_does_not_depend_on_what_was_asked_before() -> None:
    instance = read_json(HERE / "county254.json")
    asked_much, fresh = Planner(instance), Planner(instance)
    asked_much.curve(exact=True)
    asked_much.solve(at_most=116, forbid=[asked_much.solve(at_most=100).units[0].members])
    locks: tuple[list[int | str], ...] = ([], [0, 227, 95])
    for lock in locks:
        wish = [lock] if lock else []
        assert dump_json(asked_much.solve(at_most=120, lock=wish)) == dump_json(fresh.solve(at_most=120, lock=wish))


def test_regret_is_the_price_of_forbidding(planner: Planner) -> None:
    prices = regret(planner, at_most=116)
    assert len(prices) == sum(len(u.members) > 1 for u in planner.solve(at_most=116).units)
    assert all(p.regret is None or p.regret >= 0 for p in prices)
    worst = prices[0]
    without = planner.solve(at_most=116, forbid=[worst.members])
    assert without.objective is not None
    assert worst.regret == without.objective - EXPECTED["objective"]


def test_alternatives_differ_in_many_mergers(planner: Planner) -> None:
    best = planner.solve(at_most=116)
    others = alternatives(planner, 3, at_most=116)
    assert len(others) == 3
    for plan in others:
        assert difference(best, plan) >= 0.3
        assert plan.objective is not None
        assert plan.objective < 1.1 * EXPECTED["objective"]
        assert verify(planner.instance, json.loads(dump_json(plan))) == []


def test_a_request_below_the_fewest_is_explained(planner: Planner) -> None:
    plan = planner.solve(at_most=80)
    said = "\n".join(e.message for e in plan.explanation)
    assert plan.status is Status.INFEASIBLE
    assert "89–189" in said
    assert "Raise k to 4 would be enough" in said
    assert "Town 1 cannot go below 11 with k = 3: allow one 4-in-1 or raise Pmax to 6,078" in said
    assert Planner(planner.instance, k=4).solve(at_most=80).status is Status.OPTIMAL
