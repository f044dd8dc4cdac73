"""The planner agrees with trying everything, on small counties full of random rules."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mergeplan import Instance, Planner, Status, dump_json, instance_from_json, verify
from mergeplan.io import instance_to_json
from mergeplan.testing import odd_county
from mergeplan.tests.brute import cheapest_by_count


def shuffled(instance: Instance, seed: int) -> Instance:
    """The same county with its lists in another order."""
    order = list(range(instance.n))
    random.Random(seed).shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    raw = instance_to_json(instance)
    for key in ("id", "name", "x", "y", "pop", "area", "perim", "town"):
        raw[key] = [raw[key][old] for old in order]
    if raw["type"]:
        raw["type"] = [raw["type"][old] for old in order]
    raw["edges"] = [[place[j], place[i], a, b] for i, j, a, b in reversed(raw["edges"])]
    for key in ("fixed", "exempt", "convertible", "hosts"):
        raw[key] = [place[i] for i in reversed(raw[key])]
    for key in ("must", "cannot", "zones"):
        raw[key] = [[place[i] for i in group] for group in reversed(raw[key])]
    raw["absorb"] = [[place[v], place[h], c] for v, h, c in raw["absorb"]]
    return instance_from_json(raw)


def check_against_brute_force(instance: Instance) -> None:
    best = cheapest_by_count(instance)
    planner = Planner(instance)
    curve = planner.curve(exact=True)
    assert {p.count: p.cost for p in curve if p.exact} == best
    assert all(p.exact for p in curve)
    low, high = planner.count_range()
    plan = planner.solve()
    wanted = min((cost for count, cost in best.items() if low <= count <= high), default=None)
    assert plan.objective == wanted
    assert (plan.status is Status.INFEASIBLE) == (wanted is None)
    assert not verify(instance, json.loads(dump_json(plan)))
    if wanted is None:
        assert plan.explanation, "infeasible without a word of why"


@settings(max_examples=250, deadline=None)
@given(st.integers(0, 10**9))
def test_brute_force_agrees_on_small_counties(seed: int) -> None:
    check_against_brute_force(odd_county(seed, 8))


@pytest.mark.parametrize("seed", range(12))
def test_brute_force_agrees_on_ten_villages(seed: int) -> None:
    instance = next(i for s in range(seed * 1000, seed * 1000 + 1000) if (i := odd_county(s, 10)).n == 10)
    check_against_brute_force(instance)


@pytest.mark.parametrize("seed", [5000010, 5000183, 5000218, 5000309, 5000324])
def test_two_must_linked_hosts_were_once_overlooked(seed: int) -> None:
    check_against_brute_force(odd_county(seed, 9))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_answer_does_not_depend_on_the_order_of_the_input(seed: int, order: int) -> None:
    instance = odd_county(seed, 9)
    assert dump_json(Planner(instance).solve()) == dump_json(Planner(shuffled(instance, order)).solve())


@pytest.mark.parametrize("seed", [1, 1841])
def test_links_that_clash_are_named_in_order_of_ids(seed: int) -> None:
    instance = odd_county(seed, 9)
    assert dump_json(Planner(instance).solve()) == dump_json(Planner(shuffled(instance, 1)).solve())


def test_a_uniform_grid_with_many_equal_plans_has_one_canonical_answer() -> None:
    side = 6
    n = side * side
    edges = [[i, i + 1, 1000, 500] for i in range(n) if (i + 1) % side] + [
        [i, i + side, 1000, 500] for i in range(n - side)
    ]
    grid = instance_from_json(
        {
            "n": n, "x": [i % side * 1000 for i in range(n)], "y": [i // side * 1000 for i in range(n)],
            "pop": [1000] * n, "area": [10**6] * n, "perim": [4000] * n, "town": [0] * n, "edges": edges,
            "id": [f"{i:02}" for i in range(n)], "k": 2, "Pmin": 0, "Pmax": 5000, "R": 5000, "K": n // 2,
        }
    )  # fmt: skip
    first = dump_json(Planner(grid).solve())
    for order in range(5):
        assert dump_json(Planner(shuffled(grid, order)).solve()) == first
    assert json.loads(first)["units"][0]["members"] == ["00", "01"]


def test_what_is_locked_stays_and_what_is_forbidden_goes() -> None:
    for seed in range(40):
        instance = odd_county(seed, 8)
        planner = Planner(instance)
        plan = planner.solve()
        mergers = [u for u in plan.units if len(u.members) > 1]
        if not mergers:
            continue
        without = planner.solve(forbid=[mergers[0].members])
        assert mergers[0].members not in [u.members for u in without.units]
        assert without.objective is None or (plan.objective is not None and without.objective >= plan.objective)
        kept = planner.solve(lock=[mergers[0].members])
        assert kept.units == plan.units
        pair = [instance.index_of[v] for v in mergers[0].members[:2]]
        rules = replace(instance.rules, cannot=(*instance.rules.cannot, (pair[0], pair[1])))
        again = Planner(replace(instance, rules=rules)).solve()
        assert planner.solve(apart=[mergers[0].members[:2]]).objective == again.objective
