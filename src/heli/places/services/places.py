"""Places one by one, their sources and outlines, and changes outside an event."""

from datetime import date, datetime
from typing import Any

import numpy as np
from django.utils import timezone

from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Finding, Refused
from heli.kernel.ids import new_public_id
from heli.places import queries, rules
from heli.places.models import PlaceVersion, Source
from heli.places.services.events import record_event
from heli.places.texts import as_fault, as_faults
from heli.places.types import EventKind, EventSpec, LinkSpec, PlaceKind, PlaceSpec

EDIT = "places.edit"
CHANGEABLE = ("name", "code", "kind", "parent_id", "legal_parent_id", "urban_rural_class", "outline_id", "source_id")


def create_place(*, actor: Actor, spec: PlaceSpec, on: date, document_number: str = "", note: str = "") -> int:
    """Found one place out of nothing; returns its key."""
    event = EventSpec(
        kind=EventKind.FOUND,
        on=on,
        links=(LinkSpec(source=None, target="new"),),
        founds={"new": spec},
        document_number=document_number,
        note=note,
    )
    return record_event(actor=actor, event=event).founded["new"]


def add_source(
    *, title: str, sha256: str = "", attribution: str = "", is_sample: bool = False, at: datetime | None = None
) -> Source:
    """The source of this title and content, made if it is new. Call inside an open `writing` block."""
    if sha256 and (known := Source.objects.filter(sha256=sha256, title=title).first()):
        return known
    return Source.objects.create(
        public_id=new_public_id(),
        title=title[:200],
        sha256=sha256,
        attribution=attribution[:300],
        is_sample=is_sample,
        imported_at=at or timezone.now(),
    )


def change_version(*, actor: Actor, place_id: int, on: date, reason: str, **changes: Any) -> int:
    """Give a place other attributes from a day on without an event: a new outline, a class, or a corrected mistake.

    From the first day of a version this corrects that version (the mistaken one stays as an empty period). Raises
    `Refused` for a missing reason or version, `Forbidden`. Returns the key of the new version.
    """
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"not attributes of a version: {sorted(unknown)}")
    if not reason.strip():
        raise Refused(as_fault(Finding("reason_missing", {}, "reason")))
    with writing(actor, EDIT, place_id=place_id, reason=reason) as act:
        old = (
            PlaceVersion.objects.select_for_update(of=("self",)).filter(queries.valid_on(on), place_id=place_id).first()
        )
        if old is None:
            raise Refused(as_fault(Finding("version_unknown", {"place": place_id, "on": on}, "on")))
        new = PlaceVersion.objects.get(pk=old.pk)
        before = {name: getattr(old, name) for name in changes}
        for name, value in changes.items():
            setattr(new, name, value)
        findings = rules.check_spec(
            PlaceSpec(name=new.name, kind=PlaceKind(new.kind), code=new.code, urban_rural_class=new.urban_rural_class)
        )
        if "code" in changes:
            new.code_number = int(new.code) if rules.is_code(new.code) else None
            taken = PlaceVersion.objects.filter(queries.valid_on(on), code_number=new.code_number).exclude(
                place_id=place_id
            )
            if new.code_number and (other := taken.first()):
                findings.append(Finding("code_taken", {"code": new.code, "place": other.name}, "code"))
        if findings:
            raise Refused(as_faults(findings))
        old.valid_to, new.valid_from = on, on
        old.save(update_fields=["valid_to"])
        if on > PlaceVersion.objects.values_list("valid_from", flat=True).get(pk=old.pk):
            new.begun_by_id = None
        new.pk = None
        new._state.adding = True
        new.save(force_insert=True)
        act.subject = str(place_id)
        act.before = {name: _plain(value) for name, value in before.items()}
        act.after = {name: _plain(value) for name, value in changes.items()}
        return new.pk


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | str | np.integer) else str(value)
