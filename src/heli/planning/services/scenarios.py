"""Scenarios: pinned, ruled, run, copied. Adjustments by hand are in `adjusting`, decisions in `deciding`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from time import perf_counter

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from heli.audit.services import writing
from heli.audit.types import OpenEntry
from heli.kernel.access import Actor, require
from heli.kernel.faults import Fault, Refused, has_errors
from heli.kernel.ids import new_public_id
from heli.kernel.periods import is_plausible
from heli.planning import queries
from heli.planning.models import Inputs, PlanRun, Scenario
from heli.planning.rules import check_rules, compute_instance
from heli.planning.solving import MergeplanError, digest, relaxed, result_as_json, solve
from heli.planning.stored import rules_from_json
from heli.planning.types import Goal, GoalKind, Material, PlanKind, PlanRules, Relaxation, RunState, ScenarioStatus
from heli.planning.wording import fault, faults, implausible_day

_enqueue = partial(async_task, "heli.planning.jobs.run_queued")

EDIT = "planning.edit"
INLINE_LIMIT = 1_000
"""Districts up to this many villages are solved while the page waits; larger ones by the job queue."""


def create_scenario(
    *,
    actor: Actor,
    district_id: int,
    name: str,
    on: date | None = None,
    rules: PlanRules | None = None,
    at: datetime | None = None,
) -> Scenario:
    """Pin the register of the district on a day (today) and open a draft under the rules (the defaults).

    Raises `Refused` when the register lacks what a plan needs or the rules make no sense, `Forbidden`.
    """
    require(actor, EDIT, district_id)
    day, wanted = on or timezone.localdate(), rules or PlanRules()
    if not is_plausible(day):
        raise Refused(implausible_day("on"))
    material = queries.read_material(district_id, day)
    refuse(faults(check_rules(wanted, material)))
    if not name.strip():
        raise Refused(fault("name_missing", _("Give the scenario a name."), "name"))
    state = queries.register_state(district_id, day)
    with writing(actor, EDIT, place_id=district_id, at=at) as act:
        scenario = open_draft(
            act, name=name.strip(), inputs=pin(act, material=material, state=state), rules=wanted.as_json()
        )
        act.after = {"did": "create", "name": scenario.name, "on": day.isoformat(), "inputs": scenario.inputs.sha256}
    return scenario


def copy_scenario(*, actor: Actor, scenario: Scenario, name: str = "", at: datetime | None = None) -> Scenario:
    """A new draft with the same inputs and rules: the way to change one's mind about a frozen scenario."""
    with writing(actor, EDIT, place_id=scenario.district_id, at=at) as act:
        wanted = name.strip() or queries.unique_name(
            scenario.district_id, _("%(name)s copy") % {"name": scenario.name[:80]}
        )
        copied = open_draft(
            act,
            name=wanted,
            inputs=scenario.inputs,
            rules=scenario.rules,
            copied_from=scenario,
            kind=scenario.kind,
        )
        act.after = {"did": "copy", "name": copied.name, "from": scenario.public_id}
    return copied


def pin(act: OpenEntry, *, material: Material, state: str) -> Inputs:
    """The pinned inputs of this content; inside an open `writing` block."""
    content = material.as_json()
    inputs, _created = Inputs.objects.defer("material").get_or_create(
        district_id=material.district,
        sha256=digest(content),
        state=state,
        defaults={
            "on": material.on,
            "material": content,
            "villages": len(material.planned),
            "population": sum(village.population for village in material.planned),
            "is_sample": material.is_sample,
            "pinned_at": act.at,
        },
    )
    return inputs


def open_draft(
    act: OpenEntry,
    *,
    name: str,
    inputs: Inputs,
    rules: dict[str, object],
    copied_from: Scenario | None = None,
    kind: str = PlanKind.VILLAGES,
) -> Scenario:
    """A draft written by the act's actor; inside an open `writing` block."""
    scenario = Scenario(
        public_id=new_public_id(),
        kind=kind,
        district_id=inputs.district_id,
        name=name[:100],
        inputs=inputs,
        author_id=act.actor.id,
        rules=rules,
        copied_from=copied_from,
        created_at=act.at,
        changed_at=act.at,
        changed_by=act.actor.name,
    )
    try:
        with transaction.atomic():  # somebody else may give the name at the same moment
            scenario.save(force_insert=True)
    except IntegrityError as error:
        if not Scenario.objects.filter(district_id=inputs.district_id, name=scenario.name).exists():
            raise
        message = _("This district already has a scenario called “%(name)s”: choose another name.")
        raise Refused(fault("name_taken", message % {"name": scenario.name}, "name")) from error
    act.subject = f"scenario:{scenario.public_id}"
    return scenario


