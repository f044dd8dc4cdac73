"""Who may propose a plan, hear and answer opinions, apply and take back; who wrote or computed it does not accept it."""

from datetime import date

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world
from heli.kernel.access import SYSTEM, Actor
from heli.planning import services
from heli.planning.models import Scenario
from heli.planning.testing import round_of, scenario_of
from heli.planning.types import Stance
from heli.ui.testing import Kwargs

pytestmark = pytest.mark.django_db
EDITORS = ("district_officer", *SYSTEM_ONLY)
DECIDERS = ("district_officer",)
"""A person accepts, not the system."""
DAYS: Kwargs = {"first_on": date(2026, 1, 1), "last_on": date(2026, 2, 1)}
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


def opinion(world: World) -> Kwargs:
    village, today = world.a.village.pk, date(2026, 1, 5)
    return {
        "comment_round": round_of(world.a), "village_id": village, "stance": Stance.AGREE, "text": "赞成", "today": today,
    }  # fmt: skip


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
    WriteCase(services.open_round, EDITORS, lambda w: {"scenario": proposed(w), **DAYS}),
    WriteCase(services.close_round, EDITORS, lambda w: {"comment_round": round_of(w.a)}),
    WriteCase(services.add_opinion, ("public", "district_officer", "department_liaison"), opinion),
    WriteCase(
        services.answer_opinion,
        EDITORS,
        lambda w: {"opinion": services.add_opinion(actor=SYSTEM, **opinion(w)), "answer": "谢谢"},
    ),
    WriteCase(services.apply_plan, EDITORS, lambda w: {"scenario": accepted(w), "on": APPLIED_ON}),
    WriteCase(services.reverse_plan, EDITORS, lambda w: {"scenario": applied(w), "reason": "有误"}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
