"""Reading and checking outlines and points: GeoJSON, GeoPackage, Shapefile (zipped), and tables of coordinates.

Everything ends in EPSG:4490. What is wrong with a row is reported with its row and a remedy; a self-crossing outline is
repaired only where somebody accepts the repair offered.
"""

import io
import json
import math
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import pyogrio
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from heli.files.sheets import MAX_UNPACKED, ZIP_MAGIC, Unreadable, check_zip
from heli.places.imports.matching import Villages
from heli.places.imports.readers import check_size, number_of, text_of
from heli.places.imports.types import Cell, Known, OutlineDraft, Record, Row, Table
from heli.places.measuring import measure_shape
from heli.places.types import Finding
from mergeplan.geo.coords import geometry_to_cgcs2000

SQLITE_MAGIC = b"SQLite format 3\x00"
GEOJSON_TYPES = (
    "FeatureCollection", "Feature", "GeometryCollection", "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon",
    "MultiPolygon",
)  # fmt: skip
BEGINNINGS = {".shp": b"\x00\x00\x27\x0a", ".shx": b"\x00\x00\x27\x0a"}
DATUMS = ("gcj02", "bd09")
SYSTEMS = ("EPSG:4490", "EPSG:4326", "gcj02", "bd09")
CHINA = (73.0, 3.0, 136.0, 54.0)
"""Longitudes and latitudes within which a village of China lies."""

SLIVER_M2 = 100
MOST_CROSSINGS = 1_000
"""An outline whose sides meet more often is not repaired: the land survey's worst have a few dozen."""
MANY_POINTS = 20_000
"""From so many on, crossings are counted before anything else is asked: finding the first one may take seconds then."""
MOST_CROSSING = 5
"""An outline that loses or gains more than so many percent by repair is not repaired without being drawn anew."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows with shapes: the attributes as a table, one shape a row, and the coordinate system the file names."""

    table: Table
    shapes: tuple[BaseGeometry | None, ...]
    crs: str


def read_layer(data: bytes, name: str) -> Layer:
    """The first layer with rows. Raises `Unreadable`."""
    check_size(len(data))
    if not data.strip():
        raise Unreadable("file_empty", name=name)
    with tempfile.TemporaryDirectory() as folder:
        path = _put(Path(folder), data, name)
        try:
            layers = pyogrio.list_layers(path)
            if not len(layers):
                raise Unreadable("layer_empty", name=name)
            meta, _, wkb, columns = pyogrio.raw.read(path, layer=str(layers[0][0]), force_2d=True)
        except Unreadable:
            raise
        except Exception as wrong:  # GDAL raises its own many kinds
            raise Unreadable("geodata_broken", name=name, reason=str(wrong)[:120]) from wrong
    if wkb is None or not len(wkb):
        raise Unreadable("layer_empty", name=name)
    shapes = tuple(_shape(one) for one in wkb)
    rows = tuple(
        Row(number, tuple(_cell(value) for value in values))
        for number, values in enumerate(zip(*columns, strict=True) if columns else [()] * len(wkb), 1)
    )
    headers = tuple(str(field) for field in meta["fields"])
    return Layer(
        Table(headers, rows, "geo", str(meta.get("encoding") or ""), str(layers[0][0]), header_row=0),
        shapes,
        str(meta["crs"] or ""),
    )


def _put(folder: Path, data: bytes, name: str) -> str:
    """The data as a file that GDAL opens by its ending; a zip is unpacked to its one shapefile."""
    if data.startswith(ZIP_MAGIC):
        check_zip(data, name)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = 0
            for entry in archive.infolist():
                suffix = Path(entry.filename).suffix.lower()
                if entry.is_dir() or suffix not in (
                    ".shp",
                    ".shx",
                    ".dbf",
                    ".prj",
                    ".cpg",
                    ".geojson",
                    ".json",
                    ".gpkg",
                ):
                    continue
                total += entry.file_size
                if total > MAX_UNPACKED:
                    raise Unreadable("zip_bomb", name=name, size=f"{total / 1024 / 1024:.0f}")
                # The name inside the archive is not trusted as a path.
                try:
                    content = archive.read(entry)
                except (RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError, EOFError, zlib.error) as wrong:
                    raise Unreadable("geodata_broken", name=name, reason=str(wrong)[:80]) from wrong
                _check_content(content, suffix, name)
                (folder / f"layer{suffix}").write_bytes(content)
        for suffix in (".shp", ".gpkg", ".geojson", ".json"):
            if (folder / f"layer{suffix}").exists():
                return str(folder / f"layer{suffix}")
        raise Unreadable("geodata_broken", name=name, reason=".shp")
    path = folder / ("layer.gpkg" if data.startswith(SQLITE_MAGIC) else "layer.geojson")
    _check_content(data, path.suffix, name)
    path.write_bytes(data)
    return str(path)


def _check_content(data: bytes, suffix: str, name: str) -> None:
    """Refuse what is not what its ending says. Raises `Unreadable`.

    GDAL goes by content, whatever the ending: a virtual layer (VRT) in a file called .json would make it open any other
    file or address that this process reaches, the database among them.
    """
    if suffix in (".geojson", ".json"):
        try:
            raw = json.loads(data)
        except (ValueError, RecursionError) as wrong:
            raise Unreadable("geodata_broken", name=name, reason=str(wrong)[:80]) from wrong
        fits = isinstance(raw, dict) and raw.get("type") in GEOJSON_TYPES
    elif suffix == ".gpkg":
        fits = data.startswith(SQLITE_MAGIC) and data[68:70] == b"GP"
    else:
        fits = suffix not in BEGINNINGS or data.startswith(BEGINNINGS[suffix])
    if not fits:
        raise Unreadable("geodata_broken", name=name, reason=suffix)


