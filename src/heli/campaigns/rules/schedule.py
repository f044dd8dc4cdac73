"""When the steps of a playbook are planned: forward from the first day or backward from a fixed one, in working days.

A playbook may have an anchor, the step whose day is the fixed one (polling day). What the anchor waits for is planned backward
from it, all else forward. `before` of a step are calendar days that have to lie between its last day and the anchor's; `within`
those from the first day of all to its last; a step that repeats is due at the end of each month or quarter from the first day.
"""

from calendar import monthrange
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import TopologicalSorter

from heli.campaigns.types import Playbook, StepRule, StepWindow
from heli.kernel.faults import Finding
from heli.kernel.workdays import Calendar

Span = tuple[int, int]
"""First and last working day of a step as indexes of the calendar."""


@dataclass(frozen=True, slots=True)
class Counting:
    """How calendar days become indexes of working days: by a calendar, or in plain weeks of five.

    `gap`: (last working day of a step, calendar days) -> the first working day after that many days. `cap`: the last working
    day within so many calendar days of the first day. `turn`: the last working day of the months up to the end of a turn.
    """

    gap: Callable[[int, int], int]
    cap: Callable[[int], int]
    turn: Callable[[int], int]

    def bounds(self, playbook: Playbook) -> dict[str, int]:
        """The working day after which a step is late whatever it waits for; steps that only have working days are not there.

        A turn ends with its month or quarter, and before what waits for it in the same turn.
        """
        found: dict[str, int] = {}
        for step in reversed(in_order(playbook)):
            own = [self.cap(step.within)] if step.within else []
            if step.repeat is not None:
                own.append(self.turn(step.repeat.months * step.turn))
            if own:
                found[step.key] = min([*own, found.get(step.key, own[0])])
            for key in step.after if step.repeat else ():
                if (playbook.by_key[key].repeat, playbook.by_key[key].turn) == (step.repeat, step.turn):
                    found[key] = min(found.get(key, found[step.key]), found[step.key] - step.days)
        return found


def by_calendar(calendar: Calendar, starts_on: date) -> Counting:
    """Days as they are, the first of all being `starts_on`."""

    def turn(months: int) -> int:
        years, month = divmod(starts_on.month - 1 + months, 12)
        year = starts_on.year + years
        day = min(starts_on.day, monthrange(year, month + 1)[1])
        return calendar.index(date(year, month + 1, day) - timedelta(days=1))

    return Counting(
        lambda due, days: calendar.index(calendar.next_workday(calendar.day_at(due) + timedelta(days=days))),
        lambda days: calendar.index(starts_on + timedelta(days=days)),
        turn,
    )


PLAIN = Counting(
    lambda due, days: due + -(-days * 5 // 7), lambda days: 1 + days * 5 // 7, lambda months: months * 65 // 3
)
"""Weeks without holidays, the first working day being 1; a quarter has thirteen."""


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
    spans = _spans(playbook, calendar, starts_on, fixed_on)
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
    new = _windows(playbook, calendar, _spans(playbook, calendar, starts_on, fixed_on), fixed_on)
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

    Calendar days are counted in weeks of five working days.
    """
    return max(due for _start, due in _forward(playbook, 1, PLAIN).values())


def too_short(playbook: Playbook) -> tuple[tuple[StepRule, int, int], ...]:
    """Steps whose `within` or turn cannot be met even without holidays: the step, working days there are, working days needed."""
    spans, bounds = _forward(playbook, 1, PLAIN), PLAIN.bounds(playbook)
    needed = {step.key: max((spans[key][1] for key in step.after), default=0) + step.days for step in playbook.steps}
    return tuple(
        (step, bounds[step.key], needed[step.key])
        for step in playbook.steps
        if step.key in bounds and needed[step.key] > bounds[step.key]
    )


def critical_path(playbook: Playbook) -> tuple[str, ...]:
    """The steps in a row that decide the length: each day one of them is late, all is late. Of several the first in the file."""
    spans = _forward(playbook, 1, PLAIN)
    steps = {step.key: step for step in playbook.steps}
    last = max(spans.values(), key=lambda span: span[1])[1]
    path = [next(key for key, (_start, due) in spans.items() if due == last)]

    def holds_up(key: str) -> bool:
        rule, start = steps[path[-1]], spans[path[-1]][0]
        wait = steps[key].before if rule.anchor else 0
        return (key in rule.after and spans[key][1] == start - 1) or (
            wait > 0 and PLAIN.gap(spans[key][1], wait) == start
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


def _spans(playbook: Playbook, calendar: Calendar, starts_on: date, fixed_on: date | None) -> dict[str, Span]:
    first, counting = calendar.index(calendar.next_workday(starts_on)), by_calendar(calendar, starts_on)
    if fixed_on is None:
        return _forward(playbook, first, counting)
    if playbook.anchor is None:
        return _backward(playbook, first, counting, dict.fromkeys(playbook.by_key, calendar.index(fixed_on)))
    # On a day that is not worked the anchor takes no working day: what it waits for may use the Friday before.
    due = calendar.index(fixed_on)
    anchor = (due if calendar.is_workday(fixed_on) else due + 1, due)
    dues = {
        key: calendar.index(fixed_on - timedelta(days=playbook.by_key[key].before))
        if playbook.by_key[key].before
        else due
        for key in waits_for({step.key: step.after for step in playbook.steps}, playbook.anchor)
    }
    held = _backward(playbook, first, counting, dues, {playbook.anchor: anchor})
    return _forward(playbook, first, counting, held)


def _forward(
    playbook: Playbook, first: int, counting: Counting, held: Mapping[str, Span] | None = None
) -> dict[str, Span]:
    """Spans of all steps; those `held` stay as they are."""
    spans: dict[str, Span] = dict(held or {})
    bounds = counting.bounds(playbook)
    for step in in_order(playbook):
        if step.key in spans:
            continue
        start = max((spans[key][1] + 1 for key in step.after), default=first)
        if step.anchor:
            waits = [counting.gap(spans[each.key][1], each.before) for each in playbook.steps if each.before]
            start = max(start, *waits, first)
        due = start + step.days - 1
        if step.key in bounds:
            # A turn lasts to its end, `within` only cuts off.
            due = max(first, bounds[step.key] if step.repeat else min(due, bounds[step.key]))
            start = min(max(start, due - step.days + 1), due)
        spans[step.key] = (start, due)
    return {step.key: spans[step.key] for step in playbook.steps}


def _backward(
    playbook: Playbook,
    first: int,
    counting: Counting,
    latest: Mapping[str, int],
    held: Mapping[str, Span] | None = None,
) -> dict[str, Span]:
    """Spans of the steps of `latest`, each due then at the latest, before those `held`."""
    dues, spans = dict(latest), dict(held or {})
    bounds = counting.bounds(playbook)
    for step in reversed(in_order(playbook)):
        if step.key in dues:
            due = min(dues[step.key], bounds.get(step.key, dues[step.key]))
            start = due - step.days + 1
            # A first turn that holidays make shorter than its days begins with the campaign.
            spans[step.key] = (max(start, min(first, due)) if step.repeat else start, due)
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
