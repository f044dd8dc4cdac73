"""Joint plans: several districts with one count of all, pinned, shared, and opened as each district's own scenario."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from time import perf_counter

from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from heli.audit.services import writing
from heli.kernel.access import Actor, may, require
from heli.kernel.faults import Refused
from heli.kernel.ids import new_public_id
from heli.kernel.periods import is_plausible
from heli.planning import queries
from heli.planning.joining import JointAnswer, JointPlanning, MergeplanError, PartAnswer
from heli.planning.models import JointPart, JointPlan, Scenario
from heli.planning.queries.joint import JOINT, common_place
from heli.planning.rules import compute_at_most
from heli.planning.services.scenarios import EDIT, INLINE_LIMIT, FinishedRun, add_run, open_draft, pin, refuse
from heli.planning.sharing import DistrictQuota, PartStatus, Way, check_joint, compute_numbers, compute_target
from heli.planning.solving import digest, result_as_json
from heli.planning.stored import rules_from_json
from heli.planning.types import PlanRules, RunState
from heli.planning.wording import fault, faults, implausible_day

_enqueue = partial(async_task, "heli.planning.jobs.run_joint")

STEPS = 20
"""Each step of the progress bar is an entry of the trail: so many are enough."""


def create_joint(
    *,
    actor: Actor,
    district_ids: Sequence[int],
    name: str,
    way: Way,
    rules: PlanRules | None = None,
    shares: Sequence[DistrictQuota] = (),
    on: date | None = None,
    inline_limit: int = INLINE_LIMIT,
    enqueue: Callable[[int], object] | None = None,
    at: datetime | None = None,
) -> JointPlan:
    """Plan districts together: at once where they are small, else by the job queue.

    The same question under the same name is not computed twice. `shares` are numbers handed down to some districts; the others
    get theirs in proportion. Raises `Refused` for a question that makes no sense, `Forbidden` for one district too many.
    """
    for district in district_ids:
        require(actor, JOINT, district)
    day, wanted = on or timezone.localdate(), rules or PlanRules()
    if not is_plausible(day):
        raise Refused(implausible_day("on"))
    if not name.strip():
        raise Refused(fault("name_missing", _("Give the joint plan a name."), "name"))
    rows = {row.id: row for row in queries.plannable_districts(actor, day) if row.id in set(district_ids)}
    before = {key: row.before for key, row in rows.items()}
    given = sorted(shares, key=lambda share: share.district) if way is Way.HANDED_DOWN else []
    refuse(faults(check_joint(wanted, way, given, before, {key: row.name for key, row in rows.items()})))
    total = compute_at_most(wanted, sum(before.values())) or 0
    numbers = compute_numbers(total, given, before) if way is Way.HANDED_DOWN else {}
    lines = [[share.district, share.count, share.reduction] for share in given]
    asked = digest([name.strip(), day.isoformat(), way, wanted.as_json(), lines, sorted(before.items())])
    known = JointPlan.objects.filter(asked_sha256=asked, author_id=actor.id).exclude(state=RunState.FAILED).first()
    if known is not None:
        return known
    place = common_place(list(rows), day)
    with writing(actor, JOINT, place_id=place if place and may(actor, JOINT, place) else None, at=at) as act:
        joint = JointPlan(
            public_id=new_public_id(),
            name=name.strip()[:100],
            on=day,
            way=way,
            rules=wanted.as_json(),
            shares=lines,
            asked_sha256=asked,
            author_id=actor.id,
            asked_by=actor.name,
            asked_at=act.at,
        )
        joint.save(force_insert=True)
        for number, row in enumerate(rows.values(), start=1):
            JointPart(
                joint=joint, number=number, district_id=row.id, name=row.name, code=row.code, before=row.before,
                wanted=numbers.get(row.id),
            ).save(force_insert=True)  # fmt: skip
        act.subject = f"joint:{joint.public_id}"
        act.after = {"did": "create", "name": joint.name, "on": day.isoformat(), "way": str(way), "total": total,
                     "districts": sorted(rows)}  # fmt: skip
    if sum(before.values()) <= inline_limit:
        return finish_joint(actor=actor, joint_id=joint.pk, at=at)
    (enqueue or _enqueue)(joint.pk)
    return joint


def finish_joint(*, actor: Actor, joint_id: int, at: datetime | None = None) -> JointPlan:
    """Compute a queued joint plan. Asked again it goes on with what is pinned; a finished one is left alone.

    A district that lacks data or has no plan is named, the others are planned all the same.
    """
    began = perf_counter()
    joint = JointPlan.objects.get(pk=joint_id)
    if joint.state == RunState.DONE:
        return joint
    rules = rules_from_json(joint.rules)
    parts = list(JointPart.objects.filter(joint=joint).defer("result"))
    for part in parts:
        if part.inputs_id is None and not part.problems:
            _pin(actor, joint, part)
    whole_before = sum(part.before for part in parts)
    total = compute_at_most(rules, whole_before) or 0
    together = JointPlanning(rules)
    for done, part in enumerate(parts, start=1):
        if part.inputs_id is not None:
            _add(together, part, rules, whole_before, total)
        if done * STEPS // len(parts) > (done - 1) * STEPS // len(parts):
            _note_progress(actor, joint, done)
    left_out = sum(part.before for part in parts if part.problems)
    try:
        if joint.way == Way.FOUND_BEST:
            answer = together.find_best(total, left_out)
        else:
            answer = together.hand_down({part.district_id: part.wanted or part.before for part in parts}, left_out)
    except MergeplanError as error:
        return _fail(actor, joint, _("The planner cannot compute this: %(why)s") % {"why": error})
    return _keep(actor, joint, parts, answer, seconds=perf_counter() - began, at=at)


def _pin(actor: Actor, joint: JointPlan, part: JointPart) -> None:
    """Pin the district's register, or keep in words why it cannot be planned."""
    try:
        material = queries.read_material(part.district_id, joint.on)
    except Refused as refused:
        with writing(actor, JOINT, place_id=part.district_id) as act:
            part.problems = [str(found.message) for found in refused.faults]
            JointPart.objects.filter(pk=part.pk).update(problems=part.problems, status=PartStatus.UNPLANNED)
            act.subject, act.after = f"joint:{joint.public_id}", {"did": "leave_out", "why": part.problems}
        return
    state = queries.register_state(part.district_id, joint.on)
    with writing(actor, JOINT, place_id=part.district_id) as act:
        part.inputs = pin(act, material=material, state=state)
        part.before = part.inputs.villages
        JointPart.objects.filter(pk=part.pk).update(inputs=part.inputs, before=part.before)
        act.subject, act.after = f"joint:{joint.public_id}", {"did": "pin", "inputs": part.inputs.sha256}


