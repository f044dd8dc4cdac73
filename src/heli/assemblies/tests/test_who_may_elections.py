"""Who may open elections, prepare them, key, declare, and end offices."""

from datetime import timedelta

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase
from heli.assemblies.models import ContestKind, CountSheet, Nominee, UnitContest
from heli.assemblies.services import declaring, elections, tallies
from heli.assemblies.testing.elections import (
    BEFORE,
    POLL,
    clerk,
    contest_of,
    declared,
    election_of,
    key_twice,
    paper,
    plan_of,
)
from heli.assemblies.types import RoundPlan
from heli.files.testing import draw_photo
from heli.records.services import FormFile
from heli.records.testing import district_of
from heli.ui.testing import Kwargs

OFFICERS = ("district_officer", "town_officer")
KEEPERS = (*OFFICERS, "village_cadre")
KEYERS = (*OFFICERS, "tally_clerk")


def opening(world: World) -> Kwargs:
    return {
        "about": district_of(world.a), "plan": plan_of(jurisdiction="CN"), "place_ids": [world.a.village.pk],
        "today": BEFORE,
    }  # fmt: skip


def bare(world: World) -> UnitContest:
    return election_of(world.a).contests.get(place=world.a.village)


def sheet(world: World) -> CountSheet:
    return contest_of(world.a).sheets.all()[0]


def asked(world: World) -> Nominee:
    officer = world.a.actor("district_officer")
    return elections.nominate(
        actor=officer, contest=bare(world), post="chair", name="候选人", is_woman=False, today=BEFORE
    )


def differing(world: World) -> CountSheet:
    made = sheet(world)
    for number, votes in ((1, 240), (2, 241)):
        made = tallies.key_sheet(
            actor=clerk(world.a, number), sheet=made, numbers=paper(made, {"votes.chair.1": votes})
        )
    return made


def counted(world: World) -> UnitContest:
    contest = contest_of(world.a)
    for one in contest.sheets.all():
        key_twice(world.a, one)
    return contest


def pour(world: World) -> Kwargs:
    first, second = contest_of(world.a).sheets.all()
    return {"sheet": second, "into": first}


def second_ballot(world: World) -> Kwargs:
    contest = declared(world.a, {"votes.member.7": 149}, each=True)
    return {"contest": contest, "on": POLL + timedelta(days=5)}


def by_hand(world: World) -> Kwargs:
    contest = declared(world.a)
    return {"contest": contest, "plan": RoundPlan(seats={"chair": 1}, on=POLL, kind=ContestKind.BY_ELECTION)}


def office(world: World) -> Kwargs:
    contest = declared(world.a)
    return {"nominee": contest.nominees.get(number=1), "how": "by_itself", "on": POLL + timedelta(days=90)}


def keyed_by_town(world: World) -> UnitContest:
    contest = contest_of(world.a)
    for one in contest.sheets.all():
        tallies.key_sheet(actor=world.a.actor("town_officer"), sheet=one, numbers=paper(one))
        tallies.key_sheet(actor=clerk(world.a, 1), sheet=one, numbers=paper(one))
    return contest


def keyed_once(world: World) -> CountSheet:
    made = sheet(world)
    return tallies.key_sheet(actor=world.a.actor("town_officer"), sheet=made, numbers=paper(made))


def second_keying(world: World) -> Kwargs:
    made = keyed_once(world)
    return {"sheet": made, "numbers": paper(made)}


def long_after(world: World) -> Kwargs:
    declared(world.a)
    return {"on": POLL + timedelta(days=500)}


CASES = [
    WriteCase(elections.open_election, OFFICERS, opening),
    WriteCase(elections.prepare, KEEPERS, lambda w: {"contest": bare(w), "numbers": {"registered": 900}}),
    WriteCase(
        elections.nominate, KEEPERS, lambda w: {"contest": bare(w), "post": "chair", "name": "候选人", "is_woman": True}
    ),
    WriteCase(elections.review, KEEPERS, lambda w: {"nominee": asked(w), "is_qualified": True}),
    WriteCase(elections.add_table, KEEPERS, lambda w: {"contest": bare(w), "name": "1", "boxes": [("箱", 400)]}),
    WriteCase(elections.pour_together, KEEPERS, pour),
    WriteCase(
        elections.open_by_election, KEEPERS, lambda w: {"contest": declared(w.a), "seats": {"member": 1}, "on": POLL}
    ),
    WriteCase(elections.next_round, KEEPERS, by_hand),
    WriteCase(
        tallies.key_sheet, KEYERS,
        second_keying, first="town_officer",
    ),
    WriteCase(tallies.settle_sheet, KEYERS, lambda w: {"sheet": differing(w), "values": {"votes.chair.1": 240}}),
    WriteCase(
        tallies.withdraw_keying, ("town_officer",), lambda w: {"sheet": keyed_once(w)}, hidden="not_yours",
    ),
    WriteCase(
        declaring.declare, OFFICERS, lambda w: {"contest": keyed_by_town(w), "kin_apart": True, "one_shoulder": True},
        first="town_officer",
    ),
    WriteCase(declaring.open_second_ballot, KEEPERS, second_ballot),
    WriteCase(
        declaring.keep_signed_copy, KEEPERS,
        lambda w: {"contest": declared(w.a), "upload": FormFile("sheet.jpg", [draw_photo()])},
    ),
    WriteCase(
        declaring.post_result, OFFICERS,
        lambda w: {"about": district_of(w.a), "contest": declared(w.a), "text": "选举结果", "on": POLL},
    ),
    WriteCase(declaring.hand_over, OFFICERS, lambda w: {"contest": declared(w.a), "on": POLL + timedelta(days=3)}),
    WriteCase(declaring.count_intended, OFFICERS, lambda w: {"contest": declared(w.a, counts_intent=True), "won": 4}),
    WriteCase(declaring.end_office, OFFICERS, office),
    WriteCase(
        declaring.forget_nominees, SYSTEM_ONLY,
        long_after,
    ),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=str)
def test_whoever_may_writes_and_nobody_else(case: WriteCase, world: World) -> None:
    assert case.wrong_answers(world) == []
