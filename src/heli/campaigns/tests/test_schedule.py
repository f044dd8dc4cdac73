"""The timetable: dependencies hold in both directions, and what cannot be met is refused with the day it should have begun."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from heli.campaigns.rules.schedule import (
    TooLate,
    compute_length,
    compute_windows,
    critical_path,
    in_order,
)
from heli.campaigns.texts import too_late
from heli.campaigns.types import Party, Playbook, Stage, StepRule
from heli.kernel.levels import Per
from heli.kernel.words import Words
from heli.kernel.workdays import calendar

CALENDAR = calendar()
MONDAY = date(2026, 3, 2)


def draw(*lines: str) -> Playbook:
    """Steps from lines like "go 3 < ask plan": key, days, what it comes after."""
    steps = []
    for line in lines:
        left, _arrow, right = line.partition("<")
        key, days = left.split()
        words = Words(key, key)
        party = Party("village_cadre", Per.VILLAGE)
        steps.append(StepRule(key, "only", words, Per.VILLAGE, party, party, int(days), "", after=tuple(right.split())))
    stage = Stage("only", Words("", ""), tuple(steps))
    return Playbook("drawn", 1, stage.title, stage.title, MONDAY, None, "CN", "", (stage,), "", "")


DIAMOND = draw("ask 2", "print 1 < ask", "talk 4 < ask", "vote 1 < print talk", "tell 2")


def days(windows: object, *keys: str) -> list[tuple[str, str]]:
    return [(windows[key].start.isoformat()[5:], windows[key].due.isoformat()[5:]) for key in keys]  # type: ignore[index]  # a window by key


def test_forward_a_step_begins_the_working_day_after_all_it_waits_for() -> None:
    windows = compute_windows(DIAMOND, CALENDAR, starts_on=MONDAY)
    assert days(windows, "ask", "print", "talk", "vote", "tell") == [
        ("03-02", "03-03"), ("03-04", "03-04"), ("03-04", "03-09"), ("03-10", "03-10"), ("03-02", "03-03"),
    ]  # fmt: skip


def test_backward_a_step_is_due_the_working_day_before_its_dependents_begin() -> None:
    windows = compute_windows(DIAMOND, CALENDAR, starts_on=MONDAY, fixed_on=date(2026, 3, 13))
    assert days(windows, "ask", "print", "talk", "vote", "tell") == [
        ("03-05", "03-06"), ("03-12", "03-12"), ("03-09", "03-12"), ("03-13", "03-13"), ("03-12", "03-13"),
    ]  # fmt: skip


def test_a_fixed_day_on_a_weekend_means_the_friday_before() -> None:
    saturday = compute_windows(DIAMOND, CALENDAR, starts_on=MONDAY, fixed_on=date(2026, 3, 14))
    assert saturday == compute_windows(DIAMOND, CALENDAR, starts_on=MONDAY, fixed_on=date(2026, 3, 13))


def test_a_make_up_saturday_is_planned_with() -> None:
    # 9 May 2026 is a worked Saturday after the holiday of 1 to 5 May.
    windows = compute_windows(draw("ask 3", "vote 1 < ask"), CALENDAR, starts_on=date(2026, 5, 1))
    assert days(windows, "ask", "vote") == [("05-06", "05-08"), ("05-09", "05-09")]


def test_the_last_possible_fixed_day_is_met_and_the_day_before_is_refused_with_the_day_to_have_begun() -> None:
    assert compute_length(DIAMOND) == 7
    last = date(2026, 3, 10)
    met = compute_windows(DIAMOND, CALENDAR, starts_on=MONDAY, fixed_on=last)
    assert days(met, "ask", "vote") == [("03-02", "03-03"), ("03-10", "03-10")]
    with pytest.raises(TooLate) as caught:
        compute_windows(DIAMOND, CALENDAR, starts_on=MONDAY, fixed_on=date(2026, 3, 6))
    fault = too_late(caught.value.finding)
    assert (fault.code, fault.field) == ("fixed_day_too_early", "fixed_on")
    assert "7 个工作日，还差 2 个工作日" in fault.message
    # Two working days before Monday 2 March, for Saturday the 28th is worked.
    assert "2026-02-27" in fault.message


def test_a_year_without_an_official_calendar_marks_its_windows() -> None:
    windows = compute_windows(draw("ask 2", "vote 40 < ask"), CALENDAR, starts_on=date(2026, 12, 1))
    assert [windows[key].is_provisional for key in ("ask", "vote")] == [False, True]


def test_the_critical_path_is_the_row_of_steps_that_decides_the_length() -> None:
    assert critical_path(DIAMOND) == ("ask", "talk", "vote")


@st.composite
def playbooks(draw_: st.DrawFn) -> Playbook:
    """Any steps, each after some of those before it, in any order of the file."""
    number = draw_(st.integers(1, 9))
    lines = []
    for one in range(number):
        before = draw_(st.sets(st.integers(0, one - 1), max_size=3)) if one else set()
        lines.append(f"s{one} {draw_(st.integers(1, 6))} < " + " ".join(f"s{other}" for other in sorted(before)))
    return draw(*draw_(st.permutations(lines)))


STARTS = st.dates(date(2019, 1, 1), date(2027, 12, 31))


@given(playbooks(), STARTS, st.integers(0, 60))
def test_dependencies_always_hold_and_every_step_has_its_days(playbook: Playbook, starts_on: date, spare: int) -> None:
    forward = compute_windows(playbook, CALENDAR, starts_on=starts_on)
    fixed_on = CALENDAR.add(max(window.due for window in forward.values()), spare)
    backward = compute_windows(playbook, CALENDAR, starts_on=starts_on, fixed_on=fixed_on)
    for windows in (forward, backward):
        assert list(windows) == [step.key for step in playbook.steps]
        for step in playbook.steps:
            window = windows[step.key]
            assert CALENDAR.is_workday(window.start)
            assert CALENDAR.is_workday(window.due)
            assert CALENDAR.count(window.start, window.due) == step.days - 1
            assert all(windows[key].due < window.start for key in step.after)
            assert starts_on <= window.start
            assert window.due <= fixed_on


@given(playbooks(), STARTS, st.integers(0, 60))
def test_backward_from_any_day_is_never_earlier_than_forward(playbook: Playbook, starts_on: date, spare: int) -> None:
    forward = compute_windows(playbook, CALENDAR, starts_on=starts_on)
    ends = max(window.due for window in forward.values())
    backward = compute_windows(playbook, CALENDAR, starts_on=starts_on, fixed_on=CALENDAR.add(ends, spare))
    moved = {key: CALENDAR.count(forward[key].start, backward[key].start) for key in forward}
    assert min(moved.values()) == spare
    assert {moved[key] for key in critical_path(playbook)} == {spare}


@given(playbooks(), STARTS, st.integers(1, 20))
def test_a_fixed_day_before_the_forward_end_is_refused_by_just_as_much(
    playbook: Playbook, starts_on: date, short: int
) -> None:
    assume(starts_on.year > 2019)
    forward = compute_windows(playbook, CALENDAR, starts_on=starts_on)
    too_early = CALENDAR.add(max(window.due for window in forward.values()), -short)
    with pytest.raises(TooLate) as caught:
        compute_windows(playbook, CALENDAR, starts_on=starts_on, fixed_on=too_early)
    assert caught.value.finding.facts["late"] == short


@given(playbooks())
def test_the_critical_path_is_a_chain_whose_days_are_the_length(playbook: Playbook) -> None:
    path = critical_path(playbook)
    assert sum(playbook.by_key[key].days for key in path) == compute_length(playbook)
    assert all(before in playbook.by_key[key].after for before, key in pairwise(path))


@given(playbooks())
def test_in_order_every_step_comes_after_what_it_waits_for(playbook: Playbook) -> None:
    keys = [step.key for step in in_order(playbook)]
    assert sorted(keys) == sorted(playbook.by_key)
    assert all(keys.index(before) < keys.index(step.key) for step in playbook.steps for before in step.after)
