"""Clocks agree with a count day by day, and with examples solved by hand."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.kernel.faults import Refused
from heli.kernel.workdays import calendar
from heli.matters.catalogues import office_hours
from heli.matters.rules.clocks import BEIJING, CountedIn, compute_due, compute_due_moment

CALENDAR = calendar()
A_DAY = timedelta(days=1)
DAYS = st.dates(date(2025, 10, 1), date(2027, 3, 1))
PAUSES = st.lists(st.tuples(DAYS, st.integers(0, 40)).map(lambda one: (one[0], one[0] + A_DAY * one[1])), max_size=4)
MINUTES = st.integers(0, 60 * 24 * 40).map(lambda n: datetime(2026, 2, 1, tzinfo=BEIJING) + timedelta(minutes=n))


def by_hand(since: date, days: int, counted: CountedIn, pauses: list[tuple[date, date]]) -> date:
    day = since
    while days:
        day += A_DAY
        is_paused = any(begins <= day < ends for begins, ends in pauses)
        works = counted is CountedIn.CALENDAR or CALENDAR.is_workday(day)
        days -= works and not is_paused
    return day


@given(DAYS, st.integers(0, 60), st.sampled_from([CountedIn.WORKING, CountedIn.CALENDAR]), PAUSES)
def test_days_are_those_counted_one_by_one(
    since: date, days: int, counted: CountedIn, pauses: list[tuple[date, date]]
) -> None:
    due = compute_due(CALENDAR, since, days, counted, pauses)
    assert due.day == by_hand(since, days, counted, pauses)
    counts_in = {(since + A_DAY * (days > 0)).year, due.day.year}
    assert due.provisional is any(not CALENDAR.is_official(year) for year in counts_in)


@given(MINUTES, st.integers(0, 30), st.lists(MINUTES, max_size=6))
def test_office_hours_are_those_counted_minute_by_minute(start: datetime, hours: int, moments: list[datetime]) -> None:
    pauses = list(pairwise(sorted(moments)))[::2]
    due = compute_due_moment(CALENDAR, start, hours, office_hours(), pauses)
    minute, left = start, hours * 60
    while left:
        is_open = any(opens <= minute.time() < closes for opens, closes in office_hours())
        is_paused = any(begins <= minute < ends for begins, ends in pauses)
        left -= is_open and not is_paused and CALENDAR.is_workday(minute.date())
        minute += timedelta(minutes=1)
    assert due.moment == minute


@pytest.mark.parametrize(
    ("since", "days", "counted", "pauses", "due"),
    [
        # Friday the 13th; Saturday the 14th is worked instead of the Spring Festival, which lasts until the 23rd.
        ("2026-02-13", 1, "working", [], "2026-02-14"),
        ("2026-02-13", 3, "working", [], "2026-02-25"),
        ("2026-02-13", 3, "calendar", [], "2026-02-16"),
        # A pause over a weekend takes away no working day, one to a Tuesday takes the Monday.
        ("2026-05-14", 2, "working", [("2026-05-16", "2026-05-18")], "2026-05-18"),
        ("2026-05-14", 2, "working", [("2026-05-16", "2026-05-19")], "2026-05-19"),
        ("2026-05-14", 2, "working", [("2026-05-15", "2026-05-19"), ("2026-05-18", "2026-05-20")], "2026-05-21"),
        ("2026-05-16", 0, "working", [], "2026-05-16"),
    ],
)
def test_solved_by_hand(since: str, days: int, counted: str, pauses: list[tuple[str, str]], due: str) -> None:
    spans = [(date.fromisoformat(begins), date.fromisoformat(ends)) for begins, ends in pauses]
    found = compute_due(CALENDAR, date.fromisoformat(since), days, CountedIn(counted), spans)
    assert (found.day.isoformat(), found.provisional) == (due, False)


def test_two_hours_on_a_friday_evening_run_on_the_make_up_saturday() -> None:
    friday = datetime(2026, 2, 13, 16, 40, tzinfo=BEIJING)
    due = compute_due_moment(CALENDAR, friday, 2, [(time(8, 30), time(12)), (time(14), time(17, 30))])
    assert due.moment == datetime(2026, 2, 14, 9, 40, tzinfo=BEIJING)


def test_what_never_ends_is_refused() -> None:
    with pytest.raises(Refused, match="does not end"):
        compute_due(CALENDAR, date(2026, 5, 20), 1, CountedIn.CALENDAR, [(date(2026, 5, 1), None)])
    with pytest.raises(Refused, match="does not end"):
        compute_due(CALENDAR, date(2026, 5, 20), 10**12, CountedIn.WORKING)
    with pytest.raises(Refused, match="does not end"):
        compute_due_moment(CALENDAR, datetime(2026, 5, 20, tzinfo=BEIJING), 10**12, office_hours())
