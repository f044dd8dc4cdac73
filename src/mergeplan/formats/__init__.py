"""Files of instances and plans beside the JSON form: outlines (GeoJSON, GeoPackage, Shapefile), CSV tables, Excel.

`read_instance` takes any of them; a trouble in the file becomes an `InstanceError` whose problems name row, field and
remedy. `write_geojson` and `write_xlsx` write a plan for people and maps.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mergeplan.formats.answers import write_answer_geojson, write_answer_xlsx
from mergeplan.formats.export import write_geojson, write_xlsx
from mergeplan.formats.outlines import read_outlines
from mergeplan.formats.rows import DEFAULT_AFFINITY, MAX_BYTES, refuse
from mergeplan.formats.tables import read_tables
from mergeplan.io import read_json
from mergeplan.types import Instance

__all__ = [
    "DEFAULT_AFFINITY",
    "read_instance",
    "write_answer_geojson",
    "write_answer_xlsx",
    "write_geojson",
    "write_xlsx",
]

OUTLINE_SUFFIXES = frozenset({".geojson", ".gpkg", ".shp", ".zip"})


def read_instance(
    path: str | Path,
    *,
    rules: Mapping[str, Any] | None = None,
    affinity: int = DEFAULT_AFFINITY,
    tolerance_m: float = 1.0,
) -> Instance:
    """Read an instance by what the path is: .json, .geojson, .gpkg, .shp, .zip (a Shapefile), .csv, or a folder of CSV.

    `rules` holds fields of the JSON form (k, Pmin, K, must, …; villages by id) and goes before those in the file or
    in `<name>.rules.json`/`rules.json` beside it. `affinity` (0–1000) is used for every border whose affinity nobody
    has judged. `tolerance_m` is how far two drawings of one border may lie apart (gaps, slivers) in files of outlines.
    A .json instance is complete in itself and takes none of them.

    Raises InstanceError with all problems found, OSError when the file cannot be opened.
    """
    source = Path(path)
    suffix = source.suffix.lower()
    if source.is_dir() or suffix == ".csv":
        return read_tables(source, rules=rules, affinity=affinity)
    if suffix not in OUTLINE_SUFFIXES | {".json"}:
        known = ".json, .geojson, .gpkg, .shp, .zip, .csv or a folder with villages.csv"
        refuse("unknown-format", f"{source.name} is of no known kind", "file", f"give {known}")
    if source.stat().st_size > MAX_BYTES:
        refuse("too-big", f"{source.name} is larger than {MAX_BYTES // 1_000_000} MB", "file", "give one county a file")
    if suffix == ".json" and not _is_geojson(source):
        return read_json(source)
    return read_outlines(source, rules=rules, affinity=affinity, tolerance_m=tolerance_m)


def _is_geojson(path: Path) -> bool:
    """Whether a .json file is a collection of outlines rather than an instance."""
    with path.open("rb") as stream:
        return b'"FeatureCollection"' in stream.read(400)
