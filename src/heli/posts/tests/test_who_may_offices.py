"""Who may set posts, fill and vacate them, keep what is known of holders."""

from datetime import date

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world
from heli.kernel.access import SYSTEM
from heli.posts.rules.pay import PayScale
from heli.posts.services import allotting as sharing
from heli.posts.services import facts, offices, pay, placing, reserve
from heli.posts.testing import (
    ACCEPTERS,
    COMMITTEE,
    DAY,
    KEEPERS,
    allotting,
    committee,
    holder,
    placement_in,
    sharing_of,
    signed_up,
)
from heli.posts.types import OfficeFacts
from heli.records.testing import district_of
from heli.ui.testing import Kwargs

pytestmark = pytest.mark.django_db


def held(world: World) -> Kwargs:
    return {"holding": holder(committee(world.a))}


def two(world: World) -> Kwargs:
    body = committee(world.a)
    return {"holding": holder(body), "other": holder(body, "secretary")}


def long_gone(world: World) -> Kwargs:
    one = holder(committee(world.a))
    facts.keep_facts(actor=SYSTEM, holding=one, facts=OfficeFacts(born="1980-05"), on=DAY)
    offices.vacate(actor=SYSTEM, holding=one, on=DAY)
    return {"on": date(2030, 1, 1)}


def to_take(world: World) -> Kwargs:
    row = placement_in(world.a, "decided", "stays")
    return {"placement": row, "body": row.before.post.body, "kind": "head"}


CASES = [
    WriteCase(
        offices.set_posts,
        ACCEPTERS,
        lambda w: {"body": committee(w.a), "seats": COMMITTEE, "on": DAY, "document_number": "2号"},
    ),
    WriteCase(offices.write_regular, ACCEPTERS, lambda w: {"place_ids": [w.a.village.pk], "on": DAY}),
    WriteCase(offices.fill, KEEPERS, lambda w: {"body": committee(w.a), "kind": "head", "name": "陈主任", "on": DAY}),
    WriteCase(offices.vacate, KEEPERS, lambda w: {**held(w), "on": DAY}),
    WriteCase(
        offices.seat_elected,
        KEEPERS,
        lambda w: {"body": committee(w.a), "kind": "head", "name": "新主任", "office": "主任", "on": DAY},
    ),
    WriteCase(offices.leave_office, KEEPERS, lambda w: {"person": holder(committee(w.a)).person, "on": DAY}),
    WriteCase(offices.pair, KEEPERS, two),
    WriteCase(
        offices.say_word,
        KEEPERS,
        lambda w: {
            **held(w),
            "matter": "kin",
            "is_met": True,
            "ground": "第八条",
            "decided_by": "选举委员会",
            "on": DAY,
        },
    ),
    WriteCase(facts.keep_facts, KEEPERS, lambda w: {**held(w), "facts": OfficeFacts(born="1980-05"), "on": DAY}),
    WriteCase(
        pay.set_pay,
        ACCEPTERS,
        lambda w: {
            "district_id": w.a.district.pk,
            "scale": PayScale({}, {}, 0),
            "budget": 0,
            "valid_from": DAY,
            "document_number": "1号",
        },
    ),
    WriteCase(pay.take_grade, ACCEPTERS, lambda w: {**held(w), "year": 2026, "grade": "excellent", "source": "1号"}),
    WriteCase(pay.link_account, ACCEPTERS, lambda w: {**held(w), "username": w.a.users["village_cadre"].username}),
    WriteCase(
        reserve.enter_reserve,
        KEEPERS,
        lambda w: {
            "place_id": w.a.village.pk,
            "name": "甲",
            "source": "graduate",
            "signed": True,
            "signed_on": DAY,
            "ends_on": date(2027, 1, 1),
            "on": DAY,
        },
    ),
    WriteCase(reserve.set_stage, KEEPERS, lambda w: {"member": signed_up(w.a), "stage": "ready"}),
    WriteCase(reserve.withdraw, KEEPERS, lambda w: {"member": signed_up(w.a)}),
    WriteCase(reserve.end_reserve, SYSTEM_ONLY, lambda w: {"on": signed_up(w.a).ends_on}),
    WriteCase(
        reserve.set_target,
        ACCEPTERS,
        lambda w: {"district_id": w.a.district.pk, "per_village": 2, "valid_from": DAY, "document_number": "1号"},
    ),
    WriteCase(facts.empty_facts, SYSTEM_ONLY, long_gone),
    WriteCase(
        sharing.begin_allotting,
        ACCEPTERS,
        lambda w: {"about": district_of(w.a), "title": "职数", "text": sharing_of(w.a), "on": DAY},
    ),
    WriteCase(
        sharing.set_numbers, ACCEPTERS, lambda w: {"row": allotting(w.a), "total": 12, "least": 3, "most": 7, "on": DAY}
    ),
    WriteCase(
        sharing.change_village,
        ACCEPTERS,
        lambda w: {"row": allotting(w.a), "place": str(w.a.village.pk), "posts": 3, "why": "片区小"},
    ),
    WriteCase(sharing.apply_allotting, ACCEPTERS, lambda w: {"row": allotting(w.a), "since": DAY, "document": "1号"}),
    WriteCase(placing.begin_placements, ACCEPTERS, lambda w: {"about": district_of(w.a), "on": DAY}),
    WriteCase(placing.take_post, KEEPERS, to_take),
    WriteCase(placing.settle_placement, KEEPERS, lambda w: {"row": placement_in(w.a, "decided")}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
