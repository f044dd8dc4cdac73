"""Meetings and their decisions."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods

from heli.kernel.access import may
from heli.kernel.catalogues import whole
from heli.kernel.workdays import calendar
from heli.meetings import queries, services
from heli.meetings.catalogues import attendance_classes, group_of, kinds, meeting_kinds
from heli.meetings.forms import MeetingForm
from heli.meetings.models import Decision, DecisionState, Meeting
from heli.meetings.queries import READ, owner_of, state_of
from heli.meetings.services import CHECK, KEEP, REPORT
from heli.meetings.tables import decision_table, meeting_table
from heli.records.fields import ShownIn, fields_of
from heli.records.forms import RowForm, choices_for
from heli.records.panels import pieces_of
from heli.records.queries import names_for
from heli.records.rooms import Room
from heli.records.services import is_first_person
from heli.records.views import about_or_404, own_places, sent, today
from heli.records.words import words_of
from heli.ui.forms import attempt, press
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

ROOM = Room("meetings:list", gettext_noop("Meetings and rounds"))
A_WEEK = 5
"""Working days proposed for a decision."""


@page(READ)
@require_GET
def meetings(request: ActorRequest, about_id: str) -> HttpResponse:
    """Meetings by kind, decisions as tasks, and what higher rooms lay beside them."""
    about, on = about_or_404(request, about_id, READ), today()
    rows, decided = list(queries.meetings_of(request.actor, about)), list(queries.decisions_of(request.actor, about))
    held, decisions = meeting_table(request, about, rows, on), decision_table(request, about, decided, on)
    for table in (held, decisions):
        if table.export:
            return table.export_response()
    by_kind: Counter[str] = Counter()
    by_group: Counter[str] = Counter()
    for row in rows:
        by_kind[row.kind] += row.sittings
        by_group[group_of(row.kind)] += row.sittings
    names = kinds()
    context = {
        "table": held,
        "decisions": decisions,
        "kinds": [(names.get(key, key), by_kind[key]) for key in dict.fromkeys([*names, *by_kind]) if key in by_kind],
        "sittings": by_kind.total(),
        "trainings": by_group["training"],
        "trained": sum(row.present for row in rows if group_of(row.kind) == "training"),
        "rehearsals": by_group["rehearsal"],
        "need": whole(meeting_kinds().settings["rehearsals"]),
        "late": sum(state_of(row, on) is DecisionState.LATE for row in decided),
        "pieces": pieces_of(ROOM.tab, request.actor, about, on),
        "may_record": may(request.actor, KEEP),
    }
    return ROOM.show(request, about, "meetings/home.html", context)


@page(KEEP)
@require_http_methods(["GET", "POST"])
def meeting_new(request: ActorRequest, about_id: str) -> HttpResponse:
    """Record a meeting."""
    about, actor = about_or_404(request, about_id, KEEP), request.actor
    own_places(request, about, KEEP)
    drawn = list(fields_of(Meeting).values())
    choices = choices_for(drawn, actor, about, today(), KEEP)
    form = MeetingForm(*sent(request), drawn=drawn, choices=choices, initial={"held_on": today(), "sittings": 1})
    made: list[Meeting] = []

    def record() -> None:
        given = form.values()
        given["place_id"] = given.pop("place")
        made.append(services.record_meeting(actor=actor, about=about, attendance=form.attendance(), **given))

    if request.method == "POST" and attempt(form, record):
        return see_other("meetings:meeting", about_id, made[0].public_id)
    text = _("Record a meeting")
    context = {"form": form, "title": text, "button": _("Save")}
    return ROOM.show(request, about, "records/form.html", context, text)


@page(READ)
@require_http_methods(["GET", "POST"])
def meeting(request: ActorRequest, about_id: str, meeting_id: str) -> HttpResponse:
    """One meeting with its counts, minutes and decisions."""
    about, actor = about_or_404(request, about_id, READ), request.actor
    one = queries.meetings_of(actor, about).filter(public_id=meeting_id).first()
    if one is None:
        raise Http404(meeting_id)
    decided = queries.decisions_of(actor, about).filter(meeting=one)
    form = None
    if may(actor, KEEP, one.place_id):
        drawn = [field for field in fields_of(Decision).values() if ShownIn.FORM in field.where]
        choices = choices_for(drawn, actor, about, today(), KEEP)
        given = request.POST if request.POST.get("did") == "decide" else None
        form = RowForm(given, drawn=drawn, choices=choices, initial={"due_on": calendar().add(today(), A_WEEK)})
    if request.method == "POST" and decide(request, one, decided, form):
        return see_other("meetings:meeting", about_id, meeting_id)
    classes = words_of(attendance_classes())
    context = {
        "meeting": one,
        "kind": kinds().get(one.kind, one.kind),
        "place": names_for([one], about, today()).of(one.place_id),
        "attendance": [(classes.get(row.kind, row.kind), row.present) for row in one.attendance.all()],
        "decisions": [
            {
                "row": row,
                "owner": owner_of(row),
                "state": state_of(row, today()),
                "can_report": form is not None and row.status in REPORT.sources,
                "can_check": row.status in CHECK.sources
                and may(actor, CHECK.right, row.place_id)
                and not is_first_person(actor=actor, step=CHECK, row=row),
            }
            for row in decided
        ],
        "form": form,
    }
    return ROOM.show(request, about, "meetings/meeting.html", context, one.title)


def decide(request: ActorRequest, one: Meeting, decided: Any, form: RowForm | None) -> bool:
    """Write a decision down, report it done, or confirm it; whether the page is to be shown afresh."""
    did, actor = request.POST.get("did", ""), request.actor
    if did == "decide" and form is not None:
        return attempt(form, lambda: services.add_decision(actor=actor, meeting=one, **form.values()))
    decision = decided.filter(public_id=request.POST.get("decision", "")).first()
    if did not in (REPORT.name, CHECK.name) or decision is None:
        raise Http404(did)
    if did == REPORT.name:
        result = request.POST.get("result", "")
        press(request, lambda: services.report_done(actor=actor, decision=decision, result=result))
    else:
        press(request, lambda: services.check_decision(actor=actor, decision=decision), _("Confirmed."))
    return True
