"""When the steps of a playbook are planned: forward from the first day or backward from a fixed one, in working days."""

from collections.abc import Mapping
from datetime import date
from graphlib import TopologicalSorter

from heli.campaigns.types import Playbook, StepRule, StepWindow
from heli.kernel.faults import Finding
from heli.kernel.workdays import Calendar

Span = tuple[int, int]
"""First and last working day of a step as indexes of the calendar."""


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
    the last working day up to `fixed_on`. Raises `TooLate` when that cannot be met from `starts_on`.
    """
    first = calendar.index(calendar.next_workday(starts_on))
    if fixed_on is None:
        return _windows(playbook, calendar, _forward(playbook, first))
    spans = _backward(playbook, calendar.index(fixed_on))
    begins = min(start for start, _due in spans.values())
    if begins < first:
        raise _too_late(
            calendar, late=first - begins, begins=begins, needed=compute_length(playbook), fixed_on=fixed_on
        )
    return _windows(playbook, calendar, spans)


def compute_length(playbook: Playbook) -> int:
    """Working days from the first to the last of the whole playbook when nothing is late: the length of its critical path."""
    return max(due for _start, due in _forward(playbook, 1).values())


def critical_path(playbook: Playbook) -> tuple[str, ...]:
    """The steps in a row that decide the length: each day one of them is late, all is late. Of several the first in the file."""
    spans = _forward(playbook, 1)
    steps = {step.key: step for step in playbook.steps}
    last = max(spans.values(), key=lambda span: span[1])[1]
    path = [next(key for key, (_start, due) in spans.items() if due == last)]
    while before := [key for key in steps[path[-1]].after if spans[key][1] == spans[path[-1]][0] - 1]:
        path.append(before[0])
    return tuple(reversed(path))


def in_order(playbook: Playbook) -> list[StepRule]:
    """Every step after all it waits for; otherwise as in the file."""
    sorter = TopologicalSorter({step.key: step.after for step in playbook.steps})
    return [playbook.by_key[key] for key in sorter.static_order()]


def _forward(playbook: Playbook, first: int) -> dict[str, Span]:
    spans: dict[str, Span] = {}
    for step in in_order(playbook):
        start = max((spans[key][1] + 1 for key in step.after), default=first)
        spans[step.key] = (start, start + step.days - 1)
    return {step.key: spans[step.key] for step in playbook.steps}


def _backward(playbook: Playbook, last: int) -> dict[str, Span]:
    dues = dict.fromkeys(playbook.by_key, last)
    spans: dict[str, Span] = {}
    for step in reversed(in_order(playbook)):
        due = dues[step.key]
        spans[step.key] = (due - step.days + 1, due)
        for key in step.after:
            dues[key] = min(dues[key], due - step.days)
    return {step.key: spans[step.key] for step in playbook.steps}


def _windows(playbook: Playbook, calendar: Calendar, spans: Mapping[str, Span]) -> dict[str, StepWindow]:
    windows = {}
    for key, (start, due) in spans.items():
        days = calendar.day_at(start), calendar.day_at(due)
        windows[key] = StepWindow(*days, is_provisional=any(calendar.is_provisional(day) for day in days))
    return windows


def _too_late(calendar: Calendar, *, late: int, begins: int, needed: int, fixed_on: date) -> TooLate:
    facts = {"fixed": fixed_on, "needed": needed, "late": late, "begins": calendar.day_at(begins)}
    return TooLate(Finding("fixed_day_too_early", facts, "fixed_on", str(fixed_on)))
