"""Forecasts of a campaign: what they are computed from, how earlier ones did, and which villages are critical."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from heli.campaigns.queries import Campaign
from heli.campaigns.queries.colours import rules_of
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.queries.standing import Standing, clock_of, colours_of, live_standing, standing_at
from heli.campaigns.types import DONE, OPEN, Colour, SeatLevel, StepStatus
from heli.kernel.clock import Clock
from heli.places import queries as places
from heli.warnings.models import Forecast, FrozenWeek
from heli.warnings.queries.weeks import demands_until
from heli.warnings.rules import forecast as rules
from heli.warnings.rules import judging

DRAWS = 1_000


@dataclass(frozen=True, slots=True)
class Expected:
    """A place with the days by which it is finished in half and in four fifths of the draws."""

    place: int
    level: SeatLevel
    p50_on: date
    p80_on: date


def seed_of(campaign: Campaign, ends_at: datetime) -> int:
    """The seed of a week's forecast: the same whenever it is computed."""
    return int.from_bytes(sha256(f"{campaign.public_id} {ends_at.isoformat()}".encode()).digest()[:4], "big")


def after_of(campaign: Campaign) -> dict[str, tuple[str, ...]]:
    """Which steps each step of the campaign's playbook waits for."""
    return {step.key: step.after for step in playbook_of(campaign).steps}


def forecast_from(
    standing: Standing, clock: Clock, after: Mapping[str, Collection[str]], *, seed: int, draws: int = DRAWS
) -> list[Expected]:
    """When each place that is not finished will be. `clock` must look ahead."""
    positions, remaining, took = material_of(standing, clock, after)
    if not remaining:
        return []
    open_places = _with_those_above(standing, {step.track for step in remaining})
    found = rules.compute_forecast(
        positions, remaining, took, after, today=clock.index(standing.on), seed=seed, draws=draws
    )
    levels = {seat.place: SeatLevel(seat.level) for seat in standing.seats}
    return [
        Expected(
            one.track,
            levels[one.track],
            max(standing.on, clock.day(one.p50)),
            max(standing.on, clock.day(one.p80)),
        )
        for one in found
        if one.track in open_places
    ]


def material_of(
    standing: Standing, clock: Clock, after: Mapping[str, Collection[str]]
) -> tuple[list[rules.Position], list[rules.Remaining], list[rules.Took]]:
    """Places, what remains and what was observed, as indexes of the clock."""
    came: dict[int, list[int]] = {}
    for place, heir in standing.gone.items():
        came.setdefault(heir, []).append(place)
    seated = {seat.place for seat in standing.seats}
    alive = [
        rules.Position(seat.place, seat.above or None, tuple(sorted(came.get(seat.place, ()))))
        for seat in sorted(standing.seats, key=lambda seat: seat.place)
    ]
    gone = [rules.Position(place) for place in sorted(standing.gone.keys() - seated)]
    known = seated | standing.gone.keys()
    played = []
    for step in standing.steps:
        is_open = step.status in OPEN and step.place in seated
        if step.place not in known or not (is_open or step.status in DONE):
            continue
        start = clock.index(step.start_on)
        played.append(
            rules.Played(
                step.place,
                step.key,
                start,
                max(1, clock.index(step.baseline_on) - start + 1),
                is_open,
                None if is_open or step.moved_on is None else clock.index(step.moved_on),
                is_observed=step.status == StepStatus.ACCEPTED,
            )
        )
    remaining, took = rules.split_steps(played, [*alive, *gone], after)
    return alive, remaining, took


def _with_those_above(standing: Standing, place_ids: Collection[int]) -> set[int]:
    above = {seat.place: seat.above for seat in standing.seats}
    found: set[int] = set()
    for place in place_ids:
        here = place
        while here and here not in found:
            found.add(here)
            here = above.get(here, 0)
    return found


def forecasts_of(week: FrozenWeek, visible: Collection[int] | None) -> list[Forecast]:
    """The forecasts kept with a frozen week."""
    rows = Forecast.objects.filter(week=week).order_by("place_id")
    return [row for row in rows if visible is None or row.place_id in visible]


def kept_with(campaign: Campaign, week: FrozenWeek) -> dict[str, dict[int, Any]]:
    """What reports say that a frozen week keeps beside figures: by place (even chance, four in five) of its "forecast", by
    town the day by which a "demand" is due. Whether it is still owed the figures say.
    """  # fmt: skip
    forecasts = {one.place_id: (one.p50_on, one.p80_on) for one in forecasts_of(week, None)}
    return {"forecast": forecasts, "demand": demands_until(campaign, week)}


# --- how earlier forecasts did --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BackTest:
    """The forecasts of one frozen week at one level, and how they did."""

    week: FrozenWeek
    level: SeatLevel
    verdict: judging.ForecastVerdict
    made: int


