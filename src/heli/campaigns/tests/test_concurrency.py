"""Two who work on a campaign at the same moment take turns: nothing is lost, doubled or answered with a crash (PostgreSQL)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from heli.accounts.testing import World, build_world
from heli.campaigns.abouts import about_of
from heli.campaigns.models import Campaign, Evidence, Step, StepEvent, Track
from heli.campaigns.services import evidence, follow_lineage, steps
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import OPENED, step_of
from heli.campaigns.types import Did, StepStatus
from heli.consultation.models import Survey, SurveyTurnout
from heli.consultation.services import surveys
from heli.consultation.testing import survey_of
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.places.testing import merge
from heli.problems.models import Problem
from heli.problems.testing import move, problem_in_hand, team_key
from heli.rounds import services as rounds
from heli.rounds.models import Visit
from heli.warnings.models import FrozenWeek, Statement
from heli.warnings.services import statements, weeks
from heli.warnings.testing import run_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time from the start"),
]
LATER = OPENED + timedelta(days=3)
MINUTES = 'evidence = [{ kind = "minutes", least = 1, name = { zh = "记录", en = "minutes" } }]'


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each of several threads got: a value, or the refusal's first code."""

    def one(work: Callable[[], object]) -> object:
        try:
            return work()
        except Refused as refused:
            return refused.faults[0].code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


@pytest.fixture
def world() -> World:
    return build_world()


def submitted(world: World) -> Step:
    campaign = open_drawn(world.a, "ask village 3")
    step = step_of(campaign, world.a.village, "ask")
    steps.submit_step(actor=world.a.actor("village_cadre"), step=step, at=LATER)
    return step


def test_a_submission_is_judged_once(world: World) -> None:
    step = submitted(world)

    def accept(role: str) -> Callable[[], object]:
        actor = world.a.actor(role)
        return lambda: steps.accept_step(actor=actor, step=Step.objects.get(pk=step.pk), at=LATER).status

    def send_back() -> object:
        mine = Step.objects.get(pk=step.pk)
        return steps.return_step(actor=world.a.actor("district_officer"), step=mine, reason="不行", at=LATER).status

    got = at_once(*[accept("town_officer"), accept("district_officer"), send_back] * 2)
    assert len([one for one in got if one in (StepStatus.ACCEPTED, StepStatus.RETURNED)]) == 1
    assert set(got) - {StepStatus.ACCEPTED, StepStatus.RETURNED} == {"moved_on"}
    assert StepEvent.objects.filter(step=step).exclude(did=Did.SUBMITTED).count() == 1


def test_no_proof_slips_in_beside_a_submission_that_is_being_accepted(world: World) -> None:
    campaign = open_drawn(world.a, playbook=draw_playbook("ask village 3", more={"ask": MINUTES}))
    step, cadre = step_of(campaign, world.a.village, "ask"), world.a.actor("village_cadre")
    evidence.add_evidence(actor=cadre, step=step, requirement=0, text="会议记录", at=LATER)

    def add() -> object:
        mine = Step.objects.get(pk=step.pk)
        return evidence.add_evidence(actor=cadre, step=mine, requirement=0, text="会议记录", at=LATER).pk

    def hand_in() -> object:
        steps.submit_step(actor=cadre, step=Step.objects.get(pk=step.pk), at=LATER)
        return steps.accept_step(
            actor=world.a.actor("town_officer"), step=Step.objects.get(pk=step.pk), at=LATER
        ).status

    at_once(add, hand_in, add, add)
    assert not Evidence.objects.filter(step=step, sealed_at=None).exists()


def test_a_name_is_given_to_one_campaign(world: World) -> None:
    got = at_once(*[lambda: open_drawn(world.a, "ask village 3").pk] * 4)
    assert sorted(str(one) for one in got if isinstance(one, str)) == ["name_taken"] * 3
    assert Campaign.objects.count() == 1


