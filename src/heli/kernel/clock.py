"""The clock of a campaign: working days, without those on which the campaign rests."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

Rest = tuple[date, date | None]
"""Days from the first (included) to the second (excluded) on which the clock stands still; None: until further notice."""

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """How many counted days there are from `first` up to and including each day that follows."""

    first: date
    counts: tuple[int, ...]

    @property
    def last(self) -> date:
        """The last day this clock knows."""
        return self.first + A_DAY * (len(self.counts) - 1)

    def index(self, day: date) -> int:
        """Counted days up to and including the day; days before the first are 0, days after the last stay at the last."""
        position = (day - self.first).days
        return 0 if position < 0 else self.counts[min(position, len(self.counts) - 1)]

    def day(self, index: int) -> date:
        """The first day with the index; beyond the clock its last day."""
        position = bisect_left(self.counts, index)
        return self.first + A_DAY * min(position, len(self.counts) - 1)

    def between(self, after: date, until: date) -> int:
        """Counted days after the one day, up to and including the other; none when the order is the other way."""
        return max(0, self.index(until) - self.index(after))


def compute_clock(first: date, last: date, is_workday: Callable[[date], bool], rests: Iterable[Rest] = ()) -> Clock:
    """The clock from `first` to `last`. A day counts when people work on it and the campaign does not rest."""
    standing = set[int]()
    for begins, ends in rests:
        until = last if ends is None else min(last, ends - A_DAY)
        standing.update(range(max(begins, first).toordinal(), until.toordinal() + 1))
    days = (first + A_DAY * n for n in range((last - first).days + 1))
    return Clock(first, tuple(accumulate(int(day.toordinal() not in standing and is_workday(day)) for day in days)))
