"""How the steps of a campaign stood at a moment, read from their log, and how they stand now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Max, Q
from django.utils import timezone

from heli.campaigns.models import Campaign, Pause, Step, StepEvent, Track
from heli.campaigns.rules.colours import Coloured, ColourRules, Seat, StepTally, compute_colours, lateness
from heli.campaigns.types import DONE, OPEN, Did, StepStatus
from heli.kernel.clock import Clock, compute_clock
from heli.kernel.levels import Per
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.places.types import EventRow

BEFORE = timedelta(days=400)
"""A clock begins this long before its campaign: what was due earlier is not expected."""


@dataclass(frozen=True, slots=True)
class StepNow:
    """A step at a moment: its place, key, planned days, how far it is, and when it came there (None: not yet begun)."""

    place: int
    key: str
    start_on: date
    baseline_on: date
    status: str
    due_on: date
    submitted_on: date | None = None
    moved_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """The places of a campaign with their steps at a moment. `gone` are tracks that had ended: {place: successor or 0}."""

    on: date
    seats: Sequence[Seat]
    steps: Sequence[StepNow]
    gone: Mapping[int, int] = field(default_factory=dict)


def clock_of(campaign: Campaign, until: date, *, ahead: bool = False) -> Clock:
    """The campaign's clock up to a day; `ahead`: for looking beyond it, as if no rest came after it."""
    pauses = list(Pause.objects.filter(campaign=campaign).order_by("valid_from").values_list("valid_from", "valid_to"))
    return clock_with(campaign, until, pauses, ahead=ahead)


def clock_with(
    campaign: Campaign, until: date, pauses: Iterable[tuple[date, date | None]], *, ahead: bool = False
) -> Clock:
    """The campaign's clock with the given rests."""
    first, last = campaign.starts_on - BEFORE, until
    rests = list(pauses)
    if ahead:
        last, tomorrow = until + timedelta(days=3 * 366), until + timedelta(days=1)
        rests = [(begins, min(ends or tomorrow, tomorrow)) for begins, ends in rests]
    return compute_clock(first, max(first, last), calendar().is_workday, rests)


def towns_before(events: Iterable[EventRow]) -> dict[int, set[int]]:
    """Which places went into a place, through any number of events in force: {place: its predecessors}."""
    into: dict[int, set[int]] = {}
    for event in events:
        if not event.in_force:
            continue
        for link in event.links:
            if link.source_id is not None and link.target_id is not None and link.source_id != link.target_id:
                into.setdefault(link.target_id, set()).add(link.source_id)
    found: dict[int, set[int]] = {}
    for place, sources in into.items():
        seen: set[int] = set()
        frontier = set(sources)
        while frontier:
            seen |= frontier
            frontier = {earlier for one in frontier for earlier in into.get(one, ())} - seen - {place}
        found[place] = seen
    return found


def heirs_on(events: Iterable[EventRow], standing: Collection[int], on: date) -> dict[int, int]:
    """Where a place that no longer stands went on, by the day: {place: standing place}; the largest part of a split."""
    step: dict[int, int] = {}
    for event in events:
        if event.in_force and event.on <= on:
            for link in sorted(event.links, key=lambda link: link.size):
                if link.source_id is not None and link.target_id is not None and link.source_id != link.target_id:
                    step[link.source_id] = link.target_id
    found: dict[int, int] = {}
    for place in step:
        here, seen = place, {place}
        while here not in standing and step.get(here, here) not in seen:
            here = step[here]
            seen.add(here)
        if here in standing and here != place:
            found[place] = here
    return found


@dataclass(frozen=True, slots=True)
class _Lane:
    id: int
    place: int
    town: int | None
    per: str
    is_over: bool
    successor: int | None


def _seats(campaign: Campaign, lanes: Sequence[_Lane], on: date) -> tuple[list[Seat], dict[int, int]]:
    """The seats of the day, and in which seat each track's own steps count: {track: place}.

    A village stands under the town that the register has for the day; a town that went on in another counts there.
    """
    alive = [lane for lane in lanes if not lane.is_over]
    wanted = {lane.place for lane in alive} | {lane.town for lane in alive if lane.town is not None}
    rows = places.rows_of(wanted, on)
    parents = {row.parent_id for row in rows.values() if row.parent_id is not None}
    towns_known = set(rows) | parents
    missing = {lane.place for lane in alive if lane.per == Per.TOWN and lane.place not in rows}
    missing |= {
        lane.town for lane in alive if lane.town is not None and lane.place not in rows and lane.town not in rows
    }
    heirs = heirs_on(places.events_of(missing, only_in_force=True), towns_known, on) if missing else {}
    seats: dict[int, Seat] = {campaign.district_id: Seat(campaign.district_id, "district")}
    counted: dict[int, int] = {}
    for lane in alive:
        if lane.per == Per.DISTRICT:
            counted[lane.id] = campaign.district_id
        elif lane.per == Per.TOWN:
            place = lane.place if lane.place in rows else heirs.get(lane.place, lane.place)
            counted[lane.id] = place
            seats.setdefault(place, Seat(place, "town", campaign.district_id))
        else:
            row = rows.get(lane.place)
            town = row.parent_id if row is not None else lane.town
            if row is None and town is not None and town not in rows:
                town = heirs.get(town, town)
            above = town or campaign.district_id
            counted[lane.id] = lane.place
            seats[lane.place] = Seat(lane.place, "village", above)
            seats.setdefault(above, Seat(above, "town", campaign.district_id))
    return sorted(seats.values(), key=lambda seat: seat.place), counted


