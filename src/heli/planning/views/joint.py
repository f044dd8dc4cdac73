"""Several districts planned together: the list, a new one, the result by district, and its files."""

import io
import json
import zipfile
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from heli.kernel.access import may, scope
from heli.kernel.faults import Refused
from heli.planning import queries, services
from heli.planning.forms import JointForm
from heli.planning.models import JointPart
from heli.planning.presenting_joint import (
    PartRow,
    joint_curve,
    joint_problems,
    joint_row,
    joint_stats,
    part_row,
    part_stats,
    reasons,
)
from heli.planning.queries import JointView
from heli.planning.queries.joint import JOINT
from heli.planning.rules import compute_instance, compute_town_lines
from heli.planning.sharing import PartStatus, Way
from heli.planning.tables import joint_table, part_table, town_table
from heli.planning.types import PlanRules, RunState
from heli.planning.views.asking import page_of
from heli.planning.wording import (
    JOINT_STATE_LABELS,
    JOINT_STATE_TONES,
    PART_STATUS_LABELS,
    PART_STATUS_TONES,
    WAY_LABELS,
)
from heli.ui.exports import XLSX, Workbook, note_of
from heli.ui.forms import add_faults
from heli.ui.http import download, see_other
from heli.ui.pages import ActorRequest, page


def view_or_404(request: ActorRequest, public_id: str) -> JointView:
    """The joint plan as the actor sees it; 404 for those who see none of its districts, as if it did not exist."""
    found = queries.find_joint(public_id, request.actor)
    if found is None:
        raise Http404(public_id)
    return queries.view_joint(request.actor, found)


def part_or_404(request: ActorRequest, public_id: str, number: int) -> tuple[JointView, JointPart]:
    """One district's part, if the actor sees this district."""
    view = view_or_404(request, public_id)
    part = next((part for part in view.parts if part.number == number), None)
    if part is None:
        raise Http404(public_id)
    return view, part


def crumbs(*last: dict[str, Any]) -> list[dict[str, Any]]:
    """The way to a page of joint plans."""
    first = {"url": reverse("planning:scenarios"), "label": _("Merger plans")}
    return [first, {"url": reverse("planning:joint_plans"), "label": _("Several districts together")}, *last]


@page("planning.read")
@require_GET
def joint_plans(request: ActorRequest) -> HttpResponse:
    """All joint plans in scope."""
    views = [queries.view_joint(request.actor, found) for found in queries.joint_plans_in_scope(request.actor)[:200]]
    table = joint_table(request, [joint_row(view) for view in views])
    if table.export:
        return table.export_response()
    can_create = bool(scope(request.actor, JOINT))
    context = {
        "table": table,
        "can_create": can_create,
        "breadcrumbs": [*crumbs()[:-1], {"label": crumbs()[1]["label"]}],
    }
    return page_of(request, "joint_plans", context)


