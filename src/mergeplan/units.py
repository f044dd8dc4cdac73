"""Read a column off as a unit: people, distance, parts of its score. By position in the town; names come later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mergeplan.columns import UnitColumn
from mergeplan.scoring import Scoring
from mergeplan.towns import TownInstance
from mergeplan.types import Kind, ScoreParts


class PlannedUnit(NamedTuple):
    """A column that was chosen, with what a plan tells of it."""

    column: UnitColumn
    population: int
    farthest_m: int
    parts: ScoreParts | None


def read_off(town: TownInstance, scoring: Scoring, columns: Iterable[UnitColumn]) -> tuple[PlannedUnit, ...]:
    """The chosen columns in order. Of absorbed and converted villages a plan tells nothing here: they are told one by one."""
    return tuple(_read(town, scoring, c) for c in columns)


def _read(town: TownInstance, scoring: Scoring, column: UnitColumn) -> PlannedUnit:
    if column.kind in {Kind.ABSORBED, Kind.CONVERTED}:
        return PlannedUnit(column, 0, 0, None)
    people = sum(town.pop[p] for p in column.members)
    farthest = max(int(town.distance[p, column.centre]) for p in column.members)
    parts = None if column.kind is Kind.FIXED else scoring.parts(town, column.members, column.centre)
    return PlannedUnit(column, people, farthest, parts)
