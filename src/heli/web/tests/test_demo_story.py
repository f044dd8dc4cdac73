"""The demonstration tells the same story on whatever day it is built."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from heli.campaigns.rules.colours import Freeze, freeze_moments
from heli.kernel.workdays import Calendar, YearNotice, calendar
from heli.web.demo_reform import FIRST_RED, RED_WEEKS, WEEKS_IN, Story, compute_story

ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY_AT_FIVE = Freeze(5, 17)
LAST_RED = 33
"""Until this working day the slow town stays red and no other turns red: 19, and two weeks of at most seven days after it."""


def told(now: datetime, days: Calendar | None = None, zone: tzinfo = ZONE) -> tuple[Story, list[date], list[int]]:
    """The story as of a moment: its beginning, the days of its week ends, and which of its working days these are."""
    days = days or calendar()
    story = compute_story(now, FRIDAY_AT_FIVE, days, zone)
    ends = [one.astimezone(zone).date() for one in freeze_moments(FRIDAY_AT_FIVE, story.opened_at, now, zone)]
    return story, ends, [days.count(story.starts_on, day) + 1 for day in ends]


@pytest.mark.parametrize("year", range(2025, 2031))
def test_on_every_day_there_are_five_weeks_and_the_town_turns_red_before_the_fourth_ends(year: int) -> None:
    """All days of years with and without an official calendar, three times a day: make-up days, festivals, leap days."""
    moment = datetime(year, 1, 1, 1, tzinfo=ZONE)
    while moment.year == year:
        story, ends, numbers = told(moment)
        assert len(ends) == WEEKS_IN, moment
        assert calendar().is_workday(story.starts_on), moment
        is_red = [number >= FIRST_RED for number in numbers]
        assert is_red == [False] * (WEEKS_IN - RED_WEEKS) + [True] * RED_WEEKS, moment
        assert calendar().count(story.starts_on, moment.date()) + 1 <= LAST_RED, moment
        moment += timedelta(hours=8)


def test_the_plan_rests_on_the_figures_of_the_year_before_it() -> None:
    """Built in February, the reform was planned in December: figures of the same December would not be there yet."""
    story, _ends, _numbers = told(datetime(2026, 2, 14, 11, tzinfo=ZONE))
    assert (story.starts_on, story.planned_on, story.counted_on) == (
        date(2026, 1, 13), date(2025, 12, 14), date(2024, 12, 31),
    )  # fmt: skip


def test_it_turns_at_the_moment_the_week_is_frozen_in_local_time() -> None:
    ends_at = datetime(2026, 11, 27, 9, tzinfo=UTC)  # Friday, 17:00 in Shanghai
    before, after = told(ends_at - timedelta(seconds=1)), told(ends_at)
    assert before[1][-1] == date(2026, 11, 20)
    assert after[1][-1] == date(2026, 11, 27)
    assert (before[0].starts_on, after[0].starts_on) == (date(2026, 10, 20), date(2026, 10, 27))


def test_a_week_without_working_days_is_frozen_too_and_is_none_of_the_two_that_count() -> None:
    """A holiday from Saturday to Friday: the week does not count for a streak, so that the red begins a week earlier."""
    off = frozenset(date(2026, 3, 7) + timedelta(days=number) for number in range(7))
    days = Calendar({2026: YearNotice(off, frozenset())})
    _story, ends, numbers = told(datetime(2026, 3, 13, 18, tzinfo=ZONE), days)
    assert ends[-1] == date(2026, 3, 13)
    assert numbers == [9, 14, 19, 24, 24]
