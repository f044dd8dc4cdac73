"""Voronoi cells: stand-in outlines for villages of which only a point is known. They are never real borders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from mergeplan.geo.findings import found
from mergeplan.geo.outlines import Outline
from mergeplan.types import Flaw

Point = tuple[float, float]


def separate_points(points: Sequence[Point]) -> tuple[list[Point], list[Flaw]]:
    """The points with coinciding ones set 1 m apart (deterministic, by row), and a warning for each moved row.

    Raises ValueError for coordinates that are not finite numbers.
    """
    taken: dict[Point, int] = {}
    result: list[Point] = []
    flaws: list[Flaw] = []
    for index, (x, y) in enumerate(points):
        if not (math.isfinite(x) and math.isfinite(y)):
            raise ValueError(f"point {index + 1} is ({x}, {y}): coordinates must be finite numbers")
        place = (float(x), float(y))
        if place in taken:
            first = taken[place]
            turn = 0
            while place in taken:
                turn += 1
                angle = turn * 2.399963229728653  # golden angle: never the same direction twice
                ring = 1.0 + turn // 8
                place = (x + ring * math.cos(angle), y + ring * math.sin(angle))
            flaws.append(
                found(
                    "same-point",
                    "warning",
                    f"lies at the same point as row {first + 1}",
                    "check both points; 1 m apart is assumed",
                    index,
                    field="x",
                )
            )
        taken[place] = index
        result.append(place)
    return result, flaws


def cells_from_points(
    points: Sequence[Point], outline: Outline | None = None, *, one_piece: bool = True
) -> list[Outline]:
    """One Voronoi cell per point, clipped to `outline` (planar metres); without one, to a rounded hull of the points.

    With `one_piece`, parts of a cell cut off by a bay of the outline go to the neighbour along their longest border.
    A point outside the outline keeps what the outline leaves of its cell; when that is nothing, its unclipped cell
    within the typical spacing. Points must differ (see `separate_points`). Same points, same cells: no randomness.
    """
    if not points:
        return []
    sites = shapely.multipoints(np.array(points, dtype=np.float64))
    spacing = _spacing(points)
    frame = outline if outline is not None else _hull(sites, spacing)
    if len(points) == 1:
        raw = [frame]
    else:
        everything = shapely.envelope(shapely.union(frame, shapely.buffer(sites, spacing)))
        raw = list(shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=everything, ordered=True)))
    shapely.prepare(frame)
    cells: list[list[Polygon]] = []
    for point, cell in zip(points, raw, strict=True):
        parts = _polygons(shapely.intersection(cell, frame))
        if not parts:
            parts = _polygons(shapely.intersection(cell, shapely.buffer(shapely.Point(point), spacing * 0.5)))
        home = shapely.Point(point)
        cells.append(sorted(parts, key=lambda part: (part.distance(home), -part.area)))
    if one_piece:
        _give_away(cells)
    return [parts[0] if len(parts) == 1 else MultiPolygon(parts) for parts in cells]


def _give_away(cells: list[list[Polygon]]) -> None:
    """Move every part but the one with the village's point to the neighbouring cell with the longest border."""
    for index, parts in enumerate(cells):
        for stray in parts[1:]:
            best, longest = index, 0.0
            for other, theirs in enumerate(cells):
                if other == index:
                    continue
                length = stray.boundary.intersection(theirs[0].boundary).length if stray.intersects(theirs[0]) else 0.0
                if length > longest:
                    best, longest = other, length
            if best != index:
                merged = _polygons(shapely.union(cells[best][0], stray))
                if len(merged) == 1:
                    cells[best][0] = merged[0]
                    parts.remove(stray)


def _polygons(geometry: object) -> list[Polygon]:
    parts = shapely.get_parts(np.array([geometry], dtype=object)).tolist()
    return [part for part in parts if isinstance(part, Polygon) and part.area > 0]


def _hull(sites: Any, spacing: float) -> Outline:
    """A rounded hull that follows bays of the points, half a village wide around the outermost ones."""
    for hull in (shapely.concave_hull(sites, ratio=0.3), shapely.convex_hull(sites)):
        wide = shapely.buffer(hull, spacing * 0.75, quad_segs=4)
        if isinstance(wide, (Polygon, MultiPolygon)) and wide.area > 0:
            return wide
    raise ValueError("the points enclose no ground")


def _spacing(points: Sequence[Point]) -> float:
    """Typical distance between neighbouring points, in metres; 1,000 for a single one."""
    if len(points) < 2:
        return 1000.0
    array = np.asarray(shapely.points(np.array(points, dtype=np.float64)), dtype=object)
    _, distances = shapely.STRtree(array).query_nearest(array, exclusive=True, return_distance=True, all_matches=False)
    return max(float(np.median(distances)), 1.0)