def test_a_week_is_frozen_once_and_a_statement_demanded_once(world: World) -> None:
    run = run_of(world.a)
    frozen, demanded = FrozenWeek.objects.count(), Statement.objects.count()
    assert demanded
    campaign = Campaign.objects.get(pk=run.campaign.pk)
    at = LATER + timedelta(days=60)
    at_once(*[lambda: len(weeks.freeze_missing(actor=SYSTEM, campaign=campaign, at=at))] * 4)
    assert FrozenWeek.objects.count() > frozen
    assert FrozenWeek.objects.values("ends_at").distinct().count() == FrozenWeek.objects.count()
    at_once(*[lambda: len(weeks.escalate(actor=SYSTEM, campaign=campaign, at=at))] * 4)
    streaks = Statement.objects.values_list("town", "first_week")
    assert len(set(streaks)) == len(streaks)


def test_a_statement_given_twice_is_the_later_one_and_a_problem_is_closed_or_reopened_once(world: World) -> None:
    run_of(world.a)
    statement = Statement.objects.filter(town=world.a.town).order_by("pk")[0]
    actor = world.a.actor("town_officer")

    def give(number: int) -> Callable[[], object]:
        return lambda: statements.give_statement(actor=actor, statement=statement, text=f"第{number}稿").text

    assert set(at_once(*[give(number) for number in range(3)])) == {"第0稿", "第1稿", "第2稿"}
    campaign = open_drawn(world.a, "ask village 3", name="问题")
    fault = problem_in_hand(world.a, campaign)
    move(world.a, "town_officer", fault, "claim", note="已核实", on=DAY)

    def close() -> object:
        return move(world.a, "district_officer", Problem.objects.get(pk=fault.pk), "close").status

    assert sorted(str(one) for one in at_once(close, close, close)) == ["closed", "not_now", "not_now"]


def test_a_code_is_used_once_and_visits_are_recorded_once(world: World) -> None:
    survey = survey_of(world.a)
    [code] = surveys.print_codes(
        actor=world.a.actor("district_officer"), survey=survey, place_id=world.a.village.pk, count=1
    )

    def answer() -> object:
        mine = Survey.objects.get(pk=survey.pk)
        question = mine.questions[0]
        chosen = {question["key"]: [question["options"][0][0]]}
        surveys.answer_survey(actor=SYSTEM, survey=mine, code=code, chosen=chosen, on=DAY)
        return "done"

    assert sorted(str(one) for one in at_once(answer, answer, answer)) == ["code_unknown", "code_unknown", "done"]
    assert SurveyTurnout.objects.get(survey=survey).returned == 1
    opened = rounds.open_round(
        actor=world.a.actor("district_officer"),
        about=about_of(Campaign.objects.get(public_id=survey.about)),
        first_on=DAY,
        last_on=date(2026, 3, 20),
    )

    def visit() -> object:
        given: Any = {"place_ids": [world.a.village.pk], "visited_on": DAY, "on": DAY, "team": team_key(world.a)}
        return len(rounds.record_visits(actor=world.a.actor("district_officer"), round=opened, **given))

    assert at_once(visit, visit, visit) == [1, 1, 1]
    assert Visit.objects.count() == 1


def test_what_is_accepted_while_its_village_merges_is_either_accepted_or_moved(world: World) -> None:
    step = submitted(world)
    merge(world.a.register, "岩门村 大石村", "新村", DAY, parent="代市镇")
    chief = world.a.actor("district_officer")
    campaign = Campaign.objects.get(pk=step.campaign_id)

    def accept() -> object:
        return steps.accept_step(actor=chief, step=Step.objects.get(pk=step.pk), at=LATER).status

    def follow() -> object:
        return follow_lineage(
            actor=chief, campaign=Campaign.objects.get(pk=campaign.pk), on=date(2026, 3, 5), at=LATER
        )["moved"]

    at_once(accept, follow, follow)
    step.refresh_from_db()
    last = StepEvent.objects.filter(step=step).order_by("-pk")[0]
    assert step.status == last.status
    assert step.status in (StepStatus.ACCEPTED, StepStatus.MOVED, StepStatus.ENDED)
    assert Track.objects.filter(campaign=campaign, place=world.a.register["新村"]).count() <= 1