@dataclass(frozen=True, slots=True)
class ForecastTrack:
    """The campaign's own forecast over the weeks: week, P50 and P80, and the day it really ended, if it has."""

    points: Sequence[tuple[FrozenWeek, date, date]]
    ended_on: date | None


def finished_on(standing: Standing) -> dict[int, date]:
    """Places with nothing open in or below them, and the day the last step was finished; none where no step was."""
    above = {seat.place: seat.above for seat in standing.seats}
    is_open: set[int] = set()
    last: dict[int, date] = {}
    for step in standing.steps:
        here = step.place if step.place in above else 0
        while here:
            if step.status in OPEN:
                is_open.add(here)
            elif step.status in DONE and step.moved_on is not None:
                last[here] = max(last.get(here, step.moved_on), step.moved_on)
            here = above.get(here, 0)
    return {place: day for place, day in last.items() if place not in is_open}


def back_tests(
    campaign: Campaign, now: datetime, visible: Collection[int] | None
) -> tuple[list[BackTest], ForecastTrack]:
    """Every earlier week's forecasts against what happened, newest week first; and the campaign's own over the weeks."""
    standing = standing_at(campaign, now)
    clock = clock_of(campaign, standing.on, ahead=True)
    today = clock.index(standing.on)
    actual = finished_on(standing)
    seated = {seat.place for seat in standing.seats}
    weeks = list(FrozenWeek.objects.filter(campaign=campaign).order_by("-number"))
    rows: dict[tuple[int, str], list[judging.Judged]] = {}
    own: dict[int, tuple[date, date]] = {}
    kept = Forecast.objects.filter(week__campaign=campaign)
    for week, place, level, p50, p80 in kept.values_list("week_id", "place_id", "level", "p50_on", "p80_on"):
        if place == campaign.district_id:
            own[week] = (p50, p80)
        if place not in seated or (visible is not None and place not in visible):
            continue
        day = actual.get(place)
        index = None if day is None else clock.index(day)
        rows.setdefault((week, level), []).append(judging.Judged(clock.index(p50), clock.index(p80), index))
    tests = [
        BackTest(week, level, judging.judge(found, today), len(found))
        for week in weeks
        for level in (SeatLevel.VILLAGE, SeatLevel.TOWN, SeatLevel.DISTRICT)
        if (found := rows.get((week.pk, level)))
    ]
    points = [(week, *own[week.pk]) for week in reversed(weeks) if week.pk in own]
    return tests, ForecastTrack(points, actual.get(campaign.district_id))


# --- critical villages ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Critical:
    """A village that holds the campaign up: how late it is, and the chain of steps that decides when it ends."""

    place: int
    public_id: str
    name: str
    town_name: str
    colour: Colour
    days_late: int
    worst_key: str
    late: int
    path: Sequence[str]
    path_days: int
    ends_on: date
    is_beyond: bool


def planned_end(campaign: Campaign) -> date:
    """The day by which the campaign is to be finished: its fixed day, else the last due day of its timetable."""
    if campaign.fixed_on is not None:
        return campaign.fixed_on
    return max((date.fromisoformat(due) for _start, due in campaign.windows.values()), default=campaign.starts_on)


def critical_villages(
    campaign: Campaign, on: date, visible: Collection[int] | None, *, most: int = 30
) -> list[Critical]:
    """The villages that end last by their longest remaining path, or are red, worst first. Constant queries."""
    standing = live_standing(campaign, on)
    clock = clock_of(campaign, on, ahead=True)
    coloured = {one.place: one for one in colours_of(standing, clock, rules_of(campaign))}
    after = after_of(campaign)
    _positions, remaining, took = material_of(standing, clock, after)
    usual = rules.compute_means(took)
    paces = rules.compute_paces(took)
    left: dict[int, dict[str, int]] = {}
    for step in remaining:
        pace = paces[step.track].blended(1.0) if step.track in paces else 1.0
        days = usual.get(step.key, step.days) * pace
        left.setdefault(step.track, {})[step.key] = max(1, round(days))
    end, today = planned_end(campaign), clock.index(on)
    villages = [seat.place for seat in standing.seats if seat.level == SeatLevel.VILLAGE and seat.place in left]
    if visible is not None:
        villages = [place for place in villages if place in visible]
    rows = places.rows_of(villages, on)
    found = []
    for place in villages:
        row, one = rows.get(place), coloured[place]
        path, days = rules.longest_path(after, left[place])
        ends_on = clock.day(today + days)
        if row is None or (ends_on <= end and one.colour is not Colour.RED):
            continue
        found.append(
            Critical(
                place, row.public_id, row.name, row.parent_name, one.colour, one.days_late, one.worst_key, one.late,
                path, days, ends_on, ends_on > end,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.path_days, -one.days_late, one.place))[:most]


def last_week(campaign: Campaign, now: datetime) -> FrozenWeek | None:
    """The newest frozen week."""
    return FrozenWeek.objects.filter(campaign=campaign, ends_at__lte=now).order_by("-number").first()
