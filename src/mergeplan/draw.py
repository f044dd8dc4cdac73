"""Draw a district and its plan: old villages thin, new units thick and coloured, centres marked. SVG or PNG.

The SVG is written here, element by element; a PNG is the same picture set by typst with the packaged CJK font. The
picture follows the instance alone: without outlines it shows Voronoi cells round the points, and says so.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mergeplan.geo import cells_from_points, separate_points
from mergeplan.geo.outlines import Outline, mend_outlines
from mergeplan.sheet import DrawingSheet
from mergeplan.types import Instance, Kind, Plan, TownId, Unit

Language = Literal["en", "zh"]

# Soft fills that stay apart from each other in print and for colour-blind eyes; kept villages stay pale.
FILLS = ("#9ec5e8", "#f3c892", "#a9d6b0", "#e6aeb8", "#c9bde6", "#e8df94", "#9fd6d2", "#d9b89c")
KEPT_FILL = "#f4f2ec"
HOST_FILL = "#dcdcdc"
ABSORBED_FILL = "#e9e4dc"
INK = "#23303d"

TEXTS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "count": "{before} villages → {after}",
        "before": "{before} villages",
        "optimal": "proven optimal",
        "feasible": "gap {gap:.2f} %",
        "infeasible": "no plan meets the rules",
        "merged": "merged unit",
        "kept": "unchanged village",
        "centre": "centre of a new unit",
        "town": "town border",
        "host": "community",
        "cells": "Cells are drawn round points: not real borders.",
        "km": "{km} km",
    },
    "zh": {
        "count": "{before} 个村 → {after} 个村",
        "before": "{before} 个村",
        "optimal": "已证明最优",
        "feasible": "差距 {gap:.2f} %",
        "infeasible": "没有满足规则的方案",
        "merged": "合并后的村",
        "kept": "保持不变的村",
        "centre": "新村中心",
        "town": "乡镇界",
        "host": "社区",
        "cells": "村界由点位推算，并非真实界线。",
        "km": "{km} 公里",
    },
}

_SUFFIX = re.compile(r"(?:社区居民委员会|社区居委会|村村民委员会|村民委员会|居民委员会|村委会|居委会|社区|村)$")


def draw(
    instance: Instance,
    plan: Plan | None,
    path: str | Path,
    *,
    title: str = "",
    language: Language = "en",
    town_names: Mapping[TownId, str] | None = None,
    width: int = 1400,
) -> None:
    """Write the picture to `path` (.svg or .png); a plan may be missing or infeasible, then only villages are drawn.

    Raises ValueError for another suffix, OSError when the file cannot be written.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in {".svg", ".png"}:
        raise ValueError(f"{target.name}: a picture is .svg or .png, not {suffix or 'without a suffix'}")
    svg = picture(instance, plan, title=title, language=language, town_names=town_names, width=width)
    if suffix == ".svg":
        target.write_text(svg, encoding="utf-8")
    else:
        target.write_bytes(_png(svg))


