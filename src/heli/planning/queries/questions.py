"""Questions in scope, how one stands, and the register as material for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet
from django.urls import reverse

from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.places.types import PlaceRow
from heli.planning.models import Application, Inputs, PlanRun, Scenario
from heli.planning.queries.scenarios import PlanStanding, how_far, plans_in_scope, standing
from heli.planning.questions.types import (
    QuestionAnswer,
    QuestionMaterial,
    QuestionRules,
    question_answer_from_json,
    question_material_from_json,
    question_rules_from_json,
)
from heli.planning.solving import digest
from heli.planning.types import PlanKind


@dataclass(frozen=True, kw_only=True)
class QuestionStanding(PlanStanding):
    """A question with what its pages need: material, rules, and the answer shown."""

    material: QuestionMaterial
    rules: QuestionRules

    @property
    def answer(self) -> QuestionAnswer | None:
        """The answer shown: the accepted one, or else the newest."""
        return stored_answer(self.run.pk, self.run.result_sha256) if self.run is not None else None

    @property
    def shown_rules(self) -> QuestionRules:
        """The rules of the answer shown."""
        return question_rules_from_json(self.run.rules) if self.run is not None else self.rules


def questions_in_scope(actor: Actor, action: str = "planning.read") -> QuerySet[Scenario]:
    """Scenarios that are no merger of villages, newest change first."""
    return plans_in_scope(actor, action).exclude(kind=PlanKind.VILLAGES)


def find_question(public_id: str, actor: Actor, action: str = "planning.read") -> Scenario | None:
    """The question behind a public id, if the actor's scope reaches it."""
    return questions_in_scope(actor, action).filter(public_id=public_id).first()


def question_standing(scenario: Scenario) -> QuestionStanding:
    """How a question stands."""
    rules = question_rules_from_json(scenario.rules)
    material = stored_question(scenario.inputs_id, scenario.inputs.sha256)
    return QuestionStanding(material=material, rules=rules, **how_far(scenario, digest(rules.as_json())))


def standing_of(scenario: Scenario) -> PlanStanding:
    """How a scenario of any kind stands."""
    return standing(scenario) if scenario.kind == PlanKind.VILLAGES else question_standing(scenario)


def address_of(scenario: Scenario) -> str:
    """The page of a scenario of any kind."""
    page = "planning:scenario" if scenario.kind == PlanKind.VILLAGES else "planning:question"
    return reverse(page, args=[scenario.public_id])


def question_of_run(scenario: Scenario, run: PlanRun) -> QuestionStanding:
    """A question with one certain run of it: what was posted for comment."""
    return replace(question_standing(scenario), run=run, is_current=True, pending=None)


@lru_cache(maxsize=16)
def stored_question(inputs_id: int, sha256: str) -> QuestionMaterial:
    """Pinned material; kept in memory under its hash, since it never changes."""
    return question_material_from_json(
        Inputs.objects.values_list("material", flat=True).get(pk=inputs_id, sha256=sha256)
    )


@lru_cache(maxsize=64)
def stored_answer(run_id: int, sha256: str) -> QuestionAnswer:
    """The answer of a finished run; kept in memory under its hash."""
    return question_answer_from_json(PlanRun.objects.values_list("result", flat=True).get(pk=run_id))


def newest_answers(scenarios: Sequence[Scenario]) -> Mapping[int, QuestionAnswer]:
    """The newest finished answer of each of some questions; one query."""
    runs = PlanRun.objects.filter(scenario__in=scenarios).exclude(result_sha256="").order_by("number")
    return {run.scenario_id: question_answer_from_json(run.result) for run in runs}


# --- grids that were founded -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FoundedGrid:
    """A grid of the register, and the question whose answer founded it under a key."""

    place: PlaceRow
    question: Scenario
    key: str


def founded_grids(actor: Actor, on: date) -> list[FoundedGrid]:
    """The grids of the register within the actor's reach that an applied question founded; three queries."""
    reach = scope(actor, "places.read")
    applied = Application.objects.filter(scenario__kind=PlanKind.GRIDS, reversed_at__isnull=True)
    districts = places.reached_districts(reach)
    if districts is not None:
        applied = applied.filter(scenario__district_id__in=districts)
    named = {
        key: (one.scenario, unit)
        for one in applied.select_related("scenario__inputs").defer("scenario__inputs__material").order_by("pk")
        for did, key, *rest in one.links
        if did == "grid"
        for unit in rest
    }
    reached = set(places.reached_among(reach, sorted(named)))
    rows = places.rows_of(reached, on)
    return [
        FoundedGrid(row, *named[row.id]) for row in sorted(rows.values(), key=lambda row: (row.parent_name, row.id))
    ]


# --- what was decided --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DecidedUnit:
    """A row of an applied question: the place it is at, and the places it serves or takes in.

    For service points `members` are groups, for communities the urban villages that join; `is_new`: a further point, a new
    community.
    """

    place_id: int
    name: str
    members: tuple[int, ...]
    households: int
    is_new: bool


def decided_units(district_id: int, kind: PlanKind, on: date) -> list[DecidedUnit]:
    """The rows of the question of this kind that was applied last by this day; empty without one.

    This is how handover reads service points (`PlanKind.POINTS`) and campaigns read seats (`PlanKind.LAYOUT`).
    """
    found = Application.objects.filter(
        scenario__district_id=district_id, scenario__kind=kind, on__lte=on, reversed_at__isnull=True
    )
    applied = (
        found.select_related("scenario__inputs").defer("scenario__inputs__material").order_by("-on", "-pk").first()
    )
    if applied is None:
        return []
    return rows_of_question(applied.scenario)


def rows_of_question(question: Scenario) -> list[DecidedUnit]:
    """The rows of the answer of a question as other contexts read them."""
    standing = question_standing(question)
    known, answer = standing.material.by_id, standing.answer
    return [
        DecidedUnit(
            place_id=known[unit.centre].place or 0,
            name=unit.name,
            members=tuple(known[one].place or 0 for one in unit.members),
            households=unit.size,
            is_new=unit.mark == "new",
        )
        for unit in (answer.units if answer else ())
        if known[unit.centre].place is not None
    ]
