"""Property counted: what must be said of a difference, and how long a clearance hangs, what is written off."""

from collections.abc import Iterator
from datetime import date, timedelta

from heli.kernel.faults import Finding

POSTED_DAYS = 7
"""Days a clearance hangs before it is confirmed (清产核资 公示)."""


def check_difference(book_fen: int, counted_fen: int, cause: str) -> Iterator[Finding]:
    """What was counted otherwise than the books say needs its cause."""
    if counted_fen != book_fen and not cause.strip():
        yield Finding("difference_without_cause", field="difference")


def check_posted(posted_on: date, on: date) -> Iterator[Finding]:
    """It hung long enough."""
    if on < (first := posted_on + timedelta(days=POSTED_DAYS)):
        yield Finding("not_posted_long_enough", {"day": first, "days": POSTED_DAYS})


def depreciated(cost_fen: int, residual_fen: int, months: int, acquired_on: date, on: date) -> int:
    """What is written off by a day on a straight line: from the month after it was acquired, never more than cost less residual."""
    if months <= 0 or cost_fen <= residual_fen:
        return 0
    passed = (on.year - acquired_on.year) * 12 + on.month - acquired_on.month
    return (cost_fen - residual_fen) * min(max(passed, 0), months) // months
