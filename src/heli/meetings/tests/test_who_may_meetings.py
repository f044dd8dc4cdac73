"""Who may record meetings and what came of them; who reported a decision done does not confirm it."""

from datetime import date

import pytest

from heli.accounts.testing import World, WriteCase
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matters import DAY, bare_campaign
from heli.meetings import services as service
from heli.meetings.models import Decision
from heli.meetings.testing import meeting_of
from heli.problems.testing import team_key
from heli.ui.testing import Kwargs

KEEPERS = ("district_officer", "town_officer", "department_liaison")
JUDGES = ("district_officer", "town_officer")
LATER = date(2026, 3, 9)


def held(world: World) -> Kwargs:
    return {
        "about": about_of(bare_campaign(world.a)),
        "place_id": world.a.village.pk,
        "kind": "report",
        "title": "汇报会",
        "held_on": DAY,
        "attendance": {"cadres": 3},
        "on": DAY,
    }


def decided(world: World) -> Kwargs:
    owner = team_key(world.a)
    return {"meeting": meeting_of(world.a), "text": "月底前核清", "owner": owner, "due_on": LATER, "on": DAY}


def decision(world: World) -> Kwargs:
    return {"decision": service.add_decision(actor=world.a.actor("town_officer"), **decided(world)), "on": LATER}


def done(world: World) -> Kwargs:
    """Reported done by the town officer."""
    made: Decision = service.report_done(actor=world.a.actor("town_officer"), **decision(world), result="已核清")
    return {"decision": made, "on": LATER}


CASES = [
    WriteCase(service.record_meeting, KEEPERS, held),
    WriteCase(service.add_decision, KEEPERS, decided),
    WriteCase(service.report_done, KEEPERS, lambda w: {**decision(w), "result": "已核清"}),
    WriteCase(service.check_decision, JUDGES, done, first="town_officer"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
