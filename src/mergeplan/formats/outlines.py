"""Outlines with attributes: GeoJSON, GeoPackage, Shapefile (loose or zipped) → an instance.

Every feature is a village: id (or code), town, population, and the optional fields of `rows.ALIASES`; `kind` "community" or
`host` marks a community that only receives. Degrees are projected to the county's survey zone; metres stay. Area,
perimeter and common borders are measured on the outlines.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from mergeplan.formats.rows import MAX_BYTES, Row, VillageRows, common_fields, refuse, rules_beside, with_rules
from mergeplan.geo import local_metres, neighbours_from_outlines
from mergeplan.io import instance_from_json
from mergeplan.types import Flaw, FlawSeverity, Instance, InstanceError

Geometry = BaseGeometry | None


def read_outlines(path: Path, *, rules: Mapping[str, Any] | None, affinity: int, tolerance_m: float) -> Instance:
    """An instance from a file of outlines. Raises InstanceError, OSError."""
    inside: dict[str, Any] = {}
    if path.suffix.lower() == ".geojson":
        attributes, shapes, crs, inside = _geojson(path)
    else:
        attributes, shapes, crs = _with_gdal(path)
    rows = VillageRows(attributes)
    raw = common_fields(rows)
    rows.stop()
    _refuse_unusable(shapes)
    planar, definition, warnings = _planar(shapes, crs)
    found = neighbours_from_outlines(planar, tolerance_m=tolerance_m)
    bad = [p for p in found.flaws if p.severity is FlawSeverity.ERROR]
    if bad:
        raise InstanceError(tuple(bad))
    usable = [g for g in found.outlines if g is not None]
    if len(usable) < len(planar):
        raise InstanceError(tuple(p for p in found.flaws if p.code == "outline-missing"))
    seats = [shapely.point_on_surface(g) for g in usable]
    raw |= {
        "x": [math.floor(s.x + 0.5) for s in seats],
        "y": [math.floor(s.y + 0.5) for s in seats],
        "area": list(found.area_m2),
        "perim": list(found.perimeter_m),
        "edges": [[b.i, b.j, b.length_m, affinity] for b in found.borders],
    }
    instance = instance_from_json(with_rules(raw, {**inside, **rules_beside(path), **(rules or {})}))
    wkb = tuple(bytes(shapely.to_wkb(g)) for g in usable)
    return replace(
        instance, outline=wkb, outline_crs=definition, warnings=(*warnings, *found.flaws, *instance.warnings)
    )


def _refuse_unusable(shapes: Sequence[Geometry]) -> None:
    """Name every feature without a usable outline before anything is projected (a NaN would spoil the bounds)."""
    flaws = []
    for index, shape in enumerate(shapes):
        if shape is not None and not np.isfinite(shapely.get_coordinates(shape)).all():
            flaws.append(
                Flaw("outline-nan", "has coordinates that are not numbers", "outline", index, "export it again")
            )
        elif shape is None or shape.is_empty:
            flaws.append(
                Flaw("outline-missing", "has no outline", "outline", index, "draw it, or give points in CSV tables")
            )
    if flaws:
        raise InstanceError(tuple(flaws))


LARGEST_DISTORTION = 0.01
"""Share by which a system's areas may differ from real ones; beyond, the outlines are projected anew."""


def _planar(shapes: Sequence[Geometry], crs: str) -> tuple[list[Geometry], str, list[Flaw]]:
    """Shapes in real metres, the definition of their system, and what was found on the way."""
    array = np.array(shapes, dtype=object)
    try:
        system = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        refuse("unknown-crs", f"the coordinate system is not known: {error}", "crs", "convert to EPSG:4490")
    warnings: list[Flaw] = []
    is_metric = system.is_projected and all(a.unit_name in {"metre", "meter", "m"} for a in system.axis_info[:2])
    is_degrees = system.is_geographic and system.to_epsg() in {4490, 4326, 4979, 4480}
    if not is_degrees:
        to_degrees = pyproj.Transformer.from_crs(system, pyproj.CRS.from_epsg(4490), always_xy=True)
        if is_metric:
            scale = _areal_scale(system, to_degrees, array)
            if scale is not None and abs(scale - 1) <= LARGEST_DISTORTION:
                return array.tolist(), crs, []
            said = (
                "are not metres on the ground"
                if scale is None
                else f"make areas {scale:.2f} times as large as they are"
            )
            remedy = "the outlines were projected to the county's survey zone; compare an area you know"
            warnings = [Flaw("crs-distorted", f"{system.name}: {said}", "crs", None, remedy, FlawSeverity.WARNING)]
        array = shapely.transform(array, lambda p: np.column_stack(to_degrees.transform(p[:, 0], p[:, 1])))
    try:
        metres = local_metres(*(float(v) for v in shapely.total_bounds(array)))
    except ValueError as error:
        refuse("not-degrees", str(error), "crs", "state the coordinate system in the file")
    return metres.project(array).tolist(), metres.definition, warnings


