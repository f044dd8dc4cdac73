"""Coordinates: longitude and latitude in CGCS2000 (EPSG:4490) to local metres, and the shifted Chinese map systems.

Phones and commercial maps deliver GCJ-02 ("Mars coordinates") or BD-09, shifted by up to some 700 m against CGCS2000.
The shift is a published formula without a published inverse; the inverse here is iterated until it agrees within a
millimetre. CGCS2000 and WGS 84 are taken as equal: they differ by centimetres, an outline by metres.

All functions take and return numpy arrays of degrees, longitude first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

FloatArray = npt.NDArray[np.float64]
LonLat = tuple[FloatArray, FloatArray]
ChineseDatum = Literal["cgcs2000", "gcj02", "bd09"]

# Krasovsky 1940, the ellipsoid the published GCJ-02 formula uses.
_KRASOVSKY_A = 6378245.0
_KRASOVSKY_E2 = 0.00669342162296594323
_BD_TURN = math.pi * 3000.0 / 180.0


def _arrays(lon: npt.ArrayLike, lat: npt.ArrayLike) -> LonLat:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def is_inside_shift(lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Where the GCJ-02 shift is applied at all: the published rectangle around mainland China."""
    x, y = _arrays(lon, lat)
    return (x >= 72.004) & (x <= 137.8347) & (y >= 0.8293) & (y <= 55.8271)


def _wave(value: FloatArray, *terms: tuple[float, float]) -> FloatArray:
    """Two thirds of the sum of amplitude·sin(turns·π·value)."""
    total = np.zeros_like(value)
    for amplitude, turns in terms:
        total = total + amplitude * np.sin(turns * math.pi * value)
    return total * (2.0 / 3.0)


