"""mergeplan.pairing/1 against brute force, in any order; which rule would help; the least pressure."""

from __future__ import annotations

import json
import random
from itertools import chain, combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mergeplan.questions import check_answer, solve_question
from mergeplan.questions.checks.pairing import recompute_pairing
from mergeplan.types import InstanceError, Status

WORKED: dict[str, Any] = {
    "form": "mergeplan.pairing/1",
    "orgs": [
        {"id": "bank", "staff": 30, "strong": 1, "tags": ["finance"]},
        {"id": "court", "staff": 10, "strong": 0, "tags": ["law"]},
        {"id": "school", "staff": 20, "strong": 0, "tags": []},
    ],
    "areas": [
        {"id": "east", "villages": 3, "weight": 30, "key": 1, "needs": ["law"]},
        {"id": "west", "villages": 2, "weight": 20, "key": 0, "needs": ["finance", "law"]},
    ],
    "forbidden": [["school", "east"]],
    "present": [["court", "west"], ["school", "west"]],
    "rules": {"per_org": [1, 1], "per_area": [1, 2], "key_least": 1, "key_strong": 1},
    "pressure_cap": 1000,
}
"""east needs the strong bank, so nobody brings finance to west (2); the court goes where it counts 3, one change."""


def drawn(rng: random.Random) -> dict[str, Any]:
    """Up to four organisations and three areas, often too tight."""
    n, m = rng.randint(1, 4), rng.randint(1, 3)
    names = rng.sample([f"o{i}" for i in range(9)], n), rng.sample([f"a{i}" for i in range(9)], m)

    def tags() -> list[str]:
        return rng.sample(["x", "y", "z"], rng.randint(0, 2))

    def pairs(share: float) -> list[list[str]]:
        return [[o, a] for o, a in product(*names) if rng.random() < share]

    orgs = [{"id": o, "staff": rng.randint(1, 9), "strong": rng.randint(0, 1), "tags": tags()} for o in names[0]]
    areas = [
        {"id": a, "villages": rng.randint(1, 4), "weight": rng.randint(0, 9), "key": rng.randint(0, 1), "needs": tags()}
        for a in names[1]
    ]
    rules = {"per_org": rng.choice([[1, 1], [0, 2]]), "per_area": rng.choice([[1, 2], [0, 4]])}
    more = {"key_least": rng.randint(0, 2), "key_strong": rng.randint(0, 1)}
    cap = {"pressure_cap": rng.choice([500, 1000, 3000])}
    return {
        "form": "mergeplan.pairing/1", "orgs": orgs, "areas": areas, "forbidden": pairs(0.1), "present": pairs(0.3),
        "rules": rules | more, **cap,
    }  # fmt: skip


