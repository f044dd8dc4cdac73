"""Checking outlines and points, as `geofiles` or a table of coordinates gives them.

Everything ends in EPSG:4490. What is wrong with a row is reported with its row and a remedy; a self-crossing outline is
repaired only where somebody accepts the repair offered.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from heli.files.sheets import Unreadable
from heli.kernel.faults import Finding
from heli.places.imports.cells import number_of, text_of
from heli.places.imports.geofiles import read_layer
from heli.places.imports.matching import Finder, Villages
from heli.places.imports.systems import CHINA, is_known_crs, to_cgcs2000
from heli.places.imports.types import KnownPlace, OutlineDraft, Record
from heli.places.measuring import measure_shape
from mergeplan.geo.coords import geometry_to_cgcs2000, local_metres
from mergeplan.geo.neighbours import neighbours_from_outlines

DATUMS = ("gcj02", "bd09")
SLIVER_M2 = 100
SAME_SHARE = 0.99
"""Two outlines that share so much of the larger are the same, of the smaller: one lies within the other."""
TOLERANCES_M = (1, 2, 5, 10, 25)
"""How wide a gap between two drawings of one border may be, in metres; the first unless chosen otherwise."""
MOST_TRIED = 1_500
"""Outlines for which the gaps are tried out in a preview; a county has a few hundred."""
MOST_CROSSINGS = 1_000
"""An outline whose sides meet more often is not repaired: the land survey's worst have a few dozen."""
MANY_POINTS = 20_000
"""From so many on, crossings are counted before anything else is asked: finding the first one may take seconds then."""
MOST_CROSSING = 5
"""An outline that loses or gains more than so many percent by repair is not repaired without being drawn anew."""


def check_outlines(
    records: Sequence[Record],
    shapes: Mapping[int, BaseGeometry | None],
    villages: Finder,
    *,
    crs: str,
    repair: bool = False,
    join: bool = False,
) -> tuple[list[OutlineDraft], list[Finding]]:
    """Outlines by row. `crs` is "EPSG:…", a definition, "gcj02" or "bd09".

    With `repair` crossings are mended safely, with `join` the rows of one village are parts of its outline.
    """
    findings: list[Finding] = []
    parts: dict[int, list[_Part]] = {}
    transformer = None if crs in DATUMS else _transformer(crs)
    for record in records:
        source = str(record.number)
        village, wrong = villages.find(record)
        shown = village.name if village else (record.text("name") or record.text("code"))
        shape, fault, repaired = _check_shape(shapes.get(record.number), shown, source, repair)
        findings += [one for one in (wrong, fault) if one]
        if village is None or shape is None:
            continue
        shape = _to_4490(shape, crs, transformer)
        if (outside := _outside(shape)) is not None:
            findings.append(Finding("geometry_outside", {"village": shown, "where": outside}, "geometry", source))
            continue
        others = parts.setdefault(village.id, [])
        if others and not (join and _can_join(others[0].shape, shape)):
            code = "village_in_parts" if _can_join(others[0].shape, shape) else "village_twice"
            facts = {"village": village.name, "first": others[0].number}
            findings.append(Finding(code, facts, "code", source))
            continue
        others.append(_Part(record.number, village, shape, repaired))
    drafts = []
    for own in parts.values():
        try:
            drafts.append(_draft(own, is_converted=crs in DATUMS))
        except ValueError:
            facts = {"village": own[0].village.name}
            findings.append(Finding("geometry_empty_area", facts, "geometry", str(own[0].number)))
        else:
            if len(own) > 1:
                facts = {"village": own[0].village.name, "rows": "、".join(str(one.number) for one in own)}
                findings.append(Finding("read_parts_joined", facts, "geometry", severity="note"))
    return drafts, [*findings, *_shared_ground(drafts), *_pairs_by_gap(drafts)]


@dataclass(frozen=True, slots=True)
class _Part:
    """A row's shape: the whole outline of a village, or an exclave of it."""

    number: int
    village: KnownPlace
    shape: BaseGeometry
    is_repaired: bool