def _shape(wkb: bytes | None) -> BaseGeometry | None:
    return shapely.from_wkb(wkb, on_invalid="ignore") if wkb is not None else None


def _cell(value: object) -> Cell:
    if value is None or (isinstance(value, float | np.floating) and math.isnan(value)):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return cast(Cell, value) if isinstance(value, str | int | float | bool) else str(value)


# -- checking --------------------------------------------------------------------------------------------------------


def check_outlines(
    records: Sequence[Record],
    shapes: Mapping[int, BaseGeometry | None],
    villages: Villages,
    *,
    crs: str,
    repair: bool = False,
) -> tuple[list[OutlineDraft], list[Finding]]:
    """Outlines by row. `crs` is "EPSG:…", a definition, "gcj02" or "bd09"; with `repair` crossings are mended safely."""
    drafts: list[OutlineDraft] = []
    findings: list[Finding] = []
    seen: dict[int, int] = {}
    transformer = None if crs in DATUMS else _transformer(crs)
    for record in records:
        source = str(record.number)
        village, wrong = villages.find(record)
        shown = village.name if village else (record.text("name") or record.text("code"))
        shape, problem, repaired = _check_shape(shapes.get(record.number), shown, source, repair)
        if wrong:
            findings.append(wrong)
        if problem:
            findings.append(problem)
        if village is None or shape is None:
            continue
        if village.id in seen:
            findings.append(
                Finding("village_twice", {"village": village.name, "first": seen[village.id]}, "code", source)
            )
            continue
        seen[village.id] = record.number
        shape = _to_4490(shape, crs, transformer)
        if (outside := _outside(shape)) is not None:
            findings.append(Finding("geometry_outside", {"village": shown, "where": outside}, "geometry", source))
            continue
        try:
            measured = measure_shape(shape)
        except ValueError:
            findings.append(Finding("geometry_empty_area", {"village": shown}, "geometry", source))
            continue
        drafts.append(
            OutlineDraft(
                record.number, village.id, village.name, measured.wkb, measured.lon, measured.lat, measured.area_dm2,
                measured.perimeter_m, crs in DATUMS, repaired,
            )
        )  # fmt: skip
    findings += _overlaps(drafts)
    return drafts, findings


def _check_shape(  # noqa: PLR0911
    shape: BaseGeometry | None, shown: str, source: str, repair: bool
) -> tuple[BaseGeometry | None, Finding | None, bool]:
    if shape is None or shape.is_empty:
        return None, Finding("geometry_missing", {"village": shown}, "geometry", source), False
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return None, Finding("geometry_nan", {"village": shown}, "geometry", source), False
    if isinstance(shape, shapely.Point):
        return shape, None, False
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return None, Finding("geometry_kind", {"village": shown, "type": shape.geom_type}, "geometry", source), False
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
    return pyproj.Transformer.from_crs(pyproj.CRS.from_user_input(crs), pyproj.CRS.from_epsg(4490), always_xy=True)


def is_known_crs(crs: str) -> bool:
    """Whether the coordinate system can be read."""
    if crs in SYSTEMS:
        return True
    try:
        pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        return False
    return True


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


def _overlaps(drafts: Sequence[OutlineDraft]) -> Iterator[Finding]:
    shapes = [shapely.from_wkb(draft.wkb) if draft.wkb else None for draft in drafts]
    tree = shapely.STRtree([shape if shape is not None else shapely.Point() for shape in shapes])
    for i, shape in enumerate(shapes):
        if shape is None:
            continue
        for j in sorted(int(j) for j in tree.query(shape, predicate="overlaps")):
            other = shapes[j]
            if j <= i or other is None:
                continue
            area = shape.intersection(other).area * 111_320**2 * math.cos(math.radians(drafts[i].lat))
            if area > SLIVER_M2:
                facts = {"first": drafts[i].place_name, "second": drafts[j].place_name, "area": f"{area:.0f}"}
                yield Finding("geometry_overlaps", facts, "geometry", str(drafts[j].number), "warning")


def check_points(
    records: Sequence[Record], villages: Villages, *, crs: str
) -> tuple[list[OutlineDraft], list[Finding]]:
    """Points by row: longitude and latitude in degrees."""
    shapes: dict[int, BaseGeometry | None] = {}
    findings: list[Finding] = []
    good: list[Record] = []
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
        good.append(record)
    drafts, more = check_outlines(good, shapes, villages, crs=crs)
    return drafts, [*findings, *more]


def undrawn(villages: Sequence[Known], drawn: Mapping[int, object], drafts: Sequence[OutlineDraft]) -> list[Finding]:
    """A note about villages that still lie nowhere after the import."""
    placed = {draft.place_id for draft in drafts} | set(drawn)
    missing = [one.name for one in villages if one.id not in placed]
    if not missing:
        return []
    facts = {"count": len(missing), "names": "、".join(missing[:3])}
    return [Finding("villages_without_place", facts, severity="note")]
