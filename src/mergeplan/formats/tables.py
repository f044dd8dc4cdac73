"""CSV tables: villages.csv and edges.csv in a folder (or given by the path of the first), read by column heads.

villages.csv needs id, town, population, and x, y in metres or lon, lat in degrees; optional: name, area, perimeter, type, fixed,
exempt, convertible, host. edges.csv needs from, to and length_m; optional: affinity. Without edges.csv, neighbours,
and whatever of areas and perimeters is missing, come from Voronoi cells round the points.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mergeplan.formats.rows import MAX_BYTES, MAX_FLAWS, VillageRows, common_fields, refuse, rules_beside, with_rules
from mergeplan.geo import local_metres, neighbours_from_points
from mergeplan.io import instance_from_json
from mergeplan.types import Flaw, FlawSeverity, Instance, InstanceError

EDGE_HEADS: Mapping[str, tuple[str, ...]] = {
    "from": ("from", "i", "a", "从"),
    "to": ("to", "j", "b", "到"),
    "length_m": ("length_m", "length", "共界长度"),
    "affinity": ("affinity", "亲和度"),
}


def read_tables(path: Path, *, rules: Mapping[str, Any] | None, affinity: int) -> Instance:
    """An instance from a folder with villages.csv, or from that file itself. Raises InstanceError, OSError."""
    villages = path / "villages.csv" if path.is_dir() else path
    if not villages.is_file():
        refuse("no-file", f"{villages.name} is missing in {path.name}", "file", "put villages.csv into the folder")
    rows = VillageRows(read_csv(villages), label=f"{villages.name} row", first=2)
    raw = common_fields(rows)
    crs = _place(rows, raw)
    for name in ("area", "perim"):
        if name in rows.heads:
            raw[name] = [_tidy(v) for v in rows.numbers(name, least=0)]
    rows.stop()
    warnings: list[Flaw] = []
    table = villages.parent / "edges.csv"
    if table.is_file():
        raw["edges"] = _edges(table, raw["id"], affinity)
    found = None
    if not table.is_file() or "area" not in raw or "perim" not in raw:
        found = neighbours_from_points(list(zip(raw["x"], raw["y"], strict=True)))
        raw.setdefault("area", list(found.area_m2))
        raw.setdefault("perim", list(found.perimeter_m))
    if found is not None and not table.is_file():
        raw["edges"] = [[b.i, b.j, b.length_m, affinity] for b in found.borders]
        warnings.append(
            Flaw(
                "neighbours-guessed",
                "there is no edges.csv: neighbours come from cells round the points",
                "edges",
                None,
                "check them, rivers and ridges are not known here",
                FlawSeverity.WARNING,
            )
        )
        warnings.extend(found.flaws)
    instance = instance_from_json(with_rules(raw, {**rules_beside(path), **(rules or {})}))
    return replace(instance, outline_crs=crs, warnings=(*warnings, *instance.warnings))


def _place(rows: VillageRows, raw: dict[str, Any]) -> str:
    """Fill x and y; returns the planar system when degrees were given, else ''."""
    if "x" in rows.heads and "y" in rows.heads:
        raw["x"], raw["y"] = ([_tidy(v) for v in rows.numbers(axis)] for axis in ("x", "y"))
        return ""
    if not {"lon", "lat"} <= rows.heads.keys():
        refuse("missing-column", "there is no place of the villages", "x", "add x, y in metres or lon, lat in degrees")
    lon, lat = rows.numbers("lon"), rows.numbers("lat")
    rows.stop()
    try:
        metres = local_metres(min(lon), min(lat), max(lon), max(lat))
    except ValueError as error:
        refuse("not-degrees", str(error), "lon", "degrees go into lon, lat; metres into x, y")
    x, y = metres.forward(lon, lat)
    raw["x"], raw["y"] = [round(float(v)) for v in x], [round(float(v)) for v in y]
    return metres.definition


def _tidy(value: float) -> float:
    return int(value) if value.is_integer() else value


def _edges(path: Path, ids: list[str], affinity: int) -> list[list[Any]]:
    table = read_csv(path)
    flaws: list[Flaw] = []
    heads: dict[str, str] = {}
    present = {str(h).strip().lower(): h for h in (table[0] if table else {})}
    for name, options in EDGE_HEADS.items():
        head = next((present[o] for o in options if o in present), None)
        if head is not None:
            heads[name] = head
        elif name != "affinity" and table:
            flaws.append(
                Flaw("missing-column", "edges.csv has no such column", name, None, f"add {', '.join(options)}")
            )
    if flaws:
        raise InstanceError(tuple(flaws))
    at = {code: i for i, code in enumerate(ids)}
    edges: list[list[Any]] = []
    for row_number, row in enumerate(table):
        ends: list[int] = []
        for name in ("from", "to"):
            code = (row.get(heads[name]) or "").strip()
            if code in at:
                ends.append(at[code])
            else:
                flaws.append(
                    Flaw(
                        "unknown-village",
                        f"edges.csv row {row_number + 2}: {code!r} is not in villages.csv",
                        name,
                        row_number,
                        "write its id",
                    )
                )
        length = _number(row, heads, "length_m", row_number, flaws)
        liking = _number(row, heads, "affinity", row_number, flaws) if _given(row, heads) else affinity
        if len(ends) == 2:
            edges.append([*ends, _tidy(length), _tidy(float(liking))])
    if flaws:
        raise InstanceError(tuple(flaws[:MAX_FLAWS]))
    return edges


def _given(row: Mapping[str, str], heads: Mapping[str, str]) -> bool:
    return "affinity" in heads and bool((row.get(heads["affinity"]) or "").strip())


def _number(row: Mapping[str, str], heads: Mapping[str, str], name: str, index: int, flaws: list[Flaw]) -> float:
    text = (row.get(heads[name]) or "").strip()
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        flaws.append(
            Flaw(
                "not-a-number", f"edges.csv row {index + 2}: {text!r} is not a number", name, index, "write digits only"
            )
        )
        return 0.0
    return value


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV in UTF-8 or GBK, by head. Raises InstanceError."""
    if path.stat().st_size > MAX_BYTES:
        refuse("too-big", f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB", "file", "give one county a file")
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        refuse("encoding", f"{path.name} is neither UTF-8 nor GBK", "file", "save it as UTF-8")
    try:
        return [
            {k: v for k, v in row.items() if isinstance(k, str)}
            for row in csv.DictReader(io.StringIO(text, newline=""), strict=True)
        ]
    except csv.Error as error:
        refuse("not-csv", f"{path.name} is no readable CSV: {error}", "file", "save it again as CSV")
