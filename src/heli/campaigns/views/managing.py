"""Opening a campaign, its timetable, and managing it: rest, end, deputies, a newer playbook."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.campaigns.forms import CampaignForm, DeputyForm, FixedDayForm, PauseForm, ResumeForm
from heli.campaigns.models import Campaign
from heli.campaigns.pages import campaign_or_404, shell, whole_district
from heli.campaigns.queries.runs import deputies_on, playbook_of
from heli.campaigns.queries.timetable import TimetableLine, timetable_of
from heli.campaigns.rules.playbooks import shipped_playbooks
from heli.campaigns.services import finish_campaign, follow_lineage, open_campaign, pause_campaign, resume_campaign
from heli.campaigns.services.deputies import appoint_deputy
from heli.campaigns.services.replacing import look_at_replacement, replace_playbook
from heli.campaigns.services.replanning import look_at_day, move_fixed_day
from heli.campaigns.texts import LEVELS, violation
from heli.campaigns.types import CampaignStatus, Playbook
from heli.campaigns.views.tasks import DAY
from heli.kernel.access import may
from heli.kernel.faults import Fault, Refused
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.places.types import PlaceRow
from heli.planning import queries as planning
from heli.planning.types import PlanKind, ScenarioStatus
from heli.ui.forms import add_faults
from heli.ui.http import language, see_other
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table

MANAGE = "campaigns.open"


@page(MANAGE)
@require_http_methods(["GET", "POST"])
def new_campaign(request: ActorRequest) -> HttpResponse:
    """Open a campaign: playbook, villages, first day; the timetable is computed and frozen."""
    today = timezone.localdate()
    districts = [row for row in places.districts(today) if may(request.actor, MANAGE, row.id)]
    books = shipped_playbooks()
    choices = opening_choices(request, districts, books)
    sent = request.POST if request.method == "POST" else None
    form = CampaignForm(sent, choices=choices, initial={"starts_on": today + timedelta(days=1)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        district = next(row for row in districts if str(row.id) == given["district"])
        try:
            opened = open_campaign(
                actor=request.actor,
                district_id=district.id,
                name=given["name"],
                playbook=books[given["playbook"]],
                starts_on=given["starts_on"],
                fixed_on=given["fixed_on"],
                **chosen_plan(request, district, given),
                is_sample=district.is_sample,
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            messages.success(request, _("The campaign is open."))
            return see_other("campaigns:campaign", opened.public_id)
    context = {
        "form": form,
        "books": [
            {
                "title": book.title.text(language()),
                "about": book.about.text(language()),
                "stages": len(book.stages),
                "steps": len(book.steps),
            }
            for book in books.values()
        ],
        "breadcrumbs": [
            {"url": reverse("campaigns:list"), "label": _("Campaigns")},
            {"label": _("Open a campaign"), "url": ""},
        ],
    }
    return render(request, "campaigns/new.html", context, status=422 if form.errors else 200)


def opening_choices(request: ActorRequest, districts: list[PlaceRow], books: Any) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen: districts, playbooks, accepted plans, towns."""
    today = timezone.localdate()
    plans = planning.scenarios_in_scope(request.actor).filter(
        status__in=(ScenarioStatus.ACCEPTED, ScenarioStatus.APPLIED)
    )
    layouts = planning.questions_in_scope(request.actor).filter(
        kind=PlanKind.LAYOUT, status__in=(ScenarioStatus.ACCEPTED, ScenarioStatus.APPLIED)
    )
    return {
        "district": [(str(row.id), row.name) for row in districts],
        "playbook": [(key, book.title.text(language())) for key, book in books.items()],
        "scenario": [("", _("none")), *((plan.public_id, plan.name) for plan in (*plans, *layouts))],
        "towns": [(str(town.id), town.name) for row in districts for town in places.towns_of(row.id, today)],
    }


