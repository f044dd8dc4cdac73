"""Figures restated to the places of another day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Q, QuerySet

from heli.kernel.faults import Finding, Refused
from heli.kernel.quantities import Ratio
from heli.places.carrying import Arrows, Ints, carry, override, recounted
from heli.places.joint import GONE, Joint
from heli.places.measures import Measure, measures
from heli.places.models import Fact, LineageLink
from heli.places.queries.columns import read_columns
from heli.places.queries.facts import standing
from heli.places.texts import as_fault


@dataclass(frozen=True, slots=True)
class Restated:
    """A measure of `start` on the places of `end`: parallel arrays by ascending place key.

    `total` is what was recorded; `gone` belonged to places that ended without a successor. `joint` is known of several
    places only together, because nobody counted the parts of a split: these have no value of their own. The values,
    `gone` and `together` add up to `total`.
    """

    measure: str
    start: date
    end: date
    places: Ints
    values: Ints
    gone: int
    total: int
    joint: tuple[Joint, ...] = ()

    @property
    def together(self) -> int:
        """What is known of several places only together."""
        return sum(one.amount for one in self.joint)

    def unknown(self) -> dict[int, Joint]:
        """Places without a value of their own, and what is known of them together with others."""
        return {key: one for one in self.joint for key in one.places if key != GONE}

    def as_dict(self) -> Mapping[int, int]:
        """The value of each place."""
        return dict(zip(self.places.tolist(), self.values.tolist(), strict=True))


def restate(
    measure: str,
    start: date,
    end: date,
    *,
    district_ids: Collection[int] | None = None,
    place_ids: Collection[int] | None = None,
) -> Restated:
    """The figures as they stood on `start`, carried along the lineage to the places of `end`.

    The newest figure of each place on or before `start` counts; one that is older than an event is carried through it first.
    Without districts or places: the whole register. Raises `Refused` for an unknown or non-additive measure and where
    `end` lies before `start`.
    """
    chosen = additive(measure)
    if end < start:
        raise Refused(as_fault(Finding("backwards", {"start": start, "end": end}, "end")))
    facts = standing().filter(measure=measure, on__lte=start)
    if district_ids is not None:
        facts = facts.filter(district_id__in=district_ids)
    if place_ids is not None:
        facts = facts.filter(place_id__in=place_ids)
    days = (
        _days(facts)
        if not _is_narrow(district_ids, place_ids)
        else list(facts.values_list("on", flat=True).distinct().order_by("on"))
    )
    places, values = np.empty(0, np.int64), np.empty(0, np.int64)
    joint: tuple[Joint, ...] = ()
    if not days:
        return Restated(measure, start, end, places, values, 0, 0)
    narrow = _is_narrow(district_ids, place_ids)
    for day, until in zip(days, [*days[1:], start], strict=True):
        places, values, joint = *override(places, values, *(newer := _figures(facts, day))), recounted(joint, newer[0])
        moved = carry(places, values, _arrows(chosen, day, until, _reached(places, joint) if narrow else None), joint)
        places, values, joint = moved.places, moved.values, moved.joint
    total = int(values.sum()) + sum(one.amount for one in joint)
    moved = carry(places, values, _arrows(chosen, start, end, _reached(places, joint) if narrow else None), joint)
    return Restated(measure, start, end, moved.places, moved.values, moved.gone, total, moved.joint)


def _reached(places: Ints, joint: Collection[Joint]) -> Ints:
    """All places that have something, alone or together."""
    return np.concatenate([places, np.array([key for one in joint for key in one.places if key != GONE], np.int64)])


def restate_ratio(
    measure: str,
    start: date,
    end: date,
    *,
    district_ids: Collection[int] | None = None,
    place_ids: Collection[int] | None = None,
) -> dict[int, Ratio]:
    """A ratio on the places of `end`: numerator and denominator restated each by itself, never the quotient."""
    chosen = measures().get(measure)
    if chosen is None or not chosen.is_ratio:
        raise Refused(as_fault(Finding("measure_unknown", {"measure": measure}, "measure")))
    above, below = (
        restate(part, start, end, district_ids=district_ids, place_ids=place_ids).as_dict()
        for part in (chosen.numerator, chosen.denominator)
    )
    return {place: Ratio(above[place] * chosen.factor, below[place]) for place in above if place in below}


def additive(measure: str) -> Measure:
    """The measure, if it can be restated. Raises `Refused`."""
    chosen = measures().get(measure)
    if chosen is None:
        raise Refused(as_fault(Finding("measure_unknown", {"measure": measure}, "measure")))
    if not chosen.additive:
        raise Refused(as_fault(Finding("measure_not_additive", {"measure": measure}, "measure")))
    return chosen


def _is_narrow(district_ids: Collection[int] | None, place_ids: Collection[int] | None) -> bool:
    return district_ids is not None or place_ids is not None


def _days(facts: QuerySet[Fact]) -> list[date]:
    """The days of all surveys, from one to the next by the index: a distinct would read every row."""
    days: list[date] = []
    while True:
        after = facts.filter(on__gt=days[-1]) if days else facts
        day = after.order_by("on").values_list("on", flat=True).first()
        if day is None:
            return days
        days.append(day)


def _figures(facts: QuerySet[Fact], day: date) -> tuple[Ints, Ints]:
    places, values = read_columns(facts.filter(on=day).order_by(), "place_id", "value")
    if len(places) > 1 and not bool(np.all(places[1:] > places[:-1])):
        order = np.argsort(places, kind="stable")
        places, values = places[order], values[order]
    return places, values


def _arrows(measure: Measure, after: date, until: date, only: Ints | None) -> Arrows:
    """Arrows of events after the one day up to and on the other; with `only`, those that concern these places in turn."""
    nothing = np.empty(0, np.int64)
    if until <= after:
        return Arrows(nothing, nothing, nothing, nothing, nothing)
    links = LineageLink.objects.filter(
        event__in_force=True, event__on__gt=after, event__on__lte=until, from_place__isnull=False
    ).order_by("event__on", "event__sequence", "event_id", "id")
    if only is not None:
        links = links.filter(event_id__in=_events_reached(links, only))
    share = measure.carried_by
    columns = read_columns(links, "event_id", "from_place_id", "to_place_id", f"{share}_part", f"{share}_of")
    return Arrows(*columns)


def _events_reached(links: QuerySet[LineageLink], only: Ints) -> set[int]:
    """Events that values of these places can reach, following arrows onward."""
    reached: set[int] = set()
    seen = set(only.tolist())
    frontier = sorted(seen)
    while frontier:
        onward: set[int] = set()
        for start in range(0, len(frontier), 5_000):
            found = links.filter(Q(from_place_id__in=frontier[start : start + 5_000])).order_by()
            for event, target in found.values_list("event_id", "to_place_id"):
                reached.add(event)
                if target is not None and target not in seen:
                    onward.add(target)
        seen |= onward
        frontier = sorted(onward)
    return reached
