"""When something is due: days and office hours counted without the day of receipt and without pauses.

A pause is [from, to): the day or moment `to` counts again. What counts through a year whose make-up days were not announced is
provisional.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

from heli.kernel.clock import A_DAY, Rest, compute_clock
from heli.kernel.faults import Fault, Refused
from heli.kernel.workdays import LAST, Calendar

BEIJING = timezone(timedelta(hours=8))
MOST_HOURS = 1_000_000
"""More office hours than the calendar has."""
Span = tuple[datetime, datetime]
"""Moments from the first (included) to the second (excluded)."""
Opening = tuple[time, time]
"""From when to when offices are open, in order and without overlap."""


class CountedIn(StrEnum):
    """What a clock counts."""

    WORKING = "working"
    CALENDAR = "calendar"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last day on which something is in time, and whether a notice not yet published may change it."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class DueMoment:
    """The moment until which something is in time, in Beijing time."""

    moment: datetime
    provisional: bool


def compute_due(calendar: Calendar, since: date, days: int, counted: CountedIn, pauses: Iterable[Rest] = ()) -> DueDay:
    """The day on which so many days (0 or more) have been counted after `since`. Raises `Refused` where the calendar ends."""
    rests = [(begins, ends) for begins, ends in pauses if ends is None or begins < ends]
    works: Callable[[date], bool] = calendar.is_workday if counted is CountedIn.WORKING else _always
    last = _furthest(calendar, since, days, counted, rests)
    clock = compute_clock(since, last, works, rests)
    due = since if days == 0 else clock.day(clock.index(since) + days)
    if clock.between(since, due) < days:
        raise _unending()
    return DueDay(due, _is_provisional(calendar, since + A_DAY, due))


def _always(_day: date) -> bool:
    return True


def _furthest(calendar: Calendar, since: date, days: int, counted: CountedIn, rests: Sequence[Rest]) -> date:
    """A day the due day does not pass: as if every paused day were counted anew at the end."""
    calendar.index(since)  # refused outside the calendar
    paused = sum(max(0, ((ends or LAST) - max(begins, since)).days) for begins, ends in rests)
    if counted is CountedIn.WORKING:
        return calendar.add(since, min(days + paused, calendar.count(since, LAST)))
    return since + A_DAY * min(days + paused, (LAST - since).days)


def _is_provisional(calendar: Calendar, first: date, last: date) -> bool:
    return any(not calendar.is_official(year) for year in range(min(first, last).year, last.year + 1))


def _unending() -> Refused:
    message = "The count does not end within the calendar: fewer days, or give each pause its end."
    return Refused(Fault("never_due", message, field="days"))


def compute_due_moment(
    calendar: Calendar, since: datetime, hours: int, opening: Sequence[Opening], pauses: Iterable[Span] = ()
) -> DueMoment:
    """The moment at which so many office hours have passed after `since`. Raises `Refused` where the calendar ends."""
    calendar.index(since.date())  # refused outside the calendar
    if hours > MOST_HOURS:
        raise _unending()
    start, left = since.astimezone(BEIJING), timedelta(hours=hours)
    stopped = sorted(pauses)
    day = start.date()
    while left:
        if day > LAST:
            raise _unending()
        for opens, closes in opening if calendar.is_workday(day) else ():
            begins = max(start, datetime.combine(day, opens, BEIJING))
            for first, until in _open(begins, datetime.combine(day, closes, BEIJING), stopped):
                if left <= until - first:
                    moment = first + left
                    return DueMoment(moment, _is_provisional(calendar, start.date(), moment.date()))
                left -= until - first
        day += A_DAY
    return DueMoment(start, _is_provisional(calendar, start.date(), start.date()))


def _open(first: datetime, until: datetime, stopped: Sequence[Span]) -> Iterable[Span]:
    """What is left of [first, until) without the pauses."""
    for begins, ends in stopped:
        if min(begins, until) > first:
            yield first, min(begins, until)
        first = max(first, ends)
    if first < until:
        yield first, until
