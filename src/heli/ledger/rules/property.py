"""Property counted and contracts read: what must be said, and what the law lets stand no longer.

What is found is recorded even if unlawful; the day from which it is void is said beside it.
"""

from calendar import isleap
from collections.abc import Iterator
from datetime import date, timedelta

from heli.kernel.faults import Finding

POSTED_DAYS = 7
"""Days a clearance hangs before it is confirmed (清产核资 公示)."""
LEASE_YEARS = 20
"""A lease beyond them is void (民法典第七百零五条)."""


def check_difference(book_fen: int, counted_fen: int, cause: str) -> Iterator[Finding]:
    """What was counted otherwise than the books say needs its cause."""
    if counted_fen != book_fen and not cause.strip():
        yield Finding("difference_without_cause", field="difference")


def check_posted(posted_on: date, on: date) -> Iterator[Finding]:
    """It hung long enough."""
    if on < (first := posted_on + timedelta(days=POSTED_DAYS)):
        yield Finding("not_posted_long_enough", {"day": first, "days": POSTED_DAYS})


def compute_void_from(kind: str, begins_on: date, ends_on: date) -> date | None:
    """The first day on which a lease is void; None where it ends before, and for what is no lease."""
    if kind != "lease":
        return None
    year = begins_on.year + LEASE_YEARS
    is_leap_day = (begins_on.month, begins_on.day) == (2, 29)
    limit = date(year, 3, 1) if is_leap_day and not isleap(year) else begins_on.replace(year=year)
    return limit if ends_on >= limit else None
