"""Where the villages of a table lie: any coordinate system → one planar system in metres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from mergeplan.geo import LocalMetres, geometry_to_cgcs2000, local_metres, mend_outlines, to_cgcs2000
from mergeplan.geo.coords import ChineseDatum
from mergeplan.tables.rows import Findings, VillageTable, cell_number

Planar = tuple[list[BaseGeometry | None] | None, list[tuple[float, float]], str]


def in_planar_metres(
    table: VillageTable, columns: Mapping[str, Sequence[Any]], datum: ChineseDatum, found: Findings
) -> Planar:
    """(areas or None, centre per village, definition of the metres) in one planar system."""
    nothing: Planar = (None, [(0.0, 0.0)] * table.count, "")
    geometry = table.geometry
    if geometry is not None and any(g is not None and not g.is_empty for g in geometry):
        return _planar_geometry(geometry, table, columns, datum, found)
    if "x" in columns and "y" in columns:
        x, y = ([cell_number(v, key, i, found) for i, v in enumerate(columns[key])] for key in ("x", "y"))
        return None, list(zip(x, y, strict=True)), table.crs or ""
    if "lon" in columns and "lat" in columns:
        lon, lat = ([cell_number(v, key, i, found) for i, v in enumerate(columns[key])] for key in ("lon", "lat"))
        for row, (a, b) in enumerate(zip(lon, lat, strict=True)):
            if abs(a) > 180 or abs(b) > 90:
                found.wrong(
                    "not-degrees", f"{a}, {b} is no place on earth", "lon", row, "give degrees, or x and y in m"
                )
        if found.errors:
            return nothing
        east, north = to_cgcs2000(lon, lat, datum)
        metres = local_metres(float(east.min()), float(north.min()), float(east.max()), float(north.max()))
        px, py = metres.forward(east, north)
        return None, list(zip(px.tolist(), py.tolist(), strict=True)), metres.definition
    found.wrong(
        "no-place", "the villages have no place", "x", None, "give outlines, or columns x and y, or lon and lat"
    )
    return nothing


def _planar_geometry(
    geometry: Sequence[BaseGeometry | None],
    table: VillageTable,
    columns: Mapping[str, Sequence[Any]],
    datum: ChineseDatum,
    found: Findings,
) -> Planar:
    shapes = list(geometry)
    planar, crs, metres = _to_metres(shapes, table, datum, found)
    points: list[tuple[float, float]] = []
    mended = mend_outlines([None if _is_point(s) else s for s in planar]).outlines
    for row, (given, outline) in enumerate(zip(planar, mended, strict=True)):
        shape = given if _is_point(given) else outline
        if shape is None or shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
            found.wrong("no-outline", "has no usable outline or point", "geometry", row, "draw it, or give its point")
            points.append((0.0, 0.0))
            continue
        # The centroid of a bent village may lie in the neighbour's land; a point on its own surface never does.
        centre = shapely.centroid(shape)
        if shape.area > 0 and not shape.contains(centre):
            centre = shapely.point_on_surface(shape)
        points.append((float(centre.x), float(centre.y)))
    if "x" in columns and "y" in columns and metres is None:
        points = [
            (cell_number(a, "x", i, found), cell_number(b, "y", i, found))
            for i, (a, b) in enumerate(zip(columns["x"], columns["y"], strict=True))
        ]
    elif "lon" in columns and "lat" in columns and metres is not None:
        lon, lat = ([cell_number(v, key, i, found) for i, v in enumerate(columns[key])] for key in ("lon", "lat"))
        x, y = metres.forward(*to_cgcs2000(lon, lat, datum))
        points = list(zip(x.tolist(), y.tolist(), strict=True))
    return (planar if any(shape is not None for shape in mended) else None), points, crs


def _is_point(shape: BaseGeometry | None) -> bool:
    """Points beside outlines are places without an outline, not broken outlines."""
    return isinstance(shape, shapely.Point | shapely.MultiPoint)


def _to_metres(
    shapes: Sequence[BaseGeometry | None], table: VillageTable, datum: ChineseDatum, found: Findings
) -> tuple[list[BaseGeometry | None], str, LocalMetres | None]:
    """Any coordinate system → planar metres; surveyors' systems (transverse Mercator) are kept as they are."""
    bounds = shapely.total_bounds(np.array([s for s in shapes if s is not None], dtype=object))
    if not np.isfinite(bounds).all():
        bad = [s for s in shapes if s is not None and np.isfinite(shapely.get_coordinates(s)).all()]
        bounds = shapely.total_bounds(np.array(bad, dtype=object)) if bad else np.zeros(4)
    looks_like_degrees = bool(np.abs(bounds[[0, 2]]).max() <= 180 and np.abs(bounds[[1, 3]]).max() <= 90)
    try:
        crs = pyproj.CRS.from_user_input(table.crs) if table.crs else None
    except pyproj.exceptions.CRSError:
        found.wrong("unknown-crs", f"{table.crs!r:.60} is not known", "crs", None, "save it in EPSG:4490")
        return list(shapes), "", None
    if crs is None:
        if not looks_like_degrees:
            found.warn("no-crs", "names no coordinate system", "crs", None, "planar metres are assumed")
            return list(shapes), "", None
        found.warn("no-crs", "names no coordinate system", "crs", None, "degrees in CGCS2000 are assumed")
    elif crs.is_projected:
        operation = crs.coordinate_operation
        if operation is not None and operation.method_name == "Transverse Mercator":
            return list(shapes), crs.to_string(), None
        lonlat = pyproj.Transformer.from_crs(crs, "EPSG:4490", always_xy=True)
        shapes = [_moved(s, lambda p: np.column_stack(lonlat.transform(p[:, 0], p[:, 1]))) for s in shapes]
        bounds = shapely.total_bounds(np.array([s for s in shapes if s is not None], dtype=object))
    elif not looks_like_degrees:
        found.wrong("not-degrees", "coordinates are not degrees", "geometry", None, "correct the coordinate system")
        return list(shapes), "", None
    shapes = [None if s is None else geometry_to_cgcs2000(s, datum) for s in shapes]
    metres = local_metres(*(float(v) for v in bounds))
    return [None if s is None else metres.project(s) for s in shapes], metres.definition, metres


def _moved(shape: BaseGeometry | None, move: Any) -> BaseGeometry | None:
    if shape is None:
        return None
    moved: BaseGeometry = shapely.transform(shape, move)
    return moved
