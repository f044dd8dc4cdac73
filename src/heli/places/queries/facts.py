"""Figures as they were recorded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from heli.kernel.declare import Pair
from heli.places.models import Fact
from heli.places.queries.lineage import Feeder
from heli.places.types import FactRow

CHUNK = 5_000


def standing() -> QuerySet[Fact]:
    """Facts that no correction has superseded."""
    return Fact.objects.filter(superseded_at__isnull=True)


def known_at(at: datetime | None) -> QuerySet[Fact]:
    """Facts as they were known at a moment; without one, as they are known now."""
    if at is None:
        return standing()
    return Fact.objects.filter(
        Q(recorded_at__isnull=True) | Q(recorded_at__lte=at), Q(superseded_at__isnull=True) | Q(superseded_at__gt=at)
    )


def sample_facts(district_ids: Collection[int], on: date, at: datetime | None = None) -> Mapping[int, Pair]:
    """{place: (its facts of sample sources, all its facts)} up to the day; one query."""
    facts = known_at(at).filter(district_id__in=sorted(district_ids), on__lte=on)
    counts = (
        facts.order_by()
        .values_list("place_id")
        .annotate(n=Count("pk", filter=Q(source__is_sample=True)), d=Count("pk"))
    )
    return {place: (samples, every) for place, samples, every in counts}


def districts_counted(on: date) -> list[int]:
    """Districts that have figures of a day or before, ascending."""
    found = standing().filter(on__lte=on, district_id__isnull=False).order_by("district_id")
    return [key for key in found.values_list("district_id", flat=True).distinct() if key is not None]


@dataclass(frozen=True, slots=True)
class BehindRow:
    """A fact in use behind a number: the place it was counted in, and its source."""

    place_id: int
    measure: str
    on: date
    value: int
    source: str
    is_sample: bool


def facts_behind(
    place_ids: Collection[int],
    measures: Collection[str],
    on: date,
    at: datetime | None = None,
    *,
    arrows: Collection[Feeder],
) -> list[BehindRow]:
    """The facts from which the measures of these places follow: their newest own, or those of the places before them.

    `arrows` are `feeders(place_ids, on)`. A fact counts where no newer one of a successor has replaced it.
    """
    family = sorted({*place_ids, *(arrow.source_id for arrow in arrows)})
    facts = known_at(at).filter(place_id__in=family, measure__in=sorted(measures), on__lte=on).order_by("on", "pk")
    by_place: dict[tuple[int, str], list[BehindRow]] = {}
    columns = ("place_id", "measure", "on", "value", "source__title", "source__is_sample")
    for row in facts.values_list(*columns):
        fact = BehindRow(row[0], row[1], row[2], row[3], row[4] or "", bool(row[5]))
        by_place.setdefault((fact.place_id, fact.measure), []).append(fact)
    into: dict[int, list[Feeder]] = {}
    for arrow in arrows:
        into.setdefault(arrow.target_id, []).append(arrow)
    found: dict[tuple[int, str, date], BehindRow] = {}
    for measure in measures:
        waiting, seen = [(place, on, True) for place in place_ids], set()
        while waiting:
            place, limit, includes = waiting.pop()
            if (place, limit) in seen:
                continue
            seen.add((place, limit))
            own = [f for f in by_place.get((place, measure), ()) if f.on < limit or (includes and f.on == limit)]
            if own:
                found[place, measure, own[-1].on] = own[-1]
            since = own[-1].on if own else date.min
            inner = [a for a in into.get(place, ()) if since < a.on and (a.on < limit or (includes and a.on == limit))]
            waiting += [(arrow.source_id, arrow.on, False) for arrow in inner]
    return sorted(found.values(), key=lambda row: (row.place_id, row.measure, row.on))


def facts_on(place_ids: Collection[int], measure: str, on: date) -> dict[int, FactRow]:
    """The newest figure of each place on or before the day; places without one are left out."""
    newest: dict[int, FactRow] = {}
    keys = sorted(place_ids)
    for start in range(0, len(keys), CHUNK):
        facts = standing().filter(place_id__in=keys[start : start + CHUNK], measure=measure, on__lte=on).order_by("on")
        for place, day, value, sample in facts.values_list("place_id", "on", "value", "source__is_sample"):
            newest[place] = FactRow(place, measure, day, value, bool(sample))
    return newest


def facts_of(place_id: int) -> list[FactRow]:
    """Every standing figure of a place, by measure and day."""
    facts = standing().filter(place_id=place_id).order_by("measure", "on")
    return [
        FactRow(*row[:4], bool(row[4]))
        for row in facts.values_list("place_id", "measure", "on", "value", "source__is_sample")
    ]


def count_facts_about(place_ids: Collection[int]) -> int:
    """How many figures stand of some places."""
    return standing().filter(place__in=place_ids).count()


def fact_dates(district_id: int, measure: str) -> list[date]:
    """Days on which a district has figures of the measure, in order."""
    return list(
        standing()
        .filter(district_id=district_id, measure=measure)
        .values_list("on", flat=True)
        .distinct()
        .order_by("on")
    )