def chosen_plan(request: ActorRequest, district: PlaceRow, given: dict[str, Any]) -> dict[str, Any]:
    """The plan that is carried out, or the places: an accepted answer about urban villages names those that it moves."""
    question = planning.find_question(given["scenario"], request.actor) if given["scenario"] else None
    if question is None:
        return {"scenario": given["scenario"], "place_ids": chosen_places(district, given)}
    rows = planning.rows_of_question(question)
    return {"scenario": "", "place_ids": sorted({member for row in rows for member in row.members})}


def chosen_places(district: PlaceRow, given: dict[str, Any]) -> list[int] | None:
    """The villages a list or towns name; None: all. Raises `Refused` for a name that is not there or not clear."""
    rows = places.villages_of(district.id, given["starts_on"], outlines=False)
    wanted = [line.strip() for line in given["codes"].splitlines() if line.strip()]
    if not wanted and not given["towns"]:
        return None
    towns = set(given["towns"])
    found = [row.id for row in rows if not wanted and str(row.parent_id) in towns]
    faults = []
    for number, word in enumerate(wanted, start=1):
        same = [row.id for row in rows if word in (row.code, row.name) and (not towns or str(row.parent_id) in towns)]
        if len(same) != 1:
            text = (
                _("“%(word)s” is not there.") if not same else _("“%(word)s” is there more than once: give its code.")
            )
            source = _("row %(row)s") % {"row": number}
            faults.append(Fault("place_unclear", text % {"word": word}, field="codes", source=source))
        found += same[:1]
    if faults:
        raise Refused(faults)
    return found


@page("campaigns.read")
@require_GET
def timetable(request: ActorRequest, public_id: str) -> HttpResponse:
    """Every step's window as a list and as bars."""
    found = campaign_or_404(request, public_id)
    lines = timetable_of(request.actor, found)
    table = Table(
        "timetable",
        request,
        lines,
        [
            Column("number", _("No."), kind="integer"),
            Column(
                "title", _("Step"), value=lambda line: line.rule.title.text(language()),
                link=lambda line: reverse("campaigns:column", args=[public_id, line.rule.key]),
            ),
            Column("level", _("Per"), value=lambda line: line.rule.per, labels=LEVELS, filter=True),
            Column("start", _("Begins"), kind="date", template=DAY),
            Column("due", _("Due"), kind="date", template=DAY),
            Column("days", _("Working days"), kind="integer", value=lambda line: line.rule.days),
            Column("share", _("done"), kind="ratio", value=lambda line: Ratio(line.done, line.every)),
            Column(
                "provisional", _("Calendar"), value=lambda line: _("provisional") if line.is_provisional else _("official")
            ),
        ],
        caption=_("Timetable"),
        replaces=_("timetable and road map on the wall"),
        sample=found.is_sample,
    )  # fmt: skip
    if table.export:
        return table.export_response()
    context = shell(request, found, "campaigns:timetable") | {"table": table, "bars": bars(lines, found)}
    return render(request, "campaigns/timetable.html", context)


ROW, WIDE, LABEL = 18, 900, 40


def bars(lines: list[TimetableLine], found: Campaign) -> dict[str, Any]:
    """The windows as bars: positions in the units of the drawing, a mark per month and for today."""
    first, last = min(line.start for line in lines), max(line.due for line in lines)
    days = (last - first).days + 1

    def at(day: date) -> int:
        return LABEL + (WIDE - LABEL) * (day - first).days // days

    months, day = [], first.replace(day=1)
    while day <= last:
        if day >= first:
            months.append({"x": at(day), "label": f"{day:%Y-%m}"})
        day = (day + timedelta(days=32)).replace(day=1)
    today = timezone.localdate()
    return {
        "width": WIDE,
        "height": ROW * (len(lines) + 2),
        "months": months,
        "today": at(today) if first <= today <= last else None,
        "lines": [
            {
                "number": line.number,
                "title": line.rule.title.text(language()),
                "y": ROW * (number + 2),
                "x": at(line.start),
                "width": max(3, at(line.due + timedelta(days=1)) - at(line.start)),
                "done": max(3, at(line.due + timedelta(days=1)) - at(line.start)) * line.done // line.every
                if line.every
                else 0,
            }
            for number, line in enumerate(lines)
        ],
    }