def picture(
    instance: Instance,
    plan: Plan | None,
    *,
    title: str = "",
    language: Language = "en",
    town_names: Mapping[TownId, str] | None = None,
    width: int = 1400,
) -> str:
    """The SVG text of the picture; the same input gives the same text."""
    cells, are_real = _cells(instance)
    sheet = DrawingSheet.around(cells, width)
    units = list(plan.unit_of.values()) if plan is not None and plan.units else []
    distinct = list({id(u): u for u in units}.values())
    groups = [[instance.index_of[m] for m in u.members] for u in distinct]
    if not distinct:
        groups = [[i] for i in range(instance.n)]
    shapes = [_union([cells[i] for i in group]) for group in groups]
    fills = _fills(instance, distinct, shapes)
    centres = [instance.index_of[u.centre] for u in distinct]
    busy = [sheet.at(instance.x[c], instance.y[c]) for c in centres]
    parts = [
        *(sheet.area(s, fill=f) for s, f in zip(shapes, fills, strict=True)),
        sheet.lines((c for c in cells), stroke="#ffffff" if distinct else "#8a97a3", width=0.7, opacity=0.85),
        *([sheet.lines(shapes, stroke="#51606e", width=1.5)] if distinct else []),
        _town_borders(instance, cells, sheet),
        *_spokes(instance, distinct, sheet),
        *_unit_labels(instance, distinct, shapes, sheet),
        *_town_labels(instance, cells, sheet, town_names, busy),
        *_heading(instance, plan, sheet, title, TEXTS[language]),
        *_legend(instance, sheet, TEXTS[language], has_plan=bool(distinct), are_real=are_real),
    ]
    body = "\n".join(p for p in parts if p)
    size = f'width="{sheet.width:g}" height="{sheet.height:g}" viewBox="0 0 {sheet.width:g} {sheet.height:g}"'
    family = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC',sans-serif"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{family}" fill="{INK}">\n'
        f"<title>{escape(title or 'mergeplan')}</title>\n"
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def _cells(instance: Instance) -> tuple[list[Outline], bool]:
    """One shape per village; where an outline is missing or broken, a Voronoi cell or a small disc stands in."""
    points, _ = separate_points([(float(x), float(y)) for x, y in zip(instance.x, instance.y, strict=True)])
    drawn: Sequence[Outline | None] = [None] * instance.n
    if instance.outline is not None:
        drawn = mend_outlines([None if w is None else shapely.from_wkb(w) for w in instance.outline]).outlines
    if all(d is None for d in drawn):
        return cells_from_points(points), False
    radius = math.sqrt(float(np.median([d.area for d in drawn if d is not None])) / math.pi) / 3
    stand_in = [shapely.buffer(shapely.Point(p), radius) for p in points]
    return [d if d is not None else s for d, s in zip(drawn, stand_in, strict=True)], all(d is not None for d in drawn)


