"""What a post pays: base by post, a share by grade, a floor, parts of months by days, in whole fen. Pure.

A year has twelve equal months; a month of which somebody is in office for d of its n days counts d/n. What is paid is added up
exactly and rounded once, half up, at the end.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from heli.kernel.quantities import round_half_up

WHOLE, MONTHS = 10_000, 12


@dataclass(frozen=True, slots=True)
class PayScale:
    """Fen a year: `bases` by kind of post, `shares` of the base in basis points by grade, `floor` the least of a paid post."""

    bases: Mapping[str, int]
    shares: Mapping[str, int]
    floor: int

    def a_year(self, kinds: Collection[str], grade: str = "") -> Fraction:
        """What a full year pays whoever holds posts of these kinds, the best paid of them once; without a grade the base."""
        base = max((self.bases.get(kind, 0) for kind in kinds), default=0)
        return (
            max(Fraction(self.floor), Fraction(base * (WHOLE + self.shares.get(grade, 0)), WHOLE))
            if base
            else Fraction()
        )


@dataclass(frozen=True, slots=True)
class PaidSpan:
    """A time (`until` is the first day after it) in which one scale pays one person for the same posts."""

    scale: PayScale
    kinds: tuple[str, ...]
    first: date
    until: date
    grade: str = ""


def part_of_year(first: date, until: date) -> Fraction:
    """The months from a day to the day before another, parts of months by days, over twelve."""
    months, day = Fraction(), first
    while day < until:
        length = monthrange(day.year, day.month)[1]
        after = date(day.year + day.month // MONTHS, day.month % MONTHS + 1, 1)
        months += Fraction((min(after, until) - day).days, length)
        day = after
    return months / MONTHS


def pay_of(spans: Iterable[PaidSpan]) -> int:
    """What somebody is paid in all, in fen: added up exactly, rounded once."""
    exact = sum(
        (one.scale.a_year(one.kinds, one.grade) * part_of_year(one.first, one.until) for one in spans), Fraction()
    )
    return round_half_up(exact.numerator, exact.denominator)


def median_of(values: Collection[int]) -> int | None:
    """The middle of some amounts, of two the mean, in fen; None of nothing."""
    found, middle = sorted(values), len(values) // 2
    if not found:
        return None
    return found[middle] if len(found) % 2 else round_half_up(found[middle - 1] + found[middle], 2)


def cut(first: date, until: date, days: Iterable[date]) -> Sequence[tuple[date, date]]:
    """A time cut at some days."""
    marks = [first, *sorted({day for day in days if first < day < until}), until]
    return list(pairwise(marks)) if first < until else []
