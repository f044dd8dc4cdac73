"""Who may propose a plan, post it, hear and answer opinions, apply and take back; who wrote or computed it does not accept it."""

from datetime import date

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world
from heli.consultation.services import notices as consultation
from heli.files.testing import draw_photo
from heli.kernel.access import SYSTEM, Actor
from heli.planning import services
from heli.planning.abouts import SCENARIO
from heli.planning.models import Scenario
from heli.planning.testing import DAY, posted_of, question_of, scenario_of
from heli.records.services import FormFile
from heli.ui.testing import Kwargs

pytestmark = pytest.mark.django_db
EDITORS = ("district_officer", *SYSTEM_ONLY)
OPINERS = ("public", "district_officer", "town_officer", "village_cadre", "department_liaison")
DECIDERS = ("district_officer",)
"""A person accepts, not the system."""
DOCUMENT: Kwargs = {"document_number": "前府发〔2026〕8号", "document_on": date(2026, 2, 2)}
APPLIED_ON = date(2026, 6, 1)


def proposed(world: World) -> Scenario:
    return services.propose(actor=world.a.actor("district_officer"), scenario=scenario_of(world.a))


def copied(world: World, *, computed_by: Actor) -> Scenario:
    """A proposal that no person of the district wrote."""
    scenario = services.copy_scenario(actor=SYSTEM, scenario=scenario_of(world.a))
    services.run_scenario(actor=computed_by, scenario=scenario)
    return services.propose(actor=SYSTEM, scenario=scenario)


def accepted(world: World) -> Scenario:
    scenario = copied(world, computed_by=SYSTEM)
    services.accept(actor=world.a.actor("district_officer"), scenario=scenario, **DOCUMENT)
    return scenario


def applied(world: World) -> Scenario:
    scenario = accepted(world)
    services.apply_plan(actor=SYSTEM, scenario=scenario, on=APPLIED_ON)
    return scenario


def carried(world: World, *, applied: bool) -> Kwargs:
    """An accepted question that no person of the district wrote; applied or not yet."""
    question = services.copy_scenario(actor=SYSTEM, scenario=question_of(world.a))
    services.run_question(actor=SYSTEM, question=question)
    services.propose(actor=SYSTEM, scenario=question)
    services.accept(actor=world.a.actor("district_officer"), scenario=question, **DOCUMENT)
    if applied:
        services.apply_question(actor=SYSTEM, question=question, on=APPLIED_ON)
    return {"question": question}


def notice(world: World) -> Kwargs:
    return {
        "about": SCENARIO.about(proposed(world)), "kind": "plan", "title": "公示", "text": "方案见下。",
        "place_ids": [world.a.village.pk], "first_on": DAY, "last_on": date(2026, 1, 16), "on": DAY,
    }  # fmt: skip


def opinion(world: World) -> Kwargs:
    said = {"place_id": world.a.village.pk, "topic": "plan", "stance": "agree", "text": "赞成", "on": date(2026, 1, 5)}
    return {**said, "notice": posted_of(world.a), "about": SCENARIO.about(scenario_of(world.a)), "channel": "online"}


def wall_photo(world: World) -> Kwargs:
    made = consultation.post_notice(actor=SYSTEM, **notice(world))
    return {"hung": made.places.get(), "upload": FormFile("wall.jpg", [draw_photo()]), "on": DAY}


CASES = [
    WriteCase(services.propose, EDITORS, lambda w: {"scenario": scenario_of(w.a)}),
    WriteCase(services.take_back, EDITORS, lambda w: {"scenario": proposed(w), "reason": "再议"}),
    WriteCase(services.accept, DECIDERS, lambda w: {"scenario": copied(w, computed_by=SYSTEM), **DOCUMENT}),
    WriteCase(
        services.accept,
        (),
        lambda w: {"scenario": proposed(w), **DOCUMENT},
        first="district_officer",
        refused="planning.own_scenario",
    ),
    WriteCase(
        services.accept,
        (),
        lambda w: {"scenario": copied(w, computed_by=w.a.actor("district_officer")), **DOCUMENT},
        first="district_officer",
        refused="planning.own_run",
    ),
    WriteCase(consultation.post_notice, EDITORS, notice),
    WriteCase(
        consultation.take_down, EDITORS, lambda w: {"notice": posted_of(w.a), "reason": "有误", "on": date(2026, 1, 5)}
    ),
    WriteCase(consultation.add_wall_photo, EDITORS, wall_photo),
    WriteCase(consultation.add_opinion, OPINERS, opinion),
    WriteCase(consultation.add_opinion, EDITORS, lambda w: {**opinion(w), "channel": "phone"}),
    WriteCase(
        consultation.answer_opinion,
        EDITORS,
        lambda w: {"opinion": consultation.add_opinion(actor=SYSTEM, **opinion(w)), "answer": "谢谢"},
    ),
    WriteCase(services.apply_plan, EDITORS, lambda w: {"scenario": accepted(w), "on": APPLIED_ON}),
    WriteCase(services.reverse_plan, EDITORS, lambda w: {"scenario": applied(w), "reason": "有误"}),
    WriteCase(services.apply_question, EDITORS, lambda w: {**carried(w, applied=False), "on": APPLIED_ON}),
    WriteCase(services.reverse_question, EDITORS, lambda w: {**carried(w, applied=True), "reason": "有误"}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
