"""Who may open a round of supervision, record visits, and enter what was found into the problem ledger."""

from datetime import date

import pytest

from heli.accounts.testing import World, WriteCase
from heli.campaigns.abouts import about_of
from heli.campaigns.models import Campaign
from heli.campaigns.testing.matters import DAY, bare_campaign
from heli.problems.testing import team_key
from heli.rounds import services as service
from heli.rounds.models import InspectionRound, VisitFinding
from heli.ui.testing import Kwargs

KEEPERS = ("district_officer", "town_officer", "department_liaison")
OVER_DISTRICT = ("district_officer", "department_liaison")
LATER = date(2026, 3, 9)


def days(world: World) -> Kwargs:
    return {"about": about_of(bare_campaign(world.a)), "first_on": DAY, "last_on": LATER}


def opened(world: World) -> InspectionRound:
    return service.open_round(actor=world.a.actor("district_officer"), **days(world))


def visit(world: World) -> Kwargs:
    return {
        "round": opened(world),
        "team": team_key(world.a),
        "place_ids": [world.a.village.pk],
        "visited_on": DAY,
        "findings": [service.FindingSpec("debts", "欠款未核实")],
        "on": DAY,
    }


def two_towns(world: World) -> Kwargs:
    return {**visit(world), "place_ids": [world.a.village.pk, world.a.other_village.pk], "findings": []}


def finding(world: World) -> Kwargs:
    [made] = service.record_visits(actor=world.a.actor("district_officer"), **visit(world))
    about = about_of(Campaign.objects.get(public_id=made.round.about))
    return {"about": about, "finding": VisitFinding.objects.get(visit=made), "on": DAY}


CASES = [
    WriteCase(service.open_round, OVER_DISTRICT, days),
    WriteCase(service.record_visits, KEEPERS, visit),
    WriteCase(service.record_visits, OVER_DISTRICT, two_towns),
    WriteCase(service.to_problem, KEEPERS, finding),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
