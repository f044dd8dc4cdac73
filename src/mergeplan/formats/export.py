"""Plans for maps and for people: GeoJSON of the new units, an Excel workbook."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from mergeplan.types import COUNTED_KINDS, MILLION, Instance, Plan, Unit

PARTS = ("balance", "travel", "disrupt", "compact", "affinity")


def write_geojson(instance: Instance, plan: Plan, path: str | Path) -> None:
    """One feature per unit: the union of its members' outlines, or their points where no outline is known.

    Coordinates are degrees (EPSG:4490, 6 decimals) when the instance knows its planar system, else its own metres,
    which the member `coordinates` then says. Scores are in millionths, as everywhere.
    """
    to_degrees = None
    if instance.outline_crs:
        source = pyproj.CRS.from_user_input(instance.outline_crs)
        to_degrees = pyproj.Transformer.from_crs(source, pyproj.CRS.from_epsg(4490), always_xy=True)

    def place(geometry: BaseGeometry) -> BaseGeometry:
        if to_degrees is None:
            return geometry
        moved = shapely.transform(geometry, lambda p: np.column_stack(to_degrees.transform(p[:, 0], p[:, 1])))
        return shapely.transform(moved, lambda p: np.round(p, 6))

    features = [
        {
            "type": "Feature",
            "id": number,
            "properties": _properties(instance, plan, unit),
            "geometry": json.loads(shapely.to_geojson(place(_shape(instance, unit)))),
        }
        for number, unit in enumerate(plan.units, start=1)
    ]
    collection = {
        "type": "FeatureCollection",
        "coordinates": "EPSG:4490" if to_degrees else "local metres",
        "status": plan.status.value,
        "objective": plan.objective,
        "bound": plan.bound,
        "count": plan.count,
        "features": features,
    }
    Path(path).write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _shape(instance: Instance, unit: Unit) -> BaseGeometry:
    indices = [instance.index_of[m] for m in unit.members]
    outlines = [] if instance.outline is None else [instance.outline[i] for i in indices]
    shapes = [shapely.from_wkb(w) for w in outlines if w is not None]
    if shapes:
        return shapely.union_all(np.array([shapely.make_valid(s) for s in shapes], dtype=object))
    points = [(float(instance.x[i]), float(instance.y[i])) for i in indices]
    return shapely.Point(points[0]) if len(points) == 1 else shapely.MultiPoint(points)


def _properties(instance: Instance, plan: Plan, unit: Unit) -> dict[str, Any]:
    parts = {p: getattr(unit.parts, p) for p in PARTS} if unit.parts is not None else {}
    return {
        "name": instance.name[instance.index_of[unit.centre]],
        "town": unit.town,
        "kind": unit.kind.value,
        "counts_as_village": unit.kind in COUNTED_KINDS,
        "members": list(unit.members),
        "member_names": [instance.name[instance.index_of[m]] for m in unit.members],
        "centre": unit.centre,
        "population": unit.population,
        "farthest_m": unit.farthest_m,
        "score": unit.score,
        **parts,
    }


def write_xlsx(instance: Instance, plan: Plan, path: str | Path) -> None:
    """An Excel workbook with the sheets summary, units, villages and curve. Text is never read as a formula."""
    with open_book(path) as (book, looks):
        for name, heads, rows in (
            ("summary", ["item", "value"], _summary(instance, plan)),
            ("units", *_units(instance, plan)),
            ("villages", *_villages(instance, plan)),
            ("curve", ["count", "cost", "lower bound", "exact"], _curve(plan)),
        ):
            write_sheet(book.add_worksheet(name), heads, rows, looks)


@contextmanager
def open_book(path: str | Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    """A workbook and its formats by name. A fixed date: the same plan gives the same workbook."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "mergeplan", "created": dt.datetime(2000, 1, 1)})
        head = {"bold": True, "bg_color": "#dfe7ee", "bottom": 1, "text_wrap": True, "valign": "top"}
        number, score = {"num_format": "#,##0"}, {"num_format": "#,##0.000000"}
        yield book, {"head": book.add_format(head), "number": book.add_format(number), "score": book.add_format(score)}


