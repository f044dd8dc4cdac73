"""Meetings and their decisions."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.campaigns.abouts import about_of
from heli.campaigns.forms_matters import of_mapping, upload_of
from heli.campaigns.pages import campaign_or_404
from heli.campaigns.queries.matters import names_for
from heli.campaigns.texts_matters import words
from heli.campaigns.views.matters import (
    ACCEPT,
    MATTERS,
    attempt,
    can,
    holder_choices,
    my_places,
    page_of,
    place_choices,
    press,
    tab_crumb,
    today,
)
from heli.kernel.access import may
from heli.kernel.catalogues import whole
from heli.kernel.workdays import calendar
from heli.meetings import queries, services
from heli.meetings.catalogues import attendance_classes, meeting_kinds
from heli.meetings.forms import DecisionForm, MeetingForm
from heli.meetings.models import Decision, Meeting
from heli.meetings.tables import DECISION_STATES, DECISION_TONES, decision_table, meeting_table
from heli.records.panels import pieces_of
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

TAB = "meetings:list"


A_WEEK = 5
"""Working days proposed for a decision."""


@page("campaigns.read")
@require_GET
def meetings(request: ActorRequest, public_id: str) -> HttpResponse:
    """Meetings by kind, decisions as tasks, and what higher rooms lay beside them."""
    found = campaign_or_404(request, public_id)
    rows = queries.meeting_rows(request.actor, found, today())
    held = meeting_table(request, found, rows)
    decided = queries.decision_rows(request.actor, found, today())
    decisions = decision_table(request, found, decided)
    for table in (held, decisions):
        if table.export:
            return table.export_response()
    kinds = words(meeting_kinds())
    trainings = [row for row in rows if group_of(row.kind) == "training"]
    context = {
        "table": held,
        "decisions": decisions,
        "kinds": [(kinds.get(line.kind, line.kind), line) for line in queries.by_kind(rows)],
        "sittings": sum(row.sittings for row in rows),
        "trainings": sum(row.sittings for row in trainings),
        "trained": sum(row.present for row in trainings),
        "rehearsals": sum(row.sittings for row in rows if group_of(row.kind) == "rehearsal"),
        "need": whole(meeting_kinds().settings["rehearsals"]),
        "late": sum(row.state == "late" for row in decided),
        "pieces": pieces_of(TAB, request.actor, about_of(found), today()),
        "can": can(request, found, MATTERS),
    }
    return page_of(request, found, TAB, "meetings/home", context)


def group_of(kind: str) -> str:
    """Whether a kind is a meeting, a training or a rehearsal."""
    entry = meeting_kinds().entries.get(kind)
    return str(entry.more["group"]) if entry else ""


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def meeting_new(request: ActorRequest, public_id: str) -> HttpResponse:
    """Record a meeting."""
    found = campaign_or_404(request, public_id, MATTERS)
    choices = {
        "place": place_choices(my_places(request, found)),
        "kind": of_mapping(words(meeting_kinds()), _("choose")),
    }
    form = MeetingForm(
        request.POST or None,
        request.FILES or None,
        choices=choices,
        classes=words(attendance_classes()),
        initial={"held_on": today()},
    )
    made: list[Meeting] = []

    def record() -> None:
        given = form.cleaned_data
        names = ("kind", "title", "held_on", "sittings", "agenda", "minutes")
        made.append(
            services.record_meeting(
                actor=request.actor,
                campaign=found,
                place_id=given["place"],
                attendance=form.attendance(),
                upload=upload_of(given["file"]),
                **{name: given[name] for name in names},
            )
        )

    if request.method == "POST" and attempt(form, record):
        return see_other("meetings:meeting", public_id, made[0].public_id)
    context = {"form": form, "title": _("Record a meeting"), "button": _("Save")}
    crumbs = [tab_crumb(found, TAB, _("Meetings and rounds")), (_("Record a meeting"), "")]
    return page_of(request, found, TAB, "consultation/form", context, crumbs=crumbs, status=422 if form.errors else 200)


@page("campaigns.read")
@require_http_methods(["GET", "POST"])
def meeting(request: ActorRequest, public_id: str, meeting_id: str) -> HttpResponse:
    """One meeting with its counts, minutes and decisions."""
    found = campaign_or_404(request, public_id)
    one = queries.find_meeting(request.actor, found, meeting_id)
    if one is None:
        raise Http404(meeting_id)
    form = None
    if may(request.actor, MATTERS, one.place_id):
        form = DecisionForm(
            request.POST if request.POST.get("did") == "decide" else None,
            choices={"owner": holder_choices(found)},
            initial={"due_on": calendar().add(today(), A_WEEK)},
        )
    if request.method == "POST" and decide(request, one, form):
        return see_other("meetings:meeting", public_id, meeting_id)
    classes = words(attendance_classes())
    rows = queries.decision_rows(request.actor, found, today(), one)
    keys = dict(queries.decisions_of(request.actor, found).filter(meeting=one).values_list("public_id", "done_by_id"))
    context = {
        "meeting": one,
        "kind": words(meeting_kinds()).get(one.kind, one.kind),
        "place": names_for([one], found, today()).of(one.place_id),
        "attendance": [(classes.get(row.kind, row.kind), row.present) for row in one.attendance.all()],
        "decisions": [
            {
                "row": row,
                "state": DECISION_STATES[row.state],
                "tone": DECISION_TONES[row.state],
                "can_report": form is not None and row.state != "checked",
                "can_check": row.state == "done"
                and may(request.actor, ACCEPT, one.place_id)
                and keys.get(row.public_id) != request.actor.id,
            }
            for row in rows
        ],
        "form": form,
    }
    crumbs = [tab_crumb(found, TAB, _("Meetings and rounds")), (one.title, "")]
    return page_of(
        request, found, TAB, "meetings/meeting", context, crumbs=crumbs, status=422 if request.method == "POST" else 200
    )


def decide(request: ActorRequest, one: Meeting, form: DecisionForm | None) -> bool:
    """Write a decision down, report it done, or confirm it; whether the page is to be shown afresh."""
    did, actor = request.POST.get("did", ""), request.actor
    if did == "decide" and form is not None:
        return attempt(form, lambda: services.add_decision(actor=actor, meeting=one, **form.cleaned_data))
    if did not in ("done", "check"):
        raise Http404(did)
    decision = get_object_or_404(Decision, meeting=one, public_id=request.POST.get("decision", ""))
    if did == "done":
        result = request.POST.get("result", "")
        press(request, lambda: services.report_done(actor=actor, decision=decision, result=result))
    else:
        press(request, lambda: services.check_decision(actor=actor, decision=decision), _("Confirmed."))
    return True