def standing_at(campaign: Campaign, at: datetime) -> Standing:
    """How everything stood at the moment, from the log alone: what was written later does not count. Seven queries."""
    on = timezone.localdate(at)
    tracks = Track.objects.filter(campaign=campaign, created_at__lte=at).order_by("pk")
    lanes = [
        _Lane(*row[:4], row[4] is not None and row[4] <= at, row[5])
        for row in tracks.values_list("pk", "place_id", "town_id", "per", "ended_at", "successor_id")
    ]
    latest = (
        StepEvent.objects.filter(campaign=campaign, at__lte=at).order_by().values("step_id").annotate(last=Max("pk"))
    )
    events = {
        row[0]: row[1:]
        for row in StepEvent.objects.filter(pk__in=latest.values("last"))
        .order_by()
        .values_list("step_id", "status", "due_on", "submitted_on", "at")
        .iterator(chunk_size=20_000)
    }
    steps = Step.objects.filter(campaign=campaign, created_at__lte=at).order_by("pk")
    rows = steps.values_list("pk", "track_id", "key", "start_on", "baseline_on").iterator(chunk_size=20_000)
    seats, counted = _seats(campaign, lanes, on)
    by_track = {lane.id: lane for lane in lanes}
    found = []
    for pk, track, key, start_on, baseline_on in rows:
        lane = by_track.get(track)
        if lane is None:
            continue
        place = counted.get(track, lane.place)
        seen = events.get(pk)
        if seen is None:
            found.append(StepNow(place, key, start_on, baseline_on, StepStatus.NOT_STARTED, baseline_on))
        else:
            status, due_on, submitted_on, moved_at = seen
            moved_on = timezone.localdate(moved_at)
            found.append(StepNow(place, key, start_on, baseline_on, status, due_on, submitted_on, moved_on))
    return Standing(on, seats, found, _gone(lanes))


def _gone(lanes: Iterable[_Lane]) -> dict[int, int]:
    lanes = list(lanes)
    place = {lane.id: lane.place for lane in lanes}
    return {lane.place: place.get(lane.successor or 0, 0) for lane in lanes if lane.is_over}


def standing_as_known_now(campaign: Campaign, at: datetime) -> Standing:
    """The same moment with what was recorded since: due days in force now, submissions that name an earlier day, reopenings.

    A step that was finished then and has been reopened since counts as returned; one that was handed in on a day before
    the moment, though it was typed later, counts as submitted on that day.
    """
    then = standing_at(campaign, at)
    on = then.on
    now: dict[tuple[int, str], tuple[str, date, date | None]] = {}
    later = StepEvent.objects.filter(campaign=campaign, at__gt=at).order_by("pk")
    rows = later.values_list("step__track__place_id", "step__key", "did", "status", "due_on", "submitted_on")
    reopened: set[tuple[int, str]] = set()
    for place, key, did, status, due_on, submitted_on in rows.iterator(chunk_size=20_000):
        now[place, key] = (status, due_on, submitted_on)
        if did == Did.REOPENED:
            reopened.add((place, key))
    if not now:
        return then
    changed = []
    for step in then.steps:
        known = now.get((step.place, step.key))
        if known is None:
            changed.append(step)
            continue
        status, submitted_on = step.status, step.submitted_on
        if step.status in DONE and (step.place, step.key) in reopened:
            status = StepStatus.RETURNED
        elif (
            step.status in OPEN
            and known[0] in (StepStatus.SUBMITTED, StepStatus.ACCEPTED)
            and known[2]
            and known[2] <= on
        ):
            status, submitted_on = StepStatus.SUBMITTED, known[2]
        changed.append(
            StepNow(
                step.place, step.key, step.start_on, step.baseline_on, status, known[1], submitted_on, step.moved_on
            )
        )  # fmt: skip
    return Standing(on, then.seats, changed, then.gone)


def colours_of(standing: Standing, clock: Clock, rules: ColourRules) -> list[Coloured]:
    """The colour of every place of a standing."""
    tallies: dict[int, StepTally] = {seat.place: StepTally() for seat in standing.seats}
    today = clock.index(standing.on)
    for step in standing.steps:
        tally = tallies.get(step.place)
        if tally is None:
            continue
        late = 0
        if step.due_on < standing.on and step.status in OPEN:
            submitted = None if step.submitted_on is None else clock.index(step.submitted_on)
            late = lateness(step.status, clock.index(step.due_on), submitted, today)
        tally.add(step.key, step.status, late)
    return compute_colours(standing.seats, tallies, rules)


def live_standing(campaign: Campaign, on: date) -> Standing:
    """How everything stands now, from the rows themselves: open steps past their day, and counts of the rest."""
    tracks = Track.objects.filter(campaign=campaign).order_by("pk")
    lanes = [
        _Lane(*row[:4], row[4] is not None, row[5])
        for row in tracks.values_list("pk", "place_id", "town_id", "per", "ended_at", "successor_id")
    ]
    seats, counted = _seats(campaign, lanes, on)
    steps = Step.objects.filter(campaign=campaign, track__ended_at=None).filter(Q(status__in=[*OPEN, *DONE]))
    rows = steps.order_by("pk").values_list(
        "track_id", "key", "start_on", "baseline_on", "status", "due_on", "submitted_on", "accepted_on"
    )
    found = [StepNow(counted[row[0]], *row[1:]) for row in rows.iterator(chunk_size=20_000) if row[0] in counted]
    return Standing(on, seats, found, _gone(lanes))
