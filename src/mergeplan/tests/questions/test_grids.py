"""mergeplan.grids/1 against brute force, in any order; what is said when a community cannot be divided."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mergeplan.questions import branching, check_answer, solve_question
from mergeplan.questions.branching import divide
from mergeplan.questions.checks.common import metres_between, next_towards
from mergeplan.questions.grids import read_grids, regrid
from mergeplan.questions.improving import Improver
from mergeplan.questions.trees import GridTrees
from mergeplan.questions.ways import neighbours
from mergeplan.tests.questions.drawing import drawn_edges, shuffled
from mergeplan.types import InstanceError, Status

WORKED: dict[str, Any] = {
    "form": "mergeplan.grids/1",
    "id": ["a", "b", "c", "d", "e", "f", "g", "h"],
    "community": ["k"] * 8,
    "households": [60, 80, 100, 60, 90, 70, 80, 60],
    "edges": [[0, 1, 50], [1, 2, 60], [2, 3, 50], [4, 5, 50], [5, 6, 50], [6, 7, 60], [0, 4, 80], [3, 7, 80]],
    "Lo": 250,
    "Hi": 350,
    "T": 300,
    "balance": 50,
    "count": {"k": 2},
}
"""The example of docs/explanation/grids.md: two rows of four, joined at both ends."""


def drawn(rng: random.Random, largest: int = 6) -> dict[str, Any]:
    """A connected community, often too tight for its count."""
    n = rng.randint(2, largest)
    edges = drawn_edges(rng, n) + [[i, i + 1, rng.choice([100, 200, 300])] for i in range(n - 1)]
    low = rng.choice([10, 20, 30])
    return {
        "form": "mergeplan.grids/1",
        "id": rng.sample([f"b{i}" for i in range(20)], n),
        "community": ["k"] * n,
        "households": [rng.choice([10, 10, 20, 30]) for _ in range(n)],
        "edges": edges,
        "Lo": low,
        "Hi": max(30, low + rng.choice([10, 30])),
        "T": 40,
        "balance": rng.choice([0, 50]),
        "count": {"k": rng.randint(1, max(3, n // 3))},
    }


def by_force(raw: dict[str, Any]) -> int | None:
    """The least cost over every division of at most twelve nodes into so many grids."""
    n, nodes = len(raw["id"]), set(range(len(raw["id"])))
    ways = [metres_between(raw["edges"], nodes, centre) for centre in range(n)]
    following: list[dict[int, Any]] = [
        {i: next_towards(centre, i, raw["edges"], ways[centre], raw["id"]) for i in nodes - {centre}}
        for centre in range(n)
    ]
    cheapest: dict[int, int] = {}
    for bits in range(1, 1 << n):
        members = [i for i in range(n) if bits >> i & 1]
        people = sum(raw["households"][i] for i in members)
        if not raw["Lo"] <= people <= raw["Hi"]:
            continue
        off = raw["balance"] * abs(people - raw["T"])
        costs = [
            sum(raw["households"][i] * ways[c][i] for i in members) + off
            for c in members
            if all(i == c or bits >> following[c][i] & 1 for i in members)
        ]
        if costs:
            cheapest[bits] = min(costs)

    @cache
    def divide(left: int, grids: int) -> int | None:
        if not left or not grids:
            return 0 if not left and not grids else None
        lowest = left & -left
        rests = [
            cost + rest
            for bits, cost in cheapest.items()
            if bits & lowest and not bits & ~left and (rest := divide(left & ~bits, grids - 1)) is not None
        ]
        return min(rests, default=None)

    return divide((1 << n) - 1, raw["count"]["k"])


def test_a_worked_example() -> None:
    solved = solve_question(WORKED)
    assert (solved.status, solved.objective, solved.bound) == (Status.OPTIMAL, 29_500, 29_500)
    told: Any = solved.parts["communities"]
    assert [(grid["centre"], grid["members"], grid["households"], grid["cost"]) for grid in told[0]["grids"]] == [
        ("c", ["a", "b", "c", "d"], 300, 14_400),
        ("f", ["e", "f", "g", "h"], 300, 15_100),
    ]


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_the_optimum_is_that_of_brute_force_in_any_order(seed: int) -> None:
    rng = random.Random(seed)
    raw = drawn(rng, largest=rng.choice([6, 12]))
    solved = solve_question(raw)
    assert solved.objective == by_force(raw)
    assert check_answer(raw, solved.as_json()) == []
    again = solve_question({**shuffled(raw, rng), "community": raw["community"]})
    assert again.dump() == solved.dump()
    if solved.objective is not None:
        loosened = solve_question({**raw, "Lo": raw["Lo"] - 10, "Hi": raw["Hi"] + 10})
        assert loosened.objective is not None
        assert loosened.objective <= solved.objective


def test_every_count_is_told_and_a_larger_community_is_proven() -> None:
    rng = random.Random(4)
    n = 30
    raw = {
        **WORKED, "id": [f"b{i:02}" for i in range(n)], "community": ["k"] * n,
        "households": [rng.randint(20, 90) for _ in range(n)],
        "edges": drawn_edges(rng, n, 0.7) + [[i, i + 1, 300] for i in range(n - 1)], "count": {"k": 5},
    }  # fmt: skip
    solved = solve_question(raw, curve=True)
    told: Any = solved.parts["communities"]
    assert solved.status is Status.OPTIMAL
    assert check_answer(raw, solved.as_json()) == []
    assert told[0]["curve"]["5"] == solved.objective
    assert all(bound is None or bound == told[0]["curve"][p] for p, bound in told[0]["curve_bound"].items())


def test_a_community_that_cannot_be_divided_says_what_can() -> None:
    solved = solve_question({**WORKED, "count": {"k": 4}})
    assert solved.status is Status.INFEASIBLE
    assert solved.explanation == (
        "0 of 1 communities are divided.",
        "k: 8 buildings with 600 households cannot be 4 grids of 250 to 350: 2 to 2 are possible at best.",
        "k: with 2 grids it can be divided.",
        "k: 4 grids of 140 to 460 are possible.",
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"households": [60, 0, 100, 60, 90, 70, 80, 60]}, "households[1]: nobody lives here"),
        ({"edges": WORKED["edges"][1:6]}, "community[4]: no way leads from e to a inside k"),
        ({"edges": [[0, 8, 1]]}, "edges[0]: 8 is not a village"),
        ({"count": {"k": 2, "l": 1}}, "count.l: is no key"),
        ({"count": {}}, "count.k: is missing"),
        ({"count": {"k": 0}}, "count.k: 0 is below 1"),
        ({"id": ["a"] * 8}, "id[1]: a is also entry 0"),
    ],
)
def test_bad_input_is_named_by_entry(change: dict[str, Any], told: str) -> None:
    with pytest.raises(InstanceError) as wrong:
        solve_question({**WORKED, **change})
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"centre": "a"}, "grid"),
        ({"members": ["a", "b", "d", "c", "e"]}, "nodes"),
        ({"cost": 1}, "grid"),
        ({"centre": "e"}, "centre"),
    ],
)
def test_a_tampered_answer_is_told(change: dict[str, Any], code: str) -> None:
    answer: Any = solve_question(WORKED).as_json()
    answer["communities"][0]["grids"][0].update(change)
    assert code in {flaw.code for flaw in check_answer(WORKED, answer)}
    moved: Any = solve_question(WORKED).as_json()
    for grid, members in zip(
        moved["communities"][0]["grids"], (["a", "b", "d", "e"], ["c", "f", "g", "h"]), strict=True
    ):
        grid["members"] = members
    assert "walking" in {flaw.code for flaw in check_answer(WORKED, moved)}


def test_a_search_that_is_cut_short_tells_what_it_has_with_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branching, "BRANCHES", 0)
    monkeypatch.setattr(branching, "LISTED", 0)
    statuses = set()
    for seed in range(12):
        raw = {**drawn(random.Random(seed), 12), "Lo": 20, "Hi": 60, "count": {"k": 4}}
        full: Any = solve_question(raw).as_json()
        statuses.add(full["communities"][0]["status"])
        assert check_answer(raw, full) == []
    assert "optimal" in statuses


def test_grids_moved_by_hand_are_priced_as_they_are_checked() -> None:
    raw = {
        "form": "mergeplan.grids/1",
        "id": list("abcd"),
        "community": ["k"] * 4,
        "households": [10, 10, 10, 10],
        "edges": [[0, 1, 100], [1, 2, 100], [2, 3, 100]],
        "Lo": 10,
        "Hi": 30,
        "T": 20,
        "balance": 5,
        "count": {"k": 2},
    }
    asked = read_grids(raw)
    moved = regrid(asked, "k", [["a"], ["b", "c", "d"]])
    assert (moved.cost, moved.wrong) == (10 * 200 + 5 * 10 + 5 * 10, ())
    assert regrid(asked, "k", [["a", "c"], ["b", "d"]]).wrong == (("walking", "a", 20), ("walking", "b", 20))
    assert regrid(asked, "k", [["a", "b", "c", "d"], []]).wrong == (("window", "a", 40), ("empty", "", 0))


def test_a_start_keeps_the_rules_and_is_near_the_best() -> None:
    rng = random.Random(3)
    n = 30
    edges = drawn_edges(rng, n, 0.7) + [[i, i + 1, 300] for i in range(n - 1)]
    households = tuple(rng.randint(20, 90) for _ in range(n))
    trees = GridTrees(households, neighbours(n, tuple((i, j, metres) for i, j, metres in edges)), (300, 600), 400, 50)
    best = divide(trees, 4)
    assert best.cost is not None
    assert best.grids is not None
    start = Improver(trees).start([grid.centre for grid in best.grids])
    assert start is not None
    assert sorted(node for grid in start for node in grid.members) == list(range(n))
    assert all(grid == trees.around(grid.centre, frozenset(grid.members)) for grid in start)
    assert best.cost <= sum(grid.cost for grid in start) <= best.cost * 1.02
    assert Improver(trees).bettered(best.grids) == best.grids


def test_an_estate_above_the_limit_is_split_and_told() -> None:
    raw = {
        "form": "mergeplan.grids/1",
        "id": ["a", "b"],
        "community": ["k", "k"],
        "households": [901, 100],
        "edges": [[0, 1, 100]],
        "Lo": 100,
        "Hi": 500,
        "T": 350,
        "balance": 1,
        "count": {"k": 3},
    }
    solved = solve_question(raw)
    assert solved.explanation == ("1 of 1 communities are divided.", "a is above Hi: split into parts.")
    told: Any = solved.parts["communities"]
    assert [(grid["members"], grid["households"]) for grid in told[0]["grids"]] == [
        (["a"], 451),
        (["a#2"], 450),
        (["b"], 100),
    ]
    assert check_answer(raw, solved.as_json()) == []
    with pytest.raises(InstanceError, match="a#2 is also entry"):
        solve_question({**raw, "id": ["a", "a#2"]})
