"""Comparing: with another scenario, with alternatives that differ, with what the district really did."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heli.kernel.faults import Fault
from heli.kernel.quantities import Ratio
from heli.planning import presenting, queries
from heli.planning.outcomes import outcome_of
from heli.planning.rules import compute_differences, compute_summary, compute_town_lines, is_visible, names_of
from heli.planning.solving import MergeplanError, find_alternatives, price_mergers
from heli.planning.types import Merger
from heli.planning.views.asking import page_of, scenario_or_404, shell, whole_district
from heli.planning.views.scenarios import map_settings
from heli.planning.wording import KIND_LABELS
from heli.ui.pages import ActorRequest, page


@dataclass(frozen=True, slots=True)
class UnitDifference:
    """A unit that only one of two plans has."""

    names: str
    kind: object
    population: int
    score: str


@page("planning.read")
@require_GET
def compare(request: ActorRequest, public_id: str) -> HttpResponse:
    """Two scenarios side by side: figures, maps, differing mergers; beside them what the district really did."""
    found = scenario_or_404(request, public_id)
    standing = queries.standing(found)
    context = shell(request, standing, "compare")
    others = queries.scenarios_in_scope(request.actor).filter(district_id=found.district_id).exclude(pk=found.pk)
    wanted = request.GET.get("with", "")
    other = others.filter(public_id=wanted).first() if wanted else None
    visible = context["visible"]
    context |= {
        "choices": [(one.public_id, one.name) for one in others],
        "wanted": wanted,
        "map_settings": map_settings(),
        "stats": presenting.stats(standing, visible),
        "real": _real(standing) if visible is None else None,
        "other": None,
    }
    if other is not None:
        beside = queries.standing(other)
        context |= {"other": other, "other_standing": beside, "other_stats": presenting.stats(beside, visible)}
        if standing.result is not None and beside.result is not None:
            here, there = compute_differences(standing.result, beside.result)
            context |= {
                "here": [_difference(standing, merger) for merger in here if is_visible(merger, visible)],
                "there": [_difference(beside, merger) for merger in there if is_visible(merger, visible)],
            }
    return page_of(request, "compare", context)


def _difference(standing: queries.ScenarioStanding, merger: Merger) -> UnitDifference:
    by_id = {village.id: village for village in standing.material.villages}
    names = str(_(", ")).join(names_of(merger.members, by_id))
    return UnitDifference(names, KIND_LABELS[merger.kind], merger.population, presenting.points(merger.score))


@dataclass(frozen=True, slots=True)
class RealTown:
    """A town beside what really happened to it."""

    name: str
    before: int | None
    plan: int | None
    real_before: int
    real_after: int
    is_by_absorption: bool


def _real(standing: queries.ScenarioStanding) -> dict[str, object] | None:
    outcome = outcome_of(standing.material.district_code)
    if outcome is None:
        return None
    result = standing.result
    lines = compute_town_lines(standing.material, standing.shown_rules, result) if result and result.is_feasible else []
    planned = {line.name: line for line in lines}
    summary = compute_summary(standing.material, standing.shown_rules, result) if lines and result else None
    towns = [
        RealTown(
            name=name,
            before=planned[name].before if name in planned else None,
            plan=planned[name].after if name in planned else None,
            real_before=before,
            real_after=after,
            is_by_absorption=name in outcome.by_absorption,
        )
        for name, (before, after) in outcome.towns.items()
    ]
    return {
        "outcome": outcome,
        "percent": Ratio(outcome.before - outcome.after, outcome.before).percent_text(),
        "towns": towns,
        "summary": summary,
    }


@page("planning.read")
@require_GET
def alternatives(request: ActorRequest, public_id: str) -> HttpResponse:
    """Which mergers carry the plan (regret), and good plans that differ in many of them."""
    found = whole_district(request, public_id, "planning.read")
    standing = queries.standing(found)
    context = shell(request, standing, "alternatives")
    context |= {"regrets": [], "plans": [], "faults": []}
    result = standing.result
    if result is not None and result.is_feasible:
        by_id = {village.id: village for village in standing.material.villages}
        try:
            priced = price_mergers(standing.material, standing.shown_rules, result)
            others = find_alternatives(standing.material, standing.shown_rules)
        except MergeplanError as error:
            context["faults"] = [Fault("planning.cannot_compute", str(error))]
            return page_of(request, "alternatives", context)
        context["regrets"] = [
            {
                "names": str(_(", ")).join(names_of(merger.members, by_id)),
                "members": ",".join(map(str, merger.members)),
                "kind": KIND_LABELS[merger.kind],
                "regret": presenting.points(price) if price is not None else None,
            }
            for merger, price in priced
        ]
        for number, other in enumerate(others, start=1):
            here, there = compute_differences(result, other)
            dearer = Ratio((other.objective or 0) - (result.objective or 0), result.objective or 0).percent_text()
            context["plans"].append(
                {
                    "number": number,
                    "after": other.after,
                    "dearer": dearer,
                    "differ": len(here),
                    "whole": len(result.mergers),
                    "new": [_difference(standing, merger) for merger in there[:12]],
                    "more": max(len(there) - 12, 0),
                    "forbidden": [",".join(map(str, merger.members)) for merger in here if len(merger.members) > 1],
                }
            )
    context["adjust_url"] = reverse("planning:adjust", args=[found.public_id])
    return page_of(request, "alternatives", context)
