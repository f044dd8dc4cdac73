"""What every view of planning asks first: which scenario, which part of it, and how refusals are shown."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.kernel.access import may
from heli.kernel.faults import Refused
from heli.planning import queries, services
from heli.planning.models import Scenario
from heli.planning.queries import ScenarioStanding
from heli.planning.types import ScenarioStatus
from heli.planning.wording import STATUS_LABELS, STATUS_TONES
from heli.ui.http import see_other, whole_number
from heli.ui.pages import ActorRequest


def scenario_or_404(request: ActorRequest, public_id: str) -> Scenario:
    """The scenario, if the actor's scope reaches it; else 404, as if it did not exist."""
    scenario = queries.find_scenario(public_id, request.actor)
    if scenario is None:
        raise Http404(public_id)
    return scenario


def whole_district(request: ActorRequest, public_id: str, action: str) -> Scenario:
    """A scenario for those who may do this in the whole district; whoever sees a part of it only gets 403, others 404."""
    return require_whole(request, scenario_or_404(request, public_id), action)


def require_whole(request: ActorRequest, scenario: Scenario, action: str) -> Scenario:
    """The scenario, for those who may do this in its whole district; else 403."""
    if not may(request.actor, action, scenario.district_id):
        raise PermissionDenied(action)
    return scenario


def shell(request: ActorRequest, standing: ScenarioStanding, current: str) -> dict[str, Any]:
    """What the head of every scenario page shows: name, status, tabs, who else is here, what has moved on."""
    scenario = standing.scenario
    can_edit = may(request.actor, "planning.edit", scenario.district_id)
    visible = queries.visible_villages(request.actor, scenario)
    tabs = [
        ("scenario", _("Plan")),
        ("mergers", _("Mergers")),
        ("villages", _("Villages")),
        *([("rules", _("Rules")), ("policies", _("Policies"))] if visible is None else []),
        *([("alternatives", _("Alternatives"))] if visible is None and standing.run is not None else []),
        ("compare", _("Compare")),
        ("consultation:home", _("Notices and opinions")),
        *([("decision", _("Decision"))] if visible is None else []),
    ]
    return {
        "scenario": scenario,
        "standing": standing,
        "visible": visible,
        "is_part": visible is not None,
        "district_name": standing.material.district_name,
        "is_sample": standing.material.is_sample,
        "status_label": STATUS_LABELS[scenario.status],
        "status_tone": STATUS_TONES[scenario.status],
        "can_edit": can_edit and standing.is_editable,
        "may_edit": can_edit,
        "is_stale": standing.run is not None and not standing.is_current and scenario.status == ScenarioStatus.DRAFT,
        "run_url": reverse("planning:run", args=[scenario.public_id]),
        "drift": queries.drift_of(scenario) if current in ("scenario", "decision") else None,
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
                "url": "" if current == "scenario" else reverse("planning:scenario", args=[scenario.public_id]),
            },
        ],
    }


def version_of(request: ActorRequest) -> int | None:
    """The version of the scenario that the sender saw; None when the form does not say."""
    return whole_number(request.POST.get("version"), most=2**31 - 1)


def act(
    request: ActorRequest, scenario: Scenario, to: str, do: Callable[[int | None], object], done: str = ""
) -> HttpResponse:
    """Call a service and go on to a page; a refusal is shown there as a message and nothing was written."""
    try:
        do(version_of(request))
    except Refused as refused:
        for fault in refused.faults:
            messages.error(request, str(fault.message))
    else:
        if done:
            messages.success(request, done)
    return see_other(f"planning:{to}", scenario.public_id)


def note(request: ActorRequest, scenario: Scenario) -> list[str]:
    """Tell others that the actor is here, and the actor of the others."""

    return services.note_presence(actor=request.actor, public_id=scenario.public_id, now=timezone.now())


def page_of(request: ActorRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a page of planning."""
    return render(request, f"planning/{template}.html", context, status=status)
