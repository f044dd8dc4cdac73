"""The register as material for a plan."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from pyproj import Transformer
from shapely import from_wkb
from shapely.geometry import mapping

from heli.kernel.faults import Fault, Refused
from heli.places import queries as places
from heli.places.types import PlaceKind, PlaceRow
from heli.planning.solving import digest
from heli.planning.types import Material, SharedBorder, Town, Village
from heli.planning.wording import fault

POPULATION = "registered_population"


def read_material(district_id: int, on: date) -> Material:
    """The register of a district on a day as material for a plan.

    Raises `Refused` naming what is missing (villages, populations, positions) and the remedy.
    """
    district = places.version_on(district_id, on)
    if district is None:
        raise Refused(fault("no_district", _("The district did not exist on that day: choose a later one."), "on"))
    rows = [row for row in places.villages_of(district_id, on) if row.kind in (PlaceKind.VILLAGE, PlaceKind.COMMUNITY)]
    if not any(row.kind is PlaceKind.VILLAGE for row in rows):
        message = _("The register has no villages of %(district)s on %(on)s: import the list of places first.")
        raise Refused(fault("no_villages", message % {"district": district.name, "on": on}, "on"))
    people = places.facts_on([row.id for row in rows], POPULATION, on)
    if found := _missing(rows, set(people)):
        raise Refused(found)
    towns = sorted({row.parent_id: row.parent_name for row in rows if row.parent_id is not None}.items())
    codes = {row.id: row.code for row in places.towns_of(district_id, on)}
    plane = local_plane(rows)
    known = {row.id for row in rows}
    counts = {key: fact.value for key, fact in people.items()}
    borders = [pair for pair in places.neighbours_on(district_id, on) if pair.a_id in known and pair.b_id in known]
    if not borders and len(rows) > 1:
        message = _(
            "The register knows no common borders in %(district)s: compute the neighbours first (page of the district)."
        )
        raise Refused(fault("no_borders", message % {"district": district.name}, "on"))
    return Material(
        district=district_id,
        district_name=district.name,
        district_code=district.code,
        on=on,
        is_sample=any(row.is_sample for row in rows) or any(fact.is_sample for fact in people.values()),
        towns=tuple(Town(key, name, codes.get(key, "")) for key, name in towns),
        villages=tuple(_village(row, counts.get(row.id, 0), plane) for row in sorted(rows, key=lambda row: row.id)),
        borders=tuple(SharedBorder(p.a_id, p.b_id, p.border_m, p.affinity) for p in borders if not p.is_barrier),
    )


def _missing(rows: list[PlaceRow], counted: set[int]) -> list[Fault]:
    """What the planner cannot do without: population, position and town of every village."""
    villages = [row for row in rows if row.kind is PlaceKind.VILLAGE]
    lacking = {
        "population": [row.name for row in villages if row.id not in counted],
        "position": [row.name for row in rows if row.lon is None],
        "town": [row.name for row in rows if row.parent_id is None],
    }
    messages = {
        "population": _("%(count)s villages have no registered population (%(names)s …): import it from Excel first."),
        "position": _(
            "%(count)s places have neither outline nor point (%(names)s …): import outlines or points first."
        ),
        "town": _("%(count)s places belong to no town (%(names)s …): mend the list of places first."),
    }
    return [
        fault(f"no_{key}", messages[key] % {"count": len(names), "names": "、".join(names[:3])}, "on")
        for key, names in lacking.items()
        if names
    ]


def local_plane(rows: Sequence[PlaceRow]) -> Transformer:
    """Degrees to metres around the district's middle, which is rounded so that a corrected outline does not shift all."""
    lons, lats = [row.lon for row in rows if row.lon is not None], [row.lat for row in rows if row.lat is not None]
    middle = round((min(lons) + max(lons)) / 2, 1), round((min(lats) + max(lats)) / 2, 1)
    crs = f"+proj=tmerc +lon_0={middle[0]} +lat_0={middle[1]} +ellps=GRS80"
    return Transformer.from_crs("EPSG:4490", crs, always_xy=True)


def _village(row: PlaceRow, population: int, plane: Transformer) -> Village:
    if row.parent_id is None or row.lon is None or row.lat is None:
        raise ValueError(f"{row.name} has no town or position")  # `_missing` has seen to it
    x, y = plane.transform(row.lon, row.lat)
    return Village(
        id=row.id,
        public_id=row.public_id,
        name=row.name,
        code=row.code,
        town=row.parent_id,
        x=round(x),
        y=round(y),
        population=population,
        area_m2=(row.area_dm2 or 0) // 100,
        perimeter_m=row.perimeter_m or 0,
        lon=round(row.lon, 6),
        lat=round(row.lat, 6),
        is_community=row.kind is PlaceKind.COMMUNITY,
        outline=_geometry(row.outline),
    )


def _geometry(wkb: bytes | None) -> Mapping[str, Any] | None:
    """GeoJSON with coordinates to a tenth of a metre."""
    if wkb is None:
        return None
    shape = mapping(from_wkb(wkb))
    parsed: dict[str, Any] = json.loads(json.dumps(shape), parse_float=lambda text: round(float(text), 6))
    return parsed


def register_state(district_id: int, on: date) -> str:
    """A fingerprint of what a plan reads from the register of that day; another one says that the register was corrected."""
    rows = places.villages_of(district_id, on, outlines=False)
    people = places.facts_on([row.id for row in rows], POPULATION, on)
    pairs = places.neighbours_on(district_id, on)
    return digest(
        [
            [[r.id, r.name, r.code, r.kind, r.parent_id, r.lon, r.lat, r.area_dm2, r.perimeter_m] for r in rows],
            sorted((key, fact.value) for key, fact in people.items()),
            [[p.a_id, p.b_id, p.border_m, p.affinity, p.is_barrier] for p in pairs],
        ]
    )