def _union(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    return shapes[0] if len(shapes) == 1 else shapely.union_all(np.array(shapes, dtype=object))


def _fills(instance: Instance, units: Sequence[Unit], shapes: Sequence[BaseGeometry]) -> list[str]:
    """A fill per unit: pale for what stays, and for merged units a colour that no neighbour has (greedy, most first)."""
    if not units:
        return [HOST_FILL if i in instance.rules.hosts else KEPT_FILL for i in range(instance.n)]
    # Neighbours as drawn: stand-in cells may touch where the instance knows no border.
    array = np.array(shapes, dtype=object)
    near: list[set[int]] = [set() for _ in units]
    for a, b in shapely.STRtree(array).query(array, predicate="intersects").T.tolist():
        if a != b:
            near[a].add(b)
    colour: dict[int, int] = {}
    used = [0] * len(FILLS)
    merged = [u for u, unit in enumerate(units) if unit.kind is Kind.MERGED]
    for u in sorted(merged, key=lambda u: (-len(near[u]), u)):
        taken = [sum(1 for v in near[u] if colour.get(v) == c) for c in range(len(FILLS))]
        colour[u] = min(range(len(FILLS)), key=lambda c: (taken[c], used[c], c))
        used[colour[u]] += 1
    plain = {Kind.HOST: HOST_FILL, Kind.CONVERTED: HOST_FILL, Kind.ABSORBED: ABSORBED_FILL}
    return [FILLS[colour[u]] if u in colour else plain.get(unit.kind, KEPT_FILL) for u, unit in enumerate(units)]


def _town_shapes(instance: Instance, cells: Sequence[BaseGeometry]) -> dict[TownId, BaseGeometry]:
    towns: dict[TownId, list[BaseGeometry]] = {}
    for town, cell in zip(instance.town, cells, strict=True):
        towns.setdefault(town, []).append(cell)
    return {town: _union(mine) for town, mine in towns.items()}


def _town_borders(instance: Instance, cells: Sequence[BaseGeometry], sheet: DrawingSheet) -> str:
    """Town borders; holes are left to the thin lines: they are communities or gaps, not towns."""
    shapes = [
        shapely.Polygon(part.exterior)
        for shape in _town_shapes(instance, cells).values()
        for part in shapely.get_parts(np.array([shape], dtype=object))
        if isinstance(part, shapely.Polygon)
    ]
    return sheet.lines(shapes, stroke=INK, width=2.8)


def _spokes(instance: Instance, units: Sequence[Unit], sheet: DrawingSheet) -> list[str]:
    """From every member of a merged unit to its centre, and the centre as a dot."""
    lines: list[str] = []
    dots: list[str] = []
    for unit in units:
        if unit.kind not in {Kind.MERGED, Kind.ABSORBED}:
            continue
        c = instance.index_of[unit.centre]
        cx, cy = sheet.at(instance.x[c], instance.y[c])
        for member in unit.members:
            i = instance.index_of[member]
            x, y = sheet.at(instance.x[i], instance.y[i])
            if i != c:
                lines.append(f"M{x:.1f} {y:.1f}L{cx:.1f} {cy:.1f}")
                dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.8" fill="{INK}" fill-opacity="0.55"/>')
        if unit.kind is Kind.MERGED:
            dots.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="3.6" fill="#fff" stroke="{INK}" stroke-width="1.6"/>')
    if lines:
        lines = [f'<path d="{"".join(lines)}" fill="none" stroke="{INK}" stroke-opacity="0.4" stroke-width="1"/>']
    return lines + dots


def _unit_labels(
    instance: Instance, units: Sequence[Unit], shapes: Sequence[BaseGeometry], sheet: DrawingSheet
) -> list[str]:
    """Names of new units (their centre's) just under the centre, where they fit into the unit."""
    labels: list[str] = []
    for unit, shape in zip(units, shapes, strict=False):
        if unit.kind not in {Kind.MERGED, Kind.KEPT, Kind.FIXED}:
            continue
        c = instance.index_of[unit.centre]
        name = _SUFFIX.sub("", instance.name[c]) or instance.name[c]
        size = 9.5
        west, _, east, _ = shape.bounds
        if len(name) * size > (east - west) * sheet.scale * 0.95:
            continue
        x, y = sheet.at(instance.x[c], instance.y[c])
        down = 10.5 if unit.kind is Kind.MERGED else 0.0
        labels.append(sheet.label(x, y + down, name, size=size, weight=500, colour="#3b4854"))
    return labels


def _town_labels(
    instance: Instance,
    cells: Sequence[BaseGeometry],
    sheet: DrawingSheet,
    names: Mapping[TownId, str] | None,
    busy: Sequence[tuple[float, float]],
) -> list[str]:
    """Town names, each well inside its town and away from the `busy` places (centres with their names)."""
    towns = _town_shapes(instance, cells)
    if len(towns) > 60 or (names is None and all(isinstance(t, int) for t in towns)):
        return []
    labels = []
    taken = [(x, y + 6) for x, y in busy]
    for town, shape in sorted(towns.items(), key=lambda item: str(item[0])):
        words = (names or {}).get(town, str(town))
        spot = _clear_spot(shape, sheet, taken, 7.5 * sum(1.0 if ord(c) > 0x2E7F else 0.55 for c in words))
        taken.append(spot)
        labels.append(sheet.label(*spot, words, size=15, weight=700, colour="#10202e"))
    return labels


def _clear_spot(
    shape: BaseGeometry, sheet: DrawingSheet, taken: Sequence[tuple[float, float]], half: float
) -> tuple[float, float]:
    """The place inside `shape` near its middle where a word `2·half` wide covers none of `taken`, as far as possible."""
    west, south, east, north = shape.bounds
    xs, ys = np.meshgrid(np.linspace(west, east, 27)[1:-1], np.linspace(south, north, 27)[1:-1])
    inside = shapely.contains_xy(shape, xs, ys)
    middle = sheet.at(shape.centroid.x, shape.centroid.y)
    spots = [sheet.at(float(x), float(y)) for x, y in zip(xs[inside], ys[inside], strict=True)] or [middle]
    places = np.array(taken, dtype=np.float64).reshape(-1, 2)

    def worth(spot: tuple[float, float]) -> float:
        across = np.abs(places[:, 0] - spot[0]) - half - 14
        along = np.abs(places[:, 1] - spot[1]) - 20
        clear = float(np.maximum(across, along).min(initial=4.0))
        return 12 * clear - math.dist(spot, middle)

    return max(spots, key=worth)


def _heading(
    instance: Instance, plan: Plan | None, sheet: DrawingSheet, title: str, words: Mapping[str, str]
) -> list[str]:
    facts = [words["before"].format(before=instance.villages)]
    if plan is not None and plan.units:
        proof = words["optimal"]
        if plan.status.value != "optimal":
            gap = 100 * (plan.gap or 0) / plan.objective if plan.objective else 0.0
            proof = words["feasible"].format(gap=gap)
        facts = [words["count"].format(before=instance.villages, after=plan.count), proof]
    elif plan is not None:
        facts.append(words["infeasible"])
    head = [sheet.text(sheet.MARGIN, 40, title, size=22, weight=700)] if title else []
    beside = sum(22 if ord(c) > 0x2E7F else 12.5 for c in title) + 24 if title else 0.0
    return [*head, sheet.text(sheet.MARGIN + beside, 40, "  ·  ".join(facts), size=16)]


def _legend(
    instance: Instance, sheet: DrawingSheet, words: Mapping[str, str], *, has_plan: bool, are_real: bool
) -> list[str]:
    x, foot = sheet.MARGIN, sheet.map_bottom + 30
    items: list[str] = []
    keys = (["merged", "kept", "centre"] if has_plan else []) + ["town"] + (["host"] if instance.rules.hosts else [])
    for key in keys:
        items.append(_swatch(key, x, foot))
        items.append(sheet.text(x + 32, foot + 5, words[key], size=13))
        x += 32 + sum(13 if ord(c) > 0x2E7F else 7.2 for c in words[key]) + 26
    if not are_real:
        items.append(sheet.text(sheet.MARGIN, foot + 30, words["cells"], size=12))
    return items + _scale_bar(sheet, foot, words)


def _swatch(key: str, x: float, y: float) -> str:
    if key == "centre":
        return f'<circle cx="{x + 12:.1f}" cy="{y:.1f}" r="3.6" fill="#fff" stroke="{INK}" stroke-width="1.6"/>'
    if key == "town":
        return f'<path d="M{x:.1f} {y:.1f}h24" stroke="{INK}" stroke-width="2.8"/>'
    fill = {"merged": FILLS[0], "kept": KEPT_FILL, "host": HOST_FILL}[key]
    return (
        f'<rect x="{x:.1f}" y="{y - 7:.1f}" width="24" height="14" fill="{fill}" stroke="#51606e" stroke-width="1.5"/>'
    )


def _scale_bar(sheet: DrawingSheet, foot: float, words: Mapping[str, str]) -> list[str]:
    wanted = 160 / sheet.scale  # metres for about 160 units
    power = 10.0 ** math.floor(math.log10(wanted))
    metres = max(m * power for m in (1, 2, 5) if m * power <= wanted)
    length = metres * sheet.scale
    right = sheet.width - sheet.MARGIN
    bar = f"M{right - length:.1f} {foot - 5:.1f}v5h{length:.1f}v-5"
    return [
        f'<path d="{bar}" fill="none" stroke="{INK}" stroke-width="1.6"/>',
        sheet.text(
            right - length / 2, foot + 17, words["km"].format(km=f"{metres / 1000:g}"), size=12, anchor="middle"
        ),
    ]


def _png(svg: str) -> bytes:
    import manimgx_fonts_cjk
    import typst

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "map.svg").write_text(svg, encoding="utf-8")
        sheet = Path(folder) / "map.typ"
        sheet.write_text(
            '#set page(width: auto, height: auto, margin: 0pt)\n#set text(font: "Noto Sans CJK SC")\n#image("map.svg")\n'
        )
        fonts = str(Path(manimgx_fonts_cjk.__file__).parent)
        return bytes(typst.compile(str(sheet), format="png", ppi=144.0, font_paths=[fonts]))
