"""Lineage events: all or nothing, in the order given."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from django.db.models import F, Max
from django.utils.translation import gettext

from heli.audit.services import writing
from heli.kernel.access import Actor, may, require, scope
from heli.kernel.faults import Fault, Finding, Forbidden, Refused
from heli.places import rules
from heli.places.models import Fact, LineageEvent, LineageLink, Place, PlaceVersion
from heli.places.services.bulk import (
    insert_event_rows,
    insert_place_rows,
    insert_version_rows,
    new_public_ids,
    reserve_ids,
    update_rows,
)
from heli.places.services.outlines import join_outlines
from heli.places.services.staging import Staged, Staging, named_places
from heli.places.texts import as_fault, as_faults
from heli.places.types import WHOLE, EventSpec, Level, RecordedEvent, Ref

EDIT = "places.edit"


def record_event(*, actor: Actor, event: EventSpec, source_id: int | None = None, action: str = EDIT) -> RecordedEvent:
    """Record one event; see `record_events`."""
    return record_events(actor=actor, events=[event], source_id=source_id, action=action)[0]


def check_events(events: Sequence[EventSpec]) -> list[Fault]:
    """What would keep the events from being recorded now; nothing is written, no permission asked."""
    stage = Staging(events)
    return as_faults(stage.findings, stage.names)


def record_events(
    *,
    actor: Actor,
    events: Sequence[EventSpec],
    source_id: int | None = None,
    reason: str = "",
    at: datetime | None = None,
    action: str = EDIT,
) -> list[RecordedEvent]:
    """Record events in the order given, all or nothing.

    A later event may name a place that an earlier one founds by the name given to it there. With `children_follow` the move
    of the children is a further event, reported after its own. `action` is what the actor must be allowed to do at
    every place concerned (planning applies plans by its own). Raises `Refused` with every problem found, `Forbidden`.
    """
    if not events:
        return []
    with writing(actor, action, place_id=_asked_place(actor, action, events), reason=reason, at=at) as act:
        stage = Staging(events)
        if stage.findings:
            raise Refused(as_faults(stage.findings, stage.names))
        join_outlines(stage)
        recorded = _write(stage, source_id)
        act.subject = recorded[0].public_id if len(recorded) == 1 else ""
        act.after = {
            "events": len(recorded),
            "founded": len(stage.founded),
            "ended": len(stage.closed),
            "kinds": sorted({event.kind.value for event in stage.played}),
            "documents": sorted({event.document_number for event in stage.played if event.document_number})[:20],
            "public_ids": [event.public_id for event in recorded[:50]],
        }
        return recorded


def _asked_place(actor: Actor, action: str, events: Sequence[EventSpec]) -> int | None:
    """Ask for every place concerned, district by district where that answers for all; returns the place of the entry."""
    if (
        any(spec.parent is None for event in events for spec in event.founds.values())
        and not scope(actor, action).everything
    ):
        # A place under no other concerns the whole installation.
        raise Forbidden(
            Fault("forbidden", gettext("Only someone responsible for everything may found a place under no other."))
        )
    # A place that goes on under a city or province changes nothing there.
    own = named_places(events, parents=False)
    places = {
        key: district
        for key, district, level in Place.objects.filter(pk__in=named_places(events)).values_list(
            "pk", "district_id", "level"
        )
        if key in own or level not in (Level.PROVINCE, Level.CITY)
    }
    by_district: dict[int | None, list[int]] = {}
    for place, standing_in in sorted(places.items()):
        by_district.setdefault(standing_in, []).append(place)
    allowed: list[int | None] = []
    for district, keys in by_district.items():
        if district is not None and may(actor, action, district):
            allowed.append(district)
            continue
        for key in keys:
            require(actor, action, key)
        allowed.append(keys[0])
    return allowed[0] if len(allowed) == 1 else None


def _write(stage: Staging, source_id: int | None) -> list[RecordedEvent]:
    """Write what the stage holds, table by table."""
    event_ids = list(reserve_ids(LineageEvent, count=len(stage.played)))
    event_public = new_public_ids(len(event_ids))
    place_ids = list(reserve_ids(Place, count=len(stage.founded)))
    keys: dict[Ref, int] = dict(zip(stage.founded, place_ids, strict=True))

    def key(ref: Ref | None) -> int | None:
        return None if ref is None else ref if isinstance(ref, int) else keys[ref]

    districts = {ref: _district_of(stage, ref) for ref in stage.places}
    insert_place_rows(
        (keys[ref], public_id, stage.places[ref].level.value, key(districts[ref]))
        for ref, public_id in zip(stage.founded, new_public_ids(len(place_ids)), strict=True)
    )
    of_event = [key(_event_district(event, districts)) for event in stage.played]
    sequences = _sequences(stage.played, of_event)
    insert_event_rows(
        (
            (
                event_ids[i], event_public[i], event.kind.value, event.on, sequences[i], of_event[i], event.document_number[:100],
                event.document_date, event.note, None, True, source_id,
            )
            for i, event in enumerate(stage.played)
        ),
        links=_link_rows(stage.played, event_ids, key),
    )  # fmt: skip
    update_rows(
        PlaceVersion,
        columns=("valid_to", "ended_by_id"),
        rows=[(version.valid_to, event_ids[version.ended_by or 0], version.pk) for version in stage.closed],
    )
    insert_version_rows(_version_row(version, key, event_ids, source_id) for version in stage.opened)
    moved = [
        (key(version.district), version.place)
        for version in stage.opened
        if isinstance(version.place, int) and version.valid_to is None and version.district is not None
    ]
    if moved:
        stands = dict(Place.objects.filter(pk__in=[place for _, place in moved]).values_list("pk", "district_id"))
        update_rows(Place, columns=("district_id",), rows=[row for row in moved if stands[int(row[1])] != row[0]])
    founded_by: list[dict[str, int]] = [
        {name: keys[name] for name in event.founds if name in keys} for event in stage.played
    ]
    return [RecordedEvent(*row) for row in zip(event_ids, event_public, founded_by, strict=True)]


def _version_row(
    version: Staged, key: Callable[[Ref | None], int | None], event_ids: list[int], source_id: int | None
) -> tuple[object, ...]:
    spec = version.spec
    return (
        key(version.place), version.valid_from, version.valid_to, spec.code, int(spec.code) if spec.code else None, spec.name,
        spec.kind.value, key(spec.parent), key(spec.legal_parent), key(version.district), spec.urban_rural_class,
        spec.outline_id, spec.source_id or source_id, None if version.begun_by is None else event_ids[version.begun_by],
        None if version.ended_by is None else event_ids[version.ended_by],
    )  # fmt: skip


def _link_rows(
    events: Iterable[EventSpec], event_ids: list[int], key: Callable[[Ref | None], int | None]
) -> Iterable[tuple[object, ...]]:
    for event, event_id in zip(events, event_ids, strict=True):
        arrows = rules.outgoing(event)
        for link in event.links:
            alone = link.source is None or len(arrows[link.source]) == 1
            people, area = (share or WHOLE for share in rules.whole_shares(link, alone))
            yield (
                event_id, key(link.source), key(link.target), people.part, people.of, area.part, area.of, link.is_part,
                link.note[:200],
            )  # fmt: skip


def _district_of(stage: Staging, ref: Ref) -> Ref | None:
    versions = stage.places[ref].versions
    return versions[-1].district if versions else None


def _event_district(event: EventSpec, districts: dict[Ref, Ref | None]) -> Ref | None:
    for link in event.links:
        for end in (link.source, link.target):
            if end is not None and districts.get(end) is not None:
                return districts[end]
    return None


def _sequences(events: Sequence[EventSpec], of_event: Sequence[int | None]) -> list[int]:
    """Numbers within the day: after every event of that day, whichever its district, so that they keep their order."""
    recorded = LineageEvent.objects.filter(on__in={event.on for event in events})
    if len(set(of_event)) == 1:
        recorded = recorded.filter(district_id=of_event[0])
    last: dict[date, int] = dict(recorded.values_list("on").annotate(last=Max("sequence")).order_by())
    numbers = []
    for event in events:
        last[event.on] = last.get(event.on, 0) + 1
        numbers.append(last[event.on])
    return numbers


# -- reversal --------------------------------------------------------------------------------------------------------


def reverse_event(*, actor: Actor, event_id: int, reason: str, action: str = EDIT) -> int:
    """Take an event back as if it had never been, while nothing builds on it; see `reverse_events`."""
    return reverse_events(actor=actor, event_ids=[event_id], reason=reason, action=action)[0]


def reverse_events(*, actor: Actor, event_ids: Sequence[int], reason: str, action: str = EDIT) -> list[int]:
    """Reverse events, the latest first, all or nothing; each leaves a reversing event of the same day (keys returned).

    For a merger that really was undone later, record a split instead, with the former places coming back. Raises
    `Refused` when an event is unknown, reversed already, or built upon by a later event, place or figure; `Forbidden`.
    """
    if not reason.strip():
        raise Refused(as_fault(Finding("reason_missing", {}, "reason")))
    events = list(LineageEvent.objects.filter(pk__in=event_ids).order_by("-on", "-sequence", "-id"))
    if not events or len(events) != len(set(event_ids)):
        raise Refused(as_fault(Finding("event_unknown", {}, "event")))
    links = LineageLink.objects.filter(event__in=events).values_list("from_place_id", "to_place_id")
    touched = {key for pair in links for key in pair if key is not None}
    asked = {event.district_id for event in events}
    place_id = next(iter(asked)) if len(asked) == 1 else None
    if place_id is None or not may(actor, action, place_id):
        for key in sorted(touched):
            require(actor, action, key)
        place_id = min(touched, default=None)
    with writing(actor, action, place_id=place_id, reason=reason) as act:
        reversals = [_reverse(event, reason) for event in events]
        act.before = {"events": [event.public_id for event in events[:50]], "count": len(events)}
        act.after = {"reversed": len(reversals)}
        act.subject = events[0].public_id if len(events) == 1 else ""
        return reversals


def _reverse(event: LineageEvent, reason: str) -> int:
    if not LineageEvent.objects.filter(pk=event.pk, in_force=True).exists():
        raise Refused(as_fault(Finding("event_already_reversed", {"on": event.on}, "event")))
    links = list(LineageLink.objects.filter(event=event).order_by("id"))
    touched = {key for link in links for key in (link.from_place_id, link.to_place_id) if key is not None}
    begun = list(PlaceVersion.objects.filter(place_id__in=touched, begun_by=event))
    ended = list(PlaceVersion.objects.filter(place_id__in=touched, ended_by=event))
    _check_nothing_builds(event, touched, begun, ended)
    PlaceVersion.objects.filter(pk__in=[version.pk for version in begun]).update(valid_to=F("valid_from"))
    PlaceVersion.objects.filter(pk__in=[version.pk for version in ended]).update(valid_to=None, ended_by=None)
    for version in ended:
        if version.district_id is not None:
            Place.objects.filter(pk=version.place_id).exclude(district_id=version.district_id).update(
                district_id=version.district_id
            )
    LineageEvent.objects.filter(pk=event.pk).update(in_force=False)
    # District by district the day's numbers go on; the reversal takes the next.
    last = LineageEvent.objects.filter(on=event.on, district_id=event.district_id).aggregate(last=Max("sequence"))[
        "last"
    ]
    [reversal_id] = reserve_ids(LineageEvent, count=1)
    insert_event_rows(
        [
            (
                reversal_id, new_public_ids(1)[0], event.kind, event.on, last + 1, event.district_id, "", None, reason, event.pk,
                False, None,
            )
        ],
        links=[
            (
                reversal_id, link.to_place_id, link.from_place_id, link.population_part, link.population_of, link.area_part,
                link.area_of, False, "",
            )
            for link in links
        ],
    )  # fmt: skip
    return reversal_id


def _check_nothing_builds(
    event: LineageEvent, touched: set[int], begun: list[PlaceVersion], ended: list[PlaceVersion]
) -> None:
    built: set[int] = set()
    later = LineageLink.objects.filter(event__in_force=True, event__on__gte=event.on).exclude(event=event)
    for end in ("from_place_id", "to_place_id"):
        rows = later.filter(**{f"{end}__in": touched}).values_list(end, "event__on", "event__sequence", "event_id")
        built |= {key for key, on, *order in rows if (on, *order) > (event.on, event.sequence, event.pk)}
    changed = {version.place_id for version in begun}
    versions = PlaceVersion.objects.filter(place_id__in=changed, valid_from__gt=event.on)
    built |= set(versions.values_list("place_id", flat=True))
    came_back = {version.place_id for version in ended}
    founded = changed - came_back
    founded -= set(
        PlaceVersion.objects.filter(place_id__in=founded, valid_from__lt=event.on).values_list("place_id", flat=True)
    )
    under = PlaceVersion.objects.filter(parent_id__in=founded).exclude(valid_to=F("valid_from"))
    built |= {key for key in under.values_list("parent_id", flat=True) if key is not None}
    facts = Fact.objects.filter(place_id__in=founded, on__gte=event.on, superseded_at__isnull=True)
    built |= set(facts.values_list("place_id", flat=True))
    findings = [Finding("event_built_upon", {"place": key}, "event") for key in sorted(built)]
    ending = {version.pk for version in begun}
    for version in ended:
        if version.parent_id is not None and version.parent_id not in came_back:
            parent = PlaceVersion.objects.filter(place_id=version.parent_id, valid_to__isnull=True).exclude(
                pk__in=ending
            )
            if not parent.exists():
                findings.append(Finding("parent_not_valid", {"place": version.name, "on": event.on}, "event"))
        holders = PlaceVersion.objects.filter(code_number=version.code_number, valid_to__isnull=True).exclude(
            pk__in=ending
        )
        if version.code_number and (holder := holders.first()):
            findings.append(Finding("code_taken", {"code": version.code, "place": holder.name}, "event"))
    if findings:
        names: dict[object, str] = dict(
            PlaceVersion.objects.filter(place_id__in=built).order_by("valid_from", "id").values_list("place_id", "name")
        )
        raise Refused(as_faults(findings, names))
