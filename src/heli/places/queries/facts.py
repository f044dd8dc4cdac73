"""Figures as they were recorded."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from heli.places.models import Fact
from heli.places.types import FactRow

CHUNK = 5_000


def standing() -> QuerySet[Fact]:
    """Facts that no correction has superseded."""
    return Fact.objects.filter(superseded_at__isnull=True)


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


def fact_dates(district_id: int, measure: str) -> list[date]:
    """Days on which a district has figures of the measure, in order."""
    return list(
        standing()
        .filter(district_id=district_id, measure=measure)
        .values_list("on", flat=True)
        .distinct()
        .order_by("on")
    )