def _areal_scale(system: pyproj.CRS, to_degrees: pyproj.Transformer, shapes: Any) -> float | None:
    """How much larger areas are drawn than they are, in the middle of the shapes; None when it cannot be said."""
    west, south, east, north = (float(v) for v in shapely.total_bounds(shapes))
    lon, lat = to_degrees.transform((west + east) / 2, (south + north) / 2)
    scale = float(pyproj.Proj(system).get_factors(lon, lat).areal_scale) if math.isfinite(lon + lat) else math.inf
    return scale if math.isfinite(scale) else None


def _geojson(path: Path) -> tuple[list[Row], list[Geometry], str, dict[str, Any]]:
    """Read here rather than by GDAL, so that a spoiled feature is named by its number."""
    data = path.read_bytes()
    raw: Any = None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            raw = json.loads(data.decode(encoding))
        except UnicodeDecodeError:
            continue
        except (ValueError, RecursionError) as error:
            refuse("not-json", f"is not readable JSON: {error}", "file", "export it again as GeoJSON")
        break
    if not isinstance(raw, dict) or not isinstance(raw.get("features"), list):
        refuse("not-geojson", "holds no FeatureCollection", "file", "export it as GeoJSON with one feature per village")
    rows: list[Row] = []
    shapes: list[Geometry] = []
    flaws: list[Flaw] = []
    for index, feature in enumerate(raw["features"]):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        rows.append(properties if isinstance(properties, dict) else {})
        shape: Geometry = None
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        try:
            shape = shapely.geometry.shape(geometry) if geometry else None
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
            is_nan = "NaN" in json.dumps(geometry)
            code = "outline-nan" if is_nan else "outline-broken"
            said = "has coordinates that are not numbers" if is_nan else f"cannot be read as a geometry: {error}"
            flaws.append(Flaw(code, said, "outline", index, "export it again"))
        shapes.append(shape)
    if flaws:
        raise InstanceError(tuple(flaws))
    rules = raw.get("rules")
    return rows, shapes, _geojson_crs(raw), rules if isinstance(rules, dict) else {}


def _geojson_crs(raw: Mapping[str, Any]) -> str:
    """RFC 7946 knows degrees only; the older `crs` member is honoured because Chinese data still carry it."""
    crs = raw.get("crs")
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    if not isinstance(name, str) or "CRS84" in name:
        return "EPSG:4490"
    return f"EPSG:{name.rsplit(':', 1)[-1]}" if name.startswith("urn:ogc:def:crs:EPSG:") else name


def _with_gdal(path: Path) -> tuple[list[Row], list[Geometry], str]:
    import pyogrio
    import pyogrio.errors
    import pyogrio.raw

    target = str(path)
    names: list[str] = []
    if path.suffix.lower() == ".zip":
        names, member = _zip_member(path)
        target = f"/vsizip/{path.resolve()}/{member}"
    elif path.suffix.lower() == ".shp":
        names = [p.name for p in path.parent.iterdir() if p.stem == path.stem]
    is_shapefile = bool(names)
    # A Shapefile without .cpg does not say its encoding; in China it is UTF-8 or GBK.
    silent = is_shapefile and not any(n.lower().endswith(".cpg") for n in names)
    for encoding in ("UTF-8", "GB18030") if silent else (None,):
        try:
            meta, _, wkb, columns = pyogrio.raw.read(target, encoding=encoding)
        except UnicodeDecodeError:
            continue
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
            refuse(
                "not-readable", f"cannot be read: {error}", "file", "export it again; a Shapefile needs .shx and .dbf"
            )
        break
    else:
        refuse("encoding", "attributes are neither UTF-8 nor GBK", "file", "export it with a .cpg file")
    if wkb is None:
        refuse("no-geometry", "the first layer has no outlines", "file", "put the layer of villages first")
    heads = [str(h) for h in meta["fields"]]
    rows: list[Row] = [
        dict(zip(heads, (c.item() if hasattr(c, "item") else c for c in values), strict=True))
        for values in zip(*columns, strict=True)
    ] or [{} for _ in wkb]
    shapes: list[Geometry] = [None if w is None else shapely.from_wkb(w) for w in wkb]
    if not meta["crs"]:
        refuse("unknown-crs", "does not say its coordinate system", "crs", "add the .prj file or export with a system")
    return rows, shapes, str(meta["crs"])


def _zip_member(path: Path) -> tuple[list[str], str]:
    """The one Shapefile in the archive; refuses bombs and archives without or with several."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        refuse("not-a-zip", f"is no readable zip: {error}", "file", "pack the Shapefile again")
    if sum(e.file_size for e in entries) > MAX_BYTES:
        refuse("zip-bomb", f"unpacks to more than {MAX_BYTES // 1_000_000} MB", "file", "give one county a file")
    found = [e.filename for e in entries if e.filename.lower().endswith(".shp")]
    if len(found) != 1:
        refuse("no-shapefile", f"holds {len(found)} Shapefiles", "file", "pack exactly one with its .shx, .dbf, .prj")
    stem = found[0][:-4]
    return [e.filename for e in entries if e.filename.startswith(stem)], found[0]