def change_rules(
    *,
    actor: Actor,
    scenario: Scenario,
    rules: PlanRules,
    version: int | None = None,
    did: str = "change_rules",
    reason: str = "",
    at: datetime | None = None,
) -> Scenario:
    """Give a draft other rules; `version` is the one the editor saw, so that a lost update is refused.

    Raises `Refused` for rules that make no sense, a frozen scenario or a changed version; `Forbidden`.
    """
    require(actor, EDIT, scenario.district_id)
    refuse(faults(check_rules(rules, queries.pinned(scenario))))
    before, after = scenario.rules, rules.as_json()
    with writing(actor, EDIT, place_id=scenario.district_id, reason=reason, at=at) as act:
        change_draft(act, scenario=scenario, version=version, rules=after)
        changed = {key for key in after if before.get(key) != after[key]}
        act.before = {key: before.get(key) for key in sorted(changed)}
        act.after = {"did": did, **{key: after[key] for key in sorted(changed)}}
    return scenario


def change_draft(act: OpenEntry, *, scenario: Scenario, version: int | None, **fields: object) -> None:
    """Change named fields of a draft if nobody else did meanwhile; counts its version up."""
    seen = scenario.version if version is None else version
    changed = Scenario.objects.filter(pk=scenario.pk, version=seen, status=ScenarioStatus.DRAFT).update(
        **fields, version=seen + 1, changed_at=act.at, changed_by=act.actor.name
    )
    if not changed:
        raise Refused(stale(scenario.pk))
    scenario.refresh_from_db()
    act.subject = f"scenario:{scenario.public_id}"


def take_turn(scenario: Scenario) -> Scenario:
    """Wait until nobody else writes to the scenario; the row as it stands now. Inside an open `writing` block."""
    return Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)


def stale(scenario_id: int) -> Fault:
    """Why a change of this scenario came too late."""
    now = Scenario.objects.only("status", "changed_by", "changed_at").get(pk=scenario_id)
    if now.status != ScenarioStatus.DRAFT:
        return fault(
            "frozen", _("This scenario is no longer a draft: take it back to draft, or copy it and change the copy.")
        )
    message = _(
        "%(who)s changed this scenario at %(at)s while you were editing: look at the new state, then repeat your change."
    )
    return fault(
        "stale",
        message % {"who": now.changed_by, "at": timezone.localtime(now.changed_at).strftime("%H:%M")},
        "version",
    )


def run_scenario(
    *,
    actor: Actor,
    scenario: Scenario,
    inline_limit: int = INLINE_LIMIT,
    enqueue: Callable[[int], object] | None = None,
    at: datetime | None = None,
) -> PlanRun:
    """Compute the plan under the scenario's rules: at once for a district, by the job queue for more.

    The same rules are not computed twice. Raises `Refused` when the rules cannot be computed at all, `Forbidden`.
    """
    require(actor, EDIT, scenario.district_id)
    known = known_run(scenario)
    if known is not None:
        return known
    material, rules = queries.pinned(scenario), queries.rules_of(scenario)
    finished = compute(material, rules=rules) if len(material.villages) <= inline_limit else None
    with writing(actor, EDIT, place_id=scenario.district_id, at=at) as act:
        run = add_run(act, scenario=scenario, finished=finished)
    if finished is None:
        (enqueue or _enqueue)(run.pk)
    return run


def known_run(scenario: Scenario) -> PlanRun | None:
    """The newest run that has not failed, if it answers the scenario's rules of now."""
    newest = PlanRun.objects.filter(scenario=scenario).exclude(state=RunState.FAILED).order_by("-number").first()
    return newest if newest is not None and newest.rules_sha256 == digest(scenario.rules) else None


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A computed result with what it took."""

    result: dict[str, object]
    status: str
    objective: int | None
    bound: int | None
    count: int | None
    seconds: float

    @property
    def fields(self) -> dict[str, object]:
        """The run's columns."""
        return {
            "state": RunState.DONE,
            "progress": 100,
            "status": self.status,
            "objective": self.objective,
            "bound": self.bound,
            "count": self.count,
            "result": self.result,
            "result_sha256": digest(self.result),
            "seconds": self.seconds,
        }


def compute(material: Material, *, rules: PlanRules, progress: Callable[[int, int], None] | None = None) -> FinishedRun:
    """Solve and pack the result. Raises `Refused` where the planner cannot even begin."""
    began = perf_counter()
    try:
        result = solve(material, rules, progress)
    except MergeplanError as error:
        message = _("The planner cannot compute this: %(why)s")
        raise Refused(fault("cannot_compute", message % {"why": error}, "k")) from error
    count = result.after if result.is_feasible else None
    taken = perf_counter() - began
    return FinishedRun(result_as_json(result), result.status, result.objective, result.bound, count, taken)


