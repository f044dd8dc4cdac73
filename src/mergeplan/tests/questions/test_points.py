"""mergeplan.points/1 against brute force, in any order; what is out of reach is named."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mergeplan.questions import check_answer, solve_question
from mergeplan.questions.checks.points import metres
from mergeplan.types import InstanceError, Status

WORKED: dict[str, Any] = {
    "form": "mergeplan.points/1",
    "detour": 1.3,
    "reach": 1300,
    "demand": {
        "id": ["g1", "g2", "g3"],
        "village": ["a", "b", "c"],
        "x": [0, 2000, 3000],
        "y": [0, 0, 0],
        "households": [50, 40, 10],
    },
    "sites": {"id": ["a", "b", "c"], "x": [0, 2000, 3000], "y": [0, 0, 0], "open": [1, 0, 0]},
}
"""g2 and g3 are beyond a; b reaches both: 10 · 1300. c would too: 40 · 1300."""


def drawn(rng: random.Random) -> dict[str, Any]:
    """Up to seven groups and six sites on a few streets."""
    n, m = rng.randint(1, 7), rng.randint(1, 6)
    spots = {
        name: [[rng.randint(0, 6) * 100 for _ in range(size)] for _ in "xy"] for name, size in (("d", n), ("s", m))
    }
    ids = rng.sample([f"s{j}" for j in range(9)], m)
    households, is_open = [rng.randint(0, 5) for _ in range(n)], [int(rng.random() < 0.3) for _ in range(m)]
    demand = {"id": [f"g{i}" for i in rng.sample(range(9), n)], "village": ["v"] * n, "households": households}
    return {
        "form": "mergeplan.points/1",
        "detour": rng.choice([1, 1.3]),
        "reach": rng.choice([150, 300, 700]),
        "demand": {**demand, "x": spots["d"][0], "y": spots["d"][1]},
        "sites": {"id": ids, "x": spots["s"][0], "y": spots["s"][1], "open": is_open},
    }


def shuffled(raw: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    parts = {}
    for name in ("demand", "sites"):
        order = rng.sample(range(len(raw[name]["id"])), len(raw[name]["id"]))
        parts[name] = {key: [values[i] for i in order] for key, values in raw[name].items()}
    return {**raw, **parts}


def by_force(raw: dict[str, Any], reach: int) -> dict[int, int]:
    """The least sum for every number of further sites that reaches whoever can be reached."""
    demand, sites = raw["demand"], raw["sites"]
    every = range(len(sites["id"]))
    ways = [[metres(raw, i, j) for j in every] for i in range(len(demand["id"]))]
    groups = [i for i, way in enumerate(ways) if min(way) <= reach]
    found: dict[int, int] = {}
    closed = [j for j in every if not sites["open"][j]]
    for number in range(len(closed) + 1):
        for chosen in combinations(closed, number):
            there = [j for j in every if sites["open"][j] or j in chosen]
            least = [min((ways[i][j] for j in there), default=reach + 1) for i in groups]
            if all(way <= reach for way in least):
                cost = sum(demand["households"][i] * way for i, way in zip(groups, least, strict=True))
                found[number] = min(cost, found.get(number, cost))
    return found


def test_a_worked_example() -> None:
    solved = solve_question(WORKED, curve=True)
    assert (solved.status, solved.objective) == (Status.OPTIMAL, 13_000)
    assert solved.parts["cover"] == {"further": 1, "beyond_seats": 2, "unreachable": []}
    assert solved.parts["site_of"] == {"g1": "a", "g2": "b", "g3": "b"}
    assert solved.parts["curve"] == {"0": 143_000, "1": 13_000, "2": 0}


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_the_optimum_is_that_of_brute_force_in_any_order(seed: int) -> None:
    rng = random.Random(seed)
    raw = drawn(rng)
    solved, forced = solve_question(raw, curve=True), by_force(raw, raw["reach"])
    assert (solved.parts["further"], solved.objective) == min(forced.items())
    assert solved.parts["curve"] == {str(number): cost for number, cost in by_force(raw, 10**9).items()}
    assert check_answer(raw, solved.as_json()) == []
    assert solve_question(shuffled(raw, rng), curve=True).dump() == solved.dump()
    for number, cost in forced.items():
        assert solve_question({**raw, "p": number}).objective == cost


def test_too_few_points_and_too_short_a_reach_are_told() -> None:
    solved = solve_question({**WORKED, "p": 0})
    assert solved.status is Status.INFEASIBLE
    assert solved.explanation[-1] == (
        "0 further points are asked for, 1 are needed: ask for 1; 0 are enough with a reach of 3,900 m."
    )
    far = {**WORKED, "demand": {**WORKED["demand"], "x": [0, 2000, 9000]}}
    lost = solve_question(far)
    assert lost.parts["cover"] == {"further": 1, "beyond_seats": 2, "unreachable": ["g3"]}
    assert "No site reaches g3: left out. With a reach of 7,800 m nobody would be." in lost.explanation


@pytest.mark.parametrize(
    ("part", "change", "told"),
    [
        ("demand", {"x": [0, 0.5, 0]}, "demand.x[1]: 0.5 is not a whole number"),
        ("demand", {"id": ["g", "g", "h"]}, "demand.id[1]: g is also entry 0"),
        ("demand", {"households": [1, -1, 1]}, "demand.households[1]: -1 is negative"),
        ("sites", {"open": [1, 0]}, "sites.open: has 2 entries"),
        ("sites", {"opened": []}, "sites.opened: is no key of this form"),
    ],
)
def test_bad_input_is_named_by_entry(part: str, change: dict[str, Any], told: str) -> None:
    with pytest.raises(InstanceError) as wrong:
        solve_question({**WORKED, part: {**WORKED[part], **change}})
    assert told in str(wrong.value)
    with pytest.raises(InstanceError, match="more than the 2 closed sites"):
        solve_question({**WORKED, "p": 3})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"site_of": {"g1": "a", "g2": "a", "g3": "b"}}, "reach"),
        ({"site_of": {"g1": "a", "g2": "c", "g3": "b"}}, "no-site"),
        ({"sites": ["a"]}, "sites"),
        ({"cover": {"further": 1, "beyond_seats": 2, "unreachable": ["g1"]}}, "unreachable"),
        ({"cover": {"further": 1, "beyond_seats": 1, "unreachable": []}}, "cover"),
        ({"curve": {"0": 1, "1": 2}, "curve_bound": {"0": 1, "1": 2}}, "curve"),
        ({"objective": 12_000, "bound": 12_000}, "objective"),
    ],
)
def test_a_tampered_answer_is_told(change: dict[str, Any], code: str) -> None:
    answer = {**solve_question(WORKED).as_json(), **change}
    assert code in {flaw.code for flaw in check_answer(WORKED, answer)}
