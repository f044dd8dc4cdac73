"""What an actor has to do, one step over all its places with bulk acceptance, and filling in by Excel."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.campaigns.models import Campaign
from heli.campaigns.pages import campaign_or_404, shell
from heli.campaigns.queries.picture import CampaignPicture, picture
from heli.campaigns.queries.steps import Task, Tasks, submitted_steps
from heli.campaigns.services import steps as services
from heli.campaigns.services.filling import fill_many
from heli.campaigns.services.tasks import entitled_to, own_part, tasks_for
from heli.campaigns.sheets import read_form, write_form
from heli.campaigns.texts import COLOURS, LEVELS, STATUS_TONES, STATUSES, role_of
from heli.campaigns.types import StepStatus
from heli.campaigns.views.steps import brings_act
from heli.files.services import sent_by
from heli.kernel.access import may
from heli.kernel.faults import Refused
from heli.places.queries import names_at
from heli.ui.exports import XLSX
from heli.ui.http import download, language, see_other
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table

SHOWN = 300
DAY = "campaigns/day_cell.html"
LARGEST_FORM = 10 * 2**20


def my_tasks(request: ActorRequest, campaign: Campaign) -> tuple[CampaignPicture, Tasks]:
    """The picture and the actor's tasks in it."""
    seen = picture(request.actor, campaign, timezone.localdate())
    return seen, tasks_for(actor=request.actor, seen=seen)


@page("campaigns.read")
@require_GET
def tasks(request: ActorRequest, public_id: str) -> HttpResponse:
    """The actor's tasks: to judge, to decide, to do now, and what waits for others."""
    found = campaign_or_404(request, public_id)
    seen, every = my_tasks(request, found)
    mine = own_part(actor=request.actor, tasks=every)
    titles = {rule.key: rule.title.text(language()) for rule in seen.playbook.steps}

    def lines(part: tuple[Task, ...]) -> list[dict[str, Any]]:
        return [
            {
                "task": task,
                "title": titles[task.rule.key],
                "url": reverse("campaigns:step", args=[public_id, task.track.public_id, task.rule.key]),
                "status": STATUSES[StepStatus(task.row.status)],
                "late": COLOURS[task.colour] if task.days_late else "",
                "waits": [(titles[key], count) for key, count in task.waits],
            }
            for task in part[:SHOWN]
        ]

    context = shell(request, found, "campaigns:tasks") | {
        "groups": [
            {"name": "judge", "title": _("To judge"), "lines": lines(mine.judge), "count": len(mine.judge)},
            {
                "name": "decide",
                "title": _("More time asked for"),
                "lines": lines(mine.decide),
                "count": len(mine.decide),
            },
            {"name": "do", "title": _("To do now"), "lines": lines(mine.do), "count": len(mine.do)},
            {
                "name": "waiting",
                "title": _("Waiting for others"),
                "lines": lines(mine.waiting),
                "count": len(mine.waiting),
            },
        ],
        "by_step": [
            line for line in by_step(judge=mine.judge, titles=titles, public_id=public_id) if line["judge"] > 1
        ],
        "of_others": by_step(
            do=without(every.do, mine.do),
            judge=without(every.judge + every.decide, mine.judge + mine.decide),
            titles=titles,
            public_id=public_id,
        ),
        "shown": SHOWN,
    }
    return render(request, "campaigns/tasks.html", context)


def without(every: tuple[Task, ...], mine: tuple[Task, ...]) -> tuple[Task, ...]:
    """The tasks of the first that are not of the second."""
    known = {task.row.id for task in mine}
    return tuple(task for task in every if task.row.id not in known)


def by_step(
    *, judge: tuple[Task, ...], do: tuple[Task, ...] = (), titles: dict[str, str], public_id: str
) -> list[dict[str, Any]]:
    """Tasks counted by step in the order of the playbook, with the page that shows the step in every village."""
    counts = {key: [0, 0] for key in titles}
    for part, tasks in enumerate((do, judge)):
        for task in tasks:
            counts[task.rule.key][part] += 1
    return [
        {"title": titles[key], "do": done, "judge": judged, "url": reverse("campaigns:column", args=[public_id, key])}
        for key, (done, judged) in counts.items()
        if done or judged
    ]


