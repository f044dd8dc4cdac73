"""The list of scenarios, a new one, and the plan with its map."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.kernel.access import scope
from heli.kernel.faults import Refused
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.planning import presenting, queries, services
from heli.planning.forms import AdjustForm, NewScenarioForm
from heli.planning.geo import collection, unit_features, village_features
from heli.planning.outcomes import outcome_of
from heli.planning.questions import QUESTIONS
from heli.planning.questions.words import PLAN_KINDS
from heli.planning.rules import compute_names, compute_town_lines
from heli.planning.tables import merger_table, scenario_table, town_table, village_table
from heli.planning.types import Goal, GoalKind, PlanKind, PlanRules, RunState
from heli.planning.views.asking import act, note, page_of, scenario_or_404, shell, whole_district
from heli.planning.wording import KIND_COLOURS, KIND_LABELS
from heli.ui.forms import add_faults
from heli.ui.http import geojson, see_other
from heli.ui.pages import ActorRequest, page

REDUCED = frozenset({PlanKind.VILLAGES, PlanKind.GROUPS})
"""Kinds of which there are fewer afterwards."""


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A scenario in the list."""

    url: str
    name: str
    kind: str
    district_name: str
    status: str
    before: int
    after: int | None
    reduction: Ratio | None
    proof: str
    on: date
    changed_at: datetime
    changed_by: str


@page("planning.read")
@require_GET
def scenarios(request: ActorRequest) -> HttpResponse:
    """All scenarios in scope."""
    reach = scope(request.actor, "planning.read")
    found = [
        one
        for one in queries.plans_in_scope(request.actor)
        if one.kind == PlanKind.VILLAGES or places.reaches(reach, one.district_id)
    ]
    today = timezone.localdate()
    names = {row.id: row.name for row in places.districts(today, {scenario.district_id for scenario in found})}
    newest = queries.newest_runs(found)
    partly = not reach.everything
    rows = []
    for scenario in found:
        latest = newest.get(scenario.pk)
        after = latest.count if latest is not None else None
        before = scenario.inputs.villages
        rows.append(
            ScenarioRow(
                url=queries.address_of(scenario),
                name=scenario.name,
                kind=scenario.kind,
                district_name=names.get(scenario.district_id, ""),
                status=scenario.status,
                before=before,
                after=after,
                reduction=Ratio(before - after, before) if after is not None and scenario.kind in REDUCED else None,
                proof=latest.status if latest is not None else "",
                on=scenario.inputs.on,
                changed_at=scenario.changed_at,
                changed_by=scenario.changed_by,
            )
        )
    table = scenario_table(request, rows)
    if table.export:
        return table.export_response()
    can_create = bool(scope(request.actor, "planning.edit"))
    crumbs = [{"label": _("Merger plans")}]
    return page_of(
        request,
        "scenarios",
        {
            "table": table,
            "can_create": can_create,
            "breadcrumbs": crumbs,
            "partly": partly,
            "kinds": [(name, PLAN_KINDS[name]) for name in QUESTIONS],
        },
    )


