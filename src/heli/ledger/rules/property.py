"""Property counted: what must be said of a difference, and how long a clearance hangs, what is written off."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

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


Kept = Mapping[str, Mapping[str, Sequence[Any]]]
"""What a merger leaves as it is: {sort: {code: its values}}; of contracts the third value is the last day."""
LAST_DAY = 2


def compare_kept(before: Kept, after: Kept, on: date) -> list[tuple[str, str]]:
    """What differs, as (sort, code): gone or altered since the day of the lock. A contract whose last day has come may be gone."""
    found = []
    for sort in sorted(before):
        for code, values in sorted(before[sort].items()):
            has_run_out = sort == "contracts" and str(values[LAST_DAY]) <= on.isoformat()
            now = after.get(sort, {}).get(code)
            if (now is None and not has_run_out) or (now is not None and list(now) != list(values)):
                found.append((sort, code))
    return found
