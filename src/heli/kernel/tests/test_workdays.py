"""Working days agree with the official notices, and counting with them is arithmetic."""

import warnings
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.kernel import packs
from heli.kernel.faults import Refused
from heli.kernel.packs import load_pack, read_pack
from heli.kernel.workdays import (
    DATA,
    FIRST,
    LAST,
    MOVING_KEYS,
    YEAR_KEYS,
    Calendar,
    YearNotice,
    calendar,
    load_calendar,
    load_holidays,
    read_year,
)

OFFICIAL = range(2019, 2027)
DAYS = st.dates(date(2018, 1, 1), date(2030, 12, 31))
NUMBERS = st.integers(-300, 300)
CALENDAR = calendar()


@pytest.mark.parametrize("year", OFFICIAL)
def test_every_day_of_a_year_with_a_notice_is_as_the_notice_says(year: int) -> None:
    chinese_calendar = pytest.importorskip("chinese_calendar")
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert [day for day in days if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)] == []
    assert CALENDAR.is_official(year)


def test_a_make_up_sunday_is_worked_and_a_holiday_monday_is_not() -> None:
    assert CALENDAR.is_workday(date(2020, 4, 26))
    assert not CALENDAR.is_workday(date(2020, 5, 4))
    # Prolonged in the epidemic by a second notice.
    assert not CALENDAR.is_workday(date(2020, 1, 31))
    assert CALENDAR.is_workday(date(2020, 2, 3))


def test_a_year_without_a_notice_is_provisional_and_knows_the_holidays_of_the_law() -> None:
    assert CALENDAR.is_provisional(date(2027, 3, 1))
    assert not CALENDAR.is_provisional(date(2026, 12, 31))
    # The eve and the third day of the Spring Festival are holidays by the law of 2024, whatever the notice will move.
    law = ["01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02", "06-09", "09-15", "10-01", "10-02"]
    assert [day for day in law if CALENDAR.is_workday(date.fromisoformat(f"2027-{day}"))] == []
    assert CALENDAR.is_workday(date(2027, 2, 4))
    assert CALENDAR.is_workday(date(2027, 2, 9))


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_days_that_law_makes_holidays_are_off_in_the_official_notices_as_well(year: int) -> None:
    bare = Calendar({}, *load_holidays())
    law = {day for day in days_of(year) if day.weekday() < 5 and not bare.is_workday(day)}
    assert len(law) >= 9
    assert [day for day in sorted(law) if CALENDAR.is_workday(day)] == []


def test_the_holidays_that_move_are_known_to_the_end_of_the_calendar_and_lie_in_their_season() -> None:
    seasons = [(date(2000, 1, 20), 34), (date(2000, 4, 4), 2), (date(2000, 5, 24), 34), (date(2000, 9, 6), 34)]
    holidays = load_pack(DATA / "moving_holidays.toml", MOVING_KEYS).data["holidays"]
    for holiday, (earliest, length) in zip(holidays, seasons, strict=True):
        assert [day.year for day in holiday["days"]] == list(range(2025, LAST.year + 1))
        assert all(0 <= (day.replace(year=2000) - earliest).days < length for day in holiday["days"])


def test_the_holiday_of_the_new_year_may_begin_in_the_december_before() -> None:
    with_make_up = "2029-12-29"
    last_year = YearNotice(frozenset(), frozenset({date(2029, 12, 30)}))
    new_year = read_year(read_pack(notice(2030, "2029-12-30", "2030-01-01", with_make_up), "2030.toml", YEAR_KEYS))
    for notices in ({2030: new_year}, {2029: last_year, 2030: new_year}):
        own = Calendar(notices)
        assert own.is_workday(date(2029, 12, 29))  # a Saturday
        assert not any(own.is_workday(date(2029, 12, day)) for day in (30, 31))
        assert own.is_workday(date(2029, 12, 28))
        assert own.is_workday(date(2030, 1, 2))


def test_lateness_over_the_national_holiday_is_counted_in_working_days() -> None:
    # 27 September 2020 was a worked Sunday, 1 to 8 October were off, 10 October a worked Saturday.
    assert CALENDAR.count(date(2020, 9, 25), date(2020, 10, 10)) == 6
    assert CALENDAR.add(date(2020, 9, 30), 1) == date(2020, 10, 9)
    assert CALENDAR.add(date(2020, 10, 5), -1) == date(2020, 9, 30)
    assert CALENDAR.next_workday(date(2020, 10, 3)) == date(2020, 10, 9)
    assert CALENDAR.day_at(CALENDAR.index(date(2020, 10, 3))) == date(2020, 9, 30)


