"""Values of figures: a number that knows what it means. No Django here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from heli.kernel.declare import Figure, Pair
from heli.kernel.lint import Claim
from heli.kernel.quantities import decimal_text

SMALL_UNITS: Mapping[str, int] = {"yuan": 100, "km²": 100_000_000}
"""How many of the stored unit make one of the shown: fen and 0.01 m²."""
TIMES_100 = frozenset({"%", "percentage points"})


class SnapshotKind(StrEnum):
    """When a snapshot is taken: every night, beside the frozen colours of a week, for a report between weeks, or for the
    yearbook of what is finished."""

    DAILY = "daily"
    WEEKLY = "weekly"
    INTERIM = "interim"
    YEARBOOK = "yearbook"


def number_text(figure: Figure, pair: Pair, decimals: int | None = None) -> str | None:
    """The number as people read it, without its unit: "54.33", "2,502", "1,234.50"; None where the base is nought.

    Rounded half up to the figure's decimals, or to the given ones.
    """
    places = figure.decimals if decimals is None else decimals
    numerator, denominator = pair
    if figure.is_ratio:
        if denominator == 0:
            return None
        numerator *= 100 if figure.unit in TIMES_100 else 1
    else:
        denominator = SMALL_UNITS.get(figure.unit, 1)
    return thousands(decimal_text(numerator, denominator, places))


def thousands(text: str) -> str:
    """ "-1234567.5" with its thousands apart: "-1,234,567.5"."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = digits.partition(".")
    return f"{sign}{int(whole):,}{'.' + rest if rest else ''}"


@dataclass(frozen=True, slots=True)
class Value:
    """One number of one place: the figure it belongs to and what was counted."""

    figure: Figure
    numerator: int
    denominator: int

    @property
    def pair(self) -> Pair:
        """As counted."""
        return self.numerator, self.denominator

    @property
    def is_known(self) -> bool:
        """Whether there is a number: a ratio over nothing is none."""
        return not self.figure.is_ratio or self.denominator != 0

    def number(self, decimals: int | None = None) -> str | None:
        """The number without its unit."""
        return number_text(self.figure, self.pair, decimals)

    @property
    def shown_number(self) -> float | None:
        """The number as it is written, for drawing a chart."""
        text = self.number()
        return None if text is None else float(text.replace(",", ""))

    @property
    def sort_key(self) -> float:
        """For putting places in order; never shown."""
        if not self.figure.is_ratio:
            return self.numerator
        return self.numerator / self.denominator if self.denominator else float("-inf")


@dataclass(frozen=True, slots=True)
class Where:
    """Where a number comes from: its figure, place, day, and the snapshot if it was stored; what its mark opens."""

    figure_id: str
    version: int
    place: str
    on: date
    snapshot: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSpec:
    """A published figure to be entered: what it is called, which of Heli's figures it speaks of, and what it claims."""

    title: str
    claim: Claim
    figure: str = ""
