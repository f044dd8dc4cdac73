"""Questions asked, ruled, computed and changed by hand. How they are decided is the same as for a merger of villages."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from time import perf_counter

from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from heli.audit.services import writing
from heli.audit.types import OpenEntry
from heli.kernel.access import Actor, require
from heli.kernel.faults import Refused
from heli.kernel.periods import is_plausible
from heli.planning import queries
from heli.planning.models import Inputs, PlanRun, Scenario
from heli.planning.questions import QUESTIONS
from heli.planning.questions.grids import price_one_move
from heli.planning.questions.joined import TIMES, is_joined, join_material
from heli.planning.questions.types import (
    QuestionMaterial,
    QuestionRules,
    Wish,
    question_rules_from_json,
)
from heli.planning.services.scenarios import (
    EDIT,
    FinishedRun,
    add_run,
    change_draft,
    finish_run,
    known_run,
    open_draft,
    refuse,
)
from heli.planning.solving import MergeplanError, digest
from heli.planning.types import PlanKind, RunState
from heli.planning.wording import fault, faults, implausible_day

_enqueue = partial(async_task, "heli.planning.jobs.run_queued")

AT_ONCE = 2_000
"""Things up to which a question is answered while the page waits; more by the job queue."""
HANDS = {"lock": "locks", "ban": "bans", "move": "moves"}
READERS: Mapping[PlanKind, Callable[[int, date], QuestionMaterial]] = {
    PlanKind.GROUPS: queries.read_groups,
    PlanKind.LAYOUT: queries.read_communities,
    PlanKind.POINTS: queries.read_sites,
}
"""How the register is read for the kinds that ask it."""


def create_question(
    *,
    actor: Actor,
    kind: PlanKind,
    district_id: int,
    name: str,
    on: date | None = None,
    material: QuestionMaterial | None = None,
    numbers: Mapping[str, int | None] | None = None,
    at: datetime | None = None,
) -> Scenario:
    """Pin what is asked about (`material` of a file, else the register of a day) and open a draft with the usual rules.

    Raises `Refused` when something is missing or the numbers make no sense, `Forbidden`.
    """
    require(actor, EDIT, district_id)
    day, usual = on or timezone.localdate(), QUESTIONS[kind].defaults
    if not is_plausible(day):
        raise Refused(implausible_day("on"))
    if not name.strip():
        raise Refused(fault("name_missing", _("Give the scenario a name."), "name"))
    if material is None and kind not in READERS:
        raise Refused(fault("file_missing", _("Give the file with what is asked about."), "file"))
    asked = material or READERS[kind](district_id, day)
    rules = replace(usual, numbers={**usual.numbers, **(numbers or {})})
    refuse(faults(QUESTIONS[kind].check(rules, asked)))
    with writing(actor, EDIT, place_id=district_id, at=at) as act:
        question = open_draft(act, name=name.strip(), inputs=_pin(act, asked), rules=rules.as_json(), kind=kind)
        act.after = {"did": "ask", "kind": kind.value, "name": question.name, "inputs": question.inputs.sha256}
    return question


def _pin(act: OpenEntry, asked: QuestionMaterial) -> Inputs:
    content = asked.as_json()
    sha256 = digest(content)
    inputs, _created = Inputs.objects.defer("material").get_or_create(
        district_id=asked.district,
        sha256=sha256,
        state=sha256,
        defaults={
            "on": asked.on,
            "material": content,
            "villages": len(asked.things),
            "population": sum(thing.size for thing in asked.things),
            "is_sample": asked.is_sample,
            "pinned_at": act.at,
        },
    )
    return inputs


def change_question(
    *,
    actor: Actor,
    question: Scenario,
    rules: QuestionRules,
    version: int | None = None,
    did: str = "change_rules",
    at: datetime | None = None,
) -> Scenario:
    """Give a draft other rules; `version` is the one the editor saw. Raises `Refused`, `Forbidden`."""
    require(actor, EDIT, question.district_id)
    material = queries.stored_question(question.inputs_id, question.inputs.sha256)
    refuse(faults(QUESTIONS[question.kind].check(rules, material)))
    before, after = question.rules, rules.as_json()
    with writing(actor, EDIT, place_id=question.district_id, at=at) as act:
        change_draft(act, scenario=question, version=version, rules=after)
        changed = sorted(key for key in after if before.get(key) != after[key])
        act.before = {key: before.get(key) for key in changed}
        act.after = {"did": did, **{key: after[key] for key in changed}}
    return question


def settle(
    *,
    actor: Actor,
    question: Scenario,
    did: str,
    wish: Wish,
    version: int | None = None,
    at: datetime | None = None,
) -> PlanRun:
    """Lock, ban, move or free something by hand, and see the answer. Raises `Refused` for what the kind does not know."""
    kind, rules = QUESTIONS[question.kind], question_rules_from_json(question.rules)
    standing = queries.question_standing(question)
    known = standing.material.by_id
    if did == "free":
        wanted = rules.free(wish)
    elif did not in kind.hands or not wish or len(set(wish)) < len(wish) or any(one not in known for one in wish):
        raise Refused(fault("wish_unknown", _("Choose what it is about from the list."), "one"))
    elif did == "lock" and kind.name is PlanKind.GROUPS and len({known[one].parent for one in wish}) > 1:
        raise Refused(fault("wish_apart", _("These groups belong to different villages."), "other"))
    else:
        wanted = rules.settled(HANDS[did], wish)
        if did == "move":
            _check_move(standing, wish)
    change_question(actor=actor, question=question, rules=wanted, version=version, did=did, at=at)
    return run_question(actor=actor, question=question, at=at)


def join_grids(*, actor: Actor, question: Scenario, at: datetime | None = None) -> Scenario:
    """Open a draft that joins the grids of an answer into large ones, two to four each to begin with, and answer it.

    Raises `Refused` when there are no grids or they are large already, `Forbidden`.
    """
    require(actor, EDIT, question.district_id)
    standing = queries.question_standing(question)
    answer = standing.answer
    if question.kind != PlanKind.GRIDS or answer is None or not answer.is_feasible or is_joined(standing.material):
        raise Refused(fault("no_grids", _("Compute the grids first: there is nothing to join."), ""))
    rules = standing.shown_rules.numbers
    made = create_question(
        actor=actor,
        kind=PlanKind.GRIDS,
        district_id=question.district_id,
        name=_("%(name)s, joined") % {"name": question.name},
        on=standing.material.on,
        material=join_material(standing.material, answer, joined_from=question.public_id),
        numbers={**{name: times * (rules[name] or 1) for name, times in TIMES.items()}, "balance": rules["balance"]},
        at=at,
    )
    run_question(actor=actor, question=made, at=at)
    return made


def _check_move(standing: queries.QuestionStanding, wish: Wish) -> None:
    """Refuse a move by which a grid would break a rule."""
    special = any(standing.material.by_id[one].role == "special" for one in wish)
    if len(wish) != 2 or standing.answer is None or special:
        raise Refused(fault("wish_unknown", _("Choose what it is about from the list."), "one"))
    _was, priced = price_one_move(standing.material, standing.rules, standing.answer, *wish)
    if priced.wrong:
        text = _(
            "This move would break a rule: the shortest ways must stay inside the grids, and their households in the limits."
        )
        raise Refused(fault("move_breaks", text, "one"))


def run_question(
    *,
    actor: Actor,
    question: Scenario,
    at_once: int = AT_ONCE,
    enqueue: Callable[[int], object] | None = None,
    at: datetime | None = None,
) -> PlanRun:
    """Answer under the question's rules, at once or by the job queue; the same rules are not answered twice."""
    require(actor, EDIT, question.district_id)
    known = known_run(question)
    if known is not None:
        return known
    finished = compute_question(question) if question.inputs.villages <= at_once else None
    with writing(actor, EDIT, place_id=question.district_id, at=at) as act:
        run = add_run(act, scenario=question, finished=finished)
    if finished is None:
        (enqueue or _enqueue)(run.pk)
    return run


