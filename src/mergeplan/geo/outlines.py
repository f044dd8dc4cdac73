"""One village outline at a time: repair it or say why not, and measure it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import GeometryCollection, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from mergeplan.geo.findings import found
from mergeplan.types import Flaw

Outline = Polygon | MultiPolygon

# A repair that changes more than this share of the area is not a mend but a guess.
REPAIR_LIMIT = 0.05


@dataclass(frozen=True, slots=True)
class Mended:
    """Outlines in input order, `None` where unusable, and what was found on the way."""

    outlines: tuple[Outline | None, ...]
    flaws: tuple[Flaw, ...]


def mend_outlines(outlines: Sequence[BaseGeometry | None]) -> Mended:
    """Repair every outline that can be repaired safely; planar metres in and out.

    Self-crossing rings are re-noded (`make_valid`); lines and points left over are dropped. Outlines that are missing,
    empty, not finite, not areas, or that lose more than 5 % of their drawn area in the repair become `None`/are
    reported as errors or warnings by row.
    """
    findings: list[Flaw] = []
    result: list[Outline | None] = []
    for index, geometry in enumerate(outlines):
        outline, found = _mend(index, geometry)
        result.append(outline)
        findings.extend(found)
    return Mended(tuple(result), tuple(findings))


def _mend(index: int, geometry: BaseGeometry | None) -> tuple[Outline | None, list[Flaw]]:  # noqa: PLR0911 - one per cause
    if geometry is None:
        return None, [found("outline-missing", "warning", "has no outline", "give its point or draw it", index)]
    # Before is_empty: a ring that is all NaN counts as empty in GEOS.
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return None, [
            found("outline-nan", "error", "outline has coordinates that are not numbers", "export it again", index)
        ]
    if geometry.is_empty:
        return None, [found("outline-missing", "warning", "outline is empty", "give its point or draw it", index)]
    if not isinstance(geometry, (Polygon, MultiPolygon)):
        areas = _areas_of(geometry)
        if areas is None:
            kind = geometry.geom_type
            return None, [found("outline-not-area", "error", f"outline is a {kind}", "give an area", index)]
        geometry = areas
    findings: list[Flaw] = []
    outline: Outline = geometry
    if not outline.is_valid:
        reason = shapely.is_valid_reason(outline)
        mended = _areas_of(shapely.make_valid(outline, method="structure", keep_collapsed=False))
        if mended is None:
            return None, [
                found("outline-broken", "error", f"outline encloses no area: {reason}", "draw it again", index)
            ]
        drawn = sum(abs(Polygon(part.exterior).area) for part in _parts(outline))
        change = abs(mended.area - drawn) / drawn if drawn > 0 else math.inf
        remedy = "look at it on the map" if change <= REPAIR_LIMIT else "draw it again: the repair guesses its shape"
        findings.append(
            found("outline-repaired", "warning", f"outline crosses itself ({reason}) and was repaired", remedy, index)
        )
        outline = mended
    if outline.area <= 0:
        findings.append(found("outline-broken", "error", "outline encloses no area", "draw it again", index))
        return None, findings
    count = shapely.get_num_geometries(outline)
    if count > 1:
        findings.append(
            found(
                "outline-parts",
                "warning",
                f"outline has {count} separate parts",
                "check that the exclave is meant",
                index,
            )
        )
    return outline, findings


def _parts(outline: Outline) -> list[Polygon]:
    return [outline] if isinstance(outline, Polygon) else list(outline.geoms)


def _areas_of(geometry: BaseGeometry) -> Outline | None:
    """Only the areas of a mixed geometry, or `None`."""
    parts: list[Polygon] = []
    waiting = [geometry]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, Polygon):
            if item.area > 0:
                parts.append(item)
        elif isinstance(item, (GeometryCollection, MultiPolygon)):
            waiting.extend(item.geoms)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def measure(outlines: Sequence[Outline | None]) -> tuple[list[int], list[int]]:
    """Areas in m² and outer perimeters in m, integers rounded half up; 0 where there is no outline.

    The perimeter counts holes too: a village around another one borders on it.
    """
    areas = [0 if g is None else math.floor(g.area + 0.5) for g in outlines]
    perimeters = [0 if g is None else math.floor(g.length + 0.5) for g in outlines]
    return areas, perimeters
