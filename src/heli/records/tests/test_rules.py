"""How late and how old a row is."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from heli.records.rules import AGES, age_class, days_late
from heli.records.testing import DAY


@given(st.integers(0, 10_000))
def test_every_age_has_one_class(days: int) -> None:
    name = age_class(days)
    first, _dash, last = name.partition("-")
    assert int(first) <= days <= int(last or days)
    assert name in {known for known, _last in AGES}


def test_lateness_stops_at_the_close() -> None:
    assert days_late(DAY, date(2026, 3, 5), date(2027, 1, 1)) == 3
    assert days_late(DAY, None, date(2026, 3, 1)) == 0
    assert days_late(None, None, DAY) == 0
