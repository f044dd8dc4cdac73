"""The three colours at every threshold."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.campaigns.rules.colours import (
    KEYS,
    ColourRules,
    ColourShares,
    Escalation,
    Freeze,
    Seat,
    StepTally,
    Thresholds,
    check_rules,
    choose_rules,
    colour_by_shares,
    colour_of,
    colour_of_town,
    colour_of_village,
    compute_colours,
    freeze_moments,
    lateness,
    parse_rules,
    rules_from,
    tables_of,
    week_label,
    why_not_counted,
)
from heli.campaigns.types import COLOUR_ORDER, OPEN, Colour, StepStatus
from heli.kernel.clock import Clock, compute_clock
from heli.kernel.faults import Refused
from heli.kernel.packs import Pack, load_pack, read_pack

DATA = Path(__file__).parents[1] / "data" / "colours"
GREEN, YELLOW, ORANGE, RED = COLOUR_ORDER
RULES = ColourRules("colours", 1, "0" * 64)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def monday_to_friday(day: date) -> bool:
    return day.weekday() < 5


def clock_with(*rests: tuple[date, date | None]) -> Clock:
    return compute_clock(date(2026, 1, 1), date(2026, 12, 31), monday_to_friday, rests)


# --- steps -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "colour"),
    [(0, GREEN), (1, YELLOW), (2, YELLOW), (3, ORANGE), (4, ORANGE), (5, ORANGE), (6, RED), (7, RED), (400, RED)],
)
def test_so_many_working_days_late_is_that_colour(days: int, colour: Colour) -> None:
    assert colour_of(days, Thresholds()) is colour


def test_a_step_due_today_is_not_late_and_the_day_after_it_is() -> None:
    assert colour_of(lateness(StepStatus.IN_PROGRESS, 10, None, 10), Thresholds()) is GREEN
    assert colour_of(lateness(StepStatus.IN_PROGRESS, 10, None, 11), Thresholds()) is YELLOW


def test_red_comes_only_when_more_than_five_working_days_have_passed() -> None:
    assert colour_of(lateness(StepStatus.NOT_STARTED, 10, None, 15), Thresholds()) is ORANGE
    assert colour_of(lateness(StepStatus.NOT_STARTED, 10, None, 16), Thresholds()) is RED


def test_a_step_submitted_in_time_does_not_get_worse_while_it_waits() -> None:
    assert lateness(StepStatus.SUBMITTED, 10, 10, 30) == 0
    assert lateness(StepStatus.SUBMITTED, 10, 12, 30) == 2


def test_a_returned_step_counts_from_its_due_day_again() -> None:
    assert lateness(StepStatus.RETURNED, 10, 9, 30) == 20


@pytest.mark.parametrize("status", sorted(set(StepStatus) - OPEN))
def test_what_is_finished_moved_or_ended_is_not_late(status: StepStatus) -> None:
    assert lateness(status, 1, None, 99) == 0


def test_days_of_rest_do_not_count() -> None:
    rested = clock_with((date(2026, 3, 4), date(2026, 3, 7)))
    due, today = date(2026, 3, 2), date(2026, 3, 9)  # Monday to Monday, Wednesday to Friday at rest
    assert clock_with().between(due, today) == 5
    assert rested.between(due, today) == 2
    assert lateness(StepStatus.IN_PROGRESS, 10, None, 15, paused=3) == 2


def test_a_rest_without_end_stops_the_clock() -> None:
    clock = clock_with((date(2026, 3, 4), None))
    assert clock.between(date(2026, 3, 2), date(2026, 12, 31)) == 1


def test_a_step_due_on_friday_is_in_time_all_weekend_and_late_on_monday() -> None:
    clock = clock_with()
    due = clock.index(date(2026, 3, 6))
    assert [lateness(StepStatus.IN_PROGRESS, due, None, clock.index(date(2026, 3, day))) for day in (6, 7, 8, 9)] == [
        0,
        0,
        0,
        1,
    ]


@given(st.integers(0, 400), st.integers(0, 60), st.integers(0, 60))
def test_waiting_never_makes_a_submitted_step_worse_and_an_open_one_never_better(
    due: int, more: int, wait: int
) -> None:
    submitted = due + more
    assert lateness(StepStatus.SUBMITTED, due, submitted, submitted + wait) == more
    assert lateness(StepStatus.IN_PROGRESS, due, None, submitted + wait) >= more


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 30)), max_size=4),
    st.integers(0, 330),
    st.integers(0, 330),
)
def test_the_clock_counts_what_a_calendar_walked_day_by_day_counts(
    rests: list[tuple[int, int]], one: int, other: int
) -> None:
    first = date(2026, 1, 1)
    after, until = first + timedelta(min(one, other)), first + timedelta(max(one, other))
    periods = [(first + timedelta(begin), first + timedelta(begin + days)) for begin, days in rests]
    walked = sum(
        monday_to_friday(day) and not any(begin <= day < end for begin, end in periods)
        for day in (after + timedelta(n) for n in range(1, (until - after).days + 1))
    )
    assert clock_with(*periods).between(after, until) == walked


# --- villages and towns --------------------------------------------------------------------------------------------------


def test_a_village_is_as_its_worst_open_step() -> None:
    assert colour_of_village([GREEN, YELLOW, ORANGE]) is ORANGE
    assert colour_of_village([]) is GREEN


@pytest.mark.parametrize(
    ("villages", "colour"),
    [
        ([RED] * 2 + [GREEN] * 8, RED),  # 20 % red
        ([RED] * 1 + [GREEN] * 9, GREEN),  # 10 % not green
        ([RED] * 1 + [ORANGE] * 1 + [GREEN] * 8, ORANGE),  # 20 % orange or red
        ([RED] * 1 + [YELLOW] * 1 + [GREEN] * 8, YELLOW),  # 20 % not green, 10 % orange or red
        ([RED] * 19 + [GREEN] * 77, GREEN),  # 19.79 %
        ([RED] * 20 + [GREEN] * 80, RED),
        ([], GREEN),
    ],
)
def test_a_town_takes_the_worst_colour_whose_share_is_reached(villages: list[Colour], colour: Colour) -> None:
    assert colour_by_shares(villages, ColourShares()) is colour


def test_one_of_six_is_less_than_a_fifth_and_one_of_five_is_a_fifth() -> None:
    assert colour_by_shares([RED] + [GREEN] * 5, ColourShares()) is GREEN
    assert colour_by_shares([RED] + [GREEN] * 4, ColourShares()) is RED


def test_a_towns_own_worst_step_counts_only_if_the_pack_says_so() -> None:
    assert colour_of_town([GREEN, GREEN], ORANGE, ColourShares()) is ORANGE
    assert colour_of_town([GREEN, GREEN], ORANGE, ColourShares(own_steps=False)) is GREEN
    assert colour_of_town([RED, RED], YELLOW, ColourShares()) is RED


@given(st.lists(st.sampled_from(COLOUR_ORDER), max_size=40), st.integers(0, 39))
def test_a_village_that_gets_worse_never_makes_its_town_better(villages: list[Colour], place: int) -> None:
    if not villages:
        return
    worse = list(villages)
    worse[place % len(worse)] = RED
    order = COLOUR_ORDER.index
    assert order(colour_by_shares(worse, ColourShares())) >= order(colour_by_shares(villages, ColourShares()))


def test_every_place_of_a_campaign_gets_its_colour_and_the_reason() -> None:
    seats = [Seat(1, "district"), Seat(2, "town", 1), Seat(3, "town", 1), Seat(4, "village", 2), Seat(5, "village", 3)]
    tallies = {4: StepTally(), 1: StepTally()}
    tallies[4].add("b", StepStatus.IN_PROGRESS, 7)
    tallies[4].add("a", StepStatus.RETURNED, 7)
    tallies[4].add("c", StepStatus.ACCEPTED, 0)
    tallies[1].add("x", StepStatus.IN_PROGRESS, 1)
    found = {one.place: one for one in compute_colours(seats, tallies, RULES)}
    assert (found[4].colour, found[4].worst_key, found[4].days_late) == (RED, "a", 7)
    assert (found[4].open, found[4].late, found[4].done) == (2, 2, 1)
    assert [found[place].colour for place in (5, 2, 3, 1)] == [GREEN, RED, GREEN, RED]


# --- weeks -------------------------------------------------------------------------------------------------------------


def test_weeks_end_on_the_weekday_and_hour_of_the_pack_in_local_time() -> None:
    opened = datetime(2026, 3, 6, 8, 59, tzinfo=UTC)  # a Friday, 16:59 in Shanghai
    ends = freeze_moments(Freeze(), opened, opened + timedelta(days=15), SHANGHAI)
    assert [moment.isoformat() for moment in ends] == [
        "2026-03-06T17:00:00+08:00",
        "2026-03-13T17:00:00+08:00",
        "2026-03-20T17:00:00+08:00",
    ]


def test_a_week_that_ended_as_the_campaign_opened_is_not_one_of_its_weeks() -> None:
    opened = datetime(2026, 3, 6, 9, tzinfo=UTC)
    assert freeze_moments(Freeze(), opened, opened + timedelta(days=6), SHANGHAI) == []


def test_weeks_are_named_as_in_iso_8601() -> None:
    assert week_label(date(2027, 1, 1)) == "2026-W53"


def test_a_week_without_working_days_or_all_at_rest_does_not_count() -> None:
    assert why_not_counted(0, 0) == "holiday"
    assert why_not_counted(5, 0) == "paused"
    assert why_not_counted(5, 1) == ""


# --- packs -------------------------------------------------------------------------------------------------------------


def pack(text: str = "", **header: str) -> Pack:
    given = {"version": "1", "valid_from": "2019-01-01"} | header
    head = "".join(f"{key} = {value}\n" for key, value in given.items())
    shipped = (DATA / "colours.toml").read_text("utf-8")
    tables = text or shipped[shipped.index("[step]") :]
    return read_pack(f'id = "colours"\njurisdiction = "CN"\nsource = "x"\n{head}{tables}', "colours.toml", KEYS)


def test_the_shipped_pack_holds_the_defaults_and_a_week_pins_all_of_it() -> None:
    rules = parse_rules(load_pack(DATA / "colours.toml", KEYS))
    assert (rules.step, rules.town, rules.freeze, rules.escalation) == (
        Thresholds(1, 3, 6),
        ColourShares(2_000, 2_000, 2_000, own_steps=True),
        Freeze(5, 17),
        Escalation(2, 3),
    )
    again = rules_from(tables_of(rules), pack_id=rules.id, version=rules.version, sha256=rules.sha256)
    assert again == rules


def test_an_unknown_key_is_refused_with_its_line() -> None:
    shipped = (DATA / "colours.toml").read_text("utf-8")
    with pytest.raises(Refused, match="blue") as refused:
        read_pack(shipped.replace("red = 6", "blue = 6", 1), "colours.toml", KEYS)
    assert any(fault.source.endswith(":12") for fault in refused.value.faults)


def test_older_weeks_use_the_pack_of_their_day() -> None:
    packs = [pack(version="2", valid_from="2026-07-01"), pack(valid_to="2026-07-01")]
    assert choose_rules(packs, date(2026, 6, 30)).version == 1
    assert choose_rules(packs, date(2026, 7, 1)).version == 2
    assert choose_rules(packs, date(2001, 1, 1)).version == 1
    with pytest.raises(Refused, match="no rule pack"):
        choose_rules([], date(2026, 1, 1))


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("step", Thresholds(3, 2, 6), "steps_cross"),
        ("step", Thresholds(0, 2, 6), "steps_cross"),
        ("town", ColourShares(yellow=0), "share_range"),
        ("district", ColourShares(red=10_001), "share_range"),
        ("escalation", Escalation(weeks=0), "escalation_range"),
        ("freeze", Freeze(weekday=8), "freeze_range"),
        ("freeze", Freeze(hour=24), "freeze_range"),
    ],
)
def test_a_pack_that_cannot_be_meant_is_refused(part: str, value: Any, code: str) -> None:
    assert check_rules(RULES) == []
    assert [fault.code for fault in check_rules(replace(RULES, **{part: value}))] == [code]
