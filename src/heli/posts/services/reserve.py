"""Writes of the reserve: who signed is in it for a time, and is gone at once when they withdraw or the time is over."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.kernel.access import Actor, require_everywhere
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.places import queries as places
from heli.places.types import Level
from heli.posts.ledger.placing import term_after
from heli.posts.models import ReserveMember, ReserveStage, ReserveTarget
from heli.posts.services.offices import ACCEPT, KEEP
from heli.records.fields import check_values
from heli.records.services import hold


def enter_reserve(
    *,
    actor: Actor,
    place_id: int,
    name: str,
    source: str,
    signed: bool,
    signed_on: date,
    ends_on: date,
    on: date | None = None,
    at: datetime | None = None,
) -> ReserveMember:
    """Somebody who signed is in the reserve of a village until a day, five years at most.

    Refused without the signature, for a place that is no village, a time that is over or too long, a second time.
    """
    today = on or timezone.localdate()
    values = {"name": name, "source": source, "stage": ReserveStage.LISTED, "signed_on": signed_on, "ends_on": ends_on}
    found = check_values(ReserveMember, values, today)
    if not signed:
        found.append(
            Fault("not_signed", _("Only who signed is kept: tick it when the signed sheet is there."), field="signed")
        )
    if not max(signed_on, today) < ends_on <= term_after(signed_on):
        found.append(
            Fault(
                "reserve_time", _("Choose a last day after today, within five years of the signature."), field="ends_on"
            )
        )
    row = places.rows_of([place_id], today).get(place_id)
    if row is None or row.level is not Level.VILLAGE or row.district_id is None:
        found.append(Fault("place_outside", _("Choose a village of the list."), field="place"))
    if found or row is None or row.district_id is None:
        raise Refused(found)
    with writing(actor, "posts.enter_reserve", action=KEEP, place_id=place_id, at=at) as act:
        if ReserveMember.objects.filter(place=place_id, name=name.strip()).exists():
            raise Refused(
                Fault("in_reserve", _("Somebody of this name is in the reserve of this village."), field="name")
            )
        made = ReserveMember.objects.create(
            public_id=new_public_id(),
            district_id=row.district_id,
            place_id=place_id,
            **{**values, "name": name.strip()},
        )
        act.subject, act.after = f"reserve:{made.public_id}", {"did": "enter", "until": ends_on}
    return made


def set_stage(*, actor: Actor, member: ReserveMember, stage: str, at: datetime | None = None) -> ReserveMember:
    """How far somebody in the reserve is with learning."""
    with writing(actor, "posts.reserve_stage", action=KEEP, place_id=member.place_id, at=at) as act:
        held: ReserveMember = hold(ReserveMember.objects, pk=member.pk)
        if found := check_values(ReserveMember, {"stage": stage}, timezone.localdate()):
            raise Refused(found)
        held.stage = stage
        held.save(update_fields=["stage"])
        act.subject, act.after = f"reserve:{held.public_id}", {"did": "stage", "stage": stage}
    return held


def withdraw(*, actor: Actor, member: ReserveMember, at: datetime | None = None) -> None:
    """Somebody withdraws: the row is deleted at once. The trail keeps that it happened, and no name."""
    with writing(actor, "posts.leave_reserve", action=KEEP, place_id=member.place_id, at=at) as act:
        act.subject, act.after = f"reserve:{member.public_id}", {"did": "leave"}
        ReserveMember.objects.filter(pk=member.pk).delete()


def end_reserve(*, actor: Actor, on: date, at: datetime | None = None) -> int:
    """Delete those whose time is over; how many."""
    require_everywhere(actor, ACCEPT)
    over = ReserveMember.objects.filter(ends_on__lte=on)
    count = over.count()
    if count:
        with writing(actor, "posts.end_reserve", action=ACCEPT, at=at) as act:
            over.delete()
            act.after = {"people": count}
    return count


def set_target(
    *,
    actor: Actor,
    district_id: int,
    per_village: int,
    valid_from: date,
    document_number: str,
    at: datetime | None = None,
) -> ReserveTarget:
    """So many people for each village from a day on, under a document."""
    values = {"per_village": per_village, "valid_from": valid_from, "document_number": document_number}
    if found := check_values(ReserveTarget, values, valid_from):
        raise Refused(found)
    with writing(actor, "posts.reserve_target", action=ACCEPT, place_id=district_id, at=at) as act:
        if ReserveTarget.objects.filter(district=district_id, valid_from=valid_from).exists():
            raise Refused(Fault("target_set", _("A target of that day is set already."), field="valid_from"))
        made = ReserveTarget.objects.create(public_id=new_public_id(), district_id=district_id, **values)
        act.subject, act.after = f"reserve target {district_id}", {"did": "target", **values}
    return made
