"""Whatever is altered in a plan is found."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from mergeplan import Planner, dump_json, verify
from mergeplan.tests.drawing import draw_county

INSTANCE = draw_county("abcd efgh", {"a": 700, "f": 1500}, R=2000, cannot=[[0, 4]], Pmin=600, Pmax=4000)


@pytest.fixture
def plan() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(dump_json(Planner(INSTANCE).solve(exactly=4)))
    return found


def test_the_untouched_plan_stands(plan: dict[str, Any]) -> None:
    assert [p for p in verify(INSTANCE, plan, at_most=4, at_least=4) if p.severity == "error"] == []


def swap(plan: dict[str, Any]) -> None:
    one, other = plan["units"][0]["members"], plan["units"][-1]["members"]
    one[0], other[0] = other[0], one[0]


def merged(plan: dict[str, Any]) -> dict[str, Any]:
    unit: dict[str, Any] = next(u for u in plan["units"] if u["kind"] == "merged")
    return unit


ALTERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a score": lambda p: p["units"][0].update(score=p["units"][0]["score"] + 1),
    "score and objective": lambda p: (
        p["units"][0].update(score=p["units"][0]["score"] - 1),
        p.update(objective=p["objective"] - 1, bound=p["bound"] - 1),
    ),
    "the objective": lambda p: p.update(objective=p["objective"] - 1),
    "the bound": lambda p: p.update(bound=p["bound"] + 1),
    "a unit dropped": lambda p: p["units"].pop(),
    "a unit twice": lambda p: p["units"].append(p["units"][0]),
    "members swapped": swap,
    "a centre": lambda p: merged(p).update(centre=next(v for v in merged(p)["members"] if v != merged(p)["centre"])),
    "a foreign centre": lambda p: merged(p).update(centre="zz"),
    "a kind": lambda p: merged(p).update(kind="converted"),
    "an unknown kind": lambda p: merged(p).update(kind="gone"),
    "the count": lambda p: p.update(count=3),
    "K lowered": lambda p: p.update(K=3),
    "Kmin raised": lambda p: p.update(Kmin=5),
    "a town's count": lambda p: p["towns"][0].update(count=1),
    "a population": lambda p: p["units"][0].update(population=1),
    "a distance": lambda p: merged(p).update(farthest_m=1),
    "the parts": lambda p: merged(p)["parts"].update(travel=0),
    "the curve": lambda p: p["curve"].append([4, 1]),
    "the status": lambda p: p.update(status="infeasible"),
    "a nonsense status": lambda p: p.update(status="fine"),
    "no units": lambda p: p.pop("units"),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_altered_plan_is_found(plan: dict[str, Any], name: str) -> None:
    altered = copy.deepcopy(plan)
    ALTERATIONS[name](altered)
    assert altered != plan
    assert [p for p in verify(INSTANCE, altered) if p.severity == "error"]


def test_a_plan_for_another_instance_breaks_its_rules(plan: dict[str, Any]) -> None:
    for change in ({"Pmin": 2400}, {"R": 100}, {"k": 1}, {"cannot": [[0, 1], [1, 2], [2, 3], [4, 5], [5, 6], [6, 7]]}):
        rules = {"R": 2000, "Pmin": 600, "Pmax": 4000} | change
        other = draw_county("abcd efgh", {"a": 700, "f": 1500}, **rules)
        del plan["k"]
        assert [p for p in verify(other, plan) if p.severity == "error"], change
        plan["k"] = 3


def test_verification_shares_no_code_with_the_solver() -> None:
    import ast
    from pathlib import Path

    import mergeplan.verification as checked

    tree = ast.parse(Path(str(checked.__file__)).read_text())
    names = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {n for n in names if n and n.startswith("mergeplan")} == {"mergeplan.types"}