@page("campaigns.read", confirm=brings_act)
@require_http_methods(["GET", "POST"])
def column(request: ActorRequest, public_id: str, key: str) -> HttpResponse:
    """One step over all its places. POST looks at the chosen submissions first, and accepts them when told so again."""
    found = campaign_or_404(request, public_id)
    seen = picture(request.actor, found, timezone.localdate())
    rule = seen.playbook.by_key.get(key)
    if rule is None:
        raise Http404(key)
    context = shell(request, found, "campaigns:campaign") | {"rule": rule, "title": rule.title.text(language())}
    status = 200
    if request.method == "POST":
        context["preview"], context["faults"], status = judge_many(request, found, key)
        if status == 303:
            return see_other("campaigns:column", public_id, key)
    may_judge = entitled_to(actor=request.actor, campaign=found)
    lines: list[dict[str, Any]] = [
        {
            "track": seen.tracks[track],
            "row": steps[key],
            "late": seen.days_late(steps[key]),
            "colour": seen.colour(steps[key]),
        }
        for track, steps in seen.rows.items()
        if key in steps
    ]
    context["breadcrumbs"] = [
        context["breadcrumbs"][0],
        {"label": found.name, "url": reverse("campaigns:campaign", args=[public_id])},
        {"label": context["title"], "url": ""},
    ]
    context |= {
        "table": column_table(request, found, lines, public_id, key),
        "submitted": [
            line
            for line in lines
            if line["row"].status == StepStatus.SUBMITTED and may_judge(rule, line["track"], True)
        ],
        "level": LEVELS[rule.per],
        "does": role_of(rule.does),
        "accepts": role_of(rule.accepts),
        "guide": rule.guide.text(language()) if rule.guide else "",
    }
    if context["table"].export:
        return HttpResponse(context["table"].export_response())
    return render(request, "campaigns/column.html", context, status=status)


def judge_many(request: ActorRequest, found: Campaign, key: str) -> tuple[list[Any], tuple[Any, ...], int]:
    """The preview of the chosen submissions, or their acceptance: (preview, problems, status)."""
    steps = submitted_steps(request.actor, found, key, request.POST.getlist("place"))
    if request.POST.get("did") == "accept":
        try:
            count = services.accept_many(actor=request.actor, steps=steps)
        except Refused as refused:
            return [], refused.faults, 422
        messages.success(request, _("%(count)s accepted.") % {"count": count})
        return [], (), 303
    names = names_at({step.track.place_id for step in steps}, timezone.localdate())
    checked = services.check_many(actor=request.actor, steps=steps, at=timezone.now())
    return [(step, names.get(step.track.place_id, ""), faults) for step, faults in checked], (), 200


def column_table(
    request: ActorRequest, found: Campaign, lines: list[dict[str, Any]], public_id: str, key: str
) -> Table:
    """The step's places as a list."""
    return Table(
        "places",
        request,
        lines,
        [
            Column(
                "name", _("Place"), value=lambda line: line["track"].name,
                link=lambda line: reverse("campaigns:step", args=[public_id, line["track"].public_id, key]),
            ),
            Column("town", _("Town"), value=lambda line: line["track"].town_name, filter=True),
            Column(
                "status", _("Status"), value=lambda line: StepStatus(line["row"].status), labels=STATUSES,
                badge=lambda line: STATUS_TONES[StepStatus(line["row"].status)], filter=True,
            ),
            Column("late", _("Working days late"), kind="integer", value=lambda line: line["late"] or None),
            Column(
                "colour", _("Colour"), value=lambda line: line["colour"] if line["late"] else None, labels=COLOURS, filter=True
            ),
            Column("due", _("Due"), kind="date", value=lambda line: line["row"].due_on, template=DAY),
            Column("baseline", _("Due at first"), kind="date", value=lambda line: line["row"].baseline_on, screen=False),
            Column("submitted", _("Submitted on"), kind="date", value=lambda line: line["row"].submitted_on),
        ],
        search=("track__name", "track__town_name"),
        caption=_("The step in every place"),
        sample=found.is_sample,
    )  # fmt: skip


@page("campaigns.fill")
@require_http_methods(["GET", "POST"])
def fill(request: ActorRequest, public_id: str) -> HttpResponse:
    """Progress of many places by Excel: download the form, send it back; all of it is written or nothing."""
    found = campaign_or_404(request, public_id)
    faults: tuple[Any, ...] = ()
    if request.method == "POST":
        sent = request.FILES.get("file")
        try:
            content = sent.read(LARGEST_FORM) if sent is not None else b""
            name = sent.name or "" if sent is not None else ""
            with sent_by(actor=request.actor, name=name, place_id=found.district_id):
                rows = read_form(content, name)
            done = fill_many(actor=request.actor, campaign=found, rows=rows)
        except Refused as refused:
            faults = refused.faults
        else:
            messages.success(request, _("%(proof)s values written, %(submitted)s steps submitted.") % done)
            return see_other("campaigns:fill", public_id)
    context = shell(request, found, "campaigns:tasks") | {
        "faults": faults,
        "may_fill": may(request.actor, "campaigns.fill"),
    }
    return render(request, "campaigns/fill.html", context, status=422 if faults else 200)


@page("campaigns.fill")
@require_GET
def fill_form(request: ActorRequest, public_id: str) -> HttpResponse:
    """The form with a line for everything the actor's open steps ask for."""
    found = campaign_or_404(request, public_id)
    seen, mine = my_tasks(request, found)
    return download(write_form(seen, mine, language()), name=f"{found.name}.xlsx", content_type=XLSX)
