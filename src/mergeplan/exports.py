"""Plans written as a map (GeoJSON) and as a workbook (Excel). The same plan gives the same bytes."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
import xlsxwriter

from mergeplan.shapes import Outlines, land_of
from mergeplan.types import MILLION, Instance, Plan, Unit, VillageId

_PARTS = ("balance", "travel", "disrupt", "compact", "affinity")
_LONG_AGO = datetime.datetime(2000, 1, 1)
"""Creation stamp of every workbook: fixed, so that the same plan gives the same bytes."""
DEGREE_PLACES = 7
"""Decimals of written degrees: a centimetre."""


def write_geojson(instance: Instance, plan: Plan, path: str | Path, outlines: Outlines | None = None) -> None:
    """Write the units of a plan as a FeatureCollection, one feature per unit with its members' united land.

    Degrees when the instance knows its coordinate system (`outline_crs`), else planar metres, said in the member
    `"coordinates"`. Land made from points is marked `"synthetic": true`. A plan without units gives no features; the
    status is written in any case.
    """
    land = land_of(instance, outlines)
    to_degrees = _to_degrees(instance.outline_crs)
    places = DEGREE_PLACES if to_degrees is not None else 2
    features = []
    for number, unit in enumerate(plan.units, 1):
        shape = land.of_unit(unit)
        if shape is not None and to_degrees is not None:
            shape = shapely.transform(shape, lambda p: np.column_stack(to_degrees.transform(p[:, 0], p[:, 1])))
        if shape is not None:
            shape = shapely.orient_polygons(shapely.transform(shape, lambda p: np.round(p, places)))
        geometry = None if shape is None else json.loads(shapely.to_geojson(shape))
        features.append(
            {
                "type": "Feature",
                "id": number,
                "properties": {"unit": number, **_unit_facts(instance, unit), "synthetic": land.synthetic},
                "geometry": geometry,
            }
        )
    head = {
        "type": "FeatureCollection",
        "status": str(plan.status),
        "objective": plan.objective,
        "bound": plan.bound,
        "coordinates": "degrees" if to_degrees is not None else "planar metres",
    }
    lines = [json.dumps(f, ensure_ascii=False, allow_nan=False) for f in features]
    text = json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n' + ",\n".join(lines) + "\n]}\n"
    Path(path).write_bytes(text.encode())


def _to_degrees(definition: str) -> pyproj.Transformer | None:
    return pyproj.Transformer.from_crs(definition, "EPSG:4490", always_xy=True) if definition else None


def _unit_facts(instance: Instance, unit: Unit) -> dict[str, Any]:
    """What is said of a unit on the map. Scores in millionths, distances in metres by road (detour applied)."""
    facts: dict[str, Any] = {
        "kind": str(unit.kind),
        "town": unit.town,
        "centre": unit.centre,
        "centre_name": _name(instance, unit.centre),
        "members": list(unit.members),
        "member_names": [_name(instance, v) for v in unit.members],
        "villages": len(unit.members),
        "population": unit.population,
        "farthest_m": unit.farthest_m,
        "score": unit.score,
    }
    return facts


def _name(instance: Instance, village: VillageId) -> str:
    return instance.name[instance.index_of[village]]


def write_xlsx(instance: Instance, plan: Plan, path: str | Path) -> None:
    """Write a plan as a workbook with the sheets summary, units, villages and curve. Costs in the score's unit."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _LONG_AGO, "title": "mergeplan"})
        sheet = _Sheets(book)
        sheet.add("summary", ("what", "value"), _summary_rows(instance, plan), (34, 60))
        heads = ("unit", "town", "centre", "centre name", "members", "villages", "kind", "population", "farthest m")
        unit_widths = (6, 14, 16, 20, 60, 9, 11, 11, 11, 9, *(9 for _ in _PARTS))
        sheet.add("units", (*heads, "score", *_PARTS), _unit_rows(instance, plan), unit_widths)
        village_heads = ("id", "name", "town", "population", "area m²", "unit", "kind", "centre", "centre name")
        sheet.add("villages", village_heads, _village_rows(instance, plan), (16, 20, 14, 11, 12, 6, 11, 16, 20))
        sheet.add(
            "curve", ("villages after", "proven lower bound", "known cost", "exact"), _curve_rows(plan), (16,) * 4
        )
        if plan.curve:
            _add_chart(book, sheet.sheets["curve"], len(plan.curve))


