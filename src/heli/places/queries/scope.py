"""Which places belong to a root: everything ever under it, and everything whose successor is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from heli.kernel.access import Actor, Scope, may, require
from heli.places.models import LineageLink, Place, PlaceVersion
from heli.places.queries.asof import districts, name_at, rows_of, valid_on
from heli.places.queries.remembering import once
from heli.places.types import Level, PlaceRow

ABOVE_DISTRICT = (Level.PROVINCE, Level.CITY)


def in_scope(scope: Scope, on: date | None = None) -> QuerySet[Place]:
    """Places an actor may reach; with `on` only those valid on that day.

    A root's subtree holds every place that ever stood under it and every place whose successor does, so that a merged
    village's archive stays with the officer of its successor. Districts are reached by their district column.
    """
    places = Place.objects.all()
    if not scope.everything:
        places = places.filter(_subtrees(scope.place_ids).condition) if scope.place_ids else places.none()
    if on is not None:
        places = places.filter(pk__in=PlaceVersion.objects.filter(valid_on(on)).values("place_id"))
    return places


def find(public_id: str, scope: Scope) -> Place | None:
    """The place behind a public id, if the scope reaches it."""
    found = Place.objects.filter(public_id=public_id).first()
    return found if found is not None and reaches(scope, found.pk) else None


def reaches(scope: Scope, place_id: int) -> bool:
    """Whether the scope reaches the place."""
    return place_id in reached_among(scope, (place_id,))


def reached_among(scope: Scope, place_ids: Collection[int]) -> set[int]:
    """Those of some places that the scope reaches; what a district holds is not counted up for a few of them."""
    asked = set(place_ids)
    if scope.everything or asked <= scope.place_ids:
        return asked
    if not scope.place_ids:
        return set()
    subtrees = _subtrees(scope.place_ids)
    found = asked & subtrees.keys
    if (rest := asked - found) and subtrees.districts:
        keys, districts = sorted(rest), sorted(subtrees.districts)
        versions = PlaceVersion.objects.filter(place_id__in=keys, district_id__in=districts)
        asking = ("reached", *keys, "in", *districts)
        found |= once(asking, lambda: set(versions.values_list("place_id", flat=True)))
    return found


def towns_ever(district_ids: Collection[int] | None, on: date, reached: Scope) -> dict[int, str]:
    """Every town that stands or stood in these districts (any: None) and that the scope reaches, by its name on a day."""
    named = PlaceVersion.objects.filter(place__level=Level.TOWNSHIP)
    if district_ids is not None:
        named = named.filter(place__district_id__in=list(district_ids))
    names: dict[int, list[tuple[date, str]]] = {}
    for key, since, name in named.order_by("pk").values_list("place_id", "valid_from", "name"):
        names.setdefault(key, []).append((since, name))
    whole = district_ids is not None and set(district_ids) <= reached.place_ids
    keys = sorted(names) if whole else sorted(reached_among(reached, names))
    return {key: name_at(names[key], on) for key in keys}


def whole_districts(scope: Scope) -> frozenset[int]:
    """Districts of which the scope reaches every place: those it names, and those ever under its provinces and cities."""
    return _subtrees(scope.place_ids).districts if scope.place_ids else frozenset()


def reached_districts(scope: Scope) -> set[int] | None:
    """Districts in which something of the scope stands now; None for every district."""
    return None if scope.everything else set(once(("districts", scope.place_ids), lambda: _reached_districts(scope)))


def reached_in(scope: Scope, district_id: int, on: date) -> set[int] | None:
    """Places of a district on a day that the scope reaches; None for every one of them."""
    if scope.everything or district_id in whole_districts(scope):
        return None
    standing = PlaceVersion.objects.filter(valid_on(on), district_id=district_id)
    return set(in_scope(scope).filter(pk__in=standing.values("place_id")).values_list("pk", flat=True))


def districts_in(scope: Scope, on: date) -> list[PlaceRow]:
    """Districts on a day that the scope reaches themselves, not only a part of them; by code."""
    return districts(on, None if scope.everything else _subtrees(scope.place_ids).keys)


def _reached_districts(scope: Scope) -> set[int]:
    found = in_scope(scope).exclude(district=None).values_list("district_id", flat=True).distinct()
    return {key for key in found if key is not None}


def is_within(place_id: int, roots: Collection[int]) -> bool:
    """Whether the place is a root, ever stood under one, or has a successor that did."""
    return once(("within", place_id, frozenset(roots)), lambda: _is_within(place_id, roots))


def _is_within(place_id: int, roots: Collection[int]) -> bool:
    if place_id in roots:
        return True
    if Place.objects.filter(pk=place_id, district_id__in=list(roots)).exists():
        return True
    seen, frontier = {place_id}, {place_id}
    while frontier:
        above = PlaceVersion.objects.filter(place_id__in=frontier).values_list("parent_id", "district_id")
        after = LineageLink.objects.filter(event__in_force=True, from_place_id__in=frontier).values_list(
            "to_place_id", flat=True
        )
        found = {key for pair in above for key in pair} | set(after)
        if not found.isdisjoint(roots):
            return True
        frontier = {key for key in found if key is not None} - seen
        seen |= frontier
    return False


def stands_within(place_id: int, roots: Collection[int]) -> bool:
    """Whether the place is a root or stands under one now; a place that has ended stands where its successors do.

    Unlike `is_within`, who once was above a place, or received a part of it, does not count: that gives reading, not writing.
    """
    return once(("stands", place_id, frozenset(roots)), lambda: _stands_within(place_id, roots))


def _stands_within(place_id: int, roots: Collection[int]) -> bool:
    if place_id in roots:
        return True
    seen: set[int] = set()
    frontier = {place_id}
    while frontier:
        seen |= frontier
        standing = PlaceVersion.objects.filter(place_id__in=frontier, valid_to__isnull=True)
        rows = list(standing.values_list("place_id", "parent_id", "district_id"))
        ended = frontier - {place for place, _parent, _district in rows}
        found: set[int | None] = {key for _place, parent, district in rows for key in (parent, district)}
        if ended:
            links = LineageLink.objects.filter(event__in_force=True, from_place_id__in=ended)
            followed = dict(links.filter(to_place__isnull=False).values_list("from_place_id", "to_place_id"))
            found |= set(links.values_list("to_place_id", flat=True))
            # Ended without a successor: it stays where it last stood.
            orphans = ended - followed.keys()
            last = PlaceVersion.objects.filter(place_id__in=orphans).order_by("place_id", "-valid_to", "-pk")
            latest: dict[int, tuple[int | None, int | None]] = {}
            for place, parent, district in last.values_list("place_id", "parent_id", "district_id"):
                latest.setdefault(place, (parent, district))
            found |= {key for pair in latest.values() for key in pair}
        if not found.isdisjoint(roots):
            return True
        frontier = {key for key in found if key is not None} - seen
    return False


@dataclass(frozen=True, slots=True)
class _Subtrees:
    """What belongs to some roots: districts with every place ever in them, and places one by one."""

    districts: frozenset[int]
    keys: frozenset[int]

    @property
    def condition(self) -> Q:
        """The same as a condition on places."""
        condition = Q(pk__in=self.keys)
        if self.districts:
            condition |= Q(pk__in=PlaceVersion.objects.filter(district_id__in=self.districts).values("place_id"))
        return condition


def _subtrees(roots: frozenset[int]) -> _Subtrees:
    return once(("subtrees", roots), lambda: _below(roots))


def _below(roots: frozenset[int]) -> _Subtrees:
    levels = dict(Place.objects.filter(pk__in=roots).values_list("pk", "level"))
    districts = {key for key, level in levels.items() if level == Level.DISTRICT}
    named = set(levels)
    districts |= _districts_under({key for key, level in levels.items() if level in ABOVE_DISTRICT}, named)
    keys = named | districts
    if districts:
        # One step of lineage across the border of the district, and what was before it there.
        keys |= _closure(_came_from_elsewhere(districts), children=False)
    if lower := {key for key, level in levels.items() if level not in (*ABOVE_DISTRICT, Level.DISTRICT)}:
        keys |= _closure(lower, children=True)
    return _Subtrees(frozenset(districts), frozenset(keys))


def _districts_under(roots: set[int], named: set[int]) -> set[int]:
    """Districts below provinces and cities, whenever they stood there. Adds the cities passed on the way to `named`."""
    found: set[int] = set()
    frontier = roots
    while frontier:
        below = set(
            PlaceVersion.objects.filter(parent_id__in=frontier, place__level__in=[*ABOVE_DISTRICT, Level.DISTRICT])
            .values_list("place_id", "place__level")
            .distinct()
        )
        found |= {key for key, level in below if level == Level.DISTRICT}
        frontier = {key for key, level in below if level != Level.DISTRICT} - named
        named |= frontier
    return found


def _came_from_elsewhere(districts: set[int]) -> QuerySet[LineageLink, int | None]:
    return (
        LineageLink.objects.filter(event__in_force=True, to_place__district_id__in=districts, from_place__isnull=False)
        .exclude(from_place__district_id__in=districts)
        .values_list("from_place_id", flat=True)
    )


def _closure(roots: Iterable[int | None], *, children: bool) -> set[int]:
    seen: set[int] = set()
    frontier = {key for key in roots if key is not None}
    while frontier:
        seen |= frontier
        found = set(
            LineageLink.objects.filter(event__in_force=True, to_place_id__in=frontier).values_list(
                "from_place_id", flat=True
            )
        )
        if children:
            found |= set(PlaceVersion.objects.filter(parent_id__in=frontier).values_list("place_id", flat=True))
        frontier = {key for key in found if key is not None} - seen
    return seen


def require_at(actor: Actor, action: str, place_ids: Collection[int], on: date) -> None:
    """Raise `Forbidden` unless the actor may do this at every one of the places.

    Who may at a town may at the villages that stand in it on the day: one question per town, not per village.
    """
    rows = rows_of(place_ids, on)
    towns = {key: row.parent_id for key, row in rows.items() if row.valid_to is None and row.parent_id is not None}
    allowed = {town for town in set(towns.values()) if may(actor, action, town)}
    for place_id in dict.fromkeys(place_ids):
        if towns.get(place_id) not in allowed:
            require(actor, action, place_id)
