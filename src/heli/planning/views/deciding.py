"""Proposing, accepting, applying, taking back, copying; comment rounds."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.kernel.access import Actor, Grant, may
from heli.kernel.faults import Refused
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.places.types import PlaceKind
from heli.planning import presenting, queries, services
from heli.planning.forms import AcceptForm, AnswerForm, ApplyForm, CommentRoundForm, NameForm, OpinionForm
from heli.planning.geo import collection, unit_features, village_features
from heli.planning.models import CommentRound, Opinion
from heli.planning.queries import ScenarioStanding
from heli.planning.rules import compute_names
from heli.planning.tables import opinion_table
from heli.planning.types import ScenarioStatus, Stance
from heli.planning.views.asking import act, page_of, scenario_or_404, shell, whole_district
from heli.planning.views.scenarios import map_settings
from heli.ui.forms import ReasonForm, add_faults
from heli.ui.http import geojson, see_other, whole_number
from heli.ui.limits import TOO_OFTEN, is_too_often
from heli.ui.pages import ActorRequest, page, pressed

ACTIONS = {
    "propose": "planning.edit",
    "take_back": "planning.edit",
    "rename": "planning.edit",
    "copy": "planning.edit",
    "accept": "planning.accept",
    "apply": "planning.apply",
    "reverse": "planning.reverse",
}


@page("planning.read", confirm=pressed("accept", "apply", "reverse"))
@require_http_methods(["GET", "POST"])
def decision(request: ActorRequest, public_id: str) -> HttpResponse:
    """How far the scenario has come and the next step; what the register shows before and after."""
    did = request.POST.get("did", "")
    found = whole_district(request, public_id, ACTIONS.get(did, "planning.read"))
    standing = queries.standing(found)
    today = timezone.localdate()
    forms = {
        "accept": AcceptForm(initial={"document_on": today}),
        "apply": ApplyForm(initial={"on": services.default_day(standing.material, today=today)}),
        "reverse": ReasonForm(),
        "take_back": ReasonForm(),
        "rename": NameForm(initial={"name": found.name}),
        "copy": NameForm(),
    }
    status = 200
    if request.method == "POST":
        who = request.actor
        if did == "propose":
            return act(
                request,
                found,
                "decision",
                lambda v: services.propose(actor=who, scenario=found, version=v),
                _("Proposed."),
            )
        if did in forms:
            form = forms[did] = type(forms[did])(request.POST)
            if form.is_valid():
                given = form.cleaned_data
                try:
                    if did == "accept":
                        services.accept(actor=who, scenario=found, **given)
                    elif did == "apply":
                        services.apply_plan(actor=who, scenario=found, on=given["on"])
                    elif did == "reverse":
                        services.reverse_plan(actor=who, scenario=found, reason=given["reason"])
                    elif did == "take_back":
                        services.take_back(actor=who, scenario=found, reason=given["reason"])
                    elif did == "rename":
                        services.rename_scenario(actor=who, scenario=found, name=given["name"])
                    else:
                        copied = services.copy_scenario(actor=who, scenario=found, name=given["name"])
                        services.run_scenario(actor=who, scenario=copied)
                        return see_other("planning:scenario", copied.public_id)
                except Refused as refused:
                    add_faults(form, refused.faults)
                else:
                    return see_other("planning:decision", found.public_id)
            status = 422
    found.refresh_from_db()
    standing = queries.standing(found)
    context = shell(request, standing, "decision") | {
        "forms": forms,
        "obstacles": services.check_proposable(standing) if found.status == ScenarioStatus.DRAFT else [],
        "is_author": found.author_id is not None and found.author_id == request.actor.id,
        "can": {did: may(request.actor, action, found.district_id) for did, action in ACTIONS.items()},
        "stats": presenting.stats(standing, None),
        "reading": before_and_after(standing),
    }
    return page_of(request, "decision", context, status=status)


def before_and_after(standing: ScenarioStanding) -> list[dict[str, object]]:
    """What the register itself counts the day before and on the day the plan took effect."""
    application = standing.application
    if application is None:
        return []
    days = (application.on - timedelta(days=1), application.on)
    counts = [
        places.counts_on(day, [standing.scenario.district_id]).get(standing.scenario.district_id, {}) for day in days
    ]
    villages = [count.get(PlaceKind.VILLAGE, 0) for count in counts]
    communities = [count.get(PlaceKind.COMMUNITY, 0) for count in counts]
    target = standing.shown_rules.goal.reduction
    reduction = presenting.Reduction(Ratio(villages[0] - villages[1], villages[0]), target)
    return [
        {"label": _("Villages on %(day)s") % {"day": days[0]}, "value": presenting.number(villages[0])},
        {"label": _("Villages on %(day)s") % {"day": days[1]}, "value": presenting.number(villages[1]), "tone": "main"},
        {"label": _("Reduction"), "value": reduction.percent, "unit": "%", "note": reduction.words},
        {
            "label": _("Communities"),
            "value": f"{presenting.number(communities[0])} → {presenting.number(communities[1])}",
        },
    ]


# --- comment rounds ----------------------------------------------------------------------------------------------------


@page("planning.read")
@require_http_methods(["GET", "POST"])
def comments(request: ActorRequest, public_id: str) -> HttpResponse:
    """Comment rounds of a scenario: post, close, read and answer opinions."""
    consult = "planning.consult"
    found = (
        whole_district(request, public_id, consult) if request.method == "POST" else scenario_or_404(request, public_id)
    )
    standing = queries.standing(found)
    context = shell(request, standing, "comments")
    today = timezone.localdate()
    form = CommentRoundForm(initial={"first_on": today, "last_on": today + timedelta(days=14)})
    rounds = queries.rounds_of(found)
    status = 200
    if request.method == "POST":
        did = request.POST.get("did", "")
        if did == "open":
            form = CommentRoundForm(request.POST)
            if form.is_valid():
                try:
                    services.open_round(actor=request.actor, scenario=found, **form.cleaned_data)
                except Refused as refused:
                    add_faults(form, refused.faults)
                else:
                    return see_other("planning:comments", found.public_id)
            status = 422
        elif did == "close" and rounds:
            newest = rounds[0]
            newest.scenario = found
            return act(
                request, found, "comments", lambda _v: services.close_round(actor=request.actor, comment_round=newest)
            )
        elif did == "answer":
            opinion = get_object_or_404(Opinion, round__scenario=found, pk=whole_number(request.POST.get("opinion")))
            answer = AnswerForm(request.POST)
            text = answer.cleaned_data["answer"] if answer.is_valid() else ""
            return act(
                request,
                found,
                "comments",
                lambda _v: services.answer_opinion(actor=request.actor, opinion=opinion, answer=text),
            )
    visible = context["visible"]
    names = {village.id: village.name for village in standing.material.villages}
    opinions = list(queries.opinions_of(rounds[0], visible)) if rounds else []
    for opinion in opinions:
        opinion.village_name = names.get(opinion.village_id, "")  # type: ignore[attr-defined]  # shown by the table
    may_consult = may(request.actor, consult, found.district_id)
    table = opinion_table(request, opinions, sample=standing.material.is_sample, editable=may_consult)
    if table.export:
        return table.export_response()
    counts = queries.opinion_counts(rounds, visible)
    context |= {
        "form": form,
        "may_consult": may_consult,
        "can_open": may_consult
        and found.status == ScenarioStatus.PROPOSED
        and not any(one.closed_at is None for one in rounds),
        "rounds": [
            {
                "round": one,
                "url": request.build_absolute_uri(reverse("planning:notice", args=[one.public_id]))
                if may_consult
                else "",
                "is_open": services.is_open(one, today),
                "received": counts[one.pk][0],
                "answered": counts[one.pk][1],
            }
            for one in rounds
        ],
        "table": table if rounds else None,
    }
    return page_of(request, "comments", context, status=status)


def _posted(public_id: str) -> tuple[CommentRound, ScenarioStanding]:
    """The round at this address with the very plan that was posted; not before its first day."""
    found = queries.round_by_address(public_id)
    if found is None or timezone.localdate() < found.first_on:
        raise Http404(public_id)
    return found, queries.standing_of_run(found.scenario, found.run)


@require_http_methods(["GET", "POST"])
def notice(request: ActorRequest, public_id: str) -> HttpResponse:
    """The public page of a comment round: the plan as posted, a form for opinions, answers. No sign-in, no names."""
    found, standing = _posted(public_id)
    today = timezone.localdate()
    form = OpinionForm(request.POST if request.method == "POST" else None, material=standing.material)
    is_open = services.is_open(found, today)
    often = request.method == "POST" and is_too_often(request, "opinion")
    if often:
        form.add_error(None, TOO_OFTEN)
    elif request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["website"]:  # a field people do not see: only a machine fills it in
            return see_other(f"{reverse('planning:notice', args=[public_id])}?thanks=1")
        # Whoever knows the address may comment in this district, and do nothing else.
        resident = Actor(None, "public", (Grant("public", place_id=found.scenario.district_id),))
        try:
            services.add_opinion(
                actor=resident,
                comment_round=found,
                village_id=given["village"],
                stance=Stance(given["stance"]),
                text=given["text"],
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return see_other(f"{reverse('planning:notice', args=[public_id])}?thanks=1")
    names = {village.id: village.name for village in standing.material.villages}
    answered = [
        {
            "number": opinion.number,
            "village": names.get(opinion.village_id, ""),
            "text": opinion.text,
            "answer": opinion.answer,
        }
        for opinion in queries.opinions_of(found)
        if opinion.answer
    ]
    context = {
        "round": found,
        "standing": standing,
        "district_name": standing.material.district_name,
        "is_sample": standing.material.is_sample,
        "is_open": is_open,
        "form": form if is_open else None,
        "thanks": "thanks" in request.GET,
        "stats": presenting.stats(standing, None),
        "rows": presenting.merger_rows(standing),
        "answered": answered,
        "map_settings": map_settings(),
    }
    return page_of(request, "notice", context, status=429 if often else 422 if form.errors else 200)


@require_GET
def notice_map(request: ActorRequest, public_id: str) -> HttpResponse:
    """The villages of a posted plan."""
    _found, standing = _posted(public_id)
    names = compute_names(standing.material, standing.shown_rules, standing.result) if standing.result else {}
    return geojson(collection(village_features(standing, names, None), is_sample=standing.material.is_sample))


@require_GET
def notice_units(request: ActorRequest, public_id: str) -> HttpResponse:
    """The new units of a posted plan."""
    _found, standing = _posted(public_id)
    names = compute_names(standing.material, standing.shown_rules, standing.result) if standing.result else {}
    return geojson(collection(unit_features(standing, names, None), is_sample=standing.material.is_sample))
