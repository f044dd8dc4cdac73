"""The land of villages, units and towns as planar shapes, for drawing and export. The planner itself reads numbers only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from mergeplan.geo import Outline, cells_from_points, mend_outlines, separate_points
from mergeplan.io import town_order
from mergeplan.types import Instance, TownId, Unit, VillageId

Outlines = Mapping[VillageId, BaseGeometry] | Sequence[BaseGeometry | None]
"""Planar metres of the instance's own system: by village id, or one per village in the order of the instance."""

CRACK_M = 2.0
"""A hole in a union narrower than this is a crack between two drawings of one border, not an enclosed village."""


@dataclass(frozen=True)
class Land:
    """One shape per village, `None` where nothing is known; `synthetic` when the shapes are cells made from points."""

    instance: Instance
    villages: tuple[Outline | None, ...]
    synthetic: bool

    def of_unit(self, unit: Unit) -> Outline | None:
        """The united land of a unit's members."""
        return united(self.villages[self.instance.index_of[v]] for v in unit.members)

    @cached_property
    def towns(self) -> dict[TownId, Outline | None]:
        """The united land of every town's villages."""
        town = self.instance.town
        members: dict[TownId, list[Outline | None]] = {t: [] for t in town_order(town)}
        for t, shape in zip(town, self.villages, strict=True):
            members[t].append(shape)
        return {t: united(shapes) for t, shapes in members.items()}


def land_of(instance: Instance, outlines: Outlines | None = None) -> Land:
    """The given outlines, else the instance's own, else Voronoi cells of its points. Broken outlines become `None`."""
    if isinstance(outlines, Mapping):
        given: list[BaseGeometry | None] | None = [outlines.get(v) for v in instance.id]
    elif outlines is not None:
        if len(outlines) != instance.n:
            raise ValueError(f"{len(outlines)} outlines for {instance.n} villages: give one each, None where unknown")
        given = list(outlines)
    elif instance.outline is not None:
        given = [None if wkb is None else shapely.from_wkb(wkb) for wkb in instance.outline]
    else:
        given = None
    if given is not None and any(shape is not None for shape in given):
        return Land(instance, mend_outlines(given).outlines, synthetic=False)
    points, _ = separate_points([(float(x), float(y)) for x, y in zip(instance.x, instance.y, strict=True)])
    return Land(instance, tuple(cells_from_points(points)), synthetic=True)


def united(shapes: Iterable[Outline | None]) -> Outline | None:
    """Union without the cracks between two drawings of the same border."""
    known = [shape for shape in shapes if shape is not None]
    if not known:
        return None
    whole = known[0] if len(known) == 1 else shapely.union_all(np.array(known, dtype=object), grid_size=0.01)
    parts = [_without_cracks(part) for part in shapely.get_parts(whole).tolist() if isinstance(part, Polygon)]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _without_cracks(polygon: Polygon) -> Polygon:
    holes = [ring for ring in polygon.interiors if Polygon(ring).area > CRACK_M * ring.length / 2]
    return polygon if len(holes) == len(polygon.interiors) else Polygon(polygon.exterior, holes)
