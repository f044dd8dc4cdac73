"""A choropleth: places filled by class, marked, named where there is room."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any
from xml.sax.saxutils import escape

from heli.ui.drawing.svg import INK, MISSING, PAPER, QUIET, Tint, canvas, heading, legend, mark, n, text, text_width

Ring = Sequence[Sequence[float]]
Point = tuple[float, float]
MARGIN = 12
NAME_SIZE, AROUND_SIZE = 12, 15


@dataclass(frozen=True, slots=True)
class Area:
    """A place to fill: its name, its GeoJSON geometry in degrees (Polygon, MultiPolygon, Point; None is left out), the index
    of its class among the tints (None: no value, hatched), and what is said of it on hovering."""

    name: str
    geometry: Mapping[str, Any] | None
    tint: int | None
    note: str = ""


def choropleth_svg(
    areas: Sequence[Area],
    tints: Sequence[Tint],
    *,
    title: str = "",
    missing: str = "",
    around: Iterable[Area] = (),
    width: int = 900,
    most_height: int = 900,
    with_names: bool = True,
) -> str:
    """A map of places by class with its legend.

    `tints`: the classes in order (`sequence_tints`, `colour_tints`); `missing`: the word for places without a value, which
    are hatched; `around`: what stands above them (towns), as strong lines on top, with their names. The map is as high as
    its shape asks, at most `most_height`. Names are written where they fit, marks where the place is large enough.
    """
    top, y = heading(title, width)
    drawn = [area for area in areas if area.geometry is not None]
    strong = [area for area in around if area.geometry is not None]
    points = [point for area in (*drawn, *strong) for point in _points(area.geometry)]
    body = [top]
    if points:
        project, height = _projection(points, width, y, most_height)
        body += [_filled(area, tints, project) for area in drawn]
        body += [
            f'<path d="{_path(area.geometry, project)}" fill="none" stroke="{INK}" stroke-width="1.6" stroke-linejoin="round"/>'
            for area in strong
        ]
        body += [_labels(area, tints, project, with_names) for area in drawn]
        body += [_name_around(area, project) for area in strong]
        y = height + MARGIN
    has_missing = any(area.tint is None for area in areas)
    keys, bottom = legend(tints, y + 4, width, missing=missing if has_missing else "")
    return canvas("".join([*body, keys]), width, bottom + 6, title, is_hatched=has_missing)


def _polygons(geometry: Mapping[str, Any] | None) -> Sequence[Sequence[Ring]]:
    if geometry is None or geometry["type"] not in ("Polygon", "MultiPolygon"):
        return []
    found = geometry["coordinates"]
    return [found] if geometry["type"] == "Polygon" else list(found)


def _points(geometry: Mapping[str, Any] | None) -> list[Sequence[float]]:
    if geometry is not None and geometry["type"] == "Point":
        return [geometry["coordinates"]]
    return [point for rings in _polygons(geometry) for point in rings[0]]


@dataclass(frozen=True, slots=True)
class _Projection:
    """Degrees to pixels: equirectangular at the middle latitude, which a district is small enough for."""

    west: float
    north: float
    squeeze: float
    scale: float
    left: float
    top: float

    def __call__(self, point: Sequence[float]) -> Point:
        x = (point[0] - self.west) * self.squeeze * self.scale
        return self.left + x, self.top + (self.north - point[1]) * self.scale


def _projection(points: Sequence[Sequence[float]], width: int, top: float, most: int) -> tuple[_Projection, float]:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    squeeze = cos(radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    scale = min((width - 2 * MARGIN) / wide, (most - top - 80) / high)
    left = (width - wide * scale) / 2
    return _Projection(west, north, squeeze, scale, left, top), top + high * scale


def _path(geometry: Mapping[str, Any] | None, project: _Projection) -> str:
    runs = []
    for rings in _polygons(geometry):
        for ring in rings:
            steps = list(dict.fromkeys(f"{n(x)} {n(y)}" for x, y in map(project, ring)))
            runs.append("M" + "L".join(steps) + "Z")
    return "".join(runs)


def _filled(area: Area, tints: Sequence[Tint], project: _Projection) -> str:
    fill = MISSING if area.tint is None else tints[area.tint].fill
    said = f"<title>{escape(area.note or area.name)}</title>"
    look = f'fill="{fill}" stroke="{PAPER}" stroke-width=".8" stroke-linejoin="round"'
    if area.geometry is not None and _is_outside(area):
        x, y = project(area.geometry["coordinates"])
        return f'<circle cx="{n(x)}" cy="{n(y)}" r="6" {look.replace(PAPER, QUIET)}>{said}</circle>'
    return f'<path d="{_path(area.geometry, project)}" fill-rule="evenodd" {look}>{said}</path>'


def _labels(area: Area, tints: Sequence[Tint], project: _Projection, with_names: bool) -> str:
    at, room, height = _middle(area.geometry, project)
    tint = tints[area.tint] if area.tint is not None else None
    parts, x, y = [], *at
    has_mark = tint is not None and bool(tint.shape) and room >= 16
    has_name = with_names and bool(area.name) and room >= text_width(area.name, NAME_SIZE) and height >= NAME_SIZE * 1.6
    if has_mark and tint is not None:
        lift = NAME_SIZE * 0.75 if has_name and height >= NAME_SIZE * 3.4 else 0
        parts.append(mark(x, y - lift, tint, 15))
        has_name = has_name and (lift > 0 or tint.shape == "dot")
        y += NAME_SIZE * 0.9
    if has_name:
        ink, ground = (tint.ink, tint.fill) if tint is not None and not _is_outside(area) else (INK, PAPER)
        halo = f' stroke="{ground}" stroke-width="2.4" paint-order="stroke" stroke-linejoin="round"'
        parts.append(text(x, y + NAME_SIZE * 0.36, area.name, size=NAME_SIZE, anchor="middle", fill=ink, more=halo))
    return "".join(parts)


def _name_around(area: Area, project: _Projection) -> str:
    (x, y), _room, _height = _middle(area.geometry, project)
    halo = f' font-weight="600" stroke="{PAPER}" stroke-width="4" paint-order="stroke" stroke-linejoin="round"'
    return text(x, y + AROUND_SIZE * 0.36, area.name, size=AROUND_SIZE, anchor="middle", more=halo)


def _is_outside(area: Area) -> bool:
    """Whether the name stands beside the filled shape and not on it."""
    return area.geometry is not None and area.geometry["type"] == "Point"


def _middle(geometry: Mapping[str, Any] | None, project: _Projection) -> tuple[Point, float, float]:
    """A point well inside the largest part (the middle of its widest stretch), how wide it is there, and how high it is."""
    if geometry is not None and geometry["type"] == "Point":
        x, y = project(geometry["coordinates"])
        return (x, y + 14), 90, 40
    parts = [[[project(point) for point in ring] for ring in rings] for rings in _polygons(geometry)]
    rings = max(parts, key=lambda part: abs(_signed_area(part[0])))
    ys = [y for _x, y in rings[0]]
    low, high = min(ys), max(ys)
    best, at = -1.0, rings[0][0]
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        level = low + (high - low) * share
        cuts = sorted(_cuts(rings, level))
        for left, right in zip(cuts[::2], cuts[1::2], strict=False):
            # The middle height is preferred unless another is clearly wider.
            room = (right - left) * (1.15 if share == 0.5 else 1)
            if room > best:
                best, at = room, ((left + right) / 2, level)
    return at, best / 1.15, high - low


def _cuts(rings: Sequence[Sequence[Point]], level: float) -> Iterable[float]:
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > level) != (y2 > level):
                yield x1 + (level - y1) / (y2 - y1) * (x2 - x1)


def _signed_area(ring: Sequence[Point]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2
