"""What the pages of figures ask first: today, which districts the reader has figures of, where the reader stands."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.places.types import LEVEL_ORDER, PlaceRow
from heli.ui.pages import ActorRequest

READ = "figures.read"


def today() -> date:
    """The local day; the only look at the clock."""
    return timezone.localdate()


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Where a reader looks from: the district, and the highest place in it that the reader sees whole."""

    district: PlaceRow
    top: PlaceRow


def districts_of(actor: Actor, on: date) -> list[PlaceRow]:
    """The districts in which the reader reads figures of something."""
    return places.districts(on, places.reached_districts(scope(actor, READ)))


def seat_of(request: ActorRequest, on: date) -> tuple[Viewpoint | None, list[PlaceRow]]:
    """The seat in the asked district (or the first one), and all districts to choose from; no seat where there is none."""
    found = districts_of(request.actor, on)
    asked = request.GET.get("district", "")
    district = next((row for row in found if row.public_id == asked), found[0] if found else None)
    if district is None:
        return None, found
    top = top_of(request.actor, district, on)
    return (Viewpoint(district, top) if top is not None else None), found


def top_of(actor: Actor, district: PlaceRow, on: date) -> PlaceRow | None:
    """The highest place of the district that the reader sees with everything below; the first of several."""
    reach = scope(actor, READ)
    if places.reaches(reach, district.id):
        return district
    own = places.rows_of(reach.place_ids, on)
    inside = [row for row in own.values() if row.district_id == district.id]
    return min(inside, key=lambda row: (LEVEL_ORDER.index(row.level), row.code, row.id), default=None)


def place_in_reach(request: ActorRequest, public_id: str) -> places.Place | None:
    """The place behind a public id, if the reader reads figures of it."""
    return places.find(public_id, scope(request.actor, READ))
