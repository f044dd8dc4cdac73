"""What must be said of property; the chart of accounts as the law prints it."""

from collections import Counter
from datetime import date, timedelta

import pytest

from heli.ledger.catalogues import chart, property_accounts
from heli.ledger.rules.property import check_difference, check_posted

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("book", "counted", "cause", "wrong"),
    [(100, 100, "", 0), (100, 99, "sold in 2019", 0), (100, 99, " ", 1), (0, 1, "", 1)],
)
def test_a_difference_needs_its_cause(book: int, counted: int, cause: str, wrong: int) -> None:
    assert len(list(check_difference(book, counted, cause))) == wrong


def test_a_clearance_hangs_seven_days() -> None:
    (finding,) = check_posted(DAY, DAY + timedelta(days=6))
    assert finding.facts == {"day": date(2026, 3, 9), "days": 7}
    assert list(check_posted(DAY, DAY + timedelta(days=7))) == []


def test_the_chart_has_42_accounts_in_order_and_its_contra_accounts_grow_in_credit() -> None:
    accounts = chart().entries
    assert len(accounts) == 42
    assert list(accounts) == sorted(accounts)
    assert Counter(one.more["class"] for one in accounts.values()) == {
        "asset": 19, "liability": 8, "equity": 4, "cost": 1, "income": 4, "expense": 6,
    }  # fmt: skip
    grows_otherwise = {
        code
        for code, one in accounts.items()
        if (one.more["side"] == "debit") != (one.more["class"] in ("asset", "cost", "expense"))
    }
    assert grows_otherwise == {"133", "152", "162"}
    assert list(property_accounts()) == ["121", "131", "132", "134", "141", "151", "153", "161"]
