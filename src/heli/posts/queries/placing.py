"""Reads of placements: who is to be placed, what each village's before and after come to, what stands against settling."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from heli.places import queries as places
from heli.places.types import Level
from heli.posts.catalogues import kind_words, kinds_that_are
from heli.posts.models import Holding, Placement, PlacingOutcome, PlacingState
from heli.posts.queries.offices import held_on
from heli.posts.rules.sharing import PlacedCount, add_up


def regular_holders(place_ids: Collection[int], on: date) -> list[Holding]:
    """Everybody who holds a regular post at some places on a day, each human once: of a pair the post that counts."""
    held = held_on(on).filter(post__body__place__in=place_ids, post__kind__in=kinds_that_are("regular"))
    found = list(held.order_by("post__body__place", "post__kind", "post__number"))
    keys = {one.pk for one in found}
    return [one for one in found if one.same_as_id not in keys]


def to_place(place_ids: Collection[int], eve: date) -> list[Holding]:
    """Those who hold a regular post on the eve and have no placement yet."""
    placed = set(Placement.objects.filter(before__post__body__place__in=place_ids).values_list("before_id", flat=True))
    return [one for one in regular_holders(place_ids, eve) if one.pk not in placed]


def office_of(one: Holding) -> str:
    """A post in words, without a name: its body and its kind."""
    return f"{one.post.body.name} {kind_words().get(one.post.kind, one.post.kind)}"


@dataclass(frozen=True, slots=True)
class PlacedVillage:
    """What the placements come to in a village."""

    place: int
    name: str
    town: str
    placed: PlacedCount


@dataclass(frozen=True, slots=True)
class PlacedDistrict:
    """The same by village, by town, and over all."""

    villages: list[PlacedVillage]
    towns: list[tuple[str, PlacedCount]]
    all: PlacedCount


def placed_by_village(
    about_id: str, district_id: int, on: date, within: Collection[int] | None = None
) -> PlacedDistrict:
    """Before by where people were, after by where they are; newly filled are holders on the day whom nobody placed there.

    `within`: only of these villages. A constant number of queries.
    """
    rows = list(Placement.objects.filter(about=about_id).select_related("after__post__body"))
    standing = {row.id for row in places.places_on(district_id, on, levels=(Level.VILLAGE,))}
    keys = {row.place_id for row in rows} | standing
    holders = regular_holders(keys, on)
    before: dict[int, Counter[str]] = {}
    stays, moved = Counter[int](), Counter[int]()
    placed = {row.before_id for row in rows}
    for row in rows:
        before.setdefault(row.place_id, Counter())[row.outcome] += 1
        if row.after is not None:
            placed.add(row.after.pk)
            where = stays if row.outcome == PlacingOutcome.STAYS else moved
            where[row.after.post.body.place_id] += 1
    new = Counter(one.post.body.place_id for one in holders if one.pk not in placed) if rows else Counter[int]()
    seen = {*before, *stays, *moved, *new} & (set(within) if within is not None else keys)
    names, towns = places.names_at(keys, on), places.townships_of(district_id, seen, on)
    town_names = places.names_at({town for town in towns.values() if town is not None}, on)
    villages = [
        PlacedVillage(
            key, names.get(key, ""), town_names.get(towns.get(key) or 0, ""),
            PlacedCount(dict(before.get(key, {})), stays[key], moved[key], new[key]),
        )
        for key in sorted(seen, key=lambda one: (town_names.get(towns.get(one) or 0, ""), names.get(one, "")))
    ]  # fmt: skip
    by_town: dict[str, list[PlacedCount]] = {}
    for one in villages:
        by_town.setdefault(one.town, []).append(one.placed)
    return PlacedDistrict(
        villages, [(town, add_up(parts)) for town, parts in by_town.items()], add_up([one.placed for one in villages])
    )


def states_of(place_id: int | None) -> Mapping[str, int]:
    """How many placements of a village and of those that went into it stand in each state."""
    went_in = [] if place_id is None else [place_id, *places.predecessors(place_id)]
    rows = Placement.objects.filter(place__in=went_in)
    counted = Counter(rows.values_list("status", flat=True))
    return {state: counted[state] for state in PlacingState.values}
