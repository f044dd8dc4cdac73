"""Which coordinate system numbers without a name are in: told by their size, and by where the district lies. Pure.

Offices of a county draw in Gauss-Krüger zones of CGCS2000, three or six degrees wide, with or without the zone's number before the
easting; web maps are in Web Mercator. Beijing 54 and Xi'an 80 have the same numbers within some hundred metres: a file in one of
them says so in its .prj, and one that says nothing is taken for CGCS2000, which the person is told.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import pyproj

from heli.kernel.faults import Finding

CHINA = (73.0, 3.0, 136.0, 54.0)
"""Longitudes and latitudes within which a village of China lies."""
NEAR_DEGREES = 1.5
"""How far from the known places of its district an outline may lie."""
BESIDE_ZONE = 4.0
"""Degrees from the central meridian beyond which nobody draws in a zone."""


@dataclass(frozen=True, slots=True)
class System:
    """A system that numbers may be in. `meridian` of its zone, None where it has none."""

    code: str
    name: str
    meridian: int | None = None


def _zones() -> Iterator[System]:
    for zone in range(25, 46):
        yield System(f"EPSG:{4488 + zone}", f"CGCS2000 3° {zone}", zone * 3)
    for meridian in range(75, 136, 3):
        yield System(f"EPSG:{4534 + (meridian - 75) // 3}", f"CGCS2000 3° CM {meridian}E", meridian)
    for zone in range(13, 24):
        yield System(f"EPSG:{4478 + zone}", f"CGCS2000 6° {zone}", zone * 6 - 3)
    for meridian in range(75, 136, 6):
        yield System(f"EPSG:{4502 + (meridian - 75) // 6}", f"CGCS2000 6° CM {meridian}E", meridian)


KNOWN = ("EPSG:4490", "EPSG:4326", "gcj02", "bd09")
ZONES = tuple(_zones())
GEOGRAPHIC = System("EPSG:4490", "CGCS2000")
WEB = System("EPSG:3857", "Web Mercator")


def in_degrees(bounds: Sequence[float]) -> bool:
    """Whether numbers can be longitudes and latitudes at all."""
    return bounds[0] >= -180 and bounds[2] <= 180 and bounds[1] >= -90 and bounds[3] <= 90


def is_known_crs(crs: str) -> bool:
    """Whether the coordinate system can be read."""
    if crs in KNOWN:
        return True
    try:
        pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        return False
    return True


def check_system(
    chosen: str, declared: str, bounds: Sequence[float] | None, near: tuple[float, float] | None, name: str
) -> tuple[str, Finding | None]:
    """The system of a file: as chosen, else as it says; where it says none that fits its numbers, a proposal to accept.

    Degrees that are none (a GeoJSON of metres) count as nothing said.
    """
    system = chosen or declared
    if chosen and is_known_crs(chosen):
        return chosen, None
    is_said = bool(system) and is_known_crs(system)
    if is_said and (bounds is None or in_degrees(bounds) or not _is_geographic(system)):
        return system, None
    proposed = propose_systems(bounds, near) if bounds is not None else []
    if not proposed:  # what is said is kept: every row will tell that it lies elsewhere
        return (system, None) if is_said else ("", Finding("geodata_without_crs", {"name": name}, "crs"))
    facts = {"name": name, "system": proposed[0].name, "code": proposed[0].code}
    if len({one.meridian for one in proposed}) == 1:
        return "", Finding("crs_proposed", facts, "crs")
    return "", Finding("crs_ambiguous", facts | {"systems": "、".join(one.name for one in proposed[:6])}, "crs")


def _is_geographic(crs: str) -> bool:
    if crs in KNOWN:
        return True
    try:
        return bool(pyproj.CRS.from_user_input(crs).is_geographic)
    except pyproj.exceptions.CRSError:
        return False


def propose_systems(bounds: Sequence[float], near: tuple[float, float] | None) -> list[System]:
    """The systems in which the middle of `bounds` (west, south, east, north) lies where the district does; the nearest first.

    `near` is a known longitude and latitude of the district; without it, all in which the middle lies in China.
    Zones of three degrees come before those of six that say the same.
    """
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    found = []
    for rank, system in enumerate((GEOGRAPHIC, WEB, *ZONES)):
        where = _position(system, x, y)
        if where is None or not (CHINA[0] <= where[0] <= CHINA[2] and CHINA[1] <= where[1] <= CHINA[3]):
            continue
        if system.meridian is not None and abs(where[0] - system.meridian) > BESIDE_ZONE:
            continue
        away = math.dist(where, near) if near is not None else 0.0
        if away <= NEAR_DEGREES:
            found.append((round(away, 1), rank, system))
    return [system for _away, _rank, system in sorted(found, key=lambda one: one[:2])]


def _position(system: System, x: float, y: float) -> tuple[float, float] | None:
    """Longitude and latitude of a point, None where the numbers are none of the system's."""
    if in_degrees((x, y, x, y)):
        return (x, y) if system is GEOGRAPHIC else None
    if system is GEOGRAPHIC:
        return None
    lon, lat = to_cgcs2000(system.code).transform(x, y)
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else None


@cache
def to_cgcs2000(crs: str) -> pyproj.Transformer:
    """What turns the numbers of a system into longitude and latitude (EPSG:4490)."""
    return pyproj.Transformer.from_crs(pyproj.CRS.from_user_input(crs), "EPSG:4490", always_xy=True)
