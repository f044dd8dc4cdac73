"""Every figure of one place and of what went into it, restated day by day: so many questions for ten measures as for one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date

import numpy as np

from heli.places.carrying import Arrows, carry, override, recounted
from heli.places.joint import Joint
from heli.places.measures import Measure, measures
from heli.places.models import LineageEvent, LineageLink, PlaceVersion
from heli.places.naming import short_name
from heli.places.queries.facts import standing
from heli.places.queries.lineage import predecessors
from heli.places.queries.restating import _arrows, additive
from heli.places.types import FactRow


@dataclass(frozen=True, slots=True)
class StandingPeriod:
    """A place of a family for a period of days."""

    place: int
    public_id: str
    name: str
    valid_from: date
    valid_to: date | None

    def stood(self, on: date) -> bool:
        """Whether it was valid on the day."""
        return self.valid_from <= on and (self.valid_to is None or self.valid_to > on)


@dataclass(frozen=True, slots=True)
class PlaceFamily:
    """A place and everything that went into it: the figures recorded up to a day, and how each of them stood."""

    place: int
    members: tuple[int, ...]
    facts: Mapping[str, list[FactRow]]
    """By measure, in the order of their days and, within a day, of the members."""
    standings: tuple[StandingPeriod, ...]

    def then(self, on: date) -> dict[int, StandingPeriod]:
        """The members that stood on the day."""
        return {one.place: one for one in self.standings if one.stood(on)}


def family_of(place_id: int, until: date, names: Collection[str] | None = None) -> PlaceFamily:
    """The family of a place with its figures up to a day, of all measures or of some."""
    members = (place_id, *predecessors(place_id))
    found = standing().filter(place_id__in=members, on__lte=until)
    if names is not None:
        found = found.filter(measure__in=sorted(names))
    facts: dict[str, list[FactRow]] = {}
    rows = [
        FactRow(*row[:4], bool(row[4]), row[5] or "")
        for row in found.values_list("place_id", "measure", "on", "value", "source__is_sample", "source__title")
    ]
    for row in sorted(rows, key=lambda row: (row.on, members.index(row.place_id))):
        facts.setdefault(row.measure, []).append(row)
    standings = standings_of(members)
    return PlaceFamily(place_id, members, facts, tuple(one for member in members for one in standings.get(member, ())))


def standings_of(place_ids: Collection[int]) -> dict[int, list[StandingPeriod]]:
    """How each of some places stood, period by period."""
    versions = PlaceVersion.objects.filter(place_id__in=place_ids).order_by("valid_from", "id")
    found: dict[int, list[StandingPeriod]] = {}
    columns = ("place_id", "place__public_id", "name", "valid_from", "valid_to")
    for place, public_id, name, begins, ends in versions.values_list(*columns):
        found.setdefault(place, []).append(StandingPeriod(place, public_id, short_name(name), begins, ends))
    return found


def restated_series(place_id: int, measure: str, end: date) -> list[tuple[date, int | Joint, bool]]:
    """Each day on which the place or a predecessor has figures, restated to `end`: (day, value, complete).

    The value is a `Joint` where only that of several places together is known. `complete` is false when some predecessor
    that stood that day has no figure of that day or before.
    """
    additive(measure)
    return restated_histories(family_of(place_id, end, [measure]), end).get(measure, [])


def restated_histories(family: PlaceFamily, end: date) -> dict[str, list[tuple[date, int | Joint, bool]]]:
    """The same of every measure that adds up and that the family has figures of."""
    chosen = [measures()[name] for name in family.facts if measures()[name].additive]
    if not chosen:
        return {}
    ways = {one.carried_by: one for one in chosen}
    members = np.array(sorted(family.members), np.int64)
    arrows = {way: _arrows(like, date.min, end, members) for way, like in ways.items()}
    events = {event for found in arrows.values() for event in found.event.tolist()}
    days = dict(LineageEvent.objects.filter(pk__in=events).values_list("pk", "on"))
    dated = {way: _Dated([days[event] for event in found.event.tolist()], found) for way, found in arrows.items()}
    entering = _entering(family, end)
    return {one.id: _series(family, one, dated[one.carried_by], entering, end) for one in chosen}


@dataclass(frozen=True, slots=True)
class _Dated:
    """Arrows in order with the days of their events."""

    days: list[date]
    arrows: Arrows

    def between(self, after: date, until: date) -> Arrows:
        """Those after the one day up to and on the other."""
        kept = np.array([after < day <= until for day in self.days], bool)
        return Arrows(*(column[kept] for column in astuple(self.arrows)))


@dataclass(frozen=True, slots=True)
class _Entering:
    """An event's arrows into the family."""

    on: date
    pairs: tuple[tuple[int | None, int], ...]


def _entering(family: PlaceFamily, end: date) -> list[_Entering]:
    """Events that brought something into the family, the latest first."""
    links = LineageLink.objects.filter(event__in_force=True, event__on__lte=end, to_place_id__in=family.members)
    ordered = links.order_by("-event__on", "-event__sequence", "-event_id")
    pairs: dict[tuple[int, date], list[tuple[int | None, int]]] = {}
    for source, target, event, on in ordered.values_list("from_place_id", "to_place_id", "event_id", "event__on"):
        if target is not None:
            pairs.setdefault((event, on), []).append((source, target))
    return [_Entering(on, tuple(found)) for (_event, on), found in pairs.items()]


def _series(
    family: PlaceFamily, measure: Measure, arrows: _Dated, entering: Iterable[_Entering], end: date
) -> list[tuple[date, int | Joint, bool]]:
    facts = family.facts[measure.id]
    days = sorted({fact.on for fact in facts})
    places, values = np.empty(0, np.int64), np.empty(0, np.int64)
    joint: tuple[Joint, ...] = ()
    series: list[tuple[date, int | Joint, bool]] = []
    for at, day in enumerate(days):
        newer = sorted((fact.place_id, fact.value) for fact in facts if fact.on == day)
        figures = np.array(newer, np.int64).reshape(-1, 2)
        places, values = override(places, values, figures[:, 0], figures[:, 1])
        joint = recounted(joint, figures[:, 0])
        ended = carry(places, values, arrows.between(day, end), joint)
        value: int | Joint | None = next((one for one in ended.joint if family.place in one.places), None)
        if value is None:
            value = dict(zip(ended.places.tolist(), ended.values.tolist(), strict=True)).get(family.place)
        if value is not None:
            series.append((day, value, _is_complete(family, facts, entering, day)))
        if at + 1 < len(days):
            moved = carry(places, values, arrows.between(day, days[at + 1]), joint)
            places, values, joint = moved.places, moved.values, moved.joint
    return series


def _is_complete(family: PlaceFamily, facts: Iterable[FactRow], entering: Iterable[_Entering], day: date) -> bool:
    """Whether every place of that day that flows into the family's own has a figure."""
    feeders = {family.place}
    for event in entering:
        if event.on > day:
            reached = {target for _source, target in event.pairs if target in feeders}
            feeders |= {source for source, target in event.pairs if source is not None and target in reached}
    known = {fact.place_id for fact in facts if fact.on <= day}
    return feeders & family.then(day).keys() <= known
