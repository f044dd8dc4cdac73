"""Files other than the JSON form: read villages from tables and maps, write plans as maps and workbooks.

What is read: `.json` (the exchange form, or GeoJSON by its content), `.geojson`, `.gpkg`, `.shp`, `.zip` (a zipped
Shapefile), a folder with `villages.csv`, or that file itself. Beside a map or a village table may lie

* `edges.csv` (for a map `STEM.edges.csv`): `from,to[,length_m][,affinity]` with village ids. Beside outlines or cells it
  adds affinities and borders; a village table without outlines takes it as the whole neighbour relation.
* `rules.json` (for a map `STEM.rules.json`): the JSON form's fields that are not per village (`k`, `Pmin`, `K`,
  `weights`, `must` …), villages named by id. A GeoJSON file may hold them as its member `"mergeplan"`.

A border of unknown affinity gets `DEFAULT_AFFINITY` = 500.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pyogrio
import shapely

from mergeplan.exports import write_geojson, write_xlsx
from mergeplan.geo.coords import ChineseDatum
from mergeplan.io import MAX_PROBLEMS, read_json
from mergeplan.tables import DEFAULT_AFFINITY, EdgeRow, VillageTable, instance_from_table
from mergeplan.types import Instance, InstanceError, Problem

__all__ = ["DEFAULT_AFFINITY", "read_instance", "write_geojson", "write_xlsx"]

MAX_UNPACKED = 1 << 30
"""Bytes a zipped Shapefile may unpack to; a county's outlines take some 10 MB."""

_MAPS = {".geojson", ".gpkg", ".shp", ".zip"}


def read_instance(path: str | Path, *, layer: str | None = None, datum: ChineseDatum = "cgcs2000") -> Instance:
    """Read an instance from a file or folder of any known format.

    `layer` names the layer of a GeoPackage with several; `datum` says that degrees are GCJ-02 or BD-09. Raises
    `InstanceError` naming row, field and remedy, `OSError` when the file cannot be opened.
    """
    path = Path(path)
    if path.is_dir():
        return instance_from_table(_read_csv(path / "villages.csv"), datum=datum)
    if not path.exists():
        raise FileNotFoundError(2, "no such file or folder", str(path))
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return instance_from_table(_read_csv(path), datum=datum)
    if suffix == ".json" and not _is_geojson(path):
        return read_json(path)
    if suffix in _MAPS or suffix == ".json":
        return instance_from_table(_read_map(path, layer), datum=datum)
    known = ", ".join(sorted({".json", ".csv", *_MAPS}))
    _refuse("unknown-format", f"{path.name} is of no known format", "file", f"use one of {known}")


def _refuse(code: str, message: str, field: str, remedy: str, index: int | None = None) -> NoReturn:
    raise InstanceError((Problem(code, message, field, index, remedy),))


def _is_geojson(path: Path) -> bool:
    try:
        raw = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False  # `read_json` says what is wrong with it
    return isinstance(raw, Mapping) and raw.get("type") in ("FeatureCollection", "Feature")


# -- CSV ----------------------------------------------------------------------------------------------------------


def _read_csv(path: Path) -> VillageTable:
    if not path.exists():
        raise FileNotFoundError(2, "the folder needs a villages.csv", str(path))
    heads, rows = _csv_rows(path)
    _check_widths(path, heads, rows)
    columns = {head: [row[at] for _, row in rows] for at, head in enumerate(heads)}
    edges_path, rules_path = path.with_name("edges.csv"), path.with_name("rules.json")
    return VillageTable(
        source=path.name,
        columns=columns,
        count=len(rows),
        first_line=2,
        edges=_read_edges(edges_path) if edges_path.exists() else None,
        edges_source=edges_path.name,
        rules=_read_rules(rules_path),
    )


def _csv_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Heading and (line, cells) of every row that is not blank."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")  # what Excel writes in China
        except UnicodeDecodeError:
            _refuse("encoding", f"{path.name} is neither UTF-8 nor GBK text", "file", "save it as CSV UTF-8")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        _refuse("not-csv", f"{path.name} is no readable CSV: {error}", "file", "save it as CSV UTF-8")
    rows = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    if not rows:
        _refuse("empty-file", f"{path.name} is empty", "file", "give a heading and one row per village")
    heads = [cell.strip() for cell in rows[0][1]]
    repeated = sorted({h for h in heads if h and heads.count(h) > 1})
    if repeated:
        _refuse("duplicate-column", f"{path.name} has two columns {repeated[0]!r}", repeated[0], "keep one of them")
    return heads, rows[1:]


