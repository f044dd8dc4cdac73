"""Scenarios in scope, and what an actor sees of one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.planning.models import Acceptance, Application, Inputs, PlanRun, Scenario
from heli.planning.queries.postings import open_postings
from heli.planning.queries.register import register_state
from heli.planning.solving import digest, result_from_json
from heli.planning.stored import material_from_json, rules_from_json
from heli.planning.types import Material, PlanKind, PlanRules, Result, RunState, ScenarioStatus


def plans_in_scope(actor: Actor, action: str = "planning.read") -> QuerySet[Scenario]:
    """Scenarios of every kind and district in which the actor may do this somewhere, newest change first."""
    found = Scenario.objects.select_related("inputs").defer("inputs__material")
    districts = places.reached_districts(scope(actor, action))
    return found if districts is None else found.filter(district_id__in=districts)


def scenarios_in_scope(actor: Actor, action: str = "planning.read") -> QuerySet[Scenario]:
    """Mergers of villages of every district in which the actor may do this somewhere, newest change first."""
    return plans_in_scope(actor, action).filter(kind=PlanKind.VILLAGES)


def find_scenario(public_id: str, actor: Actor, action: str = "planning.read") -> Scenario | None:
    """The scenario behind a public id, if the actor's scope reaches it."""
    return scenarios_in_scope(actor, action).filter(public_id=public_id).first()


def visible_villages(actor: Actor, scenario: Scenario) -> frozenset[int] | None:
    """The villages of a scenario that the actor sees; None for the whole district."""
    reach = scope(actor, "planning.read")
    if places.reaches(reach, scenario.district_id):
        return None
    ids = [village.id for village in pinned(scenario).villages]
    return frozenset(places.reached_among(reach, ids))


def sees_whole(actor: Actor, scenario: Scenario) -> bool:
    """Whether the actor sees all of the scenario's district."""
    return places.reaches(scope(actor, "planning.read"), scenario.district_id)


def pinned(scenario: Scenario) -> Material:
    """The material behind a scenario's pinned inputs."""
    return stored_material(scenario.inputs_id, scenario.inputs.sha256)


@lru_cache(maxsize=16)
def stored_material(inputs_id: int, sha256: str) -> Material:
    """Pinned material; kept in memory under its hash, since it never changes."""
    return material_from_json(Inputs.objects.values_list("material", flat=True).get(pk=inputs_id, sha256=sha256))


def rules_of(scenario: Scenario) -> PlanRules:
    """The scenario's rules now."""
    return rules_from_json(scenario.rules)


@lru_cache(maxsize=64)
def stored_result(run_id: int, sha256: str) -> Result:
    """The result of a finished run; kept in memory under its hash."""
    return result_from_json(PlanRun.objects.values_list("result", flat=True).get(pk=run_id))


def result_of(run: PlanRun) -> Result:
    """The finished run's result; kept in memory by its hash."""
    return stored_result(run.pk, run.result_sha256)


@dataclass(frozen=True, kw_only=True)
class PlanStanding:
    """How far a scenario of any kind is: the run that is shown, whether it still answers the rules, what was decided."""

    scenario: Scenario
    run: PlanRun | None
    is_current: bool
    pending: PlanRun | None
    acceptance: Acceptance | None
    application: Application | None

    @property
    def is_editable(self) -> bool:
        """Whether its rules may still be changed."""
        return self.scenario.status == ScenarioStatus.DRAFT


@dataclass(frozen=True, kw_only=True)
class ScenarioStanding(PlanStanding):
    """A scenario with what its pages need: material, rules, the newest finished run and whether it still answers the rules."""

    material: Material
    rules: PlanRules

    @property
    def result(self) -> Result | None:
        """The plan shown: the accepted one, or else the newest."""
        return result_of(self.run) if self.run is not None else None

    @property
    def shown_rules(self) -> PlanRules:
        """The rules of the plan shown."""
        return rules_from_json(self.run.rules) if self.run is not None else self.rules


