"""What everybody may read of a place 村务公开: parts that contexts offer in their `openly.py` as `OPEN`, drawn by one template.

A part gives plain lines and counted numbers, so that whoever draws them masks numbers of persons in all of them at once, and
nothing else reaches a stranger.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from heli.kernel.declare import Asking, Rows
from heli.kernel.offers import offered

COLUMNS = {"village": "place_id", "township": "town_id", "district": "district_id"}
"""By which column rows lie in a place of a level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAsk(Asking):
    """A place that a stranger opens, on a day.

    `level` is "village", "township" or "district"; `here` the place and what went into it, `above` what it stands in; `below`
    the places directly under a district or town: key, name, public id. `address` gives the open page of a place by its public id.
    """

    level: str
    place: int
    place_id: str
    district: int
    district_id: str
    here: tuple[int, ...]
    above: tuple[int, ...]
    below: Sequence[tuple[int, str, str]]
    on: date
    address: Callable[[str], str]

    @property
    def within(self) -> Mapping[str, Any]:
        """The condition of rows with the columns place, town and district that they lie here."""
        return {f"{COLUMNS[self.level]}__in": self.here}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """A line: what it is, a word about it, where it opens ("" nowhere), a badge in a tone."""

    text: str
    note: str = ""
    link: str = ""
    mark: str = ""
    tone: str = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRows:
    """A part with something in it: counted numbers first, lines, a table of places, a sentence; `more` opens all of it."""

    lines: Sequence[OpenLine] = ()
    rates: Sequence[tuple[str, int, int]] = ()
    """Name, counted, over how many."""
    table: Rows | None = None
    said: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPart:
    """A part of the open page: its title (a text that translates itself) and what fills it; None where there is nothing."""

    id: str
    title: Any
    fill: Callable[[OpenAsk], OpenRows | None]
    order: int = 50


def open_parts(ask: OpenAsk) -> list[tuple[OpenPart, OpenRows]]:
    """The parts that have something to say of a place, in order."""
    parts = sorted(offered("openly", "OPEN"), key=lambda part: (part.order, part.id))
    filled = ((part, part.fill(ask)) for part in parts)
    return [(part, rows) for part, rows in filled if rows is not None]
