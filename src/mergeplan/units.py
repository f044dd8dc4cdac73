"""Read a column off as a unit: people, distance, parts of its score. By position in the town; names come later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mergeplan.columns import Column
from mergeplan.scoring import Scoring
from mergeplan.towns import Town
from mergeplan.types import Kind, ScoreParts


class PlannedUnit(NamedTuple):
    """A column that was chosen, with what a plan tells of it."""

    column: Column
    population: int
    farthest_m: int
    parts: ScoreParts | None


def read_off(town: Town, scoring: Scoring, columns: Iterable[Column]) -> tuple[PlannedUnit, ...]:
    """The chosen columns in order. Of absorbed and converted villages a plan tells nothing here: they are told one by one."""
    return tuple(_read(town, scoring, c) for c in columns)


def _read(town: Town, scoring: Scoring, column: Column) -> PlannedUnit:
    if column.kind in {Kind.ABSORBED, Kind.CONVERTED}:
        return PlannedUnit(column, 0, 0, None)
    people = sum(town.pop[p] for p in column.members)
    farthest = max(int(town.distance[p, column.centre]) for p in column.members)
    parts = None if column.kind is Kind.FIXED else scoring.parts(town, column.members, column.centre)
    return PlannedUnit(column, people, farthest, parts)
