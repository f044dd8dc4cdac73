"""Many measures of many places on a day at once: the newest figures, carried through the events since they were counted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from heli.kernel.pairs import Ints
from heli.places.carrying import Arrows, carry, override, recounted
from heli.places.joint import Joint
from heli.places.measures import measures
from heli.places.models import Fact, LineageEvent, LineageLink
from heli.places.queries.columns import read_columns
from heli.places.queries.facts import known_at
from heli.places.types import EventKind

NOTHING = np.empty(0, np.int64)
REFORMING = (EventKind.MERGE, EventKind.ABSORB, EventKind.CONVERT, EventKind.DISSOLVE, EventKind.SPLIT)
"""Events after which a district has another number of villages."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A measure of places on a day: parallel arrays by ascending key; `joint` is known of several places only together."""

    places: Ints
    values: Ints
    joint: tuple[Joint, ...] = ()


def counted_on(
    names: Collection[str], district_ids: Collection[int], on: date, at: datetime | None = None
) -> Mapping[str, Counted]:
    """Measures of the districts' places as they stood on the day, three queries for all of them.

    A figure older than an event is carried through it (as `restate`); what is not additive stays with its place.
    """
    wanted = sorted(names)
    facts = known_at(at).filter(district_id__in=sorted(district_ids), measure__in=wanted, on__lte=on)
    days = sorted(set(facts.order_by().values_list("on", flat=True).distinct()))
    if not days:
        return {name: Counted(NOTHING, NOTHING) for name in wanted}
    places, values, measure, day = _facts(facts, wanted, days)
    arrows = _arrows_by_gap(district_ids, days, on)
    found: dict[str, Counted] = {}
    for i, name in enumerate(wanted):
        chosen = measures()[name]
        mine = measure == i
        keys, held = NOTHING, NOTHING
        joint: tuple[Joint, ...] = ()
        for gap in range(len(days)):
            now = mine & (day == gap)
            if now.any():
                keys, held = override(keys, held, places[now], values[now])
                joint = recounted(joint, places[now])
            if chosen.additive and (len(keys) or joint) and len(arrows[gap].source):
                moved = carry(keys, held, _shared_by(arrows[gap], chosen.carried_by), joint)
                keys, held, joint = moved.places, moved.values, moved.joint
        found[name] = Counted(keys, held, joint)
    return found


def carried(
    places: Ints,
    columns: Sequence[Ints],
    *,
    after: date | Mapping[int, date],
    until: date,
    district_ids: Collection[int],
    carried_by: str = "population",
) -> list[Counted]:
    """Columns of whole numbers carried through the districts' events after the one day up to the other; two queries.

    What ended without a successor goes to the district of its event, so that every total is conserved. `after` may give
    each district its own day.
    """
    arrows = _shared_by(_arrows(district_ids, after, until), carried_by)
    found = []
    for column in columns:
        moved = carry(places, column, arrows)
        found.append(Counted(moved.places, moved.values, moved.joint))
    return found


def reform_bases(district_ids: Collection[int], on: date) -> dict[int, date]:
    """{district: the day before the first event of the latest year, up to `on`, in which villages merged, joined or split}.

    Districts that never reformed are left out.
    """
    events = LineageEvent.objects.filter(
        in_force=True, district_id__in=sorted(district_ids), on__lte=on, kind__in=[kind.value for kind in REFORMING]
    )
    days: dict[int, set[date]] = {}
    for district, day in events.order_by().values_list("district_id", "on").distinct():
        days.setdefault(district or 0, set()).add(day)
    bases = {}
    for district, found in days.items():
        first = min(day for day in found if day.year == max(found).year)
        bases[district] = date.fromordinal(first.toordinal() - 1)
    return bases


@dataclass(frozen=True, slots=True)
class _Both:
    """Arrows with both kinds of share: (part, base) columns of people and of area."""

    event: Ints
    source: Ints
    target: Ints
    population: tuple[Ints, Ints]
    area: tuple[Ints, Ints]

    @classmethod
    def none(cls) -> "_Both":
        return cls(NOTHING, NOTHING, NOTHING, (NOTHING, NOTHING), (NOTHING, NOTHING))


def _shared_by(arrows: _Both, carried_by: str) -> Arrows:
    part, base = arrows.area if carried_by == "area" else arrows.population
    return Arrows(arrows.event, arrows.source, arrows.target, part, base)


def _links(district_ids: Collection[int], first: date, until: date) -> QuerySet[LineageLink]:
    return LineageLink.objects.filter(
        event__in_force=True,
        event__on__gt=first,
        event__on__lte=until,
        event__district_id__in=sorted(district_ids),
        from_place__isnull=False,
    ).order_by("event__on", "event__sequence", "event_id", "id")


LINK_COLUMNS = (
    "event_id", "from_place_id", "to_place_id", "population_part", "population_of", "area_part", "area_of",
)  # fmt: skip


def _arrows(district_ids: Collection[int], after: date | Mapping[int, date], until: date) -> _Both:
    days = after if isinstance(after, Mapping) else dict.fromkeys(district_ids, after)
    if not days or min(days.values()) >= until:
        return _Both.none()
    links = _links(district_ids, min(days.values()), until)
    if len(set(days.values())) > 1:
        wanted = Q(pk__in=())
        for day in set(days.values()):
            wanted |= Q(event__on__gt=day, event__district_id__in=[key for key, value in days.items() if value == day])
        links = links.filter(wanted)
    event, source, target, *shares, district = read_columns(links, *LINK_COLUMNS, "event__district_id")
    return _Both(event, source, np.where(target > 0, target, district), (shares[0], shares[1]), (shares[2], shares[3]))


def _arrows_by_gap(district_ids: Collection[int], days: list[date], on: date) -> list[_Both]:
    """The arrows after each day of counting up to and on the next (at last: up to `on`); one query for all."""
    if days[0] >= on:
        return [_Both.none() for _day in days]
    gap = Case(
        *(When(event__on__lte=day, then=Value(i)) for i, day in enumerate([*days[1:], on])), output_field=IntegerField()
    )
    links = _links(district_ids, days[0], on).annotate(gap=gap)
    *columns, at = read_columns(links, *LINK_COLUMNS, "gap")
    found = []
    for i in range(len(days)):
        event, source, target, *shares = (column[at == i] for column in columns)
        found.append(_Both(event, source, target, (shares[0], shares[1]), (shares[2], shares[3])))
    return found


def _facts(facts: QuerySet[Fact], wanted: list[str], days: list[date]) -> list[Ints]:
    """Place, value, index of the measure and of the day, by place."""
    measure = Case(*(When(measure=name, then=Value(i)) for i, name in enumerate(wanted)), output_field=IntegerField())
    day = Case(*(When(on=day, then=Value(i)) for i, day in enumerate(days)), output_field=IntegerField())
    rows = facts.annotate(measure_at=measure, day_at=day).order_by()
    columns = read_columns(rows, "place_id", "value", "measure_at", "day_at")
    order = np.argsort(columns[0], kind="stable")
    return [column[order] for column in columns]
