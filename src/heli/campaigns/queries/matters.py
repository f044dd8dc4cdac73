"""What the lists of a campaign's matters share: the actor's part, names of places, the places a form may name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from heli.campaigns.models import Campaign, Track
from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.places.types import Level, PlaceRow

READ = "campaigns.read"
M = TypeVar("M", bound=Model)


def is_whole(actor: Actor, campaign: Campaign, action: str = READ) -> bool:
    """Whether the actor may do this in the whole district of the campaign."""
    return places.reaches(scope(actor, action), campaign.district_id)


def part_of(actor: Actor, campaign: Campaign, action: str = READ, path: str = "place") -> Q:
    """The condition that a row's place lies in the actor's part of the campaign; a place that was merged counts to it."""
    if is_whole(actor, campaign, action):
        return Q()
    return Q(**{f"{path}__in": places.in_scope(scope(actor, action)).values("pk")})


def part(rows: QuerySet[M], actor: Actor, campaign: Campaign, action: str = READ) -> QuerySet[M]:
    """The rows of a campaign in the actor's part of it."""
    return rows.filter(part_of(actor, campaign, action), campaign=campaign)


def targets(actor: Actor, campaign: Campaign, on: date, action: str = READ) -> list[PlaceRow]:
    """The places that the actor may name in a form: the district, its towns, the villages the campaign runs over.

    A campaign without villages of its own runs over all of them. In the order of their codes.
    """
    rows = places.places_on(campaign.district_id, on, levels=(Level.DISTRICT, Level.TOWNSHIP, Level.VILLAGE))
    mine = None
    if not is_whole(actor, campaign, action):
        mine = set(places.in_scope(scope(actor, action)).values_list("pk", flat=True))
    own = set(Track.objects.filter(campaign=campaign, ended_at__isnull=True).values_list("place_id", flat=True))
    has_villages = any(row.id in own for row in rows if row.level is Level.VILLAGE)
    return [
        row
        for row in rows
        if (mine is None or row.id in mine) and (row.level is not Level.VILLAGE or not has_villages or row.id in own)
    ]


def villages(rows: Iterable[PlaceRow]) -> list[PlaceRow]:
    """Only the villages and communities."""
    return [row for row in rows if row.level is Level.VILLAGE]


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the places on some rows, and where those that ended go on."""

    names: dict[int, str]
    heirs: dict[int, int]

    def of(self, place_id: int | None) -> str:
        """The name of a place; nothing for none."""
        return self.names.get(place_id, "") if place_id is not None else ""

    def heir_of(self, place_id: int) -> str:
        """The name of the village a place goes on in; nothing while it stands."""
        return self.of(self.heirs.get(place_id))


def names_for(rows: Iterable[Any], campaign: Campaign, on: date) -> Names:
    """Names of `place` and `town` of rows, and of the successors of merged places; two queries."""
    listed = list(rows)
    keys = {row.place_id for row in listed}
    followed = Track.objects.filter(campaign=campaign, place_id__in=keys, successor__isnull=False)
    heirs = dict(followed.values_list("place_id", "successor__place_id"))
    every = keys | {row.town_id for row in listed if row.town_id is not None} | set(heirs.values())
    return Names(places.names_at(every, on), heirs)


def leader_name(row: Any, prefix: str) -> str:
    """Who leads, as lists show it: a person with the office, or an organisation."""
    person, body = getattr(row, f"{prefix}_person"), getattr(row, f"{prefix}_body")
    if person is not None:
        return f"{person.name} {person.office}"
    return body.name if body is not None else ""