def _can_join(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two shapes may be parts of one outline: areas, and not the same ground twice."""
    areas = all(isinstance(shape, shapely.Polygon | shapely.MultiPolygon) for shape in (one, other))
    return areas and one.intersection(other).area < SAME_SHARE * min(one.area, other.area)


def _draft(parts: Sequence[_Part], *, is_converted: bool) -> OutlineDraft:
    """The outline of a village from its parts. Raises ValueError where it encloses no area."""
    first = parts[0]
    shape = first.shape if len(parts) == 1 else polygons_of(shapely.union_all([one.shape for one in parts]))
    if shape is None:
        raise ValueError("no area")
    measured = measure_shape(shape)
    return OutlineDraft(
        first.number, first.village.id, first.village.name, measured.wkb, measured.lon, measured.lat, measured.area_dm2,
        measured.perimeter_m, is_converted, any(one.is_repaired for one in parts),
    )  # fmt: skip


def _check_shape(  # noqa: PLR0911 - one way out per cause
    shape: BaseGeometry | None, shown: str, source: str, repair: bool
) -> tuple[BaseGeometry | None, Finding | None, bool]:
    if shape is None or shape.is_empty:
        return None, Finding("geometry_missing", {"village": shown}, "geometry", source), False
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return None, Finding("geometry_nan", {"village": shown}, "geometry", source), False
    if isinstance(shape, shapely.Point):
        return shape, None, False
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return (
            None,
            Finding("geometry_kind", {"village": shown, "type": shape.geom_type}, "geometry", source),
            False,
        )
    if shapely.get_num_coordinates(shape) > MANY_POINTS and crosses_often(shape):
        facts = {"village": shown, "most": MOST_CROSSINGS}
        return None, Finding("geometry_crosses_itself_often", facts, "geometry", source), False
    if shape.is_valid:
        return shape, None, False
    where = shapely.is_valid_reason(shape).partition("[")[2].rstrip("]") or "?"
    where = ", ".join(f"{float(part):.5f}" for part in where.split()) if where != "?" else where
    if crosses_often(shape):
        facts = {"village": shown, "most": MOST_CROSSINGS}
        return None, Finding("geometry_crosses_itself_often", facts, "geometry", source), False
    mended = polygons_of(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    if mended is None or mended.is_empty:
        return (
            None,
            Finding("geometry_crosses_itself_badly", {"village": shown, "where": where}, "geometry", source),
            False,
        )
    # What the outer ring alone encloses is the nearest thing to what was meant.
    meant = max(shape.area, mended.area) or 1.0
    percent = 100 * abs(mended.area - shape.area) / meant
    facts = {"village": shown, "where": where, "percent": f"{percent:.1f}"}
    if percent > MOST_CROSSING:
        return None, Finding("geometry_crosses_itself_badly", facts, "geometry", source), False
    if not repair:
        return None, Finding("geometry_crosses_itself", facts, "geometry", source), False
    return mended, None, True


def crosses_often(shape: BaseGeometry) -> bool:
    """Whether the sides of an outline meet so often where they should not that a repair would take minutes and mean nothing.

    Sides are asked in groups, few at first, which others they touch, and asking ends at the limit: a knot of 3,000 corners has a
    million crossings, which no repair may ever see.
    """
    rings = shapely.get_rings(shapely.get_parts(shapely.remove_repeated_points(shape)))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    sides = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[ring[:-1] == ring[1:]])
    tree = shapely.STRtree(sides)
    # Each side touches itself and its two neighbours.
    allowed = 3 * len(sides) + 2 * MOST_CROSSINGS
    met, first, many = 0, 0, 8
    while first < len(sides) and met <= allowed:
        met += tree.query(sides[first : first + many], predicate="intersects").shape[1]
        first, many = first + many, min(2 * many, 4_096)
    return met > allowed


def polygons_of(shape: BaseGeometry) -> BaseGeometry | None:
    """Only the polygons of what a repair leaves."""
    if isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return shape
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon | shapely.MultiPolygon)]
    return shapely.union_all(parts) if parts else None


def read_lines(data: bytes, name: str) -> list[BaseGeometry]:
    """Lines (or areas) that part neighbours, such as rivers and ridges, in EPSG:4490. Raises `Unreadable`."""
    layer = read_layer(data, name)
    if not is_known_crs(layer.crs):
        raise Unreadable("geodata_without_crs", name=name)
    transformer = _transformer(layer.crs)
    lines = [shape for shape in layer.shapes if shape is not None and not shape.is_empty and shape.length > 0]
    if not lines or not all(np.isfinite(shapely.get_coordinates(line)).all() for line in lines):
        raise Unreadable("barriers_without_lines", name=name)
    return [_to_4490(line, layer.crs, transformer) for line in lines]


def _transformer(crs: str) -> pyproj.Transformer | None:
    if crs in ("EPSG:4490", "EPSG:4326", "OGC:CRS84", ""):
        return None
    return to_cgcs2000(crs)


def _to_4490(shape: BaseGeometry, crs: str, transformer: pyproj.Transformer | None) -> BaseGeometry:
    if crs in DATUMS:
        return geometry_to_cgcs2000(shape, cast(Literal["gcj02", "bd09"], crs))
    if transformer is None:
        return shape

    def turn(points: Any) -> Any:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return shapely.transform(shape, turn)


def _outside(shape: BaseGeometry) -> str | None:
    west, south, east, north = shape.bounds
    if CHINA[0] <= west and CHINA[1] <= south and east <= CHINA[2] and north <= CHINA[3]:
        return None
    return f"{west:.4f}, {south:.4f}"


def _shared_ground(drafts: Sequence[OutlineDraft]) -> Iterator[Finding]:
    """Pairs of outlines that claim the same ground: equal, one within the other, or overlapping; with the area."""
    shapes = np.array([shapely.from_wkb(one.wkb) if one.wkb else shapely.Point() for one in drafts], dtype=object)
    firsts, seconds = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for i, j in sorted((int(i), int(j)) for i, j in zip(firsts, seconds, strict=True) if i < j):
        square = 111_320**2 * math.cos(math.radians(drafts[i].lat))
        area, one, other = (shape.area * square for shape in (shapes[i].intersection(shapes[j]), shapes[i], shapes[j]))
        if area <= SLIVER_M2:
            continue
        inner, outer = (i, j) if one <= other else (j, i)
        facts = {"first": drafts[i].place_name, "second": drafts[j].place_name, "area": f"{area:,.0f}"}
        if area >= SAME_SHARE * max(one, other):
            yield Finding("geometry_equal", facts, "geometry", str(drafts[j].number))
        elif area >= SAME_SHARE * min(one, other):
            facts |= {"inner": drafts[inner].place_name, "outer": drafts[outer].place_name}
            yield Finding("geometry_contained", facts, "geometry", str(drafts[inner].number), "warning")
        else:
            yield Finding("geometry_overlaps", facts, "geometry", str(drafts[j].number), "warning")


def _pairs_by_gap(drafts: Sequence[OutlineDraft]) -> Iterator[Finding]:
    """How many pairs border on each other when gaps of 1, 2, 5, 10 and 25 m are closed."""
    shapes = [shapely.from_wkb(draft.wkb) for draft in drafts if draft.wkb is not None]
    if 1 < len(shapes) <= MOST_TRIED:
        metres = local_metres(*(float(one) for one in shapely.total_bounds(shapes)))
        flat = [metres.project(shape) for shape in shapes]
        counts = [len(neighbours_from_outlines(flat, tolerance_m=gap).borders) for gap in TOLERANCES_M]
        pairs = ", ".join(f"{gap} m: {count}" for gap, count in zip(TOLERANCES_M, counts, strict=True))
        yield Finding("neighbours_by_gap", {"pairs": pairs}, "geometry", severity="note")


def middle_of(drawn: Iterable[tuple[bytes | None, float, float]]) -> tuple[float, float] | None:
    """The middle of what a district has drawn already, in degrees; None where it has nothing."""
    points = [(lon, lat) for _outline, lon, lat in drawn]
    if not points:
        return None
    return sum(lon for lon, _lat in points) / len(points), sum(lat for _lon, lat in points) / len(points)


def bounds_of(shapes: Iterable[BaseGeometry | None]) -> tuple[float, float, float, float] | None:
    """West, south, east, north of all shapes in the numbers of their file; None without any."""
    drawn = [shape for shape in shapes if shape is not None and not shape.is_empty]
    if not drawn:
        return None
    west, south, east, north = (float(one) for one in shapely.total_bounds(drawn))
    return (west, south, east, north) if math.isfinite(west + south + east + north) else None


def check_points(
    records: Sequence[Record], villages: Villages, *, crs: str
) -> tuple[list[OutlineDraft], list[Finding]]:
    """Points by row: longitude and latitude in degrees."""
    shapes, findings = points_of(records)
    good = [record for record in records if record.number in shapes]
    drafts, more = check_outlines(good, shapes, villages, crs=crs)
    return drafts, [*findings, *more]


def points_of(records: Sequence[Record]) -> tuple[dict[int, BaseGeometry | None], list[Finding]]:
    """The points of rows with longitude and latitude in degrees, and what is wrong with the others."""
    shapes: dict[int, BaseGeometry | None] = {}
    findings: list[Finding] = []
    for record in records:
        source = str(record.number)
        lon, lat = number_of(record.values.get("lon")), number_of(record.values.get("lat"))
        if lon is None or lat is None:
            field = "lon" if lon is None else "lat"
            findings.append(
                Finding("number_unreadable", {"value": text_of(record.values.get(field))[:40]}, field, source)
            )
            continue
        if CHINA[0] <= lat <= CHINA[2] and CHINA[1] <= lon <= CHINA[3] and not (CHINA[0] <= lon and lat <= CHINA[3]):
            findings.append(Finding("point_swapped", {"lon": lon, "lat": lat}, "lon", source))
            continue
        shapes[record.number] = shapely.Point(float(lon), float(lat))
    return shapes, findings


def undrawn(
    villages: Sequence[KnownPlace], drawn: Mapping[int, object], drafts: Sequence[OutlineDraft]
) -> list[Finding]:
    """A note about villages that still lie nowhere after the import."""
    placed = {draft.place_id for draft in drafts} | set(drawn)
    missing = [one.name for one in villages if one.id not in placed]
    if not missing:
        return []
    facts = {"count": len(missing), "names": "、".join(missing[:3])}
    return [Finding("villages_without_place", facts, severity="note")]
