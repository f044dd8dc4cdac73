"""Reads of stations: who is on call, how many members there are, what a station did."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from heli.bodies.queries import Holder, holders_on_call
from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.stations.catalogues import PLATFORM, POWER, act_words, acts_of, class_of, group_words
from heli.stations.ledger import READ
from heli.stations.models import ActState, Callout, MemberCount, StationAct
from heli.stations.rules import median

LATELY = timedelta(days=183)
"""What the page of a station looks back on."""


def on_call(district_id: int, place_id: int, on: date) -> list[Holder]:
    """Departments on call at a place on a day: linked to it, to its town or to the district; by name."""
    town = places.townships_of(district_id, [place_id], on).get(place_id)
    return holders_on_call({place_id, district_id} | ({town} if town else set()), on)


def members_at(place_id: int, on: date) -> dict[str, int]:
    """How many members a station has by group on a day; one query."""
    rows = MemberCount.objects.filter(place_id=place_id, on__lte=on).order_by("on", "pk")
    return dict(rows.values_list("group", "members"))


@dataclass(frozen=True, slots=True)
class StationCard:
    """What the page of a station shows: members by group and in all, acts of the last half year, calls and who came."""

    members: list[tuple[str, int]]
    total: int
    powers: list[tuple[str, int]]
    platforms: list[tuple[str, int]]
    visits: int
    latest: list[StationAct]
    on_call: list[Holder]
    called: int
    arrived: int
    minutes: int | None


def station_card(actor: Actor, place_id: int, district_id: int, on: date) -> StationCard | None:
    """The card of the station at a place; None for whoever may not read it. A constant number of queries."""
    if not places.reached_among(scope(actor, READ), {place_id}):
        return None
    counted, words, since = members_at(place_id, on), act_words(), on - LATELY
    done = StationAct.objects.filter(place_id=place_id, held_on__range=(since, on)).exclude(status=ActState.WITHDRAWN)
    numbers = dict(done.order_by().values_list("act").annotate(n=Count("pk")))
    calls = list(Callout.objects.filter(place_id=place_id, opened_at__date__range=(since, on)))
    waited = [one.minutes for one in calls if one.minutes is not None]
    return StationCard(
        members=[(word, counted.get(key, 0)) for key, word in group_words().items()],
        total=sum(counted.values()),
        powers=[(words[key], numbers[key]) for key in acts_of(POWER) if key in numbers],
        platforms=[(words[key], numbers[key]) for key in acts_of(PLATFORM) if key in numbers],
        visits=sum(number for key, number in numbers.items() if class_of(key) not in (POWER, PLATFORM)),
        latest=list(done.select_related("whom_person", "whom_body").order_by("-held_on", "-pk")[:5]),
        on_call=on_call(district_id, place_id, on),
        called=len(calls),
        arrived=len(waited),
        minutes=median(waited),
    )
