"""When the steps of a playbook are planned: forward from the first day or backward from a fixed one, in working days.

A playbook may have an anchor, the step whose day is the fixed one (polling day). What the anchor waits for is planned backward
from it, all else forward. `before` of a step are calendar days that have to lie between its last day and the anchor's.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import TopologicalSorter

from heli.campaigns.types import Playbook, StepRule, StepWindow
from heli.kernel.faults import Finding
from heli.kernel.workdays import Calendar

Span = tuple[int, int]
"""First and last working day of a step as indexes of the calendar."""
Gap = Callable[[int, int], int]
"""(last working day of a step, calendar days) -> the first working day after that many days, as indexes."""


class TooLate(Exception):
    """A fixed day that cannot be met from the first day; the finding says by how much."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def compute_windows(
    playbook: Playbook, calendar: Calendar, *, starts_on: date, fixed_on: date | None = None
) -> dict[str, StepWindow]:
    """First and last day of every step, by step key in the order of the playbook.

    Forward: a step begins on the working day after its predecessors are due, the first ones on the first working day from
    `starts_on`. With `fixed_on` backward: a step is due on the working day before its dependents begin, the last ones on
    the last working day up to `fixed_on`; the anchor of a playbook that has one is that very day, worked or not, and what
    does not lead to it is planned forward. Raises `TooLate` when that cannot be met from `starts_on`.
    """
    first = calendar.index(calendar.next_workday(starts_on))
    spans = _spans(playbook, calendar, first, fixed_on)
    begins = min(start for start, _due in spans.values())
    if fixed_on is not None and (begins < first or fixed_on < starts_on):
        needed = calendar.index(fixed_on) - begins + 1
        raise _too_late(calendar, late=max(1, first - begins), begins=begins, needed=needed, fixed_on=fixed_on)
    return _windows(playbook, calendar, spans, fixed_on)


@dataclass(frozen=True, slots=True)
class WindowChange:
    """A step whose window is not what it was."""

    key: str
    old: StepWindow
    new: StepWindow


@dataclass(frozen=True, slots=True)
class Replan:
    """The timetable for another fixed day: every window, those that change, and what goes wrong with it.

    A violation `too_few_days` breaks a step's `before`; `late_at_once` is an open step that would be due before today.
    """

    windows: dict[str, StepWindow]
    changes: tuple[WindowChange, ...]
    violations: tuple[Finding, ...]


def replan(
    playbook: Playbook,
    calendar: Calendar,
    old: Mapping[str, StepWindow],
    *,
    starts_on: date,
    fixed_on: date,
    done_on: Mapping[str, date],
    today: date,
) -> Replan:
    """The timetable derived again. `done_on`: when a step was finished everywhere; others can be so today at the earliest."""
    first = calendar.index(calendar.next_workday(starts_on))
    new = _windows(playbook, calendar, _spans(playbook, calendar, first, fixed_on), fixed_on)
    violations = []
    for step in playbook.steps:
        left = (fixed_on - done_on.get(step.key, today)).days
        if step.before and left < step.before:
            violations.append(Finding("too_few_days", {"step": step.key, "left": left, "before": step.before}))
        elif step.key not in done_on and new[step.key].due < today:
            violations.append(Finding("late_at_once", {"step": step.key, "due": new[step.key].due}))
    changes = tuple(WindowChange(key, old[key], window) for key, window in new.items() if window != old[key])
    return Replan(new, changes, tuple(violations))


def compute_length(playbook: Playbook) -> int:
    """Working days from the first to the last of the whole playbook when nothing is late: the length of its critical path.

    `before` is counted in weeks of five working days.
    """
    return max(due for _start, due in _forward(playbook, 1, _in_plain_weeks).values())


def critical_path(playbook: Playbook) -> tuple[str, ...]:
    """The steps in a row that decide the length: each day one of them is late, all is late. Of several the first in the file."""
    spans = _forward(playbook, 1, _in_plain_weeks)
    steps = {step.key: step for step in playbook.steps}
    last = max(spans.values(), key=lambda span: span[1])[1]
    path = [next(key for key, (_start, due) in spans.items() if due == last)]

    def holds_up(key: str) -> bool:
        rule, start = steps[path[-1]], spans[path[-1]][0]
        wait = steps[key].before if rule.anchor else 0
        return (key in rule.after and spans[key][1] == start - 1) or (
            wait > 0 and _in_plain_weeks(spans[key][1], wait) == start
        )

    while before := [key for key in steps if holds_up(key)]:
        path.append(before[0])
    return tuple(reversed(path))


