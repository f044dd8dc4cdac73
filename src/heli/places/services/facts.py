"""Figures: recorded once, corrected by superseding, never overwritten."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.db import connection

from heli.audit.services import writing
from heli.kernel.access import Actor, may, require
from heli.kernel.problems import Refused
from heli.places.measures import measures
from heli.places.models import Fact, Place, PlaceVersion
from heli.places.queries.asof import valid_on
from heli.places.services.bulk import insert_fact_rows
from heli.places.texts import as_problems
from heli.places.types import FactSpec, Finding

EDIT = "places.edit"
CHUNK = 5_000
LARGEST = 10**14


def record_facts(
    *,
    actor: Actor,
    facts: Sequence[FactSpec],
    reason: str = "",
    sha256: str = "",
    at: datetime | None = None,
    action: str = EDIT,
) -> dict[str, int]:
    """Record figures, all or nothing; returns counts {new, corrected, unchanged}.

    A figure that differs from the standing one of the same place, measure and day supersedes it. Raises `Refused` for an unknown
    or computed measure, a negative value, a place not valid on the day, the same figure given twice; `Forbidden`.
    """
    if not facts:
        return {"new": 0, "corrected": 0, "unchanged": 0}
    now = at or datetime.now(UTC)
    districts = _districts(facts)
    with writing(actor, action, place_id=_asked_place(actor, action, districts), reason=reason, at=now) as act:
        standing_places = _valid(facts)
        findings = _check(facts, districts, standing_places)
        if findings:
            raise Refused(as_problems(findings, _names({fact.place_id for fact in facts})))
        known = _known(facts)
        fresh, corrected, unchanged = [], [], 0
        for fact in facts:
            old = known.get((fact.place_id, fact.measure, fact.on))
            if old is not None and old[1] == fact.value:
                unchanged += 1
                continue
            if old is not None:
                corrected.append(old[0])
            fresh.append(fact)
        for start in range(0, len(corrected), CHUNK):
            Fact.objects.filter(pk__in=corrected[start : start + CHUNK]).update(superseded_at=now)
        # Written past the ORM, so in the form the database compares.
        recorded_at = connection.ops.adapt_datetimefield_value(now)
        insert_fact_rows(
            (
                fact.place_id,
                standing_places[(fact.place_id, fact.on)],
                fact.measure,
                fact.on,
                fact.value,
                fact.source_id,
                None,
                recorded_at,
            )
            for fact in fresh
        )
        counts = {"new": len(fresh) - len(corrected), "corrected": len(corrected), "unchanged": unchanged}
        act.after = {**counts, "measures": sorted({fact.measure for fact in facts}), "sha256": sha256}
        return counts


def _districts(facts: Sequence[FactSpec]) -> dict[int, int | None]:
    keys = sorted({fact.place_id for fact in facts})
    found: dict[int, int | None] = {}
    for start in range(0, len(keys), CHUNK):
        found.update(Place.objects.filter(pk__in=keys[start : start + CHUNK]).values_list("pk", "district_id"))
    return found


def _asked_place(actor: Actor, action: str, districts: dict[int, int | None]) -> int | None:
    roots = {district for district in districts.values() if district is not None}
    refused = {district for district in roots if not may(actor, action, district)}
    for key, district in sorted(districts.items()):
        if district is None or district in refused:
            require(actor, action, key)
    if len(roots) == 1 and not refused:
        return next(iter(roots))
    return next(iter(districts)) if len(districts) == 1 else None


def _valid(facts: Sequence[FactSpec]) -> dict[tuple[int, date], int | None]:
    """District of each place on each day it is given a figure for; places not valid that day are left out."""
    by_day: dict[date, set[int]] = {}
    for fact in facts:
        by_day.setdefault(fact.on, set()).add(fact.place_id)
    found: dict[tuple[int, date], int | None] = {}
    for day, keys in by_day.items():
        ordered = sorted(keys)
        for start in range(0, len(ordered), CHUNK):
            rows = PlaceVersion.objects.filter(valid_on(day), place_id__in=ordered[start : start + CHUNK])
            found.update(((place, day), district) for place, district in rows.values_list("place_id", "district_id"))
    return found


def _check(
    facts: Sequence[FactSpec], districts: dict[int, int | None], valid: dict[tuple[int, date], int | None]
) -> list[Finding]:
    findings: list[Finding] = []
    seen: set[tuple[int, str, date]] = set()
    for number, fact in enumerate(facts, 1):
        source = f"#{number}"
        measure = measures().get(fact.measure)
        key = (fact.place_id, fact.measure, fact.on)
        if measure is None:
            findings.append(Finding("measure_unknown", {"measure": fact.measure}, "measure", source))
        elif measure.is_ratio:
            findings.append(Finding("measure_is_ratio", {"measure": fact.measure}, "measure", source))
        if fact.value < 0 and fact.measure != "collective_income":
            findings.append(Finding("value_negative", {"value": fact.value}, "value", source))
        if abs(fact.value) > LARGEST:
            findings.append(Finding("value_too_large", {"value": fact.value}, "value", source))
        if fact.place_id not in districts:
            findings.append(Finding("place_unknown", {"place": fact.place_id}, "place", source))
        elif (fact.place_id, fact.on) not in valid:
            findings.append(Finding("place_not_valid", {"place": fact.place_id, "on": fact.on}, "on", source))
        if key in seen:
            findings.append(Finding("fact_twice", {"place": fact.place_id, "on": fact.on}, "value", source))
        seen.add(key)
    return findings


def _known(facts: Sequence[FactSpec]) -> dict[tuple[int, str, date], tuple[int, int]]:
    """Standing figures of the same places, measures and days: {(place, measure, on): (key, value)}."""
    wanted = {(fact.place_id, fact.measure, fact.on) for fact in facts}
    keys = sorted({place for place, _, _ in wanted})
    known: dict[tuple[int, str, date], tuple[int, int]] = {}
    days, names = {on for _, _, on in wanted}, {name for _, name, _ in wanted}
    for start in range(0, len(keys), CHUNK):
        rows = Fact.objects.filter(
            place_id__in=keys[start : start + CHUNK], measure__in=names, on__in=days, superseded_at__isnull=True
        )
        for pk, place, name, on, value in rows.values_list("pk", "place_id", "measure", "on", "value"):
            if (place, name, on) in wanted:
                known[(place, name, on)] = (pk, value)
    return known


def _names(keys: set[int]) -> dict[object, str]:
    few = sorted(keys)[:CHUNK]
    return dict(
        PlaceVersion.objects.filter(place_id__in=few).order_by("valid_from", "id").values_list("place_id", "name")
    )