def add_run(act: OpenEntry, *, scenario: Scenario, finished: FinishedRun | None) -> PlanRun:
    """The next run of a scenario under its rules, queued or finished; inside an open `writing` block."""
    take_turn(scenario)
    last = PlanRun.objects.filter(scenario=scenario).aggregate(last=Max("number"))["last"] or 0
    run = PlanRun(
        scenario=scenario,
        number=last + 1,
        rules=scenario.rules,
        rules_sha256=digest(scenario.rules),
        asked_by=act.actor.name,
        asked_by_user_id=act.actor.id,
        asked_at=act.at,
        **(finished.fields if finished else {}),
    )
    run.save(force_insert=True)
    act.subject = f"scenario:{scenario.public_id}"
    act.after = {"did": "run", "run": run.number, "status": run.status, "count": run.count, "result": run.result_sha256}
    return run


def finish_run(*, actor: Actor, run_id: int, at: datetime | None = None) -> PlanRun:
    """Compute a queued run; its progress is written as it goes. A refusal becomes the run's failure, in words."""
    run = PlanRun.objects.select_related("scenario").get(pk=run_id)
    if run.state == RunState.DONE:
        return run
    scenario = run.scenario
    material = queries.pinned(scenario)
    shown = [-20]

    def progress(done: int, whole: int) -> None:
        percent = 100 * done // max(whole, 1)
        if percent - shown[0] >= 20:  # each step is an entry of the trail: a few are enough for a bar
            shown[0] = percent
            with writing(actor, EDIT, place_id=scenario.district_id) as act:
                PlanRun.objects.filter(pk=run_id).update(state=RunState.RUNNING, progress=min(percent, 99))
                act.subject = f"scenario:{scenario.public_id}"
                act.after = {"did": "run_progress", "run": run.number, "percent": percent}

    progress(0, 1)
    try:
        finished = compute(material, rules=rules_from_json(run.rules), progress=progress)
        changes: dict[str, object] = finished.fields
    except Refused as refused:
        changes = {"state": RunState.FAILED, "failure": str(refused)}
    with writing(actor, EDIT, place_id=scenario.district_id, at=at) as act:
        PlanRun.objects.filter(pk=run_id).update(**changes)
        run.refresh_from_db()
        act.subject = f"scenario:{scenario.public_id}"
        act.after = {"did": "run", "run": run.number, "status": run.status, "result": run.result_sha256}
    return run


def choose_count(
    *, actor: Actor, scenario: Scenario, count: int, version: int | None = None, at: datetime | None = None
) -> PlanRun:
    """See another point of the curve: exactly this many villages, at the same target population, computed at once."""
    rules = queries.rules_of(scenario)
    standing = queries.standing(scenario)
    target = target_population(standing.material, rules=standing.shown_rules)
    wanted = replace(
        rules, goal=Goal(GoalKind.EXACTLY, count=count, reduction=rules.goal.reduction), target_population=target
    )
    return change_and_run(actor=actor, scenario=scenario, rules=wanted, version=version, did="choose_count", at=at)


def target_population(material: Material, *, rules: PlanRules) -> int:
    """The target the planner took for these rules."""
    target: int = compute_instance(rules, material)["T"]
    return target


def relax(
    *, actor: Actor, scenario: Scenario, relaxation: Relaxation, version: int | None = None, at: datetime | None = None
) -> PlanRun:
    """Follow the advice of an infeasible run: change the one rule it names, and run again."""
    wanted = relaxed(queries.rules_of(scenario), relaxation)
    return change_and_run(actor=actor, scenario=scenario, rules=wanted, version=version, did="relax", at=at)


def change_and_run(
    *,
    actor: Actor,
    scenario: Scenario,
    rules: PlanRules,
    did: str,
    version: int | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> PlanRun:
    """Change the rules and see the answer: the way of every adjustment by hand."""
    if digest(rules.as_json()) != digest(scenario.rules):
        change_rules(actor=actor, scenario=scenario, rules=rules, version=version, did=did, reason=reason, at=at)
    return run_scenario(actor=actor, scenario=scenario, at=at)


def rename_scenario(
    *, actor: Actor, scenario: Scenario, name: str, version: int | None = None, at: datetime | None = None
) -> Scenario:
    """Call a draft something else."""
    if not name.strip():
        raise Refused(fault("name_missing", _("Give the scenario a name."), "name"))
    try:
        with writing(actor, EDIT, place_id=scenario.district_id, at=at) as act:
            act.before = {"name": scenario.name}
            change_draft(act, scenario=scenario, version=version, name=name.strip()[:100])
            act.after = {"did": "rename", "name": scenario.name}
    except IntegrityError as error:
        message = _("This district already has a scenario called “%(name)s”: choose another name.")
        raise Refused(fault("name_taken", message % {"name": name}, "name")) from error
    return scenario


def refuse(found: Sequence[Fault]) -> None:
    """Raise `Refused` with the problems when one of them is an error."""
    if has_errors(found):
        raise Refused(found)
