"""What a context offers upwards, by name: figures, gates and acts. The offering side declares, the higher contexts collect."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from heli.kernel.problems import Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Act:
    """Something a context can do when a step is accepted ("planning.apply_plan"); idempotent, refuses with `Refused`.

    Called as `run(actor=…, subject=…, on=…)`: `subject` is a public id, `on` the day from which it holds.
    """

    id: str
    title: str
    run: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Gate:
    """A question a step may require to be answered before it passes; no problems means the gate is open.

    Called as `check(place_id=…, subject=…, on=…)`: the place the step is about, the public id of the campaign, the day.
    """

    id: str
    title: str
    check: Callable[..., Iterable[Problem]]


class Additivity(StrEnum):
    """What may be added up: numerators and denominators of all places below (or weeks within), or nothing."""

    SUM = "sum"
    NONE = "none"


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What an evaluation is about: all places of some districts as they stood on a day.

    `at`: rows written after this moment do not count; None means all that is known now.
    """

    district_ids: tuple[int, ...]
    on: date
    at: datetime | None = None
    _kept: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def shared(self, key: str, read: Callable[[], T]) -> T:
        """What several figures of one evaluation read alike ("places.structure"): read once, by whoever asks first."""
        if key not in self._kept:
            self._kept[key] = read()
        kept: T = self._kept[key]
        return kept


Pair = tuple[int, int]
"""A value as counted: numerator and denominator. A plain count or amount has the denominator 1."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows behind a number: headings, lines of plain values (str, int, date, Ratio), and an address per line ("" for none)."""

    heads: Sequence[str]
    lines: Sequence[Sequence[Any]]
    links: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One declared number: what it means, how it is computed for all places at once, and which rows lie behind it.

    `title`, `meaning`, `unit` are English texts marked with `gettext_noop`. `evaluate` gives, in a constant number of
    queries, {place id: (numerator, denominator)} at the lowest level it knows; with `over_places` SUM the evaluator adds
    towns and districts up, with NONE `evaluate` must give every level itself. `is_ratio`: the value is
    numerator/denominator, shown times 100 when `unit` is "%" or "percentage points"; otherwise the numerator alone is the
    value, in the small unit it is stored in where `unit` is "yuan" (fen) or "km²" (0.01 m²).
    `rows(ask, place_ids)` lists what stands behind the number of these places (all below the one that was opened).
    `carried_by` says by which share values go along the lineage when they are restated: "population" or "area".
    `action` is what a reader must be allowed to do. A changed definition is a new version with its own period.
    """

    id: str
    version: int
    title: str
    meaning: str
    unit: str
    evaluate: Callable[[Ask], Mapping[int, Pair]]
    rows: Callable[[Ask, Collection[int]], Rows]
    action: str
    source: str
    is_ratio: bool = False
    decimals: int = 0
    direction: Direction = Direction.NEITHER
    over_places: Additivity = Additivity.SUM
    over_time: Additivity = Additivity.NONE
    carried_by: str = "population"
    valid_from: date = date(2019, 1, 1)
    valid_to: date | None = None