def write_sheet(sheet: Any, heads: list[str], rows: list[list[Any]], looks: dict[str, Any]) -> None:
    """Fill a sheet: a head and rows of texts, numbers and None, each column as wide as what it holds."""
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, looks["head"])
        shown = [str(r[column]) for r in rows[:300]]
        widest = max([len(head), *(sum(2 if ord(c) > 0x2E7F else 1 for c in s) for s in shown)])
        sheet.set_column(column, column, min(max(widest + 2, 8), 60))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value is None or isinstance(value, str):
                sheet.write_string(number, column, value or "")
            else:
                sheet.write_number(number, column, value, looks["score" if isinstance(value, float) else "number"])
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)


def _summary(instance: Instance, plan: Plan) -> list[list[Any]]:
    before, after = instance.villages, plan.count
    rows: list[list[Any]] = [["status", plan.status.value], ["villages before", before]]
    if plan.units:
        counted = [u for u in plan.units if u.kind in COUNTED_KINDS]
        people = sum(u.population for u in counted)
        rows += [
            ["villages after", after],
            ["fewer by", before - after],
            ["fewer by, %", round(100 * (before - after) / before, 2) if before else 0.0],
            ["mean population after", round(people / after, 1) if after else 0.0],
            *[[f"{size}-in-1", sum(len(u.members) == size for u in counted)] for size in _sizes(counted)],
            ["objective", (plan.objective or 0) / MILLION],
            ["proven lower bound", (plan.bound or 0) / MILLION],
        ]
    rules = instance.rules
    rows += [
        ["at most", plan.at_most],
        ["k", plan.k or rules.k],
        ["Pmin", rules.pmin],
        ["Pmax", rules.pmax],
        ["R, m", rules.radius_m],
        ["T", rules.target_pop],
    ]
    return rows + [["remark", e.message] for e in plan.explanation]


def _sizes(units: list[Unit]) -> list[int]:
    return sorted({len(u.members) for u in units if len(u.members) > 1})


def _units(instance: Instance, plan: Plan) -> tuple[list[str], list[list[Any]]]:
    heads = ["no.", "town", "kind", "centre", "centre name", "members", "member names", "population", "farthest, m"]
    rows = []
    for number, unit in enumerate(plan.units, start=1):
        names = [instance.name[instance.index_of[m]] for m in unit.members]
        centre = instance.name[instance.index_of[unit.centre]]
        scores = [unit.score / MILLION, *(getattr(unit.parts, p) / MILLION if unit.parts else None for p in PARTS)]
        rows.append(
            [
                number,
                str(unit.town),
                unit.kind.value,
                str(unit.centre),
                centre,
                "、".join(str(m) for m in unit.members),
                "、".join(names),
                unit.population,
                unit.farthest_m,
                *scores,
            ]
        )
    return [*heads, "score", *PARTS], rows


def _villages(instance: Instance, plan: Plan) -> tuple[list[str], list[list[Any]]]:
    number_of = {m: n for n, u in enumerate(plan.units, start=1) for m in u.members}
    rows = []
    for i, village in enumerate(instance.id):
        unit = plan.unit_of.get(village)
        rows.append(
            [
                str(village),
                instance.name[i],
                str(instance.town[i]),
                instance.pop[i],
                number_of.get(village),
                unit.kind.value if unit else None,
                str(unit.centre) if unit else None,
            ]
        )
    return ["id", "name", "town", "population", "unit no.", "kind", "centre"], rows


def _curve(plan: Plan) -> list[list[Any]]:
    return [
        [p.count, None if p.cost is None else p.cost / MILLION, p.lower / MILLION, "yes" if p.exact else "no"]
        for p in plan.curve
    ]
