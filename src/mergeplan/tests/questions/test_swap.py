"""heli.swap/1 against brute force; nobody loses, and without a proof nothing is called optimal."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mergeplan.questions.space import find_space
from mergeplan.questions.swap import SwapAnswer, read_swap, solve_swap
from mergeplan.types import InstanceError

WORKED: dict[str, Any] = {
    "form": "heli.swap/1",
    "unit_m2": 100,
    "quota_units": [3, 2],
    "value_fen": [200, 100],
    "capacity_units": [2, 4],
    "price_fen_per_unit": [100, 70],
    "too_far": [],
}
"""The first needs most: two units at 100 and one at 70 are 270 for 200 (+35 %); two at 70 are 140 for 100 (+40 %)."""


def answer(raw: dict[str, Any], **changes: Any) -> SwapAnswer:
    return solve_swap(read_swap({**raw, **changes}))


def drawn(seed: int) -> dict[str, Any]:
    """Up to three villages and three blocks, prices with and without a common grain, often tight."""
    rng = random.Random(seed)
    n, m = rng.randint(1, 3), rng.randint(1, 3)
    quota = [rng.randint(1, 4) for _ in range(n)]
    grain = rng.choice([1, 10, 100_000])
    return {
        "form": "heli.swap/1",
        "unit_m2": 100,
        "quota_units": quota,
        "value_fen": [units * rng.randint(5, 30) * grain + rng.randint(0, 3) for units in quota],
        "capacity_units": [rng.randint(0, 5) for _ in range(m)],
        "price_fen_per_unit": [rng.randint(10, 40) * grain for _ in range(m)],
        "too_far": [[i, b] for i in range(n) for b in range(m) if rng.random() < 0.2],
    }


def by_force(raw: dict[str, Any]) -> tuple[int, int, int] | None:
    """(least gain, total, −pairs) of the best of all allocations; None when there is none."""
    quota, capacity, price = raw["quota_units"], raw["capacity_units"], raw["price_fen_per_unit"]
    far = {tuple(pair) for pair in raw["too_far"]}
    rows = [
        [row for row in product(range(units + 1), repeat=len(capacity))
         if sum(row) == units and not any(x and (i, b) in far for b, x in enumerate(row))]
        for i, units in enumerate(quota)
    ]  # fmt: skip
    found = None
    for units in product(*rows):
        if any(sum(column) > most for column, most in zip(zip(*units, strict=True), capacity, strict=True)):
            continue
        worths = [sum(p * x for p, x in zip(price, row, strict=True)) for row in units]
        gain = min(10_000 * (w - v) // v for w, v in zip(worths, raw["value_fen"], strict=True))
        one = (gain, sum(worths), -sum(x > 0 for row in units for x in row))
        found = one if found is None else max(found, one)
    return found


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_brute_force_agrees(seed: int) -> None:
    raw = drawn(seed)
    told, best = answer(raw), by_force(raw)
    if best is None:
        assert told.status == "no_space"
    elif best[0] < 0:
        assert (told.status, told.least_gain_bp, told.gain_bound_bp) == ("worse_off", best[0], best[0])
    else:
        assert told.status == "optimal"
        assert (told.least_gain_bp, told.total_fen, -told.pairs) == best
        assert read_swap(raw).holds(told.units)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_what_is_short_is_the_smallest_set_that_lacks_most(seed: int) -> None:
    asked = read_swap(drawn(seed))
    space = find_space(asked.quota, asked.capacity, asked.reach)
    lacking = {}
    for chosen in product([False, True], repeat=len(asked.quota)):
        villages = tuple(i for i, is_in in enumerate(chosen) if is_in)
        blocks = {b for i in villages for b in asked.reach[i]}
        lacking[villages] = sum(asked.quota[i] for i in villages) - sum(asked.capacity[b] for b in blocks)
    most = max(lacking.values())
    assert space.short == most
    assert space.villages == min((v for v, lack in lacking.items() if lack == most), key=len)
    assert space.blocks == tuple(sorted({b for i in space.villages for b in asked.reach[i]}))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_the_order_of_villages_and_blocks_does_not_change_the_figures(seed: int) -> None:
    raw, rng = drawn(seed), random.Random(seed)
    villages, blocks = (
        rng.sample(range(n := len(raw["quota_units"])), n),
        rng.sample(range(m := len(raw["capacity_units"])), m),
    )
    turned = {
        **raw,
        **{key: [raw[key][i] for i in villages] for key in ("quota_units", "value_fen")},
        **{key: [raw[key][b] for b in blocks] for key in ("capacity_units", "price_fen_per_unit")},
        "too_far": [[villages.index(i), blocks.index(b)] for i, b in raw["too_far"]],
    }
    one, other = answer(raw), answer(turned)
    for figure in ("status", "least_gain_bp", "total_fen", "pairs"):
        assert getattr(one, figure) == getattr(other, figure)
    assert one.space.short == other.space.short


def test_the_worked_example_parts_one_village() -> None:
    assert answer(WORKED).as_json() == {
        "status": "optimal",
        "least_gain_bp": 3500,
        "total_value_fen": 410,
        "own_value_fen": 300,
        "pairs": 3,
        "pairs_bound": 3,
        "allocation_units": [[2, 1], [0, 2]],
    }


def test_whoever_lacks_space_and_whoever_must_lose_is_said() -> None:
    assert answer(WORKED, too_far=[[0, 1]]).as_json() == {
        "status": "no_space",
        "short_units": 1,
        "villages": [0],
        "blocks": [0],
    }
    assert answer(WORKED, value_fen=[300, 100]).as_json() == {"status": "worse_off", "best_least_gain_bp": -1000}


def test_without_a_proof_it_is_feasible_with_its_bounds() -> None:
    """Equal villages and prices without a common grain: the least gain is number partitioning."""
    rng = random.Random(5)
    quota = [rng.randint(7, 48) for _ in range(34)]
    raw = {
        **WORKED,
        "quota_units": quota,
        "value_fen": [units * 10**8 for units in quota],
        "capacity_units": [sum(quota) // 5 + 1] * 5,
        "price_fen_per_unit": [400_000_000, 360_000_000, 329_998_001, 290_454_000, 203_000_007],
    }
    asked = read_swap(raw)
    told = solve_swap(asked, seconds=0.2)
    assert told.status == "feasible"
    assert asked.holds(told.units)
    assert told.least_gain_bp <= told.gain_bound_bp
    assert told.as_json()["bound_bp"] == told.gain_bound_bp


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"form": "heli.swap/2"}, "form", "form"),
        ({"quota_units": [3]}, "wrong-length", "value_fen"),
        ({"quota_units": [0, 2]}, "too-small", "quota_units"),
        ({"value_fen": [200, 0]}, "too-small", "value_fen"),
        ({"price_fen_per_unit": [0.5, 1]}, "not-whole", "price_fen_per_unit"),
        ({"too_far": [[2, 0]]}, "too-large", "too_far"),
        ({"too_far": [[0]]}, "wrong-form", "too_far"),
        ({"speed": 1}, "unknown-key", "speed"),
    ],
)
def test_a_wrong_file_is_refused_by_field(change: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(InstanceError) as refused:
        read_swap({**WORKED, **change})
    assert (code, field) in {(flaw.code, flaw.field) for flaw in refused.value.flaws}
