"""The timetable: dependencies hold in both directions, and what cannot be met is refused with the day it should have begun."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from heli.campaigns.rules.schedule import (
    TooLate,
    compute_length,
    compute_windows,
    critical_path,
    in_order,
    replan,
    too_short,
)
from heli.campaigns.texts import too_late
from heli.campaigns.types import Party, Playbook, Repeat, Stage, StepRule, StepWindow
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


# --- an anchor: polling day -----------------------------------------------------------------------------------------------


def draw_anchored(*lines: str, before: dict[str, int]) -> Playbook:
    """As `draw`, with the step `poll` as the anchor and calendar days of some steps before it."""
    book = draw(*lines)
    steps = tuple(replace(step, anchor=step.key == "poll", before=before.get(step.key, 0)) for step in book.steps)
    return replace(book, stages=(Stage("only", Words("", ""), steps),))


ELECTION = draw_anchored(
    "roll 2", "names 3 < roll", "talks 4", "poll 1 < names", "hand-over 5 < poll", before={"roll": 20}
)


def test_polling_day_is_fixed_and_the_roll_hangs_twenty_days_before_it() -> None:
    windows = compute_windows(ELECTION, CALENDAR, starts_on=MONDAY, fixed_on=date(2026, 4, 15))
    # 15 April less twenty days is Thursday 26 March.
    assert days(windows, "roll", "names", "poll", "hand-over", "talks") == [
        ("03-25", "03-26"), ("04-10", "04-14"), ("04-15", "04-15"), ("04-16", "04-22"), ("03-02", "03-05"),
    ]  # fmt: skip


def test_polling_day_may_be_a_sunday_and_the_friday_before_is_worked() -> None:
    windows = compute_windows(ELECTION, CALENDAR, starts_on=MONDAY, fixed_on=date(2026, 4, 19))
    assert days(windows, "names", "poll", "hand-over") == [("04-15", "04-17"), ("04-19", "04-19"), ("04-20", "04-24")]
    assert windows["roll"].due == date(2026, 3, 30)


def test_forward_polling_day_is_no_sooner_than_the_roll_allows() -> None:
    windows = compute_windows(ELECTION, CALENDAR, starts_on=MONDAY)
    assert days(windows, "roll", "poll") == [("03-02", "03-03"), ("03-23", "03-23")]
    assert critical_path(ELECTION) == ("roll", "poll", "hand-over")
    assert compute_length(ELECTION) == 2 + 15 + 5


def test_a_polling_day_before_the_first_day_is_refused() -> None:
    alone = draw_anchored("poll 1", before={})
    for fixed_on in (date(2026, 3, 1), date(2026, 2, 27)):
        with pytest.raises(TooLate):
            compute_windows(alone, CALENDAR, starts_on=MONDAY, fixed_on=fixed_on)


def test_another_polling_day_says_what_moves_and_what_it_breaks() -> None:
    old = compute_windows(ELECTION, CALENDAR, starts_on=MONDAY, fixed_on=date(2026, 4, 15))
    ask: Any = {"starts_on": MONDAY, "today": date(2026, 3, 30), "done_on": {"roll": date(2026, 3, 26)}}
    later = replan(ELECTION, CALENDAR, old, fixed_on=date(2026, 4, 16), **ask)
    assert [change.key for change in later.changes] == ["roll", "names", "poll", "hand-over"]
    assert [(found.code, found.facts["step"]) for found in later.violations] == [("late_at_once", "talks")]
    sooner = replan(ELECTION, CALENDAR, old, fixed_on=date(2026, 4, 14), **ask)
    assert sooner.violations[0].code == "too_few_days"
    assert sooner.violations[0].facts == {"step": "roll", "left": 19, "before": 20}
    # Not yet hung, it can hang today at the earliest.
    unhung = replan(ELECTION, CALENDAR, old, fixed_on=date(2026, 4, 18), **{**ask, "done_on": {}})
    assert unhung.violations[0].facts["left"] == 19
    same = replan(ELECTION, CALENDAR, old, fixed_on=date(2026, 4, 15), **ask)
    assert same.changes == ()
    # Exactly twenty days are enough.
    assert [found.code for found in same.violations] == ["late_at_once"]


@st.composite
def elections(draw_: st.DrawFn) -> Playbook:
    """Any playbook with a polling day that waits for some steps, others after it or beside it."""
    book = draw_(playbooks())
    keys = list(book.by_key)
    waits = draw_(st.sets(st.sampled_from(keys), max_size=3))
    lines = [f"{step.key} {step.days} < {' '.join(step.after)}" for step in book.steps]
    lines += [f"poll 1 < {' '.join(sorted(waits))}", "hand-over 3 < poll"]
    drawn = draw(*lines)
    led = {step.key: step for step in drawn.steps}
    ahead, waiting = set[str](), list(waits)
    while waiting:
        ahead.add(key := waiting.pop())
        waiting += led[key].after
    before = {key: draw_(st.integers(1, 40)) for key in sorted(ahead) if draw_(st.booleans())}
    return draw_anchored(*lines, before=before)


@given(elections(), STARTS, st.integers(0, 90))
def test_around_a_polling_day_every_order_and_every_legal_distance_holds(
    playbook: Playbook, starts_on: date, later: int
) -> None:
    forward = compute_windows(playbook, CALENDAR, starts_on=starts_on)
    fixed_on = forward["poll"].due + timedelta(days=later)
    # A polling day no sooner than the forward one can always be met.
    backward = compute_windows(playbook, CALENDAR, starts_on=starts_on, fixed_on=fixed_on)
    assert backward["poll"].start == backward["poll"].due == fixed_on
    for windows in (forward, backward):
        for step in playbook.steps:
            assert starts_on <= windows[step.key].start <= windows[step.key].due
            assert all(windows[key].due < windows[step.key].start for key in step.after)
            if step.before:
                assert (windows["poll"].start - windows[step.key].due).days >= step.before
    found = replan(playbook, CALENDAR, forward, starts_on=starts_on, fixed_on=fixed_on, done_on={}, today=starts_on)
    assert found.windows == backward
    assert found.violations == ()
    assert {change.key for change in found.changes} == {key for key in forward if forward[key] != backward[key]}


# --- calendar days from the first day, and turns -------------------------------------------------------------------------


def draw_bound(
    *lines: str, within: dict[str, int] | None = None, turns: dict[str, tuple[Repeat, int]] | None = None
) -> Playbook:
    """As `draw`; `within` in calendar days, `turns` as how often and the how manieth."""
    playbook = draw(*lines)
    steps = []
    for step in playbook.steps:
        repeat, turn = (turns or {}).get(step.key, (None, 0))
        steps.append(replace(step, within=(within or {}).get(step.key, 0), repeat=repeat, turn=turn))
    return replace(playbook, stages=(replace(playbook.stages[0], steps=tuple(steps)),))


def test_a_hundred_days_end_on_the_hundredth_though_working_days_are_left() -> None:
    # 2 March and 100 days is Wednesday 10 June; 80 working days would last to 25 June.
    hundred = draw_bound("do 80", "look 1 < do", within={"do": 100})
    assert days(compute_windows(hundred, CALENDAR, starts_on=MONDAY), "do", "look") == [
        ("03-02", "06-10"), ("06-11", "06-11"),
    ]  # fmt: skip
    one_more = draw_bound("do 80", within={"do": 101})
    assert days(compute_windows(one_more, CALENDAR, starts_on=MONDAY), "do") == [("03-02", "06-11")]


def test_a_last_day_in_the_spring_festival_is_the_working_day_before_it() -> None:
    # 15 to 23 February 2026 are days off; the fourteenth, a Saturday, is worked.
    festival = draw_bound("do 30", within={"do": 20})
    assert days(compute_windows(festival, CALENDAR, starts_on=date(2026, 2, 2)), "do") == [("02-02", "02-14")]


def test_turns_end_with_their_month_or_quarter_from_the_first_day() -> None:
    quarters = {f"look-{n}": (Repeat.QUARTER, n) for n in (1, 2, 3, 4)}
    months = {f"count-{n}": (Repeat.MONTH, n) for n in (1, 2)}
    playbook = draw_bound(
        *(f"{key} 10" for key in quarters), "count-1 5", "count-2 5 < count-1", turns={**quarters, **months}
    )
    windows = compute_windows(playbook, CALENDAR, starts_on=date(2026, 1, 1))
    assert [windows[key].due.isoformat() for key in quarters] == [
        "2026-03-31",
        "2026-06-30",
        "2026-09-30",
        "2026-12-31",
    ]
    assert days(windows, "look-2") == [("06-16", "06-30")]
    assert days(windows, "count-1", "count-2") == [("01-26", "01-30"), ("02-24", "02-28")]
    # From the last day of a long month a turn ends before the last day of a short one.
    assert compute_windows(playbook, CALENDAR, starts_on=date(2026, 1, 31))["count-1"].due == date(2026, 2, 27)


def test_in_one_turn_a_step_ends_before_what_waits_for_it_begins() -> None:
    turns = {"look": (Repeat.QUARTER, 1), "mend": (Repeat.QUARTER, 1), "next": (Repeat.QUARTER, 2)}
    playbook = draw_bound("look 5", "mend 10 < look", "next 5 < mend", turns=turns)
    windows = compute_windows(playbook, CALENDAR, starts_on=date(2026, 1, 1))
    assert days(windows, "look", "mend", "next") == [("03-11", "03-17"), ("03-18", "03-31"), ("06-24", "06-30")]


def test_backward_a_turn_ends_no_later_than_what_waits_for_it_allows() -> None:
    quarters = {f"look-{n}": (Repeat.QUARTER, n) for n in (1, 2)}
    playbook = draw_bound("look-1 5", "look-2 5", "tell 5 < look-1 look-2", turns=quarters)
    windows = compute_windows(playbook, CALENDAR, starts_on=MONDAY, fixed_on=date(2026, 8, 28))
    assert days(windows, "look-1", "look-2", "tell") == [("05-26", "06-01"), ("08-17", "08-21"), ("08-24", "08-28")]


def test_what_its_own_days_leave_no_time_for_is_told_in_plain_weeks() -> None:
    assert too_short(draw_bound("ask 8", "do 7 < ask", within={"do": 20})) == ()
    tighter = draw_bound("ask 9", "do 7 < ask", within={"do": 20})
    assert [(step.key, there_are, needed) for step, there_are, needed in too_short(tighter)] == [("do", 15, 16)]
    assert compute_length(tighter) == 15


@st.composite
def bound_playbooks(draw_: st.DrawFn) -> Playbook:
    """Playbooks of which some steps have a last calendar day or a turn, drawn until none is too short."""
    drawn = draw_(playbooks())
    keys = list(drawn.by_key)
    within = draw_(st.dictionaries(st.sampled_from(keys), st.integers(1, 200)))
    turns = draw_(st.dictionaries(st.sampled_from(keys), st.tuples(st.sampled_from(list(Repeat)), st.integers(1, 4))))
    steps = tuple(
        replace(step, within=within.get(step.key, 0), repeat=turn[0] if turn else None, turn=turn[1] if turn else 0)
        for step in drawn.steps
        for turn in [turns.get(step.key)]
    )
    playbook = replace(drawn, stages=(replace(drawn.stages[0], steps=steps),))
    assume(not too_short(playbook))
    return playbook


@given(bound_playbooks(), STARTS)
def test_no_window_passes_its_own_calendar_days_and_all_without_them_keep_order(
    playbook: Playbook, starts_on: date
) -> None:
    windows = compute_windows(playbook, CALENDAR, starts_on=starts_on)

    def shifted(window: StepWindow) -> date:
        return CALENDAR.day_at(CALENDAR.index(window.due))

    first = CALENDAR.next_workday(starts_on)
    for step in playbook.steps:
        window = windows[step.key]
        assert first <= window.start <= window.due == shifted(window)
        if step.within:
            assert window.due <= max(first, starts_on + timedelta(days=step.within))
        elif step.repeat is None:
            assert all(windows[key].due < window.start for key in step.after)
            assert CALENDAR.index(window.due) - CALENDAR.index(window.start) + 1 == step.days
