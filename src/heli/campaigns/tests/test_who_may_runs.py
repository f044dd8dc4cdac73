"""Who may open, rest, go on with, change and finish a campaign, and who names deputies: the district."""

from datetime import date, timedelta

import pytest

from heli.accounts.testing import World, WriteCase
from heli.campaigns import services
from heli.campaigns.models import Campaign
from heli.campaigns.services.deputies import appoint_deputy
from heli.campaigns.services.replacing import replace_playbook
from heli.campaigns.services.replanning import move_fixed_day
from heli.campaigns.services.steps import waive_step
from heli.campaigns.testing.runs import OPENED, STARTS, draw_playbook, open_drawn, step_of
from heli.places.testing import merge
from heli.ui.testing import Kwargs

OPENERS = ("district_officer",)
LATER = OPENED + timedelta(days=3)


def plan(world: World) -> Kwargs:
    book = draw_playbook("ask village 3")
    return {"district_id": world.a.district.pk, "name": "村改", "playbook": book, "starts_on": STARTS, "at": OPENED}


def resting(world: World) -> Campaign:
    campaign = open_drawn(world.a)
    services.pause_campaign(
        actor=world.a.actor("district_officer"), campaign=campaign, on=STARTS, reason="防汛", at=OPENED
    )
    return campaign


def done(world: World) -> Campaign:
    """Its only step was waived."""
    campaign = open_drawn(world.a, "lead district 1")
    step = step_of(campaign, world.a.district, "lead")
    waive_step(actor=world.a.actor("district_officer"), step=step, reason="早已成立", at=LATER)
    return campaign


def merged(world: World) -> Campaign:
    """Two of its villages have become one since."""
    campaign = open_drawn(world.a)
    merge(world.a.register, "岩门村 大石村", "新村", date(2026, 3, 4), parent="代市镇")
    return campaign


def deputy(world: World) -> Kwargs:
    return {
        "campaign": open_drawn(world.a),
        "principal": "town_officer.a",
        "deputy": "village_cadre.a",
        "valid_from": STARTS,
        "valid_to": date(2026, 3, 20),
        "at": LATER,
    }


CASES = [
    WriteCase(services.open_campaign, OPENERS, plan),
    WriteCase(
        services.pause_campaign,
        OPENERS,
        lambda w: {"campaign": open_drawn(w.a), "on": STARTS, "reason": "防汛", "at": LATER},
    ),
    WriteCase(services.resume_campaign, OPENERS, lambda w: {"campaign": resting(w), "on": LATER.date(), "at": LATER}),
    WriteCase(services.finish_campaign, OPENERS, lambda w: {"campaign": done(w), "at": LATER}),
    WriteCase(services.follow_lineage, OPENERS, lambda w: {"campaign": merged(w), "on": date(2026, 3, 4), "at": LATER}),
    WriteCase(
        replace_playbook,
        OPENERS,
        lambda w: {"campaign": open_drawn(w.a), "playbook": draw_playbook("ask village 4", version=2), "at": LATER},
    ),
    WriteCase(
        move_fixed_day,
        OPENERS,
        lambda w: {"campaign": open_drawn(w.a), "fixed_on": date(2026, 4, 15), "reason": "错开农忙", "at": LATER},
    ),
    WriteCase(appoint_deputy, OPENERS, deputy, hidden="unknown_account"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
