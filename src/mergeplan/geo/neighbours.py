"""Who borders on whom, and over how many metres: from outlines, or from points with barriers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from mergeplan.geo.cells import cells_from_points, separate_points
from mergeplan.geo.findings import found
from mergeplan.geo.outlines import Outline, measure, mend_outlines
from mergeplan.types import Flaw

GeometryArray = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Border:
    """A common border of `i < j` in metres; `distance_m` by road where someone has measured it."""

    i: int
    j: int
    length_m: int
    distance_m: int | None = None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Borders sorted by (i, j); per village its outline (mended or made), area in m², perimeter in m; what was found."""

    borders: tuple[Border, ...]
    outlines: tuple[Outline | None, ...]
    area_m2: tuple[int, ...]
    perimeter_m: tuple[int, ...]
    flaws: tuple[Flaw, ...]


def neighbours_from_outlines(
    polygons: Sequence[BaseGeometry | None], *, tolerance_m: float = 1.0, shortest_m: float = 1.0
) -> Neighbourhood:
    """Neighbours of outlines in planar metres; entry i of every result belongs to polygon i.

    Two villages are neighbours when their common border has at least `shortest_m` metres; touching in one point does
    not count. Borders drawn twice that differ by up to `tolerance_m` (slivers, gaps, small overlaps) are recognised:
    then the length is the mean of both drawings within the tolerance, less the ends where they part. Outlines that
    overlap by more than 1 % of the smaller one, and islands, are reported; nothing raises on bad geometry.
    """
    mended = mend_outlines(polygons)
    flaws = list(mended.flaws)
    rows = [i for i, g in enumerate(mended.outlines) if g is not None]
    shapes: GeometryArray = np.array([mended.outlines[i] for i in rows], dtype=object)
    borders: list[Border] = []
    if len(rows) > 1:
        left, right = _candidates(shapes, tolerance_m)
        lengths = _common_border(shapes, left, right, tolerance_m)
        flaws.extend(_overlaps(shapes, left, right, rows))
        for a, b, length in zip(left.tolist(), right.tolist(), lengths.tolist(), strict=True):
            if length >= max(shortest_m, 0.5):
                borders.append(Border(rows[a], rows[b], math.floor(length + 0.5)))
    borders.sort(key=lambda e: (e.i, e.j))
    joined = {v for e in borders for v in (e.i, e.j)}
    if len(rows) > 1:
        flaws.extend(
            found("island", "warning", "borders on no other outline", "name its neighbour, or leave it alone", i)
            for i in rows
            if i not in joined
        )
    areas, perimeters = measure(mended.outlines)
    flaws.sort(key=lambda p: (-1 if p.index is None else p.index, p.code))
    return Neighbourhood(tuple(borders), mended.outlines, tuple(areas), tuple(perimeters), tuple(flaws))


def _candidates(shapes: GeometryArray, tolerance_m: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="dwithin", distance=tolerance_m)
    keep = left < right
    left, right = left[keep], right[keep]
    order = np.lexsort((right, left))
    return left[order], right[order]


def _common_border(
    shapes: GeometryArray, left: npt.NDArray[np.intp], right: npt.NDArray[np.intp], tolerance_m: float
) -> npt.NDArray[np.float64]:
    rims = shapely.boundary(shapes)
    exact = shapely.length(shapely.intersection(rims[left], rims[right]))
    if tolerance_m <= 0:
        return np.asarray(exact, dtype=np.float64)
    zones = shapely.buffer(rims, tolerance_m)
    near = (
        _near_length(rims[left], zones[right], tolerance_m) + _near_length(rims[right], zones[left], tolerance_m)
    ) / 2
    # Where both drawings coincide, the exact length is the better figure: ends that part at a sharp angle stay near
    # each other for a while. Only a border that the exact reading misses to a good part is taken from the tolerant one.
    return np.where(near - exact > np.maximum(0.1 * near, 4 * tolerance_m), near, exact)


def _near_length(lines: GeometryArray, zones: GeometryArray, tolerance_m: float) -> npt.NDArray[np.float64]:
    """Metres of `lines` inside `zones`; each stretch counts less the tolerance at both of its ends."""
    pieces, owner = shapely.get_parts(shapely.line_merge(shapely.intersection(lines, zones)), return_index=True)
    total = np.zeros(len(lines), dtype=np.float64)
    np.add.at(total, owner, np.maximum(shapely.length(pieces) - 2 * tolerance_m, 0.0))
    return total


def _overlaps(
    shapes: GeometryArray, left: npt.NDArray[np.intp], right: npt.NDArray[np.intp], rows: Sequence[int]
) -> list[Flaw]:
    common = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    areas = shapely.area(shapes)
    smaller = np.minimum(areas[left], areas[right])
    return [
        found(
            "outline-overlap",
            "warning",
            f"overlaps row {rows[b] + 1} by {c:,.0f} m² ({100 * c / s:.0f} % of the smaller)",
            "the same ground is counted twice: mend one of the outlines",
            rows[a],
        )
        for a, b, c, s in zip(left.tolist(), right.tolist(), common.tolist(), smaller.tolist(), strict=True)
        if c > 0.01 * s
    ]


def neighbours_from_points(
    points: Sequence[tuple[float, float]],
    *,
    outline: Outline | None = None,
    barriers: Sequence[BaseGeometry] = (),
    crossings: Sequence[BaseGeometry] = (),
    crossing_reach_m: float = 300.0,
    road_distance_m: Mapping[tuple[int, int], int] | None = None,
    shortest_m: float = 50.0,
) -> Neighbourhood:
    """Neighbours of villages known only by their points (planar metres), through Voronoi cells inside `outline`.

    Two villages are neighbours when their cells share at least `shortest_m` of border, and no barrier (river, ridge)
    cuts the straight way between their points. A crossing (bridge as a point, road as a line) that comes within
    `crossing_reach_m` of that way's meeting with the barrier opens it again. `road_distance_m` (pairs in either order)
    is passed on with the border as data. Villages at the very same point are set 1 m apart and reported.
    """
    sites, flaws = separate_points(points)
    cells = cells_from_points(sites, outline)
    base = neighbours_from_outlines(cells, shortest_m=shortest_m)
    roads = {(min(i, j), max(i, j)): metres for (i, j), metres in (road_distance_m or {}).items()}
    walls = shapely.STRtree(np.array(list(barriers), dtype=object)) if barriers else None
    openings = shapely.union_all(np.array(list(crossings), dtype=object)) if crossings else None
    kept: list[Border] = []
    for border in base.borders:
        way = shapely.LineString([sites[border.i], sites[border.j]])
        if walls is not None and _is_cut(way, walls, openings, crossing_reach_m):
            continue
        kept.append(Border(border.i, border.j, border.length_m, roads.get((border.i, border.j))))
    joined = {v for e in kept for v in (e.i, e.j)}
    if len(sites) > 1:
        flaws.extend(
            found("island", "warning", "has no neighbour left", "name a crossing or a neighbour", i)
            for i in range(len(sites))
            if i not in joined
        )
    flaws.sort(key=lambda p: (-1 if p.index is None else p.index, p.code))
    return Neighbourhood(tuple(kept), base.outlines, base.area_m2, base.perimeter_m, tuple(flaws))


def _is_cut(way: shapely.LineString, walls: shapely.STRtree, openings: BaseGeometry | None, reach_m: float) -> bool:
    for number in walls.query(way, predicate="intersects").tolist():
        meeting = shapely.intersection(way, walls.geometries[number])
        if openings is None or shapely.distance(meeting, openings) > reach_m:
            return True
    return False