class _Sheets:
    """Worksheets of one style: bold frozen heading with a filter, text as text, numbers as numbers."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E8EDF2", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.whole = book.add_format({"num_format": "#,##0"})
        self.decimal = book.add_format({"num_format": "#,##0.000000"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.sheets: dict[str, Any] = {}

    def add(self, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
        sheet = self.sheets[name] = self.book.add_worksheet(name)
        for at, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, head, self.head)
        for line, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                if value is None:
                    continue
                if isinstance(value, str):
                    sheet.write_string(line, at, value, self.wrapped)
                elif isinstance(value, float):
                    sheet.write_number(line, at, value, self.decimal)
                else:
                    sheet.write_number(line, at, value, self.whole)
        sheet.freeze_panes(1, 0)
        if name != "summary" and rows:
            sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)


def _summary_rows(instance: Instance, plan: Plan) -> list[tuple[str, Any]]:
    before, after = instance.villages, plan.count
    rows: list[tuple[str, Any]] = [("status", str(plan.status)), ("villages before", before)]
    if plan.units:
        share = 0 if before == 0 else (before - after) / before
        rows += [("villages after", after), ("fewer", before - after), ("fewer, %", f"{100 * share:.2f} %")]
    if plan.objective is not None and plan.bound is not None:
        rows += [("objective", plan.objective / MILLION), ("proven lower bound", plan.bound / MILLION)]
    rules = instance.rules
    rows += [("asked: at least", plan.at_least), ("asked: at most", plan.at_most)]
    rows += [("most villages in a unit", plan.k or rules.k), ("Pmin", rules.pmin), ("Pmax", rules.pmax)]
    rows += [("R, m", rules.radius_m), ("target population", rules.target_pop)]
    merged = [u for u in plan.units if len(u.members) > 1]
    for size in sorted({len(u.members) for u in merged}):
        rows.append((f"units of {size} villages", sum(1 for u in merged if len(u.members) == size)))
    rows += [("population", sum(instance.pop))]
    rows += [(f"town {t.town}", f"{t.before} → {t.count} (possible {t.fewest}–{t.most})") for t in plan.towns]
    rows += [("why", e.message) for e in plan.explanation]
    rows += [("warning", str(w)) for w in instance.warnings]
    return rows


def _cell(value: int | str) -> int | str:
    """Long codes stay texts; Excel would round them."""
    return value if isinstance(value, str) or abs(value) < 10**11 else str(value)


def _unit_rows(instance: Instance, plan: Plan) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for number, unit in enumerate(plan.units, 1):
        members = "、".join(instance.label(instance.index_of[v]) for v in unit.members)
        parts = [None if unit.parts is None else getattr(unit.parts, p) / MILLION for p in _PARTS]
        who = [number, _cell(unit.town), _cell(unit.centre), _name(instance, unit.centre), members, len(unit.members)]
        rows.append([*who, str(unit.kind), unit.population, unit.farthest_m, unit.score / MILLION, *parts])
    return rows


def _village_rows(instance: Instance, plan: Plan) -> list[list[Any]]:
    number_of = {v: number for number, unit in enumerate(plan.units, 1) for v in unit.members}
    rows: list[list[Any]] = []
    for i, village in enumerate(instance.id):
        facts: list[Any] = [
            _cell(village),
            instance.name[i],
            _cell(instance.town[i]),
            instance.pop[i],
            instance.area[i],
        ]
        unit = plan.unit_of.get(village)
        if unit is not None:
            facts += [number_of[village], str(unit.kind), _cell(unit.centre), _name(instance, unit.centre)]
        rows.append(facts)
    return rows


def _curve_rows(plan: Plan) -> list[list[Any]]:
    return [
        [p.count, p.lower / MILLION, None if p.cost is None else p.cost / MILLION, "yes" if p.exact else "no"]
        for p in plan.curve
    ]


def _add_chart(book: Any, sheet: Any, points: int) -> None:
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    for column, name in ((1, "proven lower bound"), (2, "known cost")):
        chart.add_series(
            {"name": name, "categories": ["curve", 1, 0, points, 0], "values": ["curve", 1, column, points, column]}
        )
    chart.set_x_axis({"name": "villages after", "reverse": False})
    chart.set_y_axis({"name": "cost"})
    chart.set_size({"width": 720, "height": 400})
    sheet.insert_chart("F2", chart)
