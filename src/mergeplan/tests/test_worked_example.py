"""The chapter "The planner's mathematics" says what the planner does: its numbers are read from the page and recomputed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mergeplan import Planner, instance_from_json, regret
from mergeplan.shares import CostCurves, Shares

PAGE = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "planner-mathematics.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the documents are not part of an installed package")


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def planner(page: str) -> Planner:
    block = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert block is not None
    return Planner(instance_from_json(json.loads(block.group(1))))


def rows(page: str, heading: str) -> list[list[str]]:
    """Cells of the table that starts with this heading row."""
    table = page.split(heading + "\n", 1)[1].split("\n\n", 1)[0].splitlines()[1:]
    return [[cell.strip().replace("**", "").replace(",", "") for cell in line.strip("|").split("|")] for line in table]


def test_the_list_of_units_is_complete_and_right(page: str, planner: Planner) -> None:
    state = planner.states[0]
    name = {p: str(planner.instance.id[i]) for p, i in enumerate(state.town.index)}
    found = {
        "".join(sorted(name[p] for p in c.members)): (
            name[c.centre],
            str(sum(state.town.pop[p] for p in c.members)),
            str(c.cost),
        )
        for c in state.solver.columns.columns
    }
    told = {
        unit: (centre, people, score)
        for unit, centre, people, score in rows(page, "| unit | centre | people | score |")
    }
    assert told == found


def test_the_parts_of_ab_add_up(page: str, planner: Planner) -> None:
    told = [(part, int(value)) for part, _, value in rows(page, "| part | arithmetic | millionths |")]
    unit = planner.solve(exactly=3).unit_of["a"]
    assert unit.parts is not None
    assert told[:5] == [(part, getattr(unit.parts, part)) for part, _ in told[:5]]
    assert told[5] == ("ab", unit.score)
    assert sum(value for _, value in told[:5]) == told[5][1]


def test_the_curve_and_the_plans(page: str, planner: Planner) -> None:
    told = {int(count): (int(cost), plan) for count, cost, plan in rows(page, "| units | cost | plan |")}
    assert {p.count: p.cost for p in planner.curve(exact=True)} == {count: cost for count, (cost, _) in told.items()}
    for count, (_, plan) in told.items():
        units = planner.solve(exactly=count).units
        assert " ".join("".join(map(str, u.members)) for u in units) == plan


def test_the_prices_prove_the_bound(page: str, planner: Planner) -> None:
    sentence = re.search(r"Prices at N = 3.*?: (.*?), λ = −([\d,]+)\. Their sum is ([\d,]+)", page, re.DOTALL)
    assert sentence is not None

    def number(text: str) -> int:
        return int(text.replace(",", ""))

    prices = {v: number(value) for v, value in re.findall(r"([a-f]) ([\d,]+\d)", sentence.group(1))}
    per_unit, total = -number(sentence.group(2)), number(sentence.group(3))
    assert sum(prices.values()) == total
    assert total + 3 * per_unit == planner.solve(exactly=3).objective
    state = planner.states[0]
    name = {p: str(planner.instance.id[i]) for p, i in enumerate(state.town.index)}
    for c in state.solver.columns.columns:
        assert c.cost - sum(prices[name[p]] for p in c.members) - per_unit >= 0


def test_the_two_equal_plans_and_their_regret(planner: Planner) -> None:
    other = planner.solve(exactly=3, forbid=["ab"])
    assert ["".join(map(str, u.members)) for u in other.units] == ["ad", "bc", "ef"]
    assert other.objective == planner.solve(exactly=3).objective
    assert [r.regret for r in regret(planner, exactly=3)] == [0, 0, 0]


def test_what_is_asked_too_low_is_answered_as_told(page: str, planner: Planner) -> None:
    told = "The rules allow 2–3 units in all; at most 1 were asked"
    assert told in page
    assert told in planner.solve(at_most=1).explanation[0].message


def test_the_counts_of_sets(planner: Planner) -> None:
    from dataclasses import replace

    from mergeplan.enumeration import connected_sets

    town = replace(planner.states[0].town, windows=((0, 10**9),) * 6)
    sizes = [len(s) for s in connected_sets(town)]
    assert [sizes.count(size) for size in (1, 2, 3)] == [6, 7, 10]
    assert len(planner.states[0].solver.columns.columns) == 16


def test_the_three_towns_are_shared_as_told(page: str) -> None:
    part = page.split("## Step 5")[1]
    heading = "| town | 2 units | 3 units | 4 units | 5 units |"
    curves = [
        {n: int(cost) for n, cost in zip(range(2, 6), costs, strict=True) if cost != "–"}
        for _, *costs in rows(part, heading)
    ]
    shares = CostCurves(curves)
    corners = [(int(total), int(cost)) for total, cost, _ in rows(part, "| total | cost | step |")]
    assert [(s.total, s.cost) for s in shares.hull() if s.is_corner] == corners
    assert shares.price_of(10, 10) == -8 * 840
    lowest = [min(cost + 8 * n for n, cost in curve.items()) for curve in curves]
    detours = [{n: c + 8 * n - low for n, c in curve.items()} for curve, low in zip(curves, lowest, strict=True)]
    told = rows(part.split(heading, 1)[1], heading)
    assert [[str(d.get(n, "–")) for n in range(2, 6)] for d in detours] == [cells for _, *cells in told]
    found = shares.cheapest(10, 10)
    assert found == Shares((3, 4, 3), 54)
    assert "P 3, Q 4, S 3 makes a detour of 3 and costs 54" in part
    line = dict(corners)
    assert (line[9] + line[11]) // 2 == 51
    assert "the straight line's 51" in part