def compute_question(question: Scenario, *, rules: Mapping[str, object] | None = None) -> FinishedRun:
    """Solve and pack the answer. Raises `Refused` where the planner cannot even begin."""
    began = perf_counter()
    material = queries.stored_question(question.inputs_id, question.inputs.sha256)
    try:
        answer = QUESTIONS[question.kind].solve(material, question_rules_from_json(rules or question.rules))
    except MergeplanError as error:
        message = _("The planner cannot compute this: %(why)s")
        raise Refused(fault("cannot_compute", message % {"why": error}, "")) from error
    count = len(answer.units) if answer.is_feasible else None
    taken = perf_counter() - began
    return FinishedRun(answer.as_json(), answer.status, answer.objective, answer.bound, count, taken)


def finish_any_run(*, actor: Actor, run_id: int, at: datetime | None = None) -> PlanRun:
    """Compute a queued run of any kind; a refusal becomes the run's failure, in words."""
    run = PlanRun.objects.select_related("scenario__inputs").get(pk=run_id)
    if run.scenario.kind == PlanKind.VILLAGES:
        return finish_run(actor=actor, run_id=run_id, at=at)
    if run.state == RunState.DONE:
        return run
    try:
        changes: dict[str, object] = compute_question(run.scenario, rules=run.rules).fields
    except Refused as refused:
        changes = {"state": RunState.FAILED, "failure": str(refused)}
    with writing(actor, EDIT, place_id=run.scenario.district_id, at=at) as act:
        PlanRun.objects.filter(pk=run.pk).update(**changes)
        run.refresh_from_db()
        act.subject = f"scenario:{run.scenario.public_id}"
        act.after = {"did": "run", "run": run.number, "status": run.status, "result": run.result_sha256}
    return run
