"""Outlines for the battle map as compact GeoJSON: simplified together, so that neighbours still meet, and kept in memory.

A drawing depends on nothing but the outlines in it, so that it is named by their digest and never grows old.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import sha256
from threading import Lock

import numpy as np
import shapely
from numpy.typing import NDArray

from heli.places.queries import Footprint, Shapes

FINENESS = 1_600
"""Lines are kept to about this fraction of the drawing's extent: less than a pixel on a wide screen."""
SPACES = 5
"""Decimals of a degree: about a metre."""
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


def simplified(shapes: Shapes) -> NDArray[np.object_]:
    """The geometries with as few points as the extent of all of them needs; shared borders stay shared."""
    # Neighbours whose corners differ by less than a hand's breadth count as meeting.
    drawn = shapely.transform(shapes.geometries, lambda points: np.round(points, SPACES + 1))
    areas = np.isin(shapely.get_type_id(drawn), (3, 6))
    if not areas.any():
        return drawn
    west, south, east, north = shapely.total_bounds(drawn)
    tolerance = max(east - west, north - south) / FINENESS
    thin = shapely.coverage_simplify(drawn[areas], tolerance)
    # An outline finer than the tolerance stays as it is rather than vanish.
    gone = shapely.is_empty(thin) | shapely.is_missing(thin)
    drawn[areas] = np.where(gone, drawn[areas], thin)
    return drawn


def dissolved(shapes: Shapes, wanted: Sequence[int]) -> Shapes:
    """The joined outlines of what stands under each of the wanted places; those with nothing under them are left out."""
    drawn = simplified(shapes)
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


def geojson_text(shapes: Shapes, feet: Sequence[Footprint], *, is_simple: bool = False) -> str:
    """A feature collection: id, name `n`, public id `p`, parent `u`; coordinates to about a metre."""
    names = {row.place: row for row in feet}
    drawn = shapes.geometries if is_simple else simplified(shapes)
    rounded = shapely.transform(drawn, lambda points: np.round(points, SPACES))
    texts = shapely.to_geojson(rounded)
    parts = []
    for key, text in zip(shapes.places.tolist(), texts, strict=True):
        row = names[key]
        said = json.dumps({"id": key, "name": row.name, "p": row.public_id, "u": row.parent}, ensure_ascii=False)
        parts.append(f'{{"type":"Feature","id":{key},"properties":{said},"geometry":{text}}}')
    return '{"type":"FeatureCollection","features":[' + ",".join(parts) + "]}"
