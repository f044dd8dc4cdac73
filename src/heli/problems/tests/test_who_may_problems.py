"""Who may enter, move and close problems; who claimed one done neither closes nor returns it."""

from datetime import date

import pytest

from heli.accounts.testing import World, WriteCase
from heli.campaigns.testing.matters import DAY, bare_campaign
from heli.problems import services as service
from heli.problems.models import Issue
from heli.problems.testing import issue_in_hand, spec, team_key
from heli.ui.testing import Kwargs

KEEPERS = ("district_officer", "town_officer", "department_liaison")
JUDGES = ("district_officer", "town_officer")
OVER_DISTRICT = ("district_officer", "department_liaison")
LATER = date(2026, 3, 25)


def ledger(world: World) -> Kwargs:
    return {"campaign": bare_campaign(world.a), "on": DAY}


def elsewhere(world: World) -> service.IssueSpec:
    """In another town: one's own village carries it not along."""
    return spec(world.a, place_id=world.a.other_village.pk)


def in_hand(world: World) -> Issue:
    return issue_in_hand(world.a, bare_campaign(world.a))


def claimed(world: World) -> Issue:
    """Claimed done by the town officer."""
    return service.claim_done(actor=world.a.actor("town_officer"), issue=in_hand(world), note="已签字", on=LATER)


def closed(world: World) -> Issue:
    return service.close_issue(actor=world.a.actor("district_officer"), issue=claimed(world), on=LATER)


CASES = [
    WriteCase(service.add_issue, KEEPERS, lambda w: {**ledger(w), "spec": spec(w.a)}),
    WriteCase(service.add_issues, KEEPERS, lambda w: {**ledger(w), "specs": [spec(w.a), spec(w.a, title="合同")]}),
    WriteCase(service.add_issues, OVER_DISTRICT, lambda w: {**ledger(w), "specs": [spec(w.a), elsewhere(w)]}),
    WriteCase(
        service.take_in_hand,
        KEEPERS,
        lambda w: {"issue": in_hand(w), "leader": team_key(w.a), "due_on": LATER, "on": DAY},
    ),
    WriteCase(service.claim_done, KEEPERS, lambda w: {"issue": in_hand(w), "note": "已签字", "on": LATER}),
    WriteCase(service.close_issue, JUDGES, lambda w: {"issue": claimed(w), "on": LATER}, first="town_officer"),
    WriteCase(service.return_issue, JUDGES, lambda w: {"issue": claimed(w), "reason": "缺票据"}, first="town_officer"),
    WriteCase(service.reopen_issue, JUDGES, lambda w: {"issue": closed(w), "reason": "又有一笔", "due_on": LATER}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
