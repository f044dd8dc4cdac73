"""Proposing, accepting, applying, taking back, copying; the map of a posted plan."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.kernel.access import may
from heli.kernel.faults import Refused
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.places.types import PlaceKind
from heli.planning import presenting, queries, services
from heli.planning.forms import AcceptForm, ApplyForm, NameForm
from heli.planning.geo import collection, unit_features, village_features
from heli.planning.queries import ScenarioStanding
from heli.planning.rules import compute_names
from heli.planning.types import ScenarioStatus
from heli.planning.views.asking import act, page_of, shell, whole_district
from heli.ui.forms import ReasonForm, add_faults
from heli.ui.http import geojson, see_other
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
        "consequences": services.consequences(standing) if standing.application is None else None,
        "undone": services.undone(standing),
        "built": services.built_on(standing.application) if standing.application is not None else [],
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


# --- plans posted for comment ------------------------------------------------------------------------------------------


def _posted(public_id: str) -> ScenarioStanding:
    """The very plan that the notice at this address shows; not before its first day."""
    found = queries.find_posting(notice__public_id=public_id)
    if found is None or timezone.localdate() < found.notice.first_on:
        raise Http404(public_id)
    return queries.standing_of_run(found.scenario, found.run)


@require_GET
def notice_map(request: ActorRequest, public_id: str) -> HttpResponse:
    """The villages of a posted plan."""
    standing = _posted(public_id)
    names = compute_names(standing.material, standing.shown_rules, standing.result) if standing.result else {}
    return geojson(collection(village_features(standing, names, None), is_sample=standing.material.is_sample))


@require_GET
def notice_units(request: ActorRequest, public_id: str) -> HttpResponse:
    """The new units of a posted plan."""
    standing = _posted(public_id)
    names = compute_names(standing.material, standing.shown_rules, standing.result) if standing.result else {}
    return geojson(collection(unit_features(standing, names, None), is_sample=standing.material.is_sample))