@page("planning.joint")
@require_http_methods(["GET", "POST"])
def new_joint(request: ActorRequest) -> HttpResponse:
    """Choose districts, the count of all, and how it falls to them."""
    districts = queries.plannable_districts(request.actor, timezone.localdate())
    form = JointForm(request.POST or None, districts=districts)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            joint = services.create_joint(
                actor=request.actor,
                district_ids=given["districts"],
                name=given["name"],
                on=given["on"],
                way=Way(given["way"]),
                rules=form.changed(PlanRules()),
                shares=given["shares"],
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return see_other("planning:joint", joint.public_id)
    context = {"form": form, "has_districts": bool(districts), "breadcrumbs": crumbs({"label": _("New joint plan")})}
    return page_of(request, "joint_new", context, status=422 if form.errors else 200)


def shell(request: ActorRequest, view: JointView) -> dict[str, Any]:
    """What the head of every page of a joint plan shows."""
    joint = view.joint
    return {
        "joint": joint,
        "view": view,
        "is_over": joint.state in (RunState.DONE, RunState.FAILED),
        "is_done": joint.state == RunState.DONE,
        "is_sample": any(part.inputs is not None and part.inputs.is_sample for part in view.parts),
        "state_label": JOINT_STATE_LABELS[joint.state],
        "state_tone": JOINT_STATE_TONES[joint.state],
        "way_label": WAY_LABELS[joint.way],
        "whole": view.is_whole,
        "pinned": sum(part.inputs_id is not None or bool(part.problems) for part in view.parts),
        "breadcrumbs": crumbs({"label": joint.name}),
    }


def _rows(view: JointView) -> list[PartRow]:
    return [part_row(view.joint, part) for part in view.parts]


@page("planning.read")
@require_GET
def joint(request: ActorRequest, public_id: str) -> HttpResponse:
    """The sums, the curve, and a row by district."""
    view = view_or_404(request, public_id)
    context = shell(request, view)
    table = part_table(request, _rows(view), sample=context["is_sample"])
    if table.export:
        return table.export_response()
    whole = view.is_whole and context["is_done"]
    context |= {
        "table": table,
        "stats": joint_stats(view) if whole else [],
        "curve": joint_curve(view) if whole else {},
        "problems": joint_problems(view) if whole else [],
        "can_hand_down": whole
        and any(p.result_sha256 and not p.scenario_id for p in view.parts)
        and _may_all(request, view),
    }
    return page_of(request, "joint", context)


def _may_all(request: ActorRequest, view: JointView) -> bool:
    """Whether the actor may hand down to every district of the plan."""
    return view.is_whole and all(may(request.actor, JOINT, part.district_id) for part in view.parts)


@page("planning.read")
@require_GET
def joint_progress(request: ActorRequest, public_id: str) -> HttpResponse:
    """How many districts are computed; asks again by itself until all are."""
    view = view_or_404(request, public_id)
    return page_of(request, "joint_progress", shell(request, view))


@page("planning.read")
@require_GET
def joint_part(request: ActorRequest, public_id: str, number: int) -> HttpResponse:
    """One district of a joint plan: its figures, its towns, why it has no plan, and the way to its own scenario."""
    view, part = part_or_404(request, public_id, number)
    solved = queries.part_result(part)
    towns = None
    if solved is not None and solved[1].is_feasible:
        lines = compute_town_lines(queries.part_material(part), *solved)
        towns = town_table(request, lines, sample=part.inputs is not None and part.inputs.is_sample)
        if towns.export:
            return towns.export_response()
    context = shell(request, view) | {
        "part": part,
        "stats": part_stats(part),
        "towns": towns,
        "reasons": reasons(part),
        "has_plan": part.status in (PartStatus.OPTIMAL, PartStatus.FEASIBLE),
        "status_label": PART_STATUS_LABELS[part.status],
        "status_tone": PART_STATUS_TONES[part.status],
        "can_open": bool(part.result_sha256) and may(request.actor, "planning.edit", part.district_id),
        "is_sample": part.inputs is not None and part.inputs.is_sample,
        "breadcrumbs": crumbs(
            {"url": reverse("planning:joint", args=[view.joint.public_id]), "label": view.joint.name},
            {"label": part.name},
        ),
    }
    return page_of(request, "joint_part", context)


@page("planning.edit")
@require_POST
def open_part(request: ActorRequest, public_id: str, number: int) -> HttpResponse:
    """Open the district's part as its ordinary scenario."""
    _view, part = part_or_404(request, public_id, number)
    if not may(request.actor, "planning.edit", part.district_id):
        raise PermissionDenied("planning.edit")
    try:
        scenario = services.open_part(actor=request.actor, part=part)
    except Refused as refused:
        for fault in refused.faults:
            messages.error(request, str(fault.message))
        return see_other("planning:joint_part", public_id, number)
    return see_other("planning:scenario", scenario.public_id)


@page("planning.joint")
@require_POST
def hand_down(request: ActorRequest, public_id: str) -> HttpResponse:
    """Open every district's part as a draft of that district."""
    view = view_or_404(request, public_id)
    if not _may_all(request, view):
        raise PermissionDenied(JOINT)
    try:
        opened = services.hand_down(actor=request.actor, joint=view.joint)
    except Refused as refused:
        for fault in refused.faults:
            messages.error(request, str(fault.message))
    else:
        words = ngettext("%(count)s district has its draft now.", "%(count)s districts have their drafts now.", opened)
        messages.success(request, words % {"count": opened})
    return see_other("planning:joint", public_id)


@page("planning.read")
@require_GET
def joint_print(request: ActorRequest, public_id: str) -> HttpResponse:
    """Everything of a joint plan on one page for the printer."""
    view = view_or_404(request, public_id)
    context = shell(request, view)
    whole = view.is_whole and context["is_done"]
    context |= {
        "rows": _rows(view),
        "stats": joint_stats(view) if whole else [],
        "problems": joint_problems(view) if whole else [],
    }
    return page_of(request, "joint_print", context)


@page("planning.read")
@require_GET
def joint_excel(request: ActorRequest, public_id: str) -> HttpResponse:
    """Summary, districts, towns and curve as sheets of one workbook; only the rows that the reader sees."""
    view = view_or_404(request, public_id)
    context = shell(request, view)
    whole = view.is_whole and context["is_done"]
    book = Workbook(view.joint.name, sample=context["is_sample"], note=note_of(request, unit=_("as headed")))
    if whole:
        figures = [
            [str(s["label"]), str(s["value"]), str(s.get("unit", "")), str(s.get("note", ""))]
            for s in joint_stats(view)
        ]
        figures += [[_("Remark"), text, "", ""] for text in joint_problems(view)]
        book.sheet(_("Summary"), [_("Figure"), _("Value"), _("Unit"), _("Note")], figures)
    heads = [
        _("District"),
        _("Code"),
        _("Villages before"),
        _("Handed down"),
        _("Villages after"),
        _("Reduction"),
        _("Result"),
    ]
    heads += [_("Cost in points of the score"), _("What stands in the way")]
    rows = _rows(view)
    book.sheet(
        _("Districts"),
        heads,
        [
            [
                row.name, row.code, row.before, row.wanted, row.after,
                row.reduction_text,
                row.status_label, row.cost_value / 1e6 if row.cost_value else None, row.why,
            ]
            for row in rows
        ],
    )  # fmt: skip
    heads = [
        _("District"),
        _("Town"),
        _("Before"),
        _("After"),
        _("Fewest possible"),
        _("Most possible"),
        _("Registered population"),
    ]
    book.sheet(_("Towns"), heads, _town_rows(view))
    if whole:
        curve = [
            [count, lower / 1e6, None if cost is None else cost / 1e6]
            for count, lower, cost in queries.curve_of(view.joint)
        ]
        book.sheet(_("Curve"), [_("Villages after"), _("proven bound"), _("best plan known")], curve)
    return download(book.content(), name=f"{view.joint.name}.xlsx", content_type=XLSX)


def _town_rows(view: JointView) -> list[list[object]]:
    rows: list[list[object]] = []
    for part in view.parts:
        solved = queries.part_result(part)
        if solved is not None and solved[1].is_feasible:
            lines = compute_town_lines(queries.part_material(part), *solved)
            rows += [[part.name, t.name, t.before, t.after, t.fewest, t.most, t.population] for t in lines]
    return rows


@page("planning.read")
@require_GET
def joint_instances(request: ActorRequest, public_id: str) -> HttpResponse:
    """What each district was planned from, in the planner's exchange form, so that the command `mergeplan` finds the same."""
    view = view_or_404(request, public_id)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in view.parts:
            solved = queries.part_result(part)
            if solved is not None:
                raw = compute_instance(solved[0], queries.part_material(part))
                name = zipfile.ZipInfo(f"{part.number:03d}-{part.code[:6] or part.number}.json", (1980, 1, 1, 0, 0, 0))
                archive.writestr(name, json.dumps(raw, ensure_ascii=False, sort_keys=True))
    return download(stream.getvalue(), name=f"{view.joint.name}.zip", content_type="application/zip")
