"""Shapes on the ellipsoid measured in local metres. Pure shapely and pyproj."""

from dataclasses import dataclass

import shapely
from pyproj import Geod

GEOD = Geod(ellps="GRS80")
"""CGCS2000 (EPSG:4490) shares its ellipsoid with GRS80 to a tenth of a millimetre."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A shape as the register keeps it: a point inside it, its WKB, area in 0.01 m² and perimeter in metres."""

    lon: float
    lat: float
    wkb: bytes | None
    area_dm2: int | None
    perimeter_m: int | None


def measure_shape(shape: shapely.Geometry) -> Measured:
    """Measure a point, polygon or multipolygon in degrees. Raises ValueError for anything else, empty or crossing itself."""
    if isinstance(shape, shapely.Point) and not shape.is_empty:
        return Measured(shape.x, shape.y, None, None, None)
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon) or shape.is_empty:
        raise ValueError("an outline is a polygon or a multipolygon")
    if not shape.is_valid:
        raise ValueError(shapely.is_valid_reason(shape))
    inside = shape.representative_point()
    area, perimeter = GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))
    flat = shapely.force_2d(shape)
    return Measured(inside.x, inside.y, shapely.to_wkb(flat), max(1, round(abs(area) * 100)), max(1, round(perimeter)))
