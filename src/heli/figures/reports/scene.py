"""Everything a report is composed from, read once for all recipients of a week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from heli.figures.types import Value
from heli.kernel.declare import Figure
from heli.kernel.telling import Told
from heli.places.types import Level, PlaceRow

Values = Mapping[str, Mapping[int, Value]]


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """The campaign of a report. `planned_end` is its fixed day, else the last day of its timetable."""

    public_id: str
    name: str
    starts_on: date
    planned_end: date | None
    finished_on: date | None
    others: Sequence[str] = ()
    """Names of other campaigns open on the day: the figures of steps hold theirs too."""


@dataclass(frozen=True)
class Scene:
    """A snapshot of a district, the one a week before, and what the frozen week keeps beside the figures.

    `week` is the number of the frozen week, 0 where the report is none of a week; `kept` what it keeps by name and place;
    `told` are rows of rooms by what offers them, as they stood at that moment.
    """

    campaign: CampaignFacts
    district: PlaceRow
    on: date
    snapshot: str
    is_sample: bool
    now: Values
    week: int = 0
    before: str = ""
    before_on: date | None = None
    then: Values | None = None
    places: Mapping[int, PlaceRow] | None = None
    figures: Mapping[str, Figure] | None = None
    kept: Mapping[str, Mapping[int, Any]] = field(default_factory=dict)
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Mapping[int, PlaceRow]:
        """The places of the snapshot as they stood that day."""
        return self.places or {}

    @cached_property
    def towns(self) -> list[PlaceRow]:
        """Towns that have steps, in the order of the register."""
        return self._having("campaigns.steps", Level.TOWNSHIP)

    @cached_property
    def villages(self) -> list[PlaceRow]:
        """Villages that have steps."""
        return self._having("campaigns.finished", Level.VILLAGE)

    def _having(self, figure: str, level: Level) -> list[PlaceRow]:
        known = self.now.get(figure, {})
        return sorted(
            (row for key, row in self.rows.items() if key in known and row.level == level),
            key=lambda row: (row.code, row.id),
        )

    def villages_of(self, town: int) -> list[PlaceRow]:
        """The villages of a town that have steps."""
        return [row for row in self.villages if row.parent_id == town]
