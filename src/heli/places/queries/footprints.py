"""Many places as a map draws them: who they are, and their shapes, without an object per place where only columns are needed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from heli.places.models import PlaceVersion
from heli.places.naming import short_name
from heli.places.queries.asof import valid_on
from heli.places.types import Level


class Footprint(NamedTuple):
    """A place on a map: its key, public id and short name, what stands above it, and which outline it has (None: nowhere known)."""

    place: int
    public_id: str
    name: str
    parent: int | None
    outline: int | None


@dataclass(frozen=True, slots=True)
class Shapes:
    """Geometries (EPSG:4490) of places: parallel arrays; points where no outline is known."""

    places: NDArray[np.int64]
    parents: NDArray[np.int64]
    geometries: NDArray[np.object_]


def footprints(
    district_ids: Collection[int],
    on: date,
    level: Level,
    *,
    parent_id: int | None = None,
    place_ids: Collection[int] | None = None,
) -> list[Footprint]:
    """The places of a level on a day by key; one query. `place_ids` narrows them to a scope, `parent_id` to those under it."""
    versions = PlaceVersion.objects.filter(valid_on(on), district_id__in=sorted(district_ids), place__level=level)
    if parent_id is not None:
        versions = versions.filter(parent_id=parent_id)
    rows = versions.order_by("place_id").values_list("place_id", "place__public_id", "name", "parent_id", "outline_id")
    found = rows.iterator(chunk_size=20_000)
    return [
        Footprint(place, public_id, short_name(name), parent, outline)
        for place, public_id, name, parent, outline in found
        if place_ids is None or place in place_ids
    ]


def shapes(
    district_ids: Collection[int],
    on: date,
    wanted: Iterable[Footprint],
    level: Level,
    box: tuple[float, float, float, float] | None = None,
) -> Shapes:
    """The shapes of those places of a level that have a point or an outline; one query.

    `box` (west, south, east, north) leaves out those whose point lies outside of it.
    """
    kept = {row.place for row in wanted if row.outline is not None}
    versions = PlaceVersion.objects.filter(
        valid_on(on), district_id__in=sorted(district_ids), place__level=level, outline__isnull=False
    )
    if box is not None:
        west, south, east, north = box
        versions = versions.filter(outline__lon__range=(west, east), outline__lat__range=(south, north))
    columns = ("place_id", "parent_id", "outline__wkb", "outline__lon", "outline__lat")
    rows = [row for row in versions.order_by("place_id").values_list(*columns) if row[0] in kept]
    drawn = shapely.from_wkb([None if row[2] is None else bytes(row[2]) for row in rows])
    spots = shapely.points([row[3] for row in rows], [row[4] for row in rows]) if rows else drawn
    return Shapes(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] or 0 for row in rows], np.int64),
        np.where(shapely.is_missing(drawn), spots, drawn),
    )
