"""Villagers' groups entered under their villages, many at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import cos, radians
from typing import Any

import shapely
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.places.measuring import measure_shape
from heli.places.models import Outline
from heli.places.queries.asof import rows_of
from heli.places.services.bulk import reserve_ids
from heli.places.services.events import record_event
from heli.places.services.facts import record_facts
from heli.places.types import EventKind, EventSpec, FactSpec, LinkSpec, PlaceKind, PlaceSpec
from mergeplan.geo.cells import cells_from_points, separate_points

IMPORT = "places.import"
METRES = 111_320.0
"""In one degree of latitude, good enough to part a village among its groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSpec:
    """A group under a village: its point in degrees (EPSG:4490), its households, its land in 0.01 m² where it is known."""

    name: str
    village_id: int
    lon: float
    lat: float
    households: int
    land_dm2: int | None = None


def add_groups(
    *,
    actor: Actor,
    district_id: int,
    groups: Sequence[GroupSpec],
    on: date,
    is_sample: bool = False,
    source_id: int | None = None,
    at: datetime | None = None,
) -> int:
    """Found the groups on a day, each with a stand-in outline: its cell inside the village's. How many.

    Raises `Refused` where the register refuses, `Forbidden`.
    """
    with writing(actor, IMPORT, place_id=district_id, at=at) as act:
        villages = rows_of({group.village_id for group in groups}, on, outlines=True)
        shapes = _cells(groups, {key: row.outline for key, row in villages.items()})
        keys = _add_outlines(shapes, is_sample=is_sample, source_id=source_id)
        names = [f"group-{number}" for number in range(len(groups))]
        founds = {
            name: PlaceSpec(
                name=group.name, kind=PlaceKind.GROUP, parent=group.village_id, outline_id=key, source_id=source_id
            )
            for name, group, key in zip(names, groups, keys, strict=True)
        }
        event = EventSpec(
            kind=EventKind.FOUND,
            on=on,
            links=tuple(LinkSpec(source=None, target=name) for name in names),
            founds=founds,
        )
        founded = record_event(actor=actor, event=event, source_id=source_id, action=IMPORT).founded
        facts = [
            FactSpec(place_id=founded[name], measure=measure, on=on, value=value, source_id=source_id)
            for name, group in zip(names, groups, strict=True)
            for measure, value in (("households", group.households), ("farmland", group.land_dm2))
            if value is not None
        ]
        record_facts(actor=actor, facts=facts, action=IMPORT, at=at)
        act.after = {"groups": len(groups), "on": on.isoformat()}
    return len(groups)


def _cells(groups: Sequence[GroupSpec], outlines: dict[int, bytes | None]) -> list[BaseGeometry]:
    """Per group its cell inside its village, in degrees; its point where the village has no outline."""
    of_village: dict[int, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        of_village[group.village_id].append(number)
    shapes: list[BaseGeometry] = [shapely.Point(group.lon, group.lat) for group in groups]
    for village, numbers in of_village.items():
        wkb = outlines.get(village)
        if wkb is not None:
            cells = cells_within(points=[(groups[n].lon, groups[n].lat) for n in numbers], outline=wkb)
            for number, cell in zip(numbers, cells, strict=True):
                shapes[number] = cell
    return shapes


def cells_within(*, points: Sequence[tuple[float, float]], outline: bytes) -> list[BaseGeometry]:
    """An outline (WKB) parted among points by nearness, all in degrees: stand-ins, never real borders."""
    wide = cos(radians(points[0][1])) * METRES
    local, _moved = separate_points([(lon * wide, lat * METRES) for lon, lat in points])
    frame: Any = affine_transform(shapely.from_wkb(outline), [wide, 0, 0, METRES, 0, 0])
    return [affine_transform(cell, [1 / wide, 0, 0, 1 / METRES, 0, 0]) for cell in cells_from_points(local, frame)]


def _add_outlines(shapes: Sequence[BaseGeometry], *, is_sample: bool, source_id: int | None) -> list[int]:
    """Keep many outlines at once; their keys in order."""
    keys = list(reserve_ids(Outline, count=len(shapes)))
    measured = [
        measure_shape(
            shape if isinstance(shape, shapely.Polygon | shapely.MultiPolygon | shapely.Point) else shape.centroid
        )
        for shape in shapes
    ]
    Outline.objects.bulk_create(
        Outline(
            pk=key,
            wkb=one.wkb,
            lon=one.lon,
            lat=one.lat,
            area_dm2=one.area_dm2,
            perimeter_m=one.perimeter_m,
            is_sample=is_sample,
            source_id=source_id,
        )
        for key, one in zip(keys, measured, strict=True)
    )
    return keys