def shuffled(raw: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    return {key: rng.sample(value, len(value)) if isinstance(value, list) else value for key, value in raw.items()}


def by_force(raw: dict[str, Any]) -> list[tuple[int, int, int]]:
    """Unmet needs, changes and pressure of every sharing out that keeps all rules, best first."""
    every = [(org["id"], area["id"]) for org in raw["orgs"] for area in raw["areas"]]
    choices = chain.from_iterable(combinations(every, size) for size in range(len(every) + 1))
    told = (recompute_pairing(raw, pairs) for pairs in choices)
    return sorted(found[1:] for found in told if not found[0])


def test_a_worked_example() -> None:
    solved = solve_question(WORKED, explain=True)
    assert (solved.status, solved.parts["unmet"], solved.parts["changes"]) == (Status.OPTIMAL, 4, 1)
    assert solved.parts["pairs"] == [["bank", "east"], ["court", "east"], ["school", "west"]]
    assert (solved.objective, solved.bound, solved.parts["pressure"]) == (17, 17, 1000)
    assert [(line["meets"], line["unmet"]) for line in solved.lines] == [("", ""), ("law", ""), ("", "finance law")]


@settings(max_examples=50)
@given(st.integers(0, 10**6))
def test_the_optimum_is_that_of_brute_force_in_any_order(seed: int) -> None:
    rng = random.Random(seed)
    raw = drawn(rng)
    solved, forced = solve_question(raw), by_force(raw)
    if forced:
        assert (solved.parts["unmet"], solved.parts["changes"]) == forced[0][:2]
        assert solved.status is Status.OPTIMAL
    else:
        assert solved.objective is None
    assert check_answer(raw, solved.as_json()) == []
    assert solve_question(shuffled(raw, rng)).dump() == solved.dump()


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_the_least_pressure_is_between_what_is_proven_and_found(seed: int) -> None:
    raw = {**drawn(random.Random(seed)), "pressure_cap": None}
    solved = solve_question(raw)
    pressures = [pressure for _unmet, _changes, pressure in by_force({**raw, "pressure_cap": 10**9})]
    if pressures:
        told: Any = solved.parts
        low, high = told["pressure_bracket"]
        assert low <= min(pressures) <= high
        assert told["pressure"] <= high
    else:
        assert solved.objective is None


def test_what_cannot_be_names_the_rule_that_helps() -> None:
    solved = solve_question({**WORKED, "rules": {**WORKED["rules"], "per_area": [2, 2]}})
    assert solved.status is Status.INFEASIBLE
    assert solved.explanation == (
        "No sharing out of 3 organisations among 2 areas keeps all rules.",
        "The organisations give 3 to 3 pairs, the areas take 4 to 4.",
        "Lower per_area to at least 1: this alone would be enough.",
        "Raise per_org to at most 2: this alone would be enough.",
    )
    pressed = solve_question({**WORKED, "pressure_cap": 700, "present": []})
    assert "Raise pressure_cap to 1,000: this alone would be enough." in pressed.explanation


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"orgs": [{"id": "bank", "staff": 0, "strong": 1, "tags": []}]}, "orgs[0].staff: 0 is below 1"),
        ({"orgs": [{"id": "bank", "staff": 1, "strong": 1, "tags": "x"}]}, "orgs[0].tags: 'x' is not a list"),
        ({"orgs": [{"id": "bank", "strong": 1, "tags": []}]}, "orgs[0].staff: is missing"),
        ({"orgs": WORKED["orgs"] * 2}, "orgs[3]: bank is also entry 0"),
        ({"forbidden": [["bank", "north"]]}, "forbidden[0]: north is not in the file"),
        ({"present": [[["bank"], "east"]]}, "present[0]: ['bank'] is not in the file"),
        ({"rules": {**WORKED["rules"], "per_org": [2, 1]}}, "rules.per_org: 2 is above 1"),
        ({"areas": []}, "areas: is missing or empty"),
    ],
)
def test_bad_input_is_named_by_entry(change: dict[str, Any], told: str) -> None:
    with pytest.raises(InstanceError) as wrong:
        solve_question({**WORKED, **change})
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([["bank", "east"], ["court", "east"], ["school", "east"]], "forbidden"),
        ([["bank", "west"], ["court", "east"], ["school", "west"]], "key"),
        ([["bank", "east"], ["court", "west"]], "per-org"),
        ([["bank", "east"], ["court", "west"], ["school", "west"]], "unmet"),
        ([["bank", "east"], ["court", "north"], ["school", "west"]], "pairs"),
    ],
)
def test_a_tampered_answer_is_told(pairs: list[list[str]], code: str) -> None:
    answer = {**solve_question(WORKED).as_json(), "pairs": pairs}
    assert code in {flaw.code for flaw in check_answer(WORKED, answer)}


def test_locked_pairs_are_kept_and_checked() -> None:
    raw = {
        "form": "mergeplan.pairing/1",
        "orgs": [{"id": o, "staff": 10, "strong": 0, "tags": [o]} for o in ("law", "money")],
        "areas": [
            {"id": a, "villages": 1, "weight": 5, "key": 0, "needs": [n]} for a, n in (("p", "law"), ("q", "money"))
        ],
        "forbidden": [],
        "present": [],
        "rules": {"per_org": [1, 1], "per_area": [1, 1], "key_least": 0, "key_strong": 0},
        "pressure_cap": 1000,
    }
    free, asked = solve_question(raw), {**raw, "locks": [["law", "q"]]}
    assert free.parts["pairs"] == [["law", "p"], ["money", "q"]]
    answer = solve_question(asked)
    assert answer.parts["pairs"] == [["law", "q"], ["money", "p"]]
    assert check_answer(asked, json.loads(answer.dump())) == []
    assert [flaw.code for flaw in check_answer(asked, json.loads(free.dump()))] == ["locked"]