def _check_widths(path: Path, heads: list[str], rows: list[tuple[int, list[str]]]) -> None:
    problems = [
        Problem(
            "wrong-width",
            f"has {len(row)} cells, the heading has {len(heads)} ({path.name}, line {line})",
            "row",
            number,
            "quote cells that hold commas",
        )
        for number, (line, row) in enumerate(rows)
        if len(row) != len(heads)
    ]
    if problems:
        raise InstanceError(tuple(problems[:MAX_PROBLEMS]))


def _read_edges(path: Path) -> list[EdgeRow]:
    heads, rows = _csv_rows(path)
    _check_widths(path, heads, rows)
    names = {
        "from": ("from", "i", "a"),
        "to": ("to", "j", "b"),
        "length": ("length_m", "length"),
        "affinity": ("affinity",),
    }
    at = {key: next((heads.index(n) for n in known if n in heads), None) for key, known in names.items()}
    for key in ("from", "to"):
        if at[key] is None:
            _refuse("missing", f"{path.name} has no column {key}", key, "name the columns from,to,length_m,affinity")
    problems: list[Problem] = []
    found: list[EdgeRow] = []
    for number, (line, row) in enumerate(rows):
        cells = {key: row[place].strip() if place is not None else "" for key, place in at.items()}
        values: dict[str, float | None] = {}
        for key, high in (("length", 10**9), ("affinity", 1000)):
            value = _float(cells[key])
            values[key] = value
            whole = key == "length" or value is None or value.is_integer()
            if cells[key] and (value is None or not 0 <= value <= high or not whole):
                message = f"{cells[key]!r:.40} is not a number from 0 to {high} ({path.name}, line {line})"
                problems.append(Problem("not-a-number", message, key, number, "correct the cell or leave it empty"))
        affinity = values["affinity"]
        whole_affinity = None if affinity is None else int(affinity)
        found.append(EdgeRow(cells["from"], cells["to"], values["length"], whole_affinity, line))
    if problems:
        raise InstanceError(tuple(problems[:MAX_PROBLEMS]))
    return found


def _float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= 1e12 else None  # also keeps NaN and infinity out


def _read_rules(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        raw = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        _refuse("not-json", f"{path.name} is not readable JSON: {error}", "rules", "save it as UTF-8 JSON")
    if not isinstance(raw, dict):
        _refuse("not-an-object", f"{path.name} holds no JSON object", "rules", "write {…} with k, Pmin, Pmax, …")
    return raw


# -- maps ---------------------------------------------------------------------------------------------------------


def _read_map(path: Path, layer: str | None) -> VillageTable:
    if path.suffix.lower() == ".zip":
        _check_zip(path)
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        if layer is None and len(layers) > 1:
            _refuse("which-layer", f"{path.name} has layers {', '.join(layers)}", "layer", "keep or name one of them")
        if not layers or (layer is not None and layer not in layers):
            _refuse("no-layer", f"{path.name} has no such layer of outlines", "layer", "save the outlines as a layer")
        meta, _, wkb, values = pyogrio.raw.read(path, layer=layer or layers[0], force_2d=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        if isinstance(error, InstanceError):
            raise
        _refuse("unreadable-map", f"{path.name} cannot be read: {error}", "file", "export it again")
    geometry = shapely.from_wkb(np.asarray(wkb, dtype=object), on_invalid="ignore")
    edges_path = path.with_name(f"{path.stem}.edges.csv")
    rules = _read_rules(path.with_name(f"{path.stem}.rules.json"))
    if path.suffix.lower() in (".geojson", ".json"):
        rules = _inner_rules(path) | rules
    return VillageTable(
        source=path.name,
        columns={str(name): list(column) for name, column in zip(meta["fields"], values, strict=True)},
        count=len(geometry),
        geometry=list(geometry),
        crs=meta["crs"],
        edges=_read_edges(edges_path) if edges_path.exists() else None,
        edges_source=edges_path.name,
        rules=rules,
    )


def _inner_rules(path: Path) -> dict[str, Any]:
    raw = json.loads(path.read_bytes().decode("utf-8-sig"))
    rules = raw.get("mergeplan", {}) if isinstance(raw, dict) else {}
    if not isinstance(rules, dict):
        _refuse("not-an-object", 'the member "mergeplan" is no object', "mergeplan", "write {…} with k, Pmin, Pmax, …")
    return rules


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        _refuse("not-a-zip", f"{path.name} is no zip file", "file", "zip the Shapefile's parts again")
    if size > MAX_UNPACKED:
        _refuse("zip-too-large", f"{path.name} would unpack to {size:,} bytes", "file", "zip only the outlines")
