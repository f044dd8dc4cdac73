"""mergeplan.layout/1 against brute force, in any order, and what is said when nothing fits."""

from __future__ import annotations

import json
import random
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mergeplan.questions import check_answer, solve_question
from mergeplan.questions.checks.layout import recompute_layout
from mergeplan.tests.questions.drawing import drawn_layout, shuffled
from mergeplan.types import InstanceError, Status

WORKED: dict[str, Any] = {
    "form": "mergeplan.layout/1",
    "id": ["h", "a", "b", "c"],
    "town": ["t", "t", "t", "t"],
    "host": [1, 0, 0, 0],
    "households": [1000, 300, 500, 600],
    "edges": [[0, 1, 400], [1, 2, 500], [2, 3, 700]],
    "Lo": 800,
    "Hi": 1400,
    "T": 1200,
    "reach": 1500,
    "open_cost": 50_000,
    "balance": 100,
}
"""a joins h: 300 · 400 = 120,000, h 100 off T. b and c found one at c: 500 · 700 + 50,000, 100 off T. In all 540,000."""


def by_force(raw: dict[str, Any]) -> int | None:
    """The least cost over every choice of seats."""
    n = len(raw["id"])
    villages = [i for i in range(n) if not raw["host"][i]]
    found = (
        recompute_layout(raw, dict(zip(villages, seats, strict=True)))
        for seats in product(range(n), repeat=len(villages))
    )
    return min((cost for flaws, cost in found if not flaws), default=None)


def test_a_worked_example() -> None:
    solved = solve_question(WORKED, explain=True)
    assert (solved.status, solved.objective, solved.bound) == (Status.OPTIMAL, 540_000, 540_000)
    assert solved.parts["seat_of"] == {"a": "h", "b": "c", "c": "c"}
    assert [(line["id"], line["runner_up"], line["price"]) for line in solved.lines] == [
        ("a", "b", 120_000),
        ("b", "b", 70_000),
        ("c", "b", 70_000),
    ]


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_the_optimum_is_that_of_brute_force_in_any_order(seed: int) -> None:
    rng = random.Random(seed)
    raw = drawn_layout(rng, 5)
    solved = solve_question(raw)
    assert solved.objective == by_force(raw)
    assert check_answer(raw, solved.as_json()) == []
    assert solve_question(shuffled(raw, rng)).dump() == solved.dump()
    if solved.objective is not None:
        loosened = solve_question({**raw, "Hi": raw["Hi"] + 30, "reach": raw["reach"] + 200})
        assert loosened.objective is not None
        assert loosened.objective <= solved.objective


def test_what_cannot_be_names_the_least_limit_that_helps() -> None:
    solved = solve_question({**WORKED, "reach": 600})
    assert solved.status is Status.INFEASIBLE
    assert solved.explanation[1:] == (
        "t: Raise the reach to 700 m: this alone would be enough.",
        "t: Lower Lo to 600 households: this alone would be enough.",
    )
    assert solve_question({**WORKED, "reach": 699}).objective is None
    assert solve_question({**WORKED, "reach": 700}).objective is not None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"households": [1000, 0, 500, 600]}, "households[1]: nobody lives here"),
        ({"edges": [[0, 9, 1]]}, "edges[0]: 9 is not a village"),
        ({"edges": [[0, 1, 0]]}, "edges[0]: 0 is below 1"),
        ({"id": ["h", "a", "a", "c"]}, "id[2]: a is also entry 1"),
        ({"Lo": 2000}, "Lo: 2000 is above Hi (1400)"),
        ({"host": [1, 0, 2, 0]}, "host[2]: 2 is neither 0 nor 1"),
        ({"reeach": 5}, "reeach: is no key of this form"),
        ({"T": None}, "T: None is not a number"),
    ],
)
def test_bad_input_is_named_by_entry(change: dict[str, Any], told: str) -> None:
    with pytest.raises(InstanceError) as wrong:
        solve_question({**WORKED, **change})
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"seat_of": {"a": "h", "b": "h", "c": "c"}}, "window"),
        ({"seat_of": {"a": "c", "b": "h", "c": "c"}}, "walking"),
        ({"seat_of": {"a": "h", "b": "c"}}, "seats"),
        ({"objective": 1}, "objective"),
        ({"bound": 1}, "status"),
        ({"bound": 600_000}, "bound"),
        ({"new": []}, "new"),
        ({"form": "x"}, "form"),
    ],
)
def test_a_tampered_answer_is_told(change: dict[str, Any], code: str) -> None:
    answer = {**solve_question(WORKED).as_json(), **change}
    assert code in {flaw.code for flaw in check_answer(WORKED, answer)}


def test_locks_and_bans_are_kept_checked_and_priced() -> None:
    raw = {
        "form": "mergeplan.layout/1",
        "id": ["h", "v", "w"],
        "town": ["a", "a", "a"],
        "host": [1, 0, 0],
        "households": [1000, 900, 900],
        "edges": [[0, 1, 100], [0, 2, 100], [1, 2, 100]],
        "Lo": 500,
        "Hi": 5000,
        "T": 2000,
        "reach": 1000,
        "open_cost": 10_000_000,
        "balance": 0,
    }
    free = solve_question(raw)
    assert free.parts["seat_of"] == {"v": "h", "w": "h"}
    wishes: list[dict[str, Any]] = [{"locks": [["v", "v"]]}, {"forbidden": [["v", "h"], ["w", "v"], ["v", "w"]]}]
    for more in wishes:
        asked = {**raw, **more}
        answer = solve_question(asked)
        assert answer.parts["seat_of"] == {"v": "v", "w": "h"}
        assert check_answer(asked, json.loads(answer.dump())) == []
        assert check_answer(asked, json.loads(free.dump())) != []
    impossible = solve_question({**raw, "locks": [["v", "h"]], "reach": 10})
    assert impossible.objective is None
