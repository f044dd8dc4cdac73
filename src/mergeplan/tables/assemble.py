"""A table of villages → an instance: ids, figures, rules, outlines, neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from mergeplan.geo import Neighbourhood, neighbours_from_outlines, neighbours_from_points
from mergeplan.geo.coords import ChineseDatum
from mergeplan.io import instance_from_json
from mergeplan.tables.places import in_planar_metres
from mergeplan.tables.rows import (
    ALIASES,
    DEFAULT_AFFINITY,
    EdgeRow,
    Findings,
    VillageTable,
    cell_count,
    cell_number,
    cell_text,
    known_columns,
    rounded,
)
from mergeplan.types import Instance, Severity, VillageId

_YES = {"1", "true", "yes", "y", "x", "是", "√", "✓"}
_NO = {"", "0", "false", "no", "n", "否"}
_REFERENCES = {"must": 2, "cannot": 2, "absorb": 2, "zones": 64_000, "fixed": 1}
_REFERENCES |= {"exempt": 1, "convertible": 1, "hosts": 1}
_PER_VILLAGE = {"n", "id", "name", "x", "y", "pop", "area", "perim", "town", "edges", "type"}


def instance_from_table(table: VillageTable, *, datum: ChineseDatum = "cgcs2000") -> Instance:
    """Build an instance: measure outlines, find neighbours, read rules. Raises `InstanceError` with every problem.

    Outlines decide border lengths, areas and perimeters. Without outlines the points are the centres of Voronoi cells
    that stand in for them (reported as a warning), unless an edge table and areas are given.
    """
    found = Findings(table)
    if table.count == 0:
        found.wrong("no-villages", "holds no village", "file", None, "give one row per village")
    columns = known_columns(table)
    for key in ("id", "pop"):
        if key not in columns:
            have = ", ".join(str(c) for c in table.columns) or "none"
            found.wrong(
                "missing",
                f"column is missing; found: {have}",
                ALIASES[key][0],
                None,
                f"name a column {ALIASES[key][0]}",
            )
    found.stop_if_wrong()
    ids = _ids(columns["id"], found)
    raw: dict[str, Any] = dict(table.rules)
    for name in sorted(_PER_VILLAGE & raw.keys()):
        found.wrong("not-a-rule", "belongs into the table of villages", name, None, "remove it from the rules")
    raw |= {
        "n": table.count,
        "id": ids,
        "pop": [cell_count(v, "population", i, found) for i, v in enumerate(columns["pop"])],
    }
    if "name" in columns:
        raw["name"] = [cell_text(v) for v in columns["name"]]
    raw["town"] = _towns(columns.get("town"), ids, found)
    if "type" in columns:
        raw["type"] = [cell_text(v) for v in columns["type"]]
    index_of = {str(v): i for i, v in enumerate(ids)}
    _resolve_references(raw, index_of, found)
    _flags(raw, columns, found)
    edge_rows = _edge_rows(table, index_of, found)
    shapes, points, crs = in_planar_metres(table, columns, datum, found)
    found.stop_if_wrong()
    measured = _measure(shapes, points, table.edges is not None, found)
    _fill_measures(raw, measured, columns, found)
    raw["x"], raw["y"] = [rounded(p[0]) for p in points], [rounded(p[1]) for p in points]
    raw["edges"] = _edges(measured, edge_rows)
    found.stop_if_wrong()
    instance = instance_from_json(raw)
    outlines = None
    if shapes is not None and measured is not None:
        outlines = tuple(None if g is None else bytes(shapely.to_wkb(g)) for g in measured.outlines)
    return replace(instance, outline=outlines, outline_crs=crs, warnings=(*found.warnings, *instance.warnings))


def _ids(values: Sequence[Any], found: Findings) -> list[VillageId]:
    """Texts; short whole numbers without leading zeros become numbers, as the JSON form has them."""
    texts = [cell_text(v) for v in values]
    for row, text in enumerate(texts):
        if not text:
            found.wrong("no-id", "is empty", "id", row, "give every village its own id")
    if all(t.isascii() and t.isdigit() and len(t) < 10 and str(int(t)) == t for t in texts):
        return [int(t) for t in texts]
    return list(texts)


def _towns(values: Sequence[Any] | None, ids: Sequence[VillageId], found: Findings) -> list[int | str]:
    if values is None:
        if all(len(str(v)) == 12 and str(v).isdigit() for v in ids):
            return [str(v)[:9] for v in ids]  # a 12-digit code begins with the code of its town
        found.wrong("missing", "column is missing", "town", None, "name a column town, or use 12-digit codes as id")
        return [0] * len(ids)
    texts = [cell_text(v) for v in values]
    for row, text in enumerate(texts):
        if not text:
            found.wrong("no-town", f"village {ids[row]} has no town", "town", row, "name its town")
    if all(t.isascii() and t.isdigit() and len(t) < 10 and str(int(t)) == t for t in texts):
        return [int(t) for t in texts]
    return list(texts)


def _resolve_references(raw: dict[str, Any], index_of: Mapping[str, int], found: Findings) -> None:
    """Ids in the rules → row numbers, in place."""

    def index(value: Any, name: str) -> int:
        if str(value) not in index_of:
            found.wrong("unknown-village", f"{value!r:.40} is no id of the table", name, None, "use an id of the table")
        return index_of.get(str(value), 0)

    for name, depth in _REFERENCES.items():
        if not isinstance(raw.get(name), list):
            continue  # absent, or wrong in a way that the JSON reader names
        raw[name] = [
            [index(v, name) for v in value[:depth]] + list(value[depth:])
            if isinstance(value, list)
            else index(value, name)
            for value in raw[name]
        ]


def _flags(raw: dict[str, Any], columns: Mapping[str, Sequence[Any]], found: Findings) -> None:
    for column, name in (("fixed",) * 2, ("exempt",) * 2, ("convertible",) * 2, ("host", "hosts")):
        rows = []
        for row, value in enumerate(columns.get(column, ())):
            text = "true" if value is True else cell_text(value).lower()
            if text in _YES:
                rows.append(row)
            elif text not in _NO:
                found.wrong("not-yes-or-no", f"{text!r:.40} is neither yes nor no", column, row, "write yes or no")
        if rows:
            raw[name] = sorted({*raw.get(name, []), *rows})
    zones: dict[str, list[int]] = {}
    for row, value in enumerate(columns.get("zone", ())):
        if text := cell_text(value):
            zones.setdefault(text, []).append(row)
    if zones:
        raw["zones"] = [*raw.get("zones", []), *(zones[z] for z in sorted(zones))]


def _measure(
    shapes: Sequence[BaseGeometry | None] | None,
    points: Sequence[tuple[float, float]],
    has_edges: bool,
    found: Findings,
) -> Neighbourhood | None:
    if shapes is not None:
        measured = neighbours_from_outlines([_area_or_none(s) for s in shapes])
    elif has_edges:
        return None
    else:
        measured = neighbours_from_points(points)
        found.warn(
            "cells-from-points", "no outlines: borders are Voronoi cells of the points", "edges", None, "give edges.csv"
        )
    for problem in measured.problems:
        if problem.severity is Severity.ERROR:
            found.wrong(problem.code, problem.message, problem.field, problem.index, problem.remedy)
        else:
            found.warn(problem.code, problem.message, problem.field, problem.index, problem.remedy)
    return measured


def _area_or_none(shape: BaseGeometry | None) -> BaseGeometry | None:
    """Points beside outlines are places without an outline, not broken outlines."""
    return None if shape is None or isinstance(shape, shapely.Point | shapely.MultiPoint) else shape


def _fill_measures(
    raw: dict[str, Any], measured: Neighbourhood | None, columns: Mapping[str, Sequence[Any]], found: Findings
) -> None:
    """Areas and perimeters: the column where it is filled in, else the outline, else 0 (compactness counts nothing)."""
    for key, column in (("area", "area_m2"), ("perim", "perimeter_m")):
        computed = (0,) * raw["n"] if measured is None else getattr(measured, column)
        given = columns.get(key)
        raw[key] = [
            computed[i]
            if given is None or not cell_text(given[i])
            else rounded(cell_number(given[i], column, i, found))
            for i in range(raw["n"])
        ]


def _edge_rows(table: VillageTable, index_of: Mapping[str, int], found: Findings) -> dict[tuple[int, int], EdgeRow]:
    """The rows of the edge table by pair of villages."""
    of_file = Findings(replace(table, source=table.edges_source, geometry=None, first_line=0))
    rows: dict[tuple[int, int], EdgeRow] = {}
    for row in table.edges or ():
        unknown = [v for v in (row.a, row.b) if v not in index_of]
        for v in unknown:
            of_file.wrong("unknown-village", f"{v!r:.40} is no village", "edges", row.line, "use an id of the villages")
        if unknown:
            continue
        pair = (min(index_of[row.a], index_of[row.b]), max(index_of[row.a], index_of[row.b]))
        if pair[0] == pair[1]:
            of_file.wrong("bad-edge", "joins a village with itself", "edges", row.line, "remove the row")
        elif pair in rows:
            of_file.wrong("bad-edge", f"repeats line {rows[pair].line}", "edges", row.line, "remove the row")
        else:
            rows[pair] = row
    found.errors.extend(of_file.errors)
    return rows


def _edges(measured: Neighbourhood | None, rows: Mapping[tuple[int, int], EdgeRow]) -> list[list[int]]:
    """Borders found in the geometry, with what the edge table says; an edge table alone is the whole truth."""
    lengths: dict[tuple[int, int], int] = {}
    if measured is not None:
        lengths = {(b.i, b.j): b.length_m for b in measured.borders}
    for pair, row in rows.items():
        if row.length_m is not None:
            lengths[pair] = rounded(row.length_m)
        else:
            lengths.setdefault(pair, 0)
    known = {pair: row.affinity for pair, row in rows.items() if row.affinity is not None}
    return [[i, j, length, known.get((i, j), DEFAULT_AFFINITY)] for (i, j), length in sorted(lengths.items())]
