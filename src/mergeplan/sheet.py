"""The sheet a plan is drawn on: metres become points of the page, outlines become paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class DrawingSheet:
    """Metres to picture units: x right, y down, a margin and a strip for the legend at the foot."""

    west: float
    north: float
    scale: float
    width: float
    height: float
    map_bottom: float

    MARGIN = 28.0
    HEAD = 64.0
    FOOT = 74.0

    @classmethod
    def around(cls, cells: Sequence[BaseGeometry], width: int) -> DrawingSheet:
        west, south, east, north = (float(v) for v in shapely.total_bounds(np.array(cells, dtype=object)))
        wide, high = max(east - west, 1.0), max(north - south, 1.0)
        # A district much taller than wide must not make an endless sheet.
        scale = min((width - 2 * cls.MARGIN) / wide, 1.4 * width / high)
        bottom = cls.HEAD + high * scale + 12
        left = west - (width - 2 * cls.MARGIN - wide * scale) / 2 / scale
        return cls(left, north, scale, float(width), round(bottom + cls.FOOT, 1), bottom)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.MARGIN + (x - self.west) * self.scale, self.HEAD + (self.north - y) * self.scale

    def path(self, geometry: BaseGeometry) -> str:
        pieces: list[str] = []
        for line in _rings(geometry):
            points = [self.at(x, y) for x, y in line]
            text = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
            pieces.append(f"M{text}{'Z' if line[0] == line[-1] else ''}")
        return "".join(pieces)

    def area(self, geometry: BaseGeometry, *, fill: str) -> str:
        return f'<path d="{self.path(geometry)}" fill="{fill}" fill-rule="evenodd"/>'

    def lines(
        self, shapes: Iterable[BaseGeometry], *, stroke: str, width: float, opacity: float = 1.0, dash: str = ""
    ) -> str:
        d = "".join(self.path(s) for s in shapes)
        extra = (f' stroke-opacity="{opacity:g}"' if opacity < 1 else "") + (
            f' stroke-dasharray="{dash}"' if dash else ""
        )
        return f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width:g}" stroke-linejoin="round"{extra}/>'

    def text(self, x: float, y: float, words: str, *, size: float, weight: int = 500, anchor: str = "start") -> str:
        return (
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" font-weight="{weight}" text-anchor="{anchor}">'
            f"{escape(words)}</text>"
        )

    def label(self, x: float, y: float, words: str, *, size: float, weight: int, colour: str) -> str:
        """Text with a white halo, drawn twice because not every renderer knows paint-order."""
        place = (
            f'x="{x:.1f}" y="{y + size * 0.36:.1f}" text-anchor="middle" font-size="{size:g}" font-weight="{weight}"'
        )
        halo = (
            f'fill="#fff" stroke="#fff" stroke-width="{size * 0.28:.1f}" stroke-opacity="0.8" stroke-linejoin="round"'
        )
        said = escape(words)
        return f'<text {place} {halo}>{said}</text><text {place} fill="{colour}">{said}</text>'


def _rings(geometry: BaseGeometry) -> list[list[tuple[float, float]]]:
    rims = shapely.get_parts(np.array([shapely.boundary(geometry) if geometry.area > 0 else geometry], dtype=object))
    return [[(float(x), float(y)) for x, y in shapely.get_coordinates(r)] for r in rims if not shapely.is_empty(r)]
