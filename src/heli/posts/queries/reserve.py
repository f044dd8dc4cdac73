"""Reads of the reserve: counts by town against the target; names only for whoever keeps posts of the village."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.places.types import Level
from heli.posts.models import ReserveMember, ReserveTarget


@dataclass(frozen=True, slots=True)
class ReserveTown:
    """The reserve of a town: villages, people in it, through the training, and the target of its villages."""

    town: str
    villages: int
    people: int
    ready: int
    target: int | None

    @property
    def missing(self) -> int | None:
        """People missing to the target."""
        return None if self.target is None else max(0, self.target - self.people)


def in_reserve(district_id: int, on: date) -> QuerySet[ReserveMember]:
    """Everybody in the reserve of a district on a day."""
    return ReserveMember.objects.filter(district=district_id, ends_on__gt=on)


def members_for(actor: Actor, action: str, district_id: int, on: date) -> QuerySet[ReserveMember]:
    """Those of the villages where the actor may do this, by village and name."""
    mine = places.in_scope(scope(actor, action)).values("pk")
    return in_reserve(district_id, on).filter(place__in=mine)


def target_on(district_id: int, on: date) -> ReserveTarget | None:
    """The target in force on a day."""
    return ReserveTarget.objects.filter(district=district_id, valid_from__lte=on).order_by("valid_from").last()


def reserve_by_town(district_id: int, on: date, within: set[int] | None = None) -> list[ReserveTown]:
    """Counts by town; `within`: over these villages only. A constant number of queries."""
    rows = places.places_on(district_id, on, levels=(Level.VILLAGE,))
    towns = {row.id: row.parent_name for row in rows if within is None or row.id in within}
    target = target_on(district_id, on)
    villages = Counter(towns.values())
    people, ready = Counter[str](), Counter[str]()
    for place, stage in in_reserve(district_id, on).values_list("place", "stage"):
        if place in towns:
            people[towns[place]] += 1
            ready[towns[place]] += stage == "ready"
    return [
        ReserveTown(town, count, people[town], ready[town], target.per_village * count if target else None)
        for town, count in villages.items()
    ]