def _gcj02_offset(lon: FloatArray, lat: FloatArray) -> LonLat:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    shared = _wave(x, (20.0, 6.0), (20.0, 2.0))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + shared + _wave(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + shared + _wave(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    sin_lat = np.sin(np.radians(lat))
    magic = 1.0 - _KRASOVSKY_E2 * sin_lat * sin_lat
    meridian = _KRASOVSKY_A * (1.0 - _KRASOVSKY_E2) / magic**1.5
    parallel = _KRASOVSKY_A / np.sqrt(magic) * np.cos(np.radians(lat))
    inside = is_inside_shift(lon, lat)
    return np.where(inside, np.degrees(east / parallel), 0.0), np.where(inside, np.degrees(north / meridian), 0.0)


def to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> LonLat:
    """CGCS2000 → GCJ-02."""
    x, y = _arrays(lon, lat)
    dx, dy = _gcj02_offset(x, y)
    return x + dx, y + dy


def from_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> LonLat:
    """GCJ-02 → CGCS2000, by fixed-point iteration (the shift varies slowly, so it contracts; 1e-9° ≈ 0.1 mm)."""
    gx, gy = _arrays(lon, lat)
    x, y = gx, gy
    for _ in range(20):
        dx, dy = _gcj02_offset(x, y)
        nx, ny = gx - dx, gy - dy
        step = max(float(np.max(np.abs(nx - x), initial=0.0)), float(np.max(np.abs(ny - y), initial=0.0)))
        x, y = nx, ny
        if not step > 1e-10:  # also leaves on NaN, which the caller reports
            break
    return x, y


def gcj02_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> LonLat:
    """GCJ-02 → BD-09 (a small rotation and stretch in polar coordinates)."""
    x, y = _arrays(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> LonLat:
    """BD-09 → GCJ-02, iterated like `from_gcj02` rather than by the usual one-step approximation."""
    bx, by = _arrays(lon, lat)
    x, y = bx - 0.0065, by - 0.006
    for _ in range(20):
        fx, fy = gcj02_to_bd09(x, y)
        dx, dy = bx - fx, by - fy
        x, y = x + dx, y + dy
        step = max(float(np.max(np.abs(dx), initial=0.0)), float(np.max(np.abs(dy), initial=0.0)))
        if not step > 1e-10:
            break
    return x, y


def to_cgcs2000(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: ChineseDatum) -> LonLat:
    """Degrees of any of the three systems → CGCS2000.

    >>> [round(float(v), 5) for v in to_cgcs2000(116.404, 39.915, "cgcs2000")]
    [116.404, 39.915]
    """
    if datum == "gcj02":
        return from_gcj02(lon, lat)
    if datum == "bd09":
        return from_gcj02(*bd09_to_gcj02(lon, lat))
    return _arrays(lon, lat)


def geometry_to_cgcs2000(geometry: BaseGeometry, datum: ChineseDatum) -> BaseGeometry:
    """The same geometry with every vertex moved to CGCS2000."""
    if datum == "cgcs2000":
        return geometry

    def move(points: FloatArray) -> FloatArray:
        return np.column_stack(to_cgcs2000(points[:, 0], points[:, 1], datum))

    moved: BaseGeometry = shapely.transform(geometry, move)
    return moved


@dataclass(frozen=True, slots=True)
class LocalMetres:
    """A planar system in metres for one district: name (for people), `definition` (for pyproj).

    Chinese surveys of a county use the 3-degree Gauss–Krüger zone of CGCS2000, so areas agree with the official ones
    (scale error < 3 in 10,000 inside the zone). Wider regions get an equal-area projection around their middle.
    """

    name: str
    definition: str

    def forward(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> LonLat:
        """Degrees → metres (x east, y north)."""
        x, y = _transformers(self.definition)[0].transform(*_arrays(lon, lat))
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)

    def inverse(self, x: npt.ArrayLike, y: npt.ArrayLike) -> LonLat:
        """Metres → degrees."""
        lon, lat = _transformers(self.definition)[1].transform(*_arrays(x, y))
        return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)

    def project(self, geometry: Any) -> Any:
        """A geometry, or an array of geometries, in degrees → the same in metres."""
        return shapely.transform(geometry, lambda p: np.column_stack(self.forward(p[:, 0], p[:, 1])))

    def unproject(self, geometry: Any) -> Any:
        """A geometry, or an array of geometries, in metres → the same in degrees."""
        return shapely.transform(geometry, lambda p: np.column_stack(self.inverse(p[:, 0], p[:, 1])))


@lru_cache(maxsize=16)
def _transformers(definition: str) -> tuple[pyproj.Transformer, pyproj.Transformer]:
    geographic = pyproj.CRS.from_epsg(4490)
    planar = pyproj.CRS.from_user_input(definition)
    return (
        pyproj.Transformer.from_crs(geographic, planar, always_xy=True),
        pyproj.Transformer.from_crs(planar, geographic, always_xy=True),
    )


def local_metres(west: float, south: float, east: float, north: float) -> LocalMetres:
    """The planar system for a region given by its bounds in degrees.

    Raises ValueError when the bounds are not degrees (not finite, or outside the globe).

    >>> local_metres(106.64, 30.42, 107.04, 30.65).name
    'CGCS2000 / 3-degree Gauss-Kruger CM 108E'
    """
    bounds = (west, south, east, north)
    if not all(math.isfinite(v) for v in bounds) or abs(west) > 180 or abs(east) > 180 or max(-south, north) > 90:
        raise ValueError(f"bounds {bounds} are not longitudes and latitudes in degrees; name the source CRS instead")
    middle = (west + east) / 2
    meridian = 3 * round(middle / 3)
    if 75 <= meridian <= 135 and east - west <= 3.0:
        # EPSG numbers the zones without zone prefix consecutively: CM 75E is 4534, CM 135E is 4554.
        return LocalMetres(f"CGCS2000 / 3-degree Gauss-Kruger CM {meridian}E", f"EPSG:{4534 + (meridian - 75) // 3}")
    lat = (south + north) / 2
    return LocalMetres(
        f"Lambert equal area at {middle:.3f} {lat:.3f}",
        f"+proj=laea +lat_0={lat:.6f} +lon_0={middle:.6f} +ellps=GRS80 +units=m +no_defs",
    )