@page(MANAGE)
@require_http_methods(["GET", "POST"])
def settings(request: ActorRequest, public_id: str) -> HttpResponse:
    """Manage a campaign: rest and go on, deputies, a newer playbook, finish."""
    found = whole_district(request, public_id, MANAGE)
    today = timezone.localdate()
    forms: dict[str, Any] = {
        "pause": PauseForm(initial={"on": today}),
        "resume": ResumeForm(initial={"on": today}),
        "deputy": DeputyForm(initial={"valid_from": today}),
        "replan": FixedDayForm(auto_id="replan-%s", initial={"fixed_on": found.fixed_on}),
    }
    faults: tuple[Fault, ...] = ()
    plan = None
    if request.method == "POST":
        button = request.POST.get("did", "")
        did = "replan" if button == "look" else button
        if did in forms:
            forms[did] = type(forms[did])(request.POST, auto_id=forms[did].auto_id)
        try:
            if button == "look" and forms[did].is_valid():
                plan = looked_at(found, forms[did].cleaned_data["fixed_on"], today)
            elif did not in forms or forms[did].is_valid():
                manage(request, found, did, forms)
                return see_other("campaigns:settings", public_id)
        except Refused as refused:
            if did in forms:
                add_faults(forms[did], refused.faults)
            else:
                faults = refused.faults
    newer = newer_playbook(found)
    context = shell(request, found, "campaigns:settings") | {
        "forms": forms,
        "faults": faults,
        "plan": plan,
        "is_paused": found.status == CampaignStatus.PAUSED,
        "is_running": found.status == CampaignStatus.RUNNING,
        "pauses": found.pauses.order_by("-valid_from"),
        "deputies": deputies_on(today),
        "newer": newer,
        "replacement": look_at(found, newer) if newer is not None else None,
    }
    is_wrong = request.method == "POST" and plan is None
    return render(request, "campaigns/settings.html", context, status=422 if is_wrong else 200)


def looked_at(found: Campaign, fixed_on: date, today: date) -> dict[str, Any]:
    """What another fixed day would change and break, as the page shows it. Raises `Refused`."""
    book, plan = playbook_of(found), look_at_day(found, fixed_on=fixed_on, today=today)
    return {
        "changes": [(book.by_key[change.key].title.text(language()), change) for change in plan.changes],
        "violations": [replace(violation(book, each), field="") for each in plan.violations],
    }


def newer_playbook(found: Campaign) -> Playbook | None:
    """The shipped (or the locality's) version of the campaign's playbook, if it is another than the pinned one."""
    book = shipped_playbooks().get(found.playbook.key)
    return book if book is not None and book.sha256 != found.playbook.sha256 else None


def look_at(found: Campaign, newer: Playbook) -> Any:
    """The dry run of a newer playbook; None where it cannot be."""
    try:
        return look_at_replacement(found, playbook=newer)
    except Refused:
        return None


def manage(request: ActorRequest, found: Campaign, did: str, forms: dict[str, Any]) -> None:
    """Call the one service behind the pressed button."""
    actor = request.actor
    if did == "pause":
        pause_campaign(actor=actor, campaign=found, **forms["pause"].cleaned_data)
    elif did == "resume":
        resume_campaign(actor=actor, campaign=found, **forms["resume"].cleaned_data)
    elif did == "replan":
        move_fixed_day(actor=actor, campaign=found, **forms["replan"].cleaned_data)
    elif did == "deputy":
        appoint_deputy(actor=actor, campaign=found, **forms["deputy"].cleaned_data)
    elif did == "finish":
        finish_campaign(actor=actor, campaign=found)
    elif did == "lineage":
        done = follow_lineage(actor=actor, campaign=found, on=timezone.localdate())
        messages.success(request, _("%(tracks)s new villages, %(moved)s steps gone on, %(ended)s ended.") % done)
    elif did == "replace" and (newer := newer_playbook(found)) is not None:
        replace_playbook(actor=actor, campaign=found, playbook=newer)
    else:
        raise Http404(did)
