"""Meetings with their counts and decisions."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.campaigns.models import Campaign
from heli.campaigns.services.matters import (
    ACCEPT,
    MATTERS,
    Upload,
    check_day,
    keep_file,
    leader_of,
    problem,
    raise_found,
    refuse_long,
    refuse_oneself,
    town_of,
)
from heli.kernel.access import Actor, require
from heli.kernel.ids import new_public_id
from heli.kernel.problems import Refused
from heli.meetings.catalogues import attendance_classes, meeting_kinds
from heli.meetings.models import Attendance, Decision, Meeting

MEETINGS = "campaigns.meetings"


MOST_SITTINGS = 10_000


MOST_PRESENT = 1_000_000


def record_meeting(
    *,
    actor: Actor,
    campaign: Campaign,
    place_id: int,
    kind: str,
    title: str,
    held_on: date,
    attendance: Mapping[str, int],
    sittings: int = 1,
    agenda: str = "",
    minutes: str = "",
    upload: Upload | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Meeting:
    """Record a meeting that was held, with counts by class: {class: present}. Refused for a day that has not come."""
    today = on or timezone.localdate()
    found = refuse_long(title, "title", 120) + refuse_long(agenda, "agenda") + refuse_long(minutes, "minutes", 20_000)
    if kind not in meeting_kinds().entries:
        found.append(problem("kind_unknown", _("Choose a kind of the catalogue."), "kind"))
    if not title.strip():
        found.append(problem("title_empty", _("Give the meeting a title."), "title"))
    if not 1 <= sittings <= MOST_SITTINGS:
        found.append(problem("count_outside", _("Give how many sittings there were, at least one."), "sittings"))
    for name, present in attendance.items():
        if name not in attendance_classes().entries or not 0 <= present <= MOST_PRESENT:
            found.append(problem("attendance_wrong", _("Give a number of people of a class of the catalogue."), name))
    found += check_day(held_on, "held_on", latest=today)
    raise_found(found)
    town = town_of(campaign, place_id, held_on)
    with writing(actor, MEETINGS, action=MATTERS, place_id=place_id, at=at) as act:
        meeting = Meeting.objects.create(
            public_id=new_public_id(),
            campaign=campaign,
            place_id=place_id,
            town_id=town,
            kind=kind,
            title=title.strip(),
            held_on=held_on,
            sittings=sittings,
            agenda=agenda.strip(),
            minutes=minutes.strip(),
            minutes_file=keep_file(actor, upload, place_id),
            recorded_by=actor.name,
            recorded_at=act.at,
        )
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, kind=name, present=present) for name, present in attendance.items() if present
        )
        act.subject = f"meeting:{meeting.public_id}"
        act.after = {"did": "record", "kind": kind, "held_on": str(held_on), "present": sum(attendance.values())}
    return meeting


def add_decision(
    *,
    actor: Actor,
    meeting: Meeting,
    text: str,
    owner: str,
    due_on: date,
    place_id: int | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Decision:
    """Write down what a meeting decided as a task with an owner and a due day."""
    place = place_id or meeting.place_id
    found = refuse_long(text, "text", 1_000) + check_day(due_on, "due_on")
    if not text.strip():
        found.append(problem("decision_empty", _("Say what was decided."), "text"))
    if due_on < meeting.held_on:
        found.append(problem("due_before_meeting", _("It cannot be due before the meeting."), "due_on"))
    raise_found(found)
    holder = leader_of(meeting.campaign, owner, on or timezone.localdate(), "owner")
    town = town_of(meeting.campaign, place, meeting.held_on)
    with writing(actor, MEETINGS, action=MATTERS, place_id=place, at=at) as act:
        decision = Decision.objects.create(
            public_id=new_public_id(),
            meeting=meeting,
            campaign=meeting.campaign,
            place_id=place,
            town_id=town,
            text=text.strip(),
            owner_person_id=holder.id if holder.is_person else None,
            owner_body_id=None if holder.is_person else holder.id,
            due_on=due_on,
        )
        act.subject = f"meeting:{meeting.public_id}"
        act.after = {"did": "decision", "decision": decision.public_id, "due_on": str(due_on)}
    return decision


def report_done(
    *, actor: Actor, decision: Decision, result: str, on: date | None = None, at: datetime | None = None
) -> Decision:
    """Say that a decision was carried out, and with what result."""
    found = refuse_long(result, "result", 1_000)
    if not result.strip():
        found.append(problem("result_empty", _("Say what came of it."), "result"))
    raise_found(found)
    with writing(actor, MEETINGS, action=MATTERS, place_id=decision.place_id, at=at) as act:
        held = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        if held.checked_on is not None:
            raise Refused(problem("decision_checked", _("A second person has confirmed this already.")))
        held.done_by_id, held.done_by_name = actor.id, actor.name
        held.done_on, held.result = on or timezone.localdate(), result.strip()
        held.save(update_fields=["done_by", "done_by_name", "done_on", "result"])
        act.subject, act.after = f"decision:{held.public_id}", {"did": "done", "on": str(held.done_on)}
    return held


def check_decision(*, actor: Actor, decision: Decision, on: date | None = None, at: datetime | None = None) -> Decision:
    """Confirm as a second person that a decision was carried out."""
    require(actor, ACCEPT, decision.place_id)
    with writing(actor, MEETINGS, action=ACCEPT, place_id=decision.place_id, at=at) as act:
        held = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        if held.done_on is None or held.checked_on is not None:
            raise Refused(problem("not_now", _("This cannot be done now: somebody else has moved the matter on.")))
        refuse_oneself(actor, held.done_by_id)
        held.checked_by_id, held.checked_by_name = actor.id, actor.name
        held.checked_on = on or timezone.localdate()
        held.save(update_fields=["checked_by", "checked_by_name", "checked_on"])
        act.subject, act.after = f"decision:{held.public_id}", {"did": "check", "on": str(held.checked_on)}
    return held
