"""Outlines: kept once, measured when they come; a merger's is the union of its members'."""

import shapely

from heli.places import rules
from heli.places.measuring import measure_shape
from heli.places.models import Outline
from heli.places.services.staging import Staging

MOST = 2_000
"""Mergers in one batch whose outlines are joined at once; national batches come without shapes."""


def add_outline(
    *, shape: shapely.Geometry, source_id: int | None = None, is_sample: bool = False, is_converted: bool = False
) -> Outline:
    """Keep a point, polygon or multipolygon (EPSG:4490), measured in local metres. Call inside an open `writing` block."""
    measured = measure_shape(shape)
    return Outline.objects.create(
        wkb=measured.wkb,
        lon=measured.lon,
        lat=measured.lat,
        area_dm2=measured.area_dm2,
        perimeter_m=measured.perimeter_m,
        is_sample=is_sample,
        is_converted=is_converted,
        source_id=source_id,
    )


def join_outlines(stage: Staging) -> None:
    """Give every new place that is wholly made of whole places the union of their outlines, where all have one.

    Where a part of a place is involved nobody can know the line; the new place stays without an outline until one is given.
    """
    wanted: dict[int, list[int]] = {}
    founded = stage.founded_set
    for number, version in enumerate(stage.opened):
        if version.place not in founded or version.spec.outline_id is not None or version.begun_by is None:
            continue
        event = stage.played[version.begun_by]
        arrows = rules.outgoing(event)
        sources = [link.source for link in event.links if link.target == version.place and link.source is not None]
        if not sources or any(len(arrows[source]) > 1 for source in sources):
            continue
        shapes = [stage.places[source].versions[-1].spec.outline_id for source in sources]
        if all(shape is not None for shape in shapes):
            wanted[number] = [shape for shape in shapes if shape is not None]
    if not wanted or len(wanted) > MOST:
        return
    known = Outline.objects.in_bulk({key for keys in wanted.values() for key in keys})
    for number, keys in wanted.items():
        members = [known[key] for key in keys]
        if any(member.wkb is None for member in members):
            continue
        joined = shapely.union_all([shapely.from_wkb(bytes(member.wkb or b"")) for member in members])
        if isinstance(joined, shapely.Polygon | shapely.MultiPolygon) and joined.is_valid:
            outline = add_outline(shape=joined, is_sample=any(member.is_sample for member in members))
            stage.give_outline(number, outline.pk)