def _add(together: JointPlanning, part: JointPart, rules: PlanRules, whole_before: int, total: int) -> None:
    """Add a pinned district to those that are planned; what the planner refuses becomes the part's problem."""
    material = queries.part_material(part)
    people = sum(village.population for village in material.planned)
    target = compute_target(rules, people=people, before=part.before, whole_before=whole_before, total=total)
    try:
        together.add(material, target)
    except MergeplanError as error:
        part.problems = [_("The planner cannot compute this: %(why)s") % {"why": error}]


def _note_progress(actor: Actor, joint: JointPlan, done: int) -> None:
    with writing(actor, JOINT) as act:
        JointPlan.objects.filter(pk=joint.pk).update(state=RunState.RUNNING, done=done)
        act.subject, act.after = f"joint:{joint.public_id}", {"did": "progress", "done": done}


def _fail(actor: Actor, joint: JointPlan, why: str) -> JointPlan:
    with writing(actor, JOINT) as act:
        JointPlan.objects.filter(pk=joint.pk).update(state=RunState.FAILED, failure=why)
        act.subject, act.after = f"joint:{joint.public_id}", {"did": "fail", "why": why}
    joint.refresh_from_db()
    return joint


def _keep(
    actor: Actor,
    joint: JointPlan,
    parts: Sequence[JointPart],
    answer: JointAnswer,
    *,
    seconds: float,
    at: datetime | None,
) -> JointPlan:
    """Write the whole answer in one block; whoever finished first is kept."""
    with writing(actor, JOINT, at=at) as act:
        act.subject = f"joint:{joint.public_id}"
        if JointPlan.objects.select_for_update().get(pk=joint.pk).state == RunState.DONE:
            act.after = {"did": "run_again"}
        else:
            hashes = {part.district_id: _keep_part(part, answer.parts.get(part.district_id)) for part in parts}
            result = {
                "after": answer.after,
                "curve": [list(point) for point in answer.curve],
                "possible": list(answer.possible or ()),
                "inputs": {str(part.district_id): part.inputs.sha256 for part in parts if part.inputs is not None},
                "parts": {str(district): value for district, value in hashes.items() if value},
            }
            JointPlan.objects.filter(pk=joint.pk).update(
                state=RunState.DONE,
                done=len(parts),
                status=answer.status,
                objective=answer.objective,
                bound=answer.bound,
                best=answer.best,
                result=result,
                result_sha256=digest(result),
                seconds=seconds,
            )
            act.after = {"did": "run", "status": answer.status, "count": answer.after, "result": digest(result)}
    joint.refresh_from_db()
    return joint


