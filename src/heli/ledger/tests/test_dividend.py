"""A dividend to the fen: losses, reserve and welfare first, the rest by shares, and what is left is carried forward."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.ledger.catalogues import dividend_laws
from heli.ledger.rules.forms import dividend_result
from heli.ledger.testing import dividend_case
from heli.ledger.texts import as_fault


def told(*shares: int, **other: Any) -> dict[str, Any]:
    return dividend_result(dividend_case(*(shares or (100, 200))) | other, dividend_laws(), as_fault)


def test_all_that_is_left_is_shared_and_the_lower_number_has_the_odd_fen() -> None:
    assert told(100, 100, 100) == {
        "id": "d",
        "status": "planned",
        "surplus_fen": 100_000,
        "reserve_fen": 30_000,
        "welfare_fen": 0,
        "distributable_fen": 70_000,
        "paid_fen": 70_000,
        "carried_fen": 0,
        "amounts": [{"no": 1, "fen": 23_334}, {"no": 2, "fen": 23_333}, {"no": 3, "fen": 23_333}],
        "over_holding": [],
    }


def test_the_order_of_the_file_does_not_decide_a_tie() -> None:
    backwards = [{"no": 9, "shares": 100}, {"no": 4, "class": "land", "shares": 100}]
    assert told(holders=backwards, pot_fen=1)["amounts"] == [{"no": 4, "fen": 1}, {"no": 9, "fen": 0}]


def test_whole_yuan_are_paid_and_the_rest_is_carried_forward() -> None:
    paid = told(100, 50, unit_fen=100, pot_fen=10_199)
    assert paid["amounts"] == [{"no": 1, "fen": 6_700}, {"no": 2, "fen": 3_400}]
    assert (paid["paid_fen"], paid["carried_fen"]) == (10_100, 59_900)


def test_so_much_a_share_is_rounded_down_in_all() -> None:
    assert told(150, 33, per_share_fen=101)["paid_fen"] == 184
    assert told(100, 100, per_share_fen=120_00)["amounts"] == [{"no": 1, "fen": 12_000}, {"no": 2, "fen": 12_000}]


def test_reserve_and_welfare_are_rounded_up_and_welfare_gives_way() -> None:
    one = told(income_fen=50_001, reserve_bp=1, welfare_bp=9_999)
    assert (one["reserve_fen"], one["welfare_fen"], one["status"]) == (1, 0, "nothing")


@pytest.mark.parametrize(
    ("jurisdiction", "reserve"),
    [("CN", 28_500), ("CN-46", 28_500), ("CN-33", 30_000), ("CN-31", 30_000), ("CN-51", 30_000)],
)
def test_losses_come_off_the_base_of_the_reserve_unless_the_province_says_the_surplus(
    jurisdiction: str, reserve: int
) -> None:
    one = told(jurisdiction=jurisdiction, brought_forward_fen=-5_000)
    assert (one["reserve_fen"], one["distributable_fen"]) == (reserve, 95_000 - reserve)


@pytest.mark.parametrize(("jurisdiction", "least"), [("CN", 0), ("CN-33", 3000), ("CN-31", 3000), ("CN-51", 0)])
def test_the_floor_of_a_province_counts_reserve_and_welfare_together(jurisdiction: str, least: int) -> None:
    asked = {"jurisdiction": jurisdiction, "reserve_bp": 1_499, "welfare_bp": 1_500}
    low = told(**asked)
    assert low.get("need_bp", 0) == least
    assert low["status"] == ("reserve_too_low" if least else "planned")
    assert told(**asked | {"reserve_bp": 1_500})["status"] == "planned"


def test_a_year_without_a_surplus_pays_nothing_and_too_much_says_by_how_much() -> None:
    assert told(income_fen=0) == {
        "id": "d",
        "status": "nothing",
        "surplus_fen": -50_000,
        "reserve_fen": 0,
        "welfare_fen": 0,
        "distributable_fen": 0,
    }
    assert told(pot_fen=70_000)["status"] == "planned"
    too_much = told(pot_fen=70_001)
    assert (too_much["status"], too_much["short_fen"], "paid_fen" in too_much) == ("too_much", 1, False)
    assert told(income_fen=0, brought_forward_fen=50_001)["paid_fen"] == 1


def test_a_holding_beyond_three_percent_is_named_in_zhejiang_alone() -> None:
    shares = (300, 301, 9_399)
    assert told(*shares, jurisdiction="CN-33")["over_holding"] == [2, 3]
    assert told(*shares)["over_holding"] == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"income_fen": -1}, "below_zero", "income_fen"),
        ({"expense_fen": -1}, "below_zero", "expense_fen"),
        ({"pot_fen": -1}, "below_zero", "pot_fen"),
        ({"per_share_fen": -1}, "below_zero", "per_share_fen"),
        ({"holders": [{"no": 1, "shares": -1}, {"no": 2, "shares": 5}]}, "below_zero", "holders.1.shares"),
        ({"unit_fen": 0}, "too_small", "unit_fen"),
        ({"holders": []}, "no_shares", "holders"),
        ({"holders": [{"no": 1, "shares": 0}]}, "no_shares", "holders"),
        ({"holders": [{"no": 1, "shares": 1}, {"no": 1, "shares": 1}]}, "number_twice", "holders.1.no"),
        ({"reserve_bp": -1}, "rate", "reserve_bp"),
        ({"welfare_bp": 10_001, "reserve_bp": 0}, "rate", "welfare_bp"),
        ({"welfare_bp": 7_001}, "rates", "welfare_bp"),
        ({"pot_fen": 1, "per_share_fen": 1}, "pot_and_per_share", "per_share_fen"),
        ({"jurisdiction": "33"}, "jurisdiction", "jurisdiction"),
        ({"on": "2026"}, "day", "on"),
        ({"pot": 1}, "unknown_key", "pot"),
    ],
)
def test_what_no_year_can_have_is_refused_with_its_field(change: dict[str, Any], code: str, field: str) -> None:
    refused = told(**change)
    assert (refused["status"], refused["id"]) == ("refused", "d")
    fault = refused["faults"][0]
    assert (fault["code"], fault["field"], fault["source"]) == (code, field, "d")
    assert "%(" not in fault["message"]


@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any),
    st.fixed_dictionaries(
        {
            "jurisdiction": st.sampled_from(["CN", "CN-31", "CN-33", "CN-51"]),
            "income_fen": st.integers(0, 10**11),
            "expense_fen": st.integers(0, 10**11),
            "brought_forward_fen": st.integers(-(10**10), 10**10),
            "reserve_bp": st.integers(3000, 7000),
            "welfare_bp": st.integers(0, 3000),
            "unit_fen": st.sampled_from([1, 10, 100]),
        }
    ),
)
def test_every_fen_is_set_aside_paid_or_carried(shares: list[int], year: dict[str, Any]) -> None:
    one = told(*shares, **year)
    had = year["income_fen"] - year["expense_fen"] + year["brought_forward_fen"]
    aside = one["reserve_fen"] + one["welfare_fen"]
    assert 0 <= aside <= max(0, one["surplus_fen"])
    if one["status"] == "nothing":
        assert had <= aside
        return
    assert had == aside + one["paid_fen"] + one["carried_fen"]
    assert sum(row["fen"] for row in one["amounts"]) == one["paid_fen"]
    total, unit = sum(shares), year["unit_fen"]
    for row in one["amounts"]:
        assert row["fen"] % unit == 0
        assert abs(row["fen"] * total - one["paid_fen"] * shares[row["no"] - 1]) < unit * total
