"""Figures: recorded once, corrected by superseding, never overwritten."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
from django.db import connection
from django.utils import timezone

from heli.audit.services import writing
from heli.kernel.access import Actor, may, require
from heli.kernel.faults import Finding, Refused
from heli.kernel.offers import offered
from heli.places.measures import measures
from heli.places.models import Fact, Place, PlaceVersion
from heli.places.queries.asof import valid_on
from heli.places.queries.facts import facts_on
from heli.places.services.bulk import insert_fact_rows
from heli.places.texts import as_faults
from heli.places.types import FactSpec

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
    or computed measure, a negative value, a place not valid on the day, the same figure given twice, a measure that a context keeps
    itself (`kept.py`); `Forbidden`.
    """
    if not facts:
        return {"new": 0, "corrected": 0, "unchanged": 0}
    now = at or timezone.now()
    with writing(actor, action, place_id=_asked_place(actor, action, facts), reason=reason, at=now) as act:
        twice = _twice(facts)
        counts = {"new": 0, "corrected": 0, "unchanged": 0}
        findings: list[Finding] = []
        for start in range(0, len(facts), CHUNK):
            chunk = facts[start : start + CHUNK]
            valid = _valid(chunk)
            findings += _check(chunk, start, valid, twice)
            findings += _kept(chunk, start, action)
            # A refusal takes back what is already written; from the first finding on there is nothing more to write.
            if not findings:
                for key, count in _write(chunk, valid, now).items():
                    counts[key] += count
        if findings:
            raise Refused(as_faults(findings, _names({int(str(one.facts.get("place", 0))) for one in findings})))
        act.after = {**counts, "measures": sorted({fact.measure for fact in facts}), "sha256": sha256}
        return counts


def take_back_facts(
    *,
    actor: Actor,
    place_id: int,
    measures: Sequence[str],
    on: date,
    reason: str,
    at: datetime | None = None,
    action: str = EDIT,
) -> int:
    """Take figures of a place and a day back that should never have been recorded; they stay readable as they were known.

    Returns how many.
    """
    now = at or timezone.now()
    with writing(actor, action, place_id=place_id, reason=reason, at=now) as act:
        standing = Fact.objects.filter(place_id=place_id, measure__in=measures, on=on, superseded_at__isnull=True)
        count = standing.update(superseded_at=now)
        act.after = {"taken_back": count, "measures": sorted(measures), "on": str(on)}
    return count


def _write(facts: Sequence[FactSpec], valid: dict[tuple[int, date], int | None], now: datetime) -> dict[str, int]:
    """Write a chunk of checked figures; returns its counts."""
    known = _known(facts)
    fresh: list[FactSpec] = []
    corrected: list[int] = []
    for fact in facts:
        old = known.get((fact.place_id, fact.measure, fact.on))
        if old is not None and old[1] == fact.value:
            continue
        if old is not None:
            corrected.append(old[0])
        fresh.append(fact)
    Fact.objects.filter(pk__in=corrected).update(superseded_at=now)
    # Written past the ORM, so in the form the database compares.
    recorded_at = connection.ops.adapt_datetimefield_value(now)
    insert_fact_rows(
        (
            fact.place_id, valid[(fact.place_id, fact.on)], fact.measure, fact.on, fact.value, fact.source_id, None, recorded_at,
        )
        for fact in fresh
    )  # fmt: skip
    return {"new": len(fresh) - len(corrected), "corrected": len(corrected), "unchanged": len(facts) - len(fresh)}


def _asked_place(actor: Actor, action: str, facts: Sequence[FactSpec]) -> int | None:
    """Ask district by district, and place by place where that does not answer; returns the place of the entry."""
    answers: dict[int, bool] = {}
    lone: set[int] = set()
    for start in range(0, len(facts), CHUNK):
        keys = {fact.place_id for fact in facts[start : start + CHUNK]}
        for key, district in Place.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "district_id"):
            if district is not None and district not in answers:
                answers[district] = may(actor, action, district)
            if district is None or not answers[district]:
                require(actor, action, key)
            if len(lone) < 2:
                lone.add(key)
    if len(answers) == 1 and all(answers.values()):
        return next(iter(answers))
    return next(iter(lone)) if len(lone) == 1 else None


def _twice(facts: Sequence[FactSpec]) -> set[int]:
    """Which figures, by their index, come after another of the same place, measure and day."""
    names: dict[str, int] = {}
    keys = np.empty((3, len(facts)), np.int64)
    for i, fact in enumerate(facts):
        keys[:, i] = fact.place_id, names.setdefault(fact.measure, len(names)), fact.on.toordinal()
    order = np.lexsort(keys)
    same = (keys[:, order[1:]] == keys[:, order[:-1]]).all(axis=0)
    return set(order[1:][same].tolist())


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
    facts: Sequence[FactSpec], first: int, valid: dict[tuple[int, date], int | None], twice: set[int]
) -> list[Finding]:
    """What is wrong with a chunk of figures that begins at index `first` of all."""
    unsure = {fact.place_id for fact in facts if (fact.place_id, fact.on) not in valid}
    existing = set(Place.objects.filter(pk__in=unsure).values_list("pk", flat=True)) if unsure else set()
    findings: list[Finding] = []
    for index, fact in enumerate(facts, first):
        source = f"#{index + 1}"
        measure = measures().get(fact.measure)
        if measure is None:
            findings.append(Finding("measure_unknown", {"measure": fact.measure}, "measure", source))
        elif measure.is_ratio:
            findings.append(Finding("measure_is_ratio", {"measure": fact.measure}, "measure", source))
        if fact.value < 0 and fact.measure != "collective_income":
            findings.append(Finding("value_negative", {"value": fact.value}, "value", source))
        if abs(fact.value) > LARGEST:
            findings.append(Finding("value_too_large", {"value": fact.value}, "value", source))
        if (fact.place_id, fact.on) not in valid and fact.place_id not in existing:
            findings.append(Finding("place_unknown", {"place": fact.place_id}, "place", source))
        elif (fact.place_id, fact.on) not in valid:
            findings.append(Finding("place_not_valid", {"place": fact.place_id, "on": fact.on}, "on", source))
        if index in twice:
            findings.append(Finding("fact_twice", {"place": fact.place_id, "on": fact.on}, "value", source))
    return findings


def _kept(facts: Sequence[FactSpec], first: int, action: str) -> list[Finding]:
    """Which figures of a chunk are kept elsewhere, from where alone they come; what says the same as is kept there may stand."""
    findings: list[Finding] = []
    for one in offered("kept", "KEPT"):
        mine = [(index, fact) for index, fact in enumerate(facts, first) if fact.measure == one.measure]
        is_own = action in (one.right, *one.also)
        since = one.since({fact.place_id for _index, fact in mine}) if mine and not is_own else {}
        mine = [(index, fact) for index, fact in mine if fact.place_id in since and fact.on >= since[fact.place_id]]
        same = {on: facts_on(since, one.measure, on) for on in {fact.on for _index, fact in mine}}
        findings += [
            Finding("kept_elsewhere", {"place": fact.place_id, "room": one.room}, "measure", f"#{index + 1}")
            for index, fact in mine
            if fact.place_id not in same[fact.on] or same[fact.on][fact.place_id].value != fact.value
        ]
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