def _keep_part(part: JointPart, answer: PartAnswer | None) -> str:
    """Write one district's answer; the hash of its result, empty where there is none."""
    rows = JointPart.objects.filter(pk=part.pk)
    if answer is None:
        rows.update(problems=part.problems, status=PartStatus.UNPLANNED if part.problems else "")
        return ""
    result = answer.result
    content = result_as_json(result)
    rows.update(
        status=result.status,
        count=result.after if result.is_feasible else None,
        objective=result.objective,
        bound=result.bound,
        rules=answer.rules.as_json(),
        result=content,
        result_sha256=digest(content),
    )
    return digest(content)


def open_part(*, actor: Actor, part: JointPart, action: str = EDIT, at: datetime | None = None) -> Scenario:
    """Open a district's part as an ordinary draft of that district, with its run; opened once, then always the same one.

    From there the district works on: rules, comments, acceptance by a second person, all as with any scenario. Raises `Refused`
    where the district was not planned, `Forbidden`.
    """
    require(actor, action, part.district_id)
    with writing(actor, action, place_id=part.district_id, at=at) as act:
        mine = JointPart.objects.select_for_update(of=("self",)).select_related("joint").get(pk=part.pk)
        act.subject = f"joint:{mine.joint.public_id}"
        if mine.scenario is not None:
            act.after = {"did": "open_again", "scenario": mine.scenario.public_id}
            return mine.scenario
        if mine.inputs is None or not mine.result_sha256:
            message = _("%(district)s was not planned: nothing can be opened.")
            raise Refused(fault("part_unplanned", message % {"district": mine.name}))
        name = queries.unique_name(mine.district_id, mine.joint.name)
        scenario = open_draft(act, name=name, inputs=mine.inputs, rules=mine.rules)
        finished = FinishedRun(mine.result, mine.status, mine.objective, mine.bound, mine.count, 0.0)
        run = add_run(act, scenario=scenario, finished=finished)
        JointPart.objects.filter(pk=mine.pk).update(scenario=scenario)
        act.subject = f"scenario:{scenario.public_id}"
        act.after = {"did": "open_part", "joint": mine.joint.public_id, "name": name, "inputs": mine.inputs.sha256,
                     "result": run.result_sha256}  # fmt: skip
    return scenario


def hand_down(*, actor: Actor, joint: JointPlan, at: datetime | None = None) -> int:
    """Open every planned district's part as its draft; how many are open now. Pressed again, it does the rest.

    Raises `Refused` while nothing is computed, `Forbidden` where one of the districts is not the actor's.
    """
    parts = list(JointPart.objects.filter(joint=joint).defer("result", "inputs__material"))
    for part in parts:
        require(actor, JOINT, part.district_id)
    planned = [part for part in parts if part.result_sha256]
    if joint.state != RunState.DONE or not planned:
        raise Refused(fault("joint_not_run", _("Nothing is computed yet: wait until the districts are planned.")))
    for part in planned:
        if part.scenario_id is None:
            open_part(actor=actor, part=part, action=JOINT, at=at)
    return len(planned)
