"""Meetings with their counts and decisions."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.audit.services import writing
from heli.bodies.queries import find_holder
from heli.files.services import store_document
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.meetings.catalogues import attendance_classes
from heli.meetings.models import Attendance, Decision, DecisionState, Meeting
from heli.meetings.queries import READ
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.ledgers import Move
from heli.records.services import FormFile, take_step, towns_at

MEETINGS = "campaigns.meetings"
KEEP, ACCEPT = "campaigns.matters", "campaigns.accept"
MOST_PRESENT = 1_000_000
REPORT = Move(
    name="done", did="done", right=KEEP, sources=(DecisionState.OPEN, DecisionState.DONE), to=DecisionState.DONE,
    stamp="done", button=gettext_lazy("Report it done"), happened=DecisionState.DONE.label,
)  # fmt: skip
CHECK = Move(
    name="check", did="check", right=ACCEPT, sources=(DecisionState.DONE,), to=DecisionState.CHECKED, stamp="checked",
    never="done", button=gettext_lazy("Confirm"), happened=DecisionState.CHECKED.label,
)  # fmt: skip


def record_meeting(
    *,
    actor: Actor,
    about: About,
    place_id: int,
    kind: str,
    title: str,
    held_on: date,
    attendance: Mapping[str, int],
    sittings: int = 1,
    agenda: str = "",
    minutes: str = "",
    minutes_file: FormFile | None = None,
    on: date | None = None,
    at: datetime | None = None,
    action: str = KEEP,
) -> Meeting:
    """Record a meeting that was held, with counts by class: {class: present}. Refused for a day that has not come."""
    given: dict[str, Any] = {
        "kind": kind, "title": title.strip(), "held_on": held_on, "sittings": sittings, "agenda": agenda.strip(),
        "minutes": minutes.strip(),
    }  # fmt: skip
    found = check_values(Meeting, given, on or timezone.localdate())
    for name, present in attendance.items():
        if name not in attendance_classes().entries or not 0 <= present <= MOST_PRESENT:
            text = _("Give a number of people of a class of the catalogue.")
            found.append(Fault("attendance_wrong", text, field=f"present_{name}"))
    if found:
        raise Refused(found)
    town = towns_at(about.district_id, place_ids=[place_id], on=held_on)[place_id]
    with writing(actor, MEETINGS, action=action, place_id=place_id, at=at) as act:
        if minutes_file is not None:
            file: dict[str, Any] = {"chunks": minutes_file.chunks, "name": minutes_file.name}
            given["minutes_file"] = store_document(actor=actor, **file, action=READ, place_id=place_id)
        meeting = Meeting.objects.create(
            public_id=new_public_id(), about=about.id, district_id=about.district_id, place_id=place_id, town_id=town,
            recorded_by=actor.name, recorded_at=act.at, **given,
        )  # fmt: skip
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
    place, today = place_id or meeting.place_id, on or timezone.localdate()
    found = check_values(Decision, {"text": text, "owner": owner, "due_on": due_on}, today)
    if due_on < meeting.held_on:
        found.append(Fault("due_before_meeting", _("It cannot be due before the meeting."), field="due_on"))
    holder = find_holder(owner, meeting.district_id, today)
    if holder is None and not found:
        wrong = _("Choose who leads this: an office-holder or an organisation.")
        found.append(Fault("owner_unknown", wrong, field="owner"))
    if holder is None or found:
        raise Refused(found)
    town = towns_at(meeting.district_id, place_ids=[place], on=meeting.held_on)[place]
    with writing(actor, MEETINGS, action=KEEP, place_id=place, at=at) as act:
        decision = Decision.objects.create(
            public_id=new_public_id(), meeting=meeting, about=meeting.about, district_id=meeting.district_id,
            place_id=place, town_id=town, text=text.strip(), due_on=due_on,
            owner_person_id=holder.id if holder.is_person else None, owner_body_id=None if holder.is_person else holder.id,
        )  # fmt: skip
        act.subject = f"meeting:{meeting.public_id}"
        act.after = {"did": "decision", "decision": decision.public_id, "due_on": str(due_on)}
    return decision


def report_done(
    *, actor: Actor, decision: Decision, result: str, on: date | None = None, at: datetime | None = None
) -> Decision:
    """Say that a decision was carried out, and with what result."""
    given = {"result": result.strip()}
    if found := check_values(Decision, given, on or timezone.localdate()):
        raise Refused(found)
    return _move(actor, decision, REPORT, on=on, at=at, changes=given)


def check_decision(*, actor: Actor, decision: Decision, on: date | None = None, at: datetime | None = None) -> Decision:
    """Confirm as a second person that a decision was carried out."""
    return _move(actor, decision, CHECK, on=on, at=at)


def _move(actor: Actor, decision: Decision, step: Move, **more: Any) -> Decision:
    subject = f"decision:{decision.public_id}"
    moved: Decision = take_step(actor=actor, what=MEETINGS, step=step, row=decision, subject=subject, **more)
    return moved
