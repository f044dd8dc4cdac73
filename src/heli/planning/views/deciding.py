"""Proposing, accepting, applying, taking back, copying; the map of a posted plan."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.kernel.access import may
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.places.types import PlaceKind
from heli.planning import presenting, queries, services
from heli.planning.forms import AcceptForm, ApplyForm, NameForm
from heli.planning.geo import collection, unit_features, village_features
from heli.planning.models import Scenario
from heli.planning.queries import ScenarioStanding
from heli.planning.rules import compute_names
from heli.planning.types import ScenarioStatus
from heli.planning.views.asking import page_of, shell, version_of, whole_district
from heli.ui.forms import ReasonForm, attempt, press
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


Forms = dict[str, Any]


def decide(
    request: ActorRequest,
    scenario: Scenario,
    *,
    on: date,
    page: str,
    apply: Callable[[date], object],
    take_out: Callable[[str], object],
    copy: Callable[[str], str],
) -> tuple[Forms, int, HttpResponse | None]:
    """Do the step that was pressed: the forms as they stand now, the status, and where to go on when it was done.

    `on` is the day whose register was planned; `copy` answers with the address of the copy.
    """
    today, who, did = timezone.localdate(), request.actor, request.POST.get("did", "")
    forms: Forms = {
        "accept": AcceptForm(initial={"document_on": today}),
        "apply": ApplyForm(initial={"on": services.default_day(on, today=today)}),
        "reverse": ReasonForm(),
        "take_back": ReasonForm(),
        "rename": NameForm(initial={"name": scenario.name}),
        "copy": NameForm(),
    }
    if request.method != "POST":
        return forms, 200, None
    if did == "propose":
        version = version_of(request)
        press(request, lambda: services.propose(actor=who, scenario=scenario, version=version), _("Proposed."))
        return forms, 303, see_other(page)
    if did not in forms:
        return forms, 422, None
    form = forms[did] = type(forms[did])(request.POST)
    steps: dict[str, Callable[[], object]] = {
        "accept": lambda: services.accept(actor=who, scenario=scenario, **form.cleaned_data),
        "apply": lambda: apply(form.cleaned_data["on"]),
        "reverse": lambda: take_out(form.cleaned_data["reason"]),
        "take_back": lambda: services.take_back(actor=who, scenario=scenario, reason=form.cleaned_data["reason"]),
        "rename": lambda: services.rename_scenario(actor=who, scenario=scenario, name=form.cleaned_data["name"]),
        "copy": lambda: gone_to.append(copy(form.cleaned_data["name"])),
    }
    gone_to: list[str] = []
    if not attempt(form, steps[did]):
        return forms, 422, None
    return forms, 303, see_other(*gone_to or [page])


@page("planning.read", confirm=pressed("accept", "apply", "reverse"))
@require_http_methods(["GET", "POST"])
def decision(request: ActorRequest, public_id: str) -> HttpResponse:
    """How far the scenario has come and the next step; what the register shows before and after."""
    did = request.POST.get("did", "")
    found = whole_district(request, public_id, ACTIONS.get(did, "planning.read"))
    standing = queries.standing(found)
    who = request.actor

    def copied(name: str) -> str:
        made = services.copy_scenario(actor=who, scenario=found, name=name)
        services.run_scenario(actor=who, scenario=made)
        return queries.address_of(made)

    forms, status, answer = decide(
        request,
        found,
        on=standing.material.on,
        page=reverse("planning:decision", args=[found.public_id]),
        apply=lambda on: services.apply_plan(actor=who, scenario=found, on=on),
        take_out=lambda reason: services.reverse_plan(actor=who, scenario=found, reason=reason),
        copy=copied,
    )
    if answer is not None:
        return answer
    found.refresh_from_db()
    standing = queries.standing(found)
    foreseen = services.consequences(standing) if standing.application is None else None
    context = shell(request, standing, "decision") | {
        "forms": forms,
        "obstacles": services.check_proposable(standing) if found.status == ScenarioStatus.DRAFT else [],
        "is_author": found.author_id is not None and found.author_id == request.actor.id,
        "can": {did: may(request.actor, action, found.district_id) for did, action in ACTIONS.items()},
        "stats": presenting.stats(standing, None),
        "reading": before_and_after(standing),
        "running": foreseen.running if foreseen else (),
        "told": f"{_('Write the plan into the register?')} {foreseen.told()}" if foreseen else "",
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
