"""Who may answer for a red town and who decides; never whoever contested the red or gave the statement."""

import pytest

from heli.accounts.testing import World, WriteCase
from heli.ui.testing import Kwargs
from heli.warnings.models import AppraisalProposal, Contest, FrozenWeek, Statement
from heli.warnings.services import statements as service
from heli.warnings.testing import ends, run_of

ANSWERERS = ("district_officer", "town_officer")
DECIDERS = ("district_officer",)
AT = ends(4)


def red(world: World) -> Kwargs:
    week = FrozenWeek.objects.filter(campaign=run_of(world.a).campaign).latest("number")
    return {"week": week, "town_id": world.a.town.pk, "text": "不服", "at": AT}


def contest(world: World, by: str) -> Contest:
    return service.contest_red(actor=world.a.actor(by), **red(world))


def demanded(world: World) -> Kwargs:
    run = run_of(world.a)
    statement = Statement.objects.get(campaign=run.campaign, town=world.a.town)
    return {"statement": statement, "text": "三日内完成", "at": AT}


def given(world: World, by: str) -> Kwargs:
    return {"statement": service.give_statement(actor=world.a.actor(by), **demanded(world)), "at": AT}


def proposal(world: World) -> Kwargs:
    found = AppraisalProposal.objects.get(statement=demanded(world)["statement"])
    return {"proposal": found, "confirm": True, "reason": "属实", "at": AT}


def decision(world: World, by: str) -> Kwargs:
    return {"contest": contest(world, by), "uphold": True, "reason": "核实无误", "at": AT}


CASES = [
    WriteCase(service.contest_red, ANSWERERS, red),
    WriteCase(service.decide_contest, DECIDERS, lambda w: decision(w, "town_officer")),
    WriteCase(
        service.decide_contest,
        (),
        lambda w: decision(w, "district_officer"),
        first="district_officer",
        refused="own_contest",
    ),
    WriteCase(service.give_statement, ANSWERERS, demanded),
    WriteCase(service.acknowledge_statement, DECIDERS, lambda w: given(w, "town_officer")),
    WriteCase(
        service.acknowledge_statement,
        (),
        lambda w: given(w, "district_officer"),
        first="district_officer",
        refused="own_statement",
    ),
    WriteCase(service.decide_proposal, DECIDERS, proposal),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