@given(DAYS, NUMBERS)
def test_counting_undoes_adding(day: date, days: int) -> None:
    there = CALENDAR.add(day, days)
    if days > 0:
        assert CALENDAR.count(day, there) == days
        assert CALENDAR.is_workday(there)
    if CALENDAR.is_workday(day):
        assert CALENDAR.count(day, there) == days
        assert CALENDAR.add(there, -days) == day


@given(DAYS, DAYS)
def test_counting_goes_forward_with_the_days_and_adds_up(one: date, other: date) -> None:
    early, late = sorted((one, other))
    assert 0 <= CALENDAR.count(early, late) <= (late - early).days
    assert CALENDAR.count(early, late) == -CALENDAR.count(late, early)
    walked = sum(CALENDAR.is_workday(early + timedelta(days=day + 1)) for day in range(min((late - early).days, 500)))
    assert walked == CALENDAR.count(early, min(late, early + timedelta(days=500)))


@given(DAYS, st.integers(1, 300))
def test_more_days_lead_further(day: date, days: int) -> None:
    assert CALENDAR.add(day, days) < CALENDAR.add(day, days + 1)
    assert CALENDAR.add(day, -days) > CALENDAR.add(day, -days - 1)
    assert CALENDAR.add(day, days) <= CALENDAR.add(day + timedelta(days=1), days)


@given(DAYS)
def test_the_index_of_a_working_day_leads_back_to_it(day: date) -> None:
    before = CALENDAR.day_at(CALENDAR.index(day))
    assert CALENDAR.is_workday(before)
    assert before <= day <= CALENDAR.next_workday(day)
    assert CALENDAR.is_workday(day) == (CALENDAR.next_workday(day) == day)


@pytest.mark.parametrize("day", [FIRST - timedelta(days=1), LAST + timedelta(days=1), date(9999, 1, 1)])
def test_days_beyond_the_calendar_are_refused(day: date) -> None:
    with pytest.raises(Refused, match="between them"):
        CALENDAR.index(day)
    with pytest.raises(Refused):
        CALENDAR.add(LAST, 1)


def test_a_locality_s_file_makes_the_next_year_official(tmp_path: Path) -> None:
    (tmp_path / "workdays").mkdir()
    (tmp_path / "workdays" / "2027.toml").write_text(notice(2027, "2027-02-05", "2027-02-11", "2027-01-30"))
    packs.override_from(tmp_path)
    try:
        own = load_calendar()
    finally:
        packs.override_from(None)
    assert own.is_official(2027)
    assert own.is_workday(date(2027, 1, 30))
    assert not own.is_workday(date(2027, 2, 8))
    assert own.is_official(2026)


def days_of(year: int) -> list[date]:
    return [day for number in range(366) if (day := date(year, 1, 1) + timedelta(days=number)).year == year]


def notice(year: int, first: str, last: str, work: str) -> str:
    return (
        f'id = "workdays-{year}"\nversion = 1\nvalid_from = {year}-01-01\njurisdiction = "CN"\nsource = "a notice"\n'
        f'[[holidays]]\nname = {{zh = "春节", en = "Spring Festival"}}\nfirst = {first}\nlast = {last}\nwork = [{work}]\n'
    )


@pytest.mark.parametrize(
    ("days", "code", "line"),
    [
        (("2027-02-11", "2027-02-05", ""), "holiday_days", 8),
        (("2026-11-30", "2027-01-01", ""), "holiday_days", 8),
        (("2026-12-30", "2026-12-31", ""), "holiday_days", 8),
        (("2027-12-30", "2028-01-01", ""), "holiday_days", 8),
        (("2027-02-05", "2027-02-11", "2026-11-28"), "make_up_days", 10),
        (("2027-02-05", "2027-02-11", "2027-02-17"), "make_up_days", 10),
        (("2027-02-05", "2027-02-11", "2027-02-06"), "off_and_worked", 6),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused_with_its_line(
    days: tuple[str, str, str], code: str, line: int
) -> None:
    with pytest.raises(Refused) as caught:
        read_year(read_pack(notice(2027, *days), "2027.toml", YEAR_KEYS))
    assert [(fault.code, fault.source) for fault in caught.value.faults] == [(code, f"2027.toml:{line}")]


def test_the_notice_of_a_year_lies_in_the_file_of_that_year() -> None:
    with pytest.raises(Refused, match=r"belongs into 2027\.toml"):
        read_year(read_pack(notice(2027, "2027-02-05", "2027-02-11", ""), "2028.toml", YEAR_KEYS))