@page("planning.edit")
@require_http_methods(["GET", "POST"])
def new_scenario(request: ActorRequest) -> HttpResponse:
    """Open a draft."""
    today = timezone.localdate()
    districts = [(row.id, row.name) for row in places.districts_in(scope(request.actor, "planning.edit"), today)]
    form = NewScenarioForm(request.POST or None, districts=districts)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        rules = PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=given["reduction"]))
        try:
            scenario = services.create_scenario(
                actor=request.actor, district_id=given["district"], name=given["name"], on=given["on"], rules=rules
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return see_other("planning:scenario", scenario.public_id)
    crumbs = [{"url": reverse("planning:scenarios"), "label": _("Merger plans")}, {"label": _("New scenario")}]
    context = {"form": form, "breadcrumbs": crumbs, "has_districts": bool(districts)}
    return page_of(request, "new", context, status=422 if form.errors else 200)


@page("planning.read")
@require_GET
def scenario(request: ActorRequest, public_id: str) -> HttpResponse:
    """The plan: figures, map, adjustments by hand, curve, sizes before and after, towns."""
    found = scenario_or_404(request, public_id)
    standing = queries.standing(found)
    context = shell(request, standing, "scenario")
    visible = context["visible"]
    result = standing.result
    lines = compute_town_lines(standing.material, standing.shown_rules, result) if result and result.is_feasible else []
    shown_towns = presenting.town_in_view(standing, visible)
    table = town_table(
        request,
        [line for line in lines if shown_towns is None or line.town in shown_towns],
        sample=standing.material.is_sample,
    )
    if table.export:
        return table.export_response()
    context |= {
        "stats": presenting.stats(standing, visible),
        "kinds": presenting.kinds_line(standing, visible),
        "towns": table if lines else None,
        "curve": presenting.curve_chart(standing) if visible is None else {},
        "counts": [count for count, _lower, _cost in result.curve] if result and visible is None else [],
        "histogram": presenting.histogram_chart(standing, visible),
        # Reasons name villages of every town, so that they are for those who see the whole district.
        "explanations": presenting.explanations(standing) if visible is None else [],
        "advice": presenting.advice(standing),
        "form": AdjustForm(material=standing.material) if context["can_edit"] else None,
        "map_settings": map_settings(),
        "others": note(request, found) if context["can_edit"] else [],
        **_by_hand(standing, visible),
        "outcome": outcome_of(standing.material.district_code) if visible is None else None,
    }
    return page_of(request, "scenario", context)


def _by_hand(standing: queries.ScenarioStanding, visible: frozenset[int] | None) -> dict[str, list[dict[str, object]]]:
    """Locks and bans on villages that the reader sees, by name, with what their buttons send."""
    names = {village.id: village.name for village in standing.material.villages}

    def shown(groups: Iterable[tuple[int, ...]]) -> list[dict[str, object]]:
        return [
            {
                "names": "、".join(names[m] for m in group),
                "value": ",".join(map(str, group)),
                "one": group[0],
                "other": group[-1],
            }
            for group in groups
            if visible is None or visible >= set(group)
        ]

    rules = standing.rules
    return {"locks": shown(rules.locks), "pairs": shown(rules.forbidden_pairs), "banned": shown(rules.forbidden_units)}


def map_settings() -> dict[str, object]:
    """How `<heli-map>` colours and describes villages."""
    return {
        "words": {
            **{str(k): str(v) for k, v in KIND_LABELS.items()},
            "community": _("community"),
            "unplanned": _("not planned yet"),
        },
        "colours": {**{str(k): n for k, n in KIND_COLOURS.items()}, "community": "#e4e6e5", "unplanned": "#f4f4f2"},
        "tooltip": [
            ["town", _("Town")],
            ["population", _("Registered population")],
            ["unit", _("becomes part of")],
            ["kind_name", _("Kind")],
            ["unit_population", _("Population of the new village")],
            ["farthest_m", _("Farthest way (m)")],
        ],
    }


@page("planning.read")
@require_GET
def map_data(request: ActorRequest, public_id: str) -> HttpResponse:
    """The villages of the plan for the map."""
    standing = queries.standing(scenario_or_404(request, public_id))
    names = compute_names(standing.material, standing.shown_rules, standing.result) if standing.result else {}
    visible = queries.visible_villages(request.actor, standing.scenario)
    return geojson(collection(village_features(standing, names, visible), is_sample=standing.material.is_sample))


@page("planning.read")
@require_GET
def unit_data(request: ActorRequest, public_id: str) -> HttpResponse:
    """The outlines of the new units for the map."""
    standing = queries.standing(scenario_or_404(request, public_id))
    names = compute_names(standing.material, standing.shown_rules, standing.result) if standing.result else {}
    visible = queries.visible_villages(request.actor, standing.scenario)
    return geojson(collection(unit_features(standing, names, visible), is_sample=standing.material.is_sample))


@page("planning.read")
@require_GET
def mergers(request: ActorRequest, public_id: str) -> HttpResponse:
    """The table of mergers."""
    found = scenario_or_404(request, public_id)
    standing = queries.standing(found)
    context = shell(request, standing, "mergers")
    rows = presenting.merger_rows(standing, context["visible"])
    table = merger_table(request, found, rows, editable=context["can_edit"], sample=standing.material.is_sample)
    if table.export:
        return table.export_response()
    return page_of(request, "mergers", context | {"table": table})


@page("planning.read")
@require_GET
def villages(request: ActorRequest, public_id: str) -> HttpResponse:
    """The table of villages before and after."""
    found = scenario_or_404(request, public_id)
    standing = queries.standing(found)
    context = shell(request, standing, "villages")
    rows = presenting.village_rows(standing, context["visible"])
    table = village_table(request, found, rows, sample=standing.material.is_sample)
    if table.export:
        return table.export_response()
    return page_of(request, "mergers", context | {"table": table})


@page("planning.edit")
@require_http_methods(["POST"])
def run(request: ActorRequest, public_id: str) -> HttpResponse:
    """Compute the plan."""
    found = whole_district(request, public_id, "planning.edit")
    return act(request, found, "scenario", lambda _version: services.run_scenario(actor=request.actor, scenario=found))


@page("planning.read")
@require_GET
def progress(request: ActorRequest, public_id: str, number: int) -> HttpResponse:
    """How far a computation is; asks again by itself until it is done."""
    found = scenario_or_404(request, public_id)
    current = queries.find_run(found, number)
    context = shell(request, queries.standing(found), "scenario") | {"run": current}
    is_over = current is None or current.state in (RunState.DONE, RunState.FAILED)
    return page_of(request, "progress", context | {"is_over": is_over})


@page("planning.edit")
@require_GET
def presence(request: ActorRequest, public_id: str) -> HttpResponse:
    """Who else has the scenario open; asked every half minute."""
    found = whole_district(request, public_id, "planning.edit")
    return page_of(request, "presence", {"scenario": found, "others": note(request, found)})
