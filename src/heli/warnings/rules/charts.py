"""Curves of a campaign: how many steps were planned and done until each working day. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

Points = tuple[tuple[date, int], ...]
"""(day, how many until then), oldest first."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StepFact:
    """One step: the town it counts in (0: the district itself), the day it was planned for, the day it was done."""

    town: int
    planned_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Curves:
    """A place's steps: how many, how many are done, how many should be; planned and achieved by working day."""

    total: int
    done: int
    due: int
    planned: Points
    achieved: Points


def compute_curves(facts: Iterable[StepFact], first: date, on: date, is_workday: Callable[[date], bool]) -> Curves:
    """The curves of some steps from the campaign's first day: planned to its end, achieved until `on`.

    What was done on a day of rest counts from the next working day on. The last point of both is exact.
    """
    steps = list(facts)
    planned = sorted(step.planned_on for step in steps)
    done = sorted(step.done_on for step in steps if step.done_on is not None and step.done_on <= on)
    end = max([*planned[-1:], first])
    return Curves(
        total=len(steps),
        done=len(done),
        due=bisect_right(planned, on),
        planned=_points(planned, first, end, is_workday),
        achieved=_points(done, first, max(on, first), is_workday),
    )


def _points(days: list[date], first: date, last: date, is_workday: Callable[[date], bool]) -> Points:
    span = [first + A_DAY * at for at in range((last - first).days + 1)]
    return tuple((day, bisect_right(days, day)) for day in span if is_workday(day) or day in (first, last))
