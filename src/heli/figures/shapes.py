"""Outlines for the battle map as compact GeoJSON: simplified together, so that neighbours still meet, and kept in memory.

A drawing depends on nothing but the outlines in it, so that it is named by their digest and never grows old.
"""

import json
import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import sha256
from threading import Lock

import numpy as np
import shapely
from numpy.typing import NDArray

from heli.places.queries import Footprint, Shapes

FINENESS, FAR = 1_600, 500
"""Lines are kept to about this fraction of the drawing's extent: less than a pixel on a wide screen; of a crowd, each of whose
places is some pixels wide, to two."""
CROWD = 3_000
"""More places than this are drawn as from afar; who comes nearer asks for what is seen then."""
SPACES = 5
"""Decimals of a degree at most: about a metre."""
Box = tuple[float, float, float, float]
"""West, south, east, north."""
KEPT = 24
"""Drawings kept in memory; one of a district has some ten thousand bytes, one of a province some millions."""


def digest_of(feet: Sequence[Footprint], *extra: object) -> str:
    """The name of a drawing: which places with which outlines and names, and whatever else decides how it looks."""
    listed = [extra, [(row.place, row.outline, row.name, row.parent) for row in feet]]
    return name_of(json.dumps(listed, default=str))


def name_of(text: str) -> str:
    """A short name by content."""
    return sha256(text.encode()).hexdigest()[:20]


class _Kept:
    """The drawings used last, by digest; safe among threads."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.texts: OrderedDict[str, str] = OrderedDict()

    def get(self, digest: str, draw: Callable[[], str]) -> str:
        """The drawing, made if it is not there."""
        with self.lock:
            if digest in self.texts:
                self.texts.move_to_end(digest)
                return self.texts[digest]
        text = draw()
        with self.lock:
            self.texts[digest] = text
            while len(self.texts) > KEPT:
                self.texts.popitem(last=False)
        return text


_kept = _Kept()


def kept(digest: str, draw: Callable[[], str]) -> str:
    """A drawing by its digest: from memory, or made now."""
    return _kept.get(digest, draw)


def tolerance_of(shapes: Shapes) -> float:
    """How far a line may stray, in degrees; nothing where there is but a point."""
    west, south, east, north = shapely.total_bounds(shapes.geometries)
    extent = max(east - west, north - south)
    return extent / (FAR if len(shapes.places) > CROWD else FINENESS) if extent > 0 else 0.0


def simplified(shapes: Shapes) -> NDArray[np.object_]:
    """The geometries with as few points as the extent of all of them needs; shared borders stay shared."""
    drawn = _meeting(shapes)
    areas = np.isin(shapely.get_type_id(drawn), (3, 6))
    if not areas.any():
        return drawn
    thin = _thinned(drawn[areas], tolerance_of(shapes))
    # An outline finer than the tolerance stays as it is rather than vanish.
    gone = shapely.is_empty(thin) | shapely.is_missing(thin)
    drawn[areas] = np.where(gone, drawn[areas], thin)
    return drawn


def _thinned(drawn: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    try:
        return shapely.coverage_simplify(drawn, tolerance)
    except shapely.GEOSException:
        # Outlines that cross each other make no coverage: each is then simplified by itself.
        return shapely.simplify(drawn, tolerance)


def _meeting(shapes: Shapes) -> NDArray[np.object_]:
    """Neighbours whose corners differ by less than a hand's breadth count as meeting."""
    return shapely.transform(shapes.geometries, lambda points: np.round(points, SPACES + 1))


def dissolved(shapes: Shapes, wanted: Sequence[int]) -> Shapes:
    """The joined outlines of what stands under each of the wanted places; those with nothing under them are left out.

    Joined first and simplified after: what is inside vanishes before anybody looks at it.
    """
    drawn = _meeting(shapes)
    areas = np.isin(shapely.get_type_id(drawn), (3, 6))
    keys, joined = [], []
    for key in wanted:
        parts = drawn[(shapes.parents == key) & areas]
        if len(parts):
            keys.append(key)
            joined.append(_joined(parts))
    geometries = np.empty(len(joined), object)
    geometries[:] = joined
    return Shapes(np.array(keys, np.int64), np.zeros(len(keys), np.int64), geometries)


def _joined(parts: NDArray[np.object_]) -> shapely.Geometry:
    try:
        return shapely.coverage_union_all(parts)
    except shapely.GEOSException:
        return shapely.union_all(shapely.make_valid(parts))


def geojson_text(shapes: Shapes, feet: Sequence[Footprint]) -> str:
    """A feature collection: id, name, public id `p`, parent `u`; coordinates as fine as the lines, to about a metre at most."""
    if not len(shapes.places):
        return '{"type":"FeatureCollection","features":[]}'
    names = {row.place: row for row in feet}
    tolerance = tolerance_of(shapes)
    spaces = min(SPACES, max(2, 1 - math.floor(math.log10(tolerance)))) if tolerance else SPACES
    rounded = shapely.transform(simplified(shapes), lambda points: np.round(points, spaces))
    texts = shapely.to_geojson(rounded)
    parts = []
    for key, text in zip(shapes.places.tolist(), texts, strict=True):
        row = names[key]
        said = json.dumps({"id": key, "name": row.name, "p": row.public_id, "u": row.parent}, ensure_ascii=False)
        parts.append(f'{{"type":"Feature","id":{key},"properties":{said},"geometry":{text}}}')
    return '{"type":"FeatureCollection","features":[' + ",".join(parts) + "]}"


def read_box(text: str) -> Box | None:
    """A box as an address writes it, "west,south,east,north" in degrees; None for anything else."""
    try:
        west, south, east, north = (float(part) for part in text[:120].split(","))
    except ValueError:
        return None
    return (west, south, east, north) if -180 <= west < east <= 180 and -90 <= south < north <= 90 else None