def standing(scenario: Scenario) -> ScenarioStanding:
    """How a scenario stands."""
    rules = rules_of(scenario)
    return ScenarioStanding(material=pinned(scenario), rules=rules, **how_far(scenario, digest(rules.as_json())))


def how_far(scenario: Scenario, rules_sha256: str) -> dict[str, Any]:
    """The fields of `PlanStanding` of a scenario whose rules now have this hash."""
    acceptance = Acceptance.objects.filter(scenario=scenario).select_related("run").first()
    runs = list(PlanRun.objects.filter(scenario=scenario).defer("result").order_by("-number")[:12])
    done = acceptance.run if acceptance else next((run for run in runs if run.state == RunState.DONE), None)
    newest = runs[0] if runs else None
    return {
        "scenario": scenario,
        "run": done,
        "is_current": done is not None and done.rules_sha256 == rules_sha256,
        "pending": newest if newest is not None and newest.state in (RunState.QUEUED, RunState.RUNNING) else None,
        "acceptance": acceptance,
        "application": Application.objects.filter(scenario=scenario, reversed_at__isnull=True).first(),
    }


def find_run(scenario: Scenario, number: int) -> PlanRun | None:
    """A run of the scenario by its number."""
    return PlanRun.objects.filter(scenario=scenario, number=number).first()


def newest_runs(scenarios: Iterable[Scenario]) -> dict[int, PlanRun]:
    """The last finished run of each scenario, without its plan."""
    done = PlanRun.objects.filter(scenario__in=[scenario.pk for scenario in scenarios], state=RunState.DONE)
    return {run.scenario_id: run for run in done.defer("result", "rules").order_by("number")}


def proposed_in(districts: Collection[str], on: date) -> QuerySet[Any]:
    """The plans put forward in some districts (public ids) that may be accepted on the day: no notice of theirs hangs.

    `computed_by` is the account that had the newest plan computed.
    """
    newest = PlanRun.objects.filter(scenario=OuterRef("pk"), state=RunState.DONE).order_by("-number")
    found = Scenario.objects.filter(status=ScenarioStatus.PROPOSED, district__public_id__in=districts)
    over = found.exclude(pk__in=open_postings(on).values("scenario"))
    named = over.annotate(computed_by=Subquery(newest.values("asked_by_user")[:1]))
    return named.select_related("district").order_by("changed_at", "pk")


def unique_name(district_id: int, name: str) -> str:
    """The name, with a number behind it where the district already has a scenario so called."""
    taken = set(
        Scenario.objects.filter(district_id=district_id, name__startswith=name[:90]).values_list("name", flat=True)
    )
    if name not in taken:
        return name
    return next(option for option in (f"{name[:90]} {n}" for n in range(2, 10_000)) if option not in taken)


@dataclass(frozen=True, slots=True)
class Drift:
    """How the register has moved on since a scenario was pinned: figures of its day corrected, events since."""

    is_corrected: bool
    events_since: int

    def __bool__(self) -> bool:
        return self.is_corrected or bool(self.events_since)


def drift_of(scenario: Scenario) -> Drift:
    """Whether the register has moved on since the scenario's inputs were pinned."""
    inputs = scenario.inputs
    corrected = register_state(scenario.district_id, inputs.on) != inputs.state
    own: set[str] = set()
    for events in Application.objects.filter(scenario=scenario).values_list("events", flat=True):
        own.update(public_id for _key, public_id in events)
    later = places.events_in(scenario.district_id, start=inputs.on + timedelta(days=1))
    return Drift(corrected, sum(event.in_force and event.public_id not in own for event in later))


def standing_of_run(scenario: Scenario, run: PlanRun) -> ScenarioStanding:
    """A scenario with one certain run of it: what was posted for comment."""
    return ScenarioStanding(
        scenario=scenario,
        material=pinned(scenario),
        rules=rules_from_json(run.rules),
        run=run,
        is_current=True,
        pending=None,
        acceptance=None,
        application=None,
    )