def in_order(playbook: Playbook) -> list[StepRule]:
    """Every step after all it waits for; otherwise as in the file."""
    sorter = TopologicalSorter({step.key: step.after for step in playbook.steps})
    return [playbook.by_key[key] for key in sorter.static_order()]


def waits_for(after: Mapping[str, Collection[str]], key: str) -> set[str]:
    """The steps that must be finished before this one, however many lie between."""
    found, waiting = set[str](), [key]
    while waiting:
        more = set(after[waiting.pop()]) - found
        found |= more
        waiting += more
    return found


def _in_plain_weeks(due: int, days: int) -> int:
    return due + -(-days * 5 // 7)


def _spans(playbook: Playbook, calendar: Calendar, first: int, fixed_on: date | None) -> dict[str, Span]:
    def gap(due: int, days: int) -> int:
        return calendar.index(calendar.next_workday(calendar.day_at(due) + timedelta(days=days)))

    if fixed_on is None:
        return _forward(playbook, first, gap)
    if playbook.anchor is None:
        return _backward(playbook, dict.fromkeys(playbook.by_key, calendar.index(fixed_on)))
    # On a day that is not worked the anchor takes no working day: what it waits for may use the Friday before.
    due = calendar.index(fixed_on)
    anchor = (due if calendar.is_workday(fixed_on) else due + 1, due)
    dues = {
        key: calendar.index(fixed_on - timedelta(days=playbook.by_key[key].before))
        if playbook.by_key[key].before
        else due
        for key in waits_for({step.key: step.after for step in playbook.steps}, playbook.anchor)
    }
    return _forward(playbook, first, gap, _backward(playbook, dues, {playbook.anchor: anchor}))


def _forward(playbook: Playbook, first: int, gap: Gap, held: Mapping[str, Span] | None = None) -> dict[str, Span]:
    """Spans of all steps; those `held` stay as they are."""
    spans: dict[str, Span] = dict(held or {})
    for step in in_order(playbook):
        if step.key in spans:
            continue
        start = max((spans[key][1] + 1 for key in step.after), default=first)
        if step.anchor:
            waits = [gap(spans[each.key][1], each.before) for each in playbook.steps if each.before]
            start = max(start, *waits, first)
        spans[step.key] = (start, start + step.days - 1)
    return {step.key: spans[step.key] for step in playbook.steps}


def _backward(playbook: Playbook, latest: Mapping[str, int], held: Mapping[str, Span] | None = None) -> dict[str, Span]:
    """Spans of the steps of `latest`, each due then at the latest, before those `held`."""
    dues, spans = dict(latest), dict(held or {})
    for step in reversed(in_order(playbook)):
        if step.key in dues:
            spans[step.key] = (dues[step.key] - step.days + 1, dues[step.key])
        for key in step.after if step.key in spans else ():
            dues[key] = min(dues[key], spans[step.key][0] - 1)
    return {step.key: spans[step.key] for step in playbook.steps if step.key in spans}


def _windows(
    playbook: Playbook, calendar: Calendar, spans: Mapping[str, Span], fixed_on: date | None
) -> dict[str, StepWindow]:
    windows = {}
    for key, (start, due) in spans.items():
        days = (calendar.day_at(start), calendar.day_at(due))
        if fixed_on is not None and key == playbook.anchor:
            days = (fixed_on, fixed_on)
        windows[key] = StepWindow(*days, is_provisional=any(calendar.is_provisional(day) for day in days))
    return windows


def _too_late(calendar: Calendar, *, late: int, begins: int, needed: int, fixed_on: date) -> TooLate:
    facts = {"fixed": fixed_on, "needed": needed, "late": late, "begins": calendar.day_at(begins)}
    return TooLate(Finding("fixed_day_too_early", facts, "fixed_on", str(fixed_on)))
