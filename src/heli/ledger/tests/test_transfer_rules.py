"""Levels below the chart meet by name, vouchers book exactly the difference, days and lines are read."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.ledger.rules.transfers import compute_codes, compute_lines, is_late, read_pairs
from heli.ledger.texts import said_blocked
from heli.ledger.types import CarryBlocked

LEVELS = st.dictionaries(
    st.sampled_from(["10201", "10202", "1020101", "11201", "21101"]),
    st.sampled_from(["农商行", "邮储", "水厂"]),
    max_size=5,
).filter(lambda found: "1020101" not in found or "10201" in found)


@given(LEVELS, LEVELS)
def test_each_account_of_a_giver_finds_one_of_the_same_name_or_a_free_number(
    own: dict[str, str], theirs: dict[str, str]
) -> None:
    found = compute_codes(own, theirs)
    assert set(found) == set(own)
    for code, to in found.items():
        assert to[:3] == code[:3]
        assert len(to) == len(code)
        assert theirs.get(to, own[code]) == own[code]


BALANCES = st.dictionaries(st.sampled_from(["101", "102", "311"]), st.integers(-99, 99))


@given(BALANCES, BALANCES)
def test_a_voucher_books_exactly_what_makes_the_one_the_other(after: dict[str, int], before: dict[str, int]) -> None:
    made = Counter(before)
    for account, fen in compute_lines(after, before):
        assert fen
        made[account] += fen
    assert {key: made[key] for key in made if made[key]} == {key: fen for key, fen in after.items() if fen}


def test_days_and_lines_are_read() -> None:
    assert [is_late(date(2026, 3, 1), on, date(2026, 4, 1)) for on in (date(2026, 3, 11), date(2026, 3, 12), None)] == [
        False, True, True,
    ]  # fmt: skip
    assert not is_late(None, None, date(2026, 4, 1))
    assert read_pairs("A 1\n\n B 2 ") == [("A", "1"), ("B", "2")]
    with pytest.raises(ValueError, match="A"):
        read_pairs("A")


def test_what_blocks_is_named_with_what_it_is_and_its_code() -> None:
    blocked = CarryBlocked(missing=("k2", "k3"))
    said = [one.message for one in said_blocked(blocked, {"k2": "停车场"})]
    assert ["停车场" in said[0], "k2" in said[0], "k3" in said[1]] == [True, True, True]
