"""Questions: a new one, the answer with its map, its lists, rules, changes by hand, others beside it, the decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from heli.kernel.access import may, scope
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.planning import presenting_questions as presenting
from heli.planning import queries, services
from heli.planning.forms_questions import NewQuestionForm, QuestionHandForm, QuestionRulesForm
from heli.planning.geo import collection
from heli.planning.models import Scenario
from heli.planning.queries import QuestionStanding
from heli.planning.questions import QUESTIONS
from heli.planning.questions.joined import is_joined
from heli.planning.questions.telling import told
from heli.planning.questions.words import PLAN_KINDS, WORDS, words_of
from heli.planning.tables_questions import answer_table, compared_table, meeting_table
from heli.planning.types import PlanKind, ScenarioStatus
from heli.planning.views.asking import act, page_of, require_whole, version_of
from heli.planning.views.deciding import ACTIONS, decide
from heli.planning.wording import STATUS_LABELS, STATUS_TONES
from heli.ui.forms import add_faults
from heli.ui.http import geojson, see_other, whole_number
from heli.ui.pages import ActorRequest, page, pressed

MANY = 400
"""Things above which the form of changes by hand asks for a village, town or community first."""


def question_or_404(request: ActorRequest, public_id: str, action: str = "planning.read") -> Scenario:
    """The question for those who may do this in the whole district; whoever reaches a part of it gets 403, others 404."""
    found = queries.find_question(public_id, request.actor)
    if found is None:
        raise Http404(public_id)
    return require_whole(request, found, action)


def question_shell(request: ActorRequest, standing: QuestionStanding, current: str) -> dict[str, Any]:
    """What the head of every page of a question shows."""
    scenario = standing.scenario
    can_edit = may(request.actor, "planning.edit", scenario.district_id)
    tabs = [
        ("question", _("Plan")),
        ("question_table", _("List")),
        ("question_rules", _("Rules")),
        ("question_compare", _("Compare")),
        ("consultation:home", _("Notices and opinions")),
        ("question_decision", _("Decision")),
    ]
    return {
        "scenario": scenario,
        "standing": standing,
        "words": words_of(standing.material),
        "kind_label": PLAN_KINDS[scenario.kind],
        "district_name": standing.material.district_name,
        "is_sample": standing.material.is_sample,
        "status_label": STATUS_LABELS[scenario.status],
        "status_tone": STATUS_TONES[scenario.status],
        "can_edit": can_edit and standing.is_editable,
        "may_edit": can_edit,
        "is_stale": standing.run is not None and not standing.is_current and scenario.status == ScenarioStatus.DRAFT,
        "run_url": reverse("planning:question_run", args=[scenario.public_id]),
        "base": "planning/question_base.html",
        "tabs": [
            {
                "url": reverse(name if ":" in name else f"planning:{name}", args=[scenario.public_id]),
                "label": label,
                "current": name == current,
                "count": None,
            }
            for name, label in tabs
        ],
        "breadcrumbs": [
            {"url": reverse("planning:scenarios"), "label": _("Merger plans")},
            {
                "label": scenario.name,
                "url": "" if current == "question" else reverse("planning:question", args=[scenario.public_id]),
            },
        ],
    }


@page("planning.edit")
@require_http_methods(["GET", "POST"])
def new_question(request: ActorRequest, kind: str) -> HttpResponse:
    """Open a draft of a kind: the register or a file is pinned."""
    if kind not in QUESTIONS:
        raise Http404(kind)
    asked = QUESTIONS[kind]
    districts = [
        (row.id, row.name) for row in places.districts_in(scope(request.actor, "planning.edit"), timezone.localdate())
    ]
    form = NewQuestionForm(request.POST or None, request.FILES or None, kind=asked, districts=districts)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        upload = given.get("file")
        try:
            question = services.open_question(
                actor=request.actor,
                kind=asked.name,
                district_id=given["district"],
                name=given["name"],
                on=given["on"],
                file=(upload.name, upload.read()) if upload else None,
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return see_other("planning:question", question.public_id)
    crumbs = [{"url": reverse("planning:scenarios"), "label": _("Merger plans")}, {"label": PLAN_KINDS[kind]}]
    context = {"form": form, "breadcrumbs": crumbs, "words": WORDS[kind], "kind_label": PLAN_KINDS[kind]}
    return page_of(request, "question_new", context, status=422 if form.errors else 200)


@page("planning.read")
@require_GET
def question(request: ActorRequest, public_id: str) -> HttpResponse:
    """The answer: figures, map, what was settled by hand, the curve."""
    found = question_or_404(request, public_id)
    standing = queries.question_standing(found)
    kind, answer = QUESTIONS[found.kind], standing.answer
    context = question_shell(request, standing, "question")
    communities = {}
    if found.kind == PlanKind.GRIDS and context["may_edit"] and answer is not None:  # each takes a second or two
        communities = {thing.parent_place: thing.parent for thing in standing.material.things}
    asked = whole_number(request.GET.get("curve"))
    community = asked if asked in communities else None
    parents = sorted({thing.parent for thing in standing.material.things if thing.parent})
    parent = request.GET.get("in", "")
    narrow = len(standing.material.things) > MANY and len(parents) > 1
    hand = context["can_edit"] and standing.run is not None and (not narrow or parent in parents)
    context |= {
        "stats": presenting.question_stats(standing),
        "said": [told(text) for text in (answer.said if answer else ())],
        "is_feasible": answer is not None and answer.is_feasible,
        "curve": presenting.curve_of_answer(standing, community),
        "communities": communities,
        "map_settings": presenting.question_map_settings(standing.material),
        "has_map": any(thing.lon is not None for thing in standing.material.things),
        "table": answer_table(
            request,
            found.kind,
            presenting.answer_rows(standing),
            words=words_of(standing.material),
            sample=standing.material.is_sample,
        ),
        "settled": presenting.settled_rows(standing),
        "parents": parents if narrow and context["can_edit"] and standing.run is not None else [],
        "parent": parent,
        "form": QuestionHandForm(kind=kind, material=standing.material, parent=parent if narrow else "")
        if hand
        else None,
        "has_hands": bool(context["can_edit"] and standing.run is not None) or bool(presenting.settled_rows(standing)),
        "price_url": reverse("planning:question_price", args=[found.public_id]) if "move" in kind.hands else "",
        "grids": answer.units if answer and found.kind == PlanKind.GRIDS else [],
        "hands": [(did, getattr(context["words"], did)) for did in kind.hands],
        "can_join": context["may_edit"]
        and found.kind == PlanKind.GRIDS
        and answer is not None
        and answer.is_feasible
        and not is_joined(standing.material),
    }
    return page_of(request, "question", context)


@page("planning.read")
@require_GET
def question_map(request: ActorRequest, public_id: str) -> HttpResponse:
    """The things of a question and their units for the map; with `?outlines=1` the outlines of the units."""
    standing = queries.question_standing(question_or_404(request, public_id))
    draw = presenting.answer_outlines if request.GET.get("outlines") else presenting.answer_features
    return geojson(collection(draw(standing), is_sample=standing.material.is_sample))


@page("planning.read")
@require_GET
def question_table(request: ActorRequest, public_id: str) -> HttpResponse:
    """The units of the answer, and for groups the meetings that must agree."""
    standing = queries.question_standing(question_or_404(request, public_id))
    kind, sample = standing.scenario.kind, standing.material.is_sample
    words = words_of(standing.material)
    table = answer_table(request, kind, presenting.answer_rows(standing), words=words, sample=sample)
    meetings = meeting_table(request, presenting.meeting_rows(standing), sample=sample)
    for one in (table, meetings):
        if one.export:
            return one.export_response()
    shown = {"table": table, "meetings": meetings if kind == PlanKind.GROUPS else None}
    return page_of(request, "question_table", question_shell(request, standing, "question_table") | shown)


@page("planning.read")
@require_http_methods(["GET", "POST"])
def question_rules(request: ActorRequest, public_id: str) -> HttpResponse:
    """The numbers of the question; editors change them and see the answer."""
    found = question_or_404(request, public_id, "planning.edit" if request.method == "POST" else "planning.read")
    standing = queries.question_standing(found)
    form = QuestionRulesForm(
        request.POST or None,
        kind=QUESTIONS[found.kind],
        material=standing.material,
        initial=dict(standing.rules.numbers),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_question(
                actor=request.actor, question=found, rules=form.changed(standing.rules), version=version_of(request)
            )
            services.run_question(actor=request.actor, question=found)
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return see_other("planning:question", found.public_id)
    context = question_shell(request, standing, "question_rules")
    if not context["can_edit"]:
        for field in form.fields.values():
            field.disabled = True
    return page_of(request, "question_rules", context | {"form": form}, status=422 if form.errors else 200)


@page("planning.edit")
@require_POST
def question_run(request: ActorRequest, public_id: str) -> HttpResponse:
    """Compute the answer."""
    found = question_or_404(request, public_id, "planning.edit")
    return act(request, found, "question", lambda _v: services.run_question(actor=request.actor, question=found))


@page("planning.edit")
@require_POST
def question_adjust(request: ActorRequest, public_id: str) -> HttpResponse:
    """One change by hand, named by the button that was pressed."""
    found = question_or_404(request, public_id, "planning.edit")
    did = request.POST.get("did", "")
    given = (
        request.POST.get("wish", "").split(",")
        if did == "free"
        else [request.POST.get(n, "") for n in ("one", "other")]
    )
    wish = tuple(one for one in given if one)[:9]
    return act(
        request,
        found,
        "question",
        lambda v: services.settle(actor=request.actor, question=found, did=did, wish=wish, version=v),
    )


@page("planning.edit")
@require_POST
def question_join(request: ActorRequest, public_id: str) -> HttpResponse:
    """Ask how the grids of the answer join into large ones."""
    found = question_or_404(request, public_id, "planning.edit")
    try:
        made = services.join_grids(actor=request.actor, question=found)
    except Refused as refused:
        for fault in refused.faults:
            messages.error(request, str(fault.message))
        return see_other("planning:question", found.public_id)
    return see_other("planning:question", made.public_id)


@page("planning.read")
@require_GET
def question_compare(request: ActorRequest, public_id: str) -> HttpResponse:
    """All questions of this kind in the district beside each other."""
    found = question_or_404(request, public_id)
    standing = queries.question_standing(found)
    others = queries.questions_in_scope(request.actor).filter(district_id=found.district_id, kind=found.kind)
    rows = [presenting.compared_row(queries.question_standing(one), standing) for one in others[:20]]
    table = compared_table(request, found.kind, rows)
    if table.export:
        return table.export_response()
    context = question_shell(request, standing, "question_compare") | {"table": table, "meetings": None}
    return page_of(request, "question_table", context)


@page("planning.read", confirm=pressed("accept", "apply", "reverse"))
@require_http_methods(["GET", "POST"])
def question_decision(request: ActorRequest, public_id: str) -> HttpResponse:
    """How far the question has come and the next step."""
    did = request.POST.get("did", "")
    found = question_or_404(request, public_id, ACTIONS.get(did, "planning.read"))

    def copied(name: str) -> str:
        made = services.copy_scenario(actor=request.actor, scenario=found, name=name)
        services.run_question(actor=request.actor, question=made)
        return queries.address_of(made)

    forms, status, answer = decide(
        request,
        found,
        on=queries.question_standing(found).material.on,
        page=reverse("planning:question_decision", args=[found.public_id]),
        apply=lambda on: services.apply_question(actor=request.actor, question=found, on=on),
        take_out=lambda reason: services.reverse_question(actor=request.actor, question=found, reason=reason),
        copy=copied,
    )
    if answer is not None:
        return answer
    found.refresh_from_db()
    standing = queries.question_standing(found)
    context = question_shell(request, standing, "question_decision") | {
        "forms": forms,
        "obstacles": services.check_proposable(standing) if found.status == ScenarioStatus.DRAFT else [],
        "is_author": found.author_id is not None and found.author_id == request.actor.id,
        "can": {did: may(request.actor, action, found.district_id) for did, action in ACTIONS.items()},
        "stats": presenting.question_stats(standing),
        "built": services.built_on(standing.application) if standing.application is not None else [],
        "undone": _("Take back what this scenario has written?"),
        "told": _("Carry the answer out on the day chosen?"),
    }
    return page_of(request, "decision", context, status=status)
