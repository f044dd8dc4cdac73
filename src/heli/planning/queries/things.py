"""The register as material for a question: groups, communities and urban villages, seats and sites."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import floor, hypot
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from pyproj import Transformer
from shapely.geometry import mapping

from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.places.types import FactRow, Level, PlaceKind, PlaceRow
from heli.planning.models import Acceptance
from heli.planning.queries.register import local_plane
from heli.planning.queries.scenarios import result_of
from heli.planning.questions.types import QuestionMaterial, Thing
from heli.planning.types import MergerKind, PlanKind
from heli.planning.wording import fault
from mergeplan.geo import neighbours_from_outlines

HOUSEHOLDS = "households"
DETOUR = 1.3
URBAN = frozenset({"111", "112"})
"""Urban-rural classes of the statistical code: the main city, and where town and country meet."""


def read_groups(district_id: int, on: date) -> QuestionMaterial:
    """The villagers' groups of a district on a day, with their common borders.

    Raises `Refused` naming what is missing (groups, households, points) and the remedy.
    """
    district = _district(district_id, on)
    rows = places.places_on(district_id, on, levels=[Level.GROUP], outlines=True)
    if not rows:
        raise Refused(fault("no_things", _("The register has no villagers' groups: import them first."), "file"))
    counts = _counted(rows, on)
    rows.sort(key=lambda row: row.id)
    villages = places.rows_of({row.parent_id for row in rows if row.parent_id is not None}, on)
    towns = {key: str(row.parent_id) for key, row in villages.items()}
    things = tuple(
        replace(thing, role="group", size=counts[row.id].value, more={"town": towns.get(row.parent_id or 0, "")})
        for row, thing in zip(rows, _placed(rows, local_plane(rows)), strict=True)
    )
    edges = _borders(rows, {thing.place: number for number, thing in enumerate(things)})
    return QuestionMaterial(PlanKind.GROUPS, district_id, district.name, on, _is_sample(rows, counts), things, edges)


def read_communities(district_id: int, on: date) -> QuestionMaterial:
    """Communities (hosts) and urban villages of the streets of a district on a day, with the ways between neighbours.

    A village is urban when it stands under a street or its urban-rural class says so. Raises `Refused` with what is missing.
    """
    district = _district(district_id, on)
    streets = {row.id for row in places.towns_of(district_id, on) if row.kind is PlaceKind.STREET}
    known = [row for row in places.villages_of(district_id, on) if row.kind in (PlaceKind.VILLAGE, PlaceKind.COMMUNITY)]
    urban = [
        row
        for row in known
        if row.kind is PlaceKind.VILLAGE and (row.parent_id in streets or row.urban_rural_class in URBAN)
    ]
    towns = {row.parent_id for row in urban}
    rows = sorted(
        (r for r in known if r in urban or (r.kind is PlaceKind.COMMUNITY and r.parent_id in towns)), key=_key
    )
    if not urban:
        raise Refused(
            fault("no_things", _("The register has no villages under a street: nothing is to be asked."), "on")
        )
    counts = _counted(rows, on)
    things = tuple(
        replace(thing, size=counts[row.id].value, role="host" if row.kind is PlaceKind.COMMUNITY else "village")
        for row, thing in zip(rows, _placed(rows, local_plane(rows)), strict=True)
    )
    at = {thing.place: number for number, thing in enumerate(things)}
    edges = tuple(
        (at[pair.a_id], at[pair.b_id], _metres(things[at[pair.a_id]], things[at[pair.b_id]]), pair.affinity)
        for pair in places.neighbours_on(district_id, on)
        if not pair.is_barrier and pair.a_id in at and pair.b_id in at
    )
    return QuestionMaterial(PlanKind.LAYOUT, district_id, district.name, on, _is_sample(rows, counts), things, edges)


def _metres(one: Thing, other: Thing) -> int:
    return max(1, floor(DETOUR * hypot(one.x - other.x, one.y - other.y) + 0.5))


def read_sites(district_id: int, on: date) -> QuestionMaterial:
    """Groups that need a counter, the villages whose committee stays (by the latest accepted merger of villages) and the others
    as sites. Without an accepted merger every village has its counter. Raises `Refused` with what is missing."""
    asking = read_groups(district_id, on)
    villages = sorted(
        (row for row in places.villages_of(district_id, on, outlines=True) if row.kind is PlaceKind.VILLAGE), key=_key
    )
    rows = [row for row in villages if row.lon is not None]
    groups = places.places_on(district_id, on, levels=[Level.GROUP])
    plane = local_plane([*rows, *groups])
    seats = _seats(district_id) or {row.id for row in rows}
    sites = tuple(
        replace(thing, role="seat" if row.id in seats else "site", outline=None)
        for row, thing in zip(rows, _placed(rows, plane), strict=True)
    )
    xs, ys = plane.transform([thing.lon for thing in asking.things], [thing.lat for thing in asking.things])
    moved = tuple(
        replace(thing, id=f"g{thing.id}", x=round(x), y=round(y), outline=None)
        for thing, x, y in zip(asking.things, xs, ys, strict=True)
    )
    return replace(asking, kind=PlanKind.POINTS, things=(*moved, *sites), edges=())


def _seats(district_id: int) -> set[int]:
    """Where committees sit after the latest accepted merger of villages; empty without one."""
    found = Acceptance.objects.filter(scenario__district_id=district_id, scenario__kind=PlanKind.VILLAGES)
    latest = found.select_related("run").order_by("-document_on", "-pk").first()
    if latest is None:
        return set()
    mergers = result_of(latest.run).mergers
    return {merger.centre for merger in mergers if merger.kind is not MergerKind.ABSORBED}


def _key(row: PlaceRow) -> int:
    return row.id


def _district(district_id: int, on: date) -> PlaceRow:
    district = places.version_on(district_id, on)
    if district is None:
        raise Refused(fault("no_district", _("The district did not exist on that day: choose a later one."), "on"))
    return district


def _counted(rows: Sequence[PlaceRow], on: date) -> Mapping[int, FactRow]:
    """Households of all these places. Raises `Refused` naming those without households, point or place above."""
    counts = places.facts_on([row.id for row in rows], HOUSEHOLDS, on)
    lacking = [row.name for row in rows if row.id not in counts or row.lon is None or row.parent_id is None]
    if lacking:
        message = _(
            "%(count)s places have no households, point or place above them (%(names)s …): import them with these columns."
        )
        raise Refused(fault("incomplete", message % {"count": len(lacking), "names": "、".join(lacking[:3])}, "on"))
    return counts


def _is_sample(rows: Sequence[PlaceRow], counts: Mapping[int, FactRow]) -> bool:
    return any(row.is_sample for row in rows) or any(fact.is_sample for fact in counts.values())


def _placed(rows: Sequence[PlaceRow], plane: Transformer) -> list[Thing]:
    """Rows of the register as things in one local plane."""
    xs, ys = plane.transform([row.lon for row in rows], [row.lat for row in rows])
    return [
        Thing(
            id=str(row.id),
            name=row.name,
            parent=row.parent_name,
            x=round(x),
            y=round(y),
            lon=round(row.lon or 0, 6),
            lat=round(row.lat or 0, 6),
            place=row.id,
            parent_place=row.parent_id,
            area_m2=(row.area_dm2 or 0) // 100,
            perimeter_m=row.perimeter_m or 0,
            outline=_geojson(row.outline),
        )
        for row, x, y in zip(rows, xs, ys, strict=True)
    ]


def _geojson(wkb: bytes | None) -> dict[str, Any] | None:
    """GeoJSON with coordinates to a tenth of a metre."""
    if wkb is None:
        return None
    shape = shapely.transform(shapely.from_wkb(wkb), lambda points: np.round(points, 6))
    found = mapping(shape)
    return {"type": found["type"], "coordinates": _lists(found["coordinates"])}


def _lists(value: Any) -> Any:
    return [_lists(one) for one in value] if isinstance(value, tuple | list) else value


def _borders(rows: Sequence[PlaceRow], at: Mapping[int | None, int]) -> tuple[tuple[int, int, int, int], ...]:
    """Common borders of rows with outlines, in metres; inside a village close (1000), across villages not (0)."""
    shaped = [row for row in rows if row.outline is not None]
    if len(shaped) < 2:
        return ()
    plane = local_plane(rows)
    shapes = shapely.transform(
        np.array([shapely.from_wkb(row.outline) for row in shaped], dtype=object),
        lambda points: np.column_stack(plane.transform(points[:, 0], points[:, 1])),
    )
    found = neighbours_from_outlines(list(shapes), shortest_m=20.0)
    return tuple(
        (
            at[shaped[b.i].id],
            at[shaped[b.j].id],
            b.length_m,
            1000 if shaped[b.i].parent_id == shaped[b.j].parent_id else 0,
        )
        for b in found.borders
    )
