"""Exact quantities: ratios kept as numerator and denominator, rounding half up, shares by largest remainder.

No floats here: money is in fen, areas in 0.01 m², shares in hundredths (DESIGN §4).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LONGEST = 18
"""Digits of a number that people type and a database keeps."""


def round_half_up(numerator: int, denominator: int) -> int:
    """The integer nearest to numerator/denominator; halves go away from zero. Raises ZeroDivisionError."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    quotient, remainder = divmod(abs(numerator), denominator)
    rounded = quotient + (2 * remainder >= denominator)
    return rounded if numerator >= 0 else -rounded


def decimal_text(numerator: int, denominator: int, places: int) -> str:
    """numerator/denominator written with `places` decimals, rounded half up: (138, 254, 4) -> "0.5433"."""
    scaled = round_half_up(numerator * 10**places, denominator)
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def read_whole(text: str) -> int | None:
    """A whole number, zero or more, as people type it: １２３, 1,234 and 1 234 are read; None for anything else."""
    plain = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text))
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= LONGEST else None


@dataclass(frozen=True, slots=True)
class Ratio:
    """numerator/denominator as counted, never reduced: the base stays readable."""

    numerator: int
    denominator: int

    def percent_text(self, places: int = 2) -> str | None:
        """ "54.33" for 138/254; None when the base is zero."""
        return decimal_text(self.numerator * 100, self.denominator, places) if self.denominator else None

    def percent_hundredths(self) -> int | None:
        """The percentage in hundredths of a percent (54.33 % -> 5433), as published figures are rounded."""
        return round_half_up(self.numerator * 10_000, self.denominator) if self.denominator else None


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` (any integer) over non-negative weights so that the parts add up to it exactly.

    Floors first, then one more to the largest remainders (the earlier on a tie). Raises ValueError when all weights are zero.
    """
    base = sum(weights)
    if base <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    magnitude = abs(total)
    parts = [magnitude * weight // base for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(magnitude * weights[i] % base), i))
    for i in by_remainder[: magnitude - sum(parts)]:
        parts[i] += 1
    return parts if total >= 0 else [-part for part in parts]


@dataclass(frozen=True, slots=True)
class TypedUnit:
    """A unit people type in: `one` over `over` of the stored small unit."""

    one: int
    over: int = 1

    def typed(self, stored: int) -> Decimal:
        """A stored number as people type it, with two decimals."""
        return (Decimal(stored) * self.over / self.one).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    def stored(self, typed: Decimal) -> int:
        """What people typed (two decimals at most), as it is stored."""
        return round_half_up(int(typed.scaleb(2)) * self.one, self.over * 100)


YUAN, MU = TypedUnit(100), TypedUnit(200_000, 3)
"""A yuan is 100 fen, a mu 200000/3 of 0.01 m²."""
