"""Problems, periods, ids and the two questions of access."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.kernel.access import PUBLIC, SYSTEM, Actor, Scope, may, require, scope
from heli.kernel.faults import Fault, Forbidden, Refused, Severity, has_errors
from heli.kernel.ids import ALPHABET, new_public_id
from heli.kernel.periods import Period


def test_a_problem_has_one_json_shape() -> None:
    fault = Fault("code_length", "write 12 digits", field="code", source="row 3")
    assert fault.as_json() == {
        "code": "code_length",
        "message": "write 12 digits",
        "severity": "error",
        "field": "code",
        "source": "row 3",
    }


def test_a_refusal_carries_its_problems_and_says_them() -> None:
    refusal = Refused([Fault("a", "first"), Fault("b", "second")])
    assert [fault.code for fault in refusal.faults] == ["a", "b"]
    assert str(refusal) == "first; second"


def test_an_empty_refusal_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Refused([])


def test_warnings_do_not_stop_a_write() -> None:
    warning = Fault("odd", "odd", Severity.WARNING)
    assert not has_errors([warning])
    assert has_errors([warning, Fault("bad", "bad")])


def test_the_system_may_everything_and_the_public_nothing_by_itself() -> None:
    assert may(SYSTEM, "places.import", 1)
    assert scope(SYSTEM, "places.read") == Scope(everything=True)
    assert not may(PUBLIC, "places.import", 1)
    with pytest.raises(Forbidden):
        require(Actor(None, "nobody"), "places.import", 1)


def test_an_empty_scope_is_false() -> None:
    assert not Scope()
    assert Scope(place_ids=frozenset({1}))


days = st.dates(date(2000, 1, 1), date(2040, 1, 1))
periods = st.builds(
    lambda start, length: Period(start, start + timedelta(length) if length else None), days, st.integers(0, 900)
)


@given(periods, periods)
def test_periods_overlap_exactly_when_they_share_a_day(one: Period, other: Period) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    later = max(one.start, other.start)
    assert one.overlaps(other) == (later in one and later in other)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends"):
        Period(date(2020, 1, 1), date(2020, 1, 1))


def test_public_ids_are_long_unlike_and_easy_to_read() -> None:
    ids = {new_public_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(len(public_id) == 12 and set(public_id) <= set(ALPHABET) for public_id in ids)
