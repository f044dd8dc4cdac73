"""Who may post and take down notices, keep opinions and answer them, keep the question bank, count talks."""

from datetime import date

import pytest

from heli.accounts.testing import World, WriteCase
from heli.consultation.models import OpinionChannel
from heli.consultation.services import notices as service
from heli.consultation.testing import campaign_about, notice_of, opinion_of
from heli.files.testing import draw_photo
from heli.records.services import FormFile
from heli.records.testing import DAY, district_of
from heli.ui.testing import Kwargs

KEEPERS = ("district_officer", "town_officer", "department_liaison")
OVER_DISTRICT = ("district_officer", "department_liaison")
OPINERS = ("district_officer", "town_officer", "village_cadre", "public")


def plan(world: World) -> Kwargs:
    return {
        "about": district_of(world.a),
        "kind": "plan",
        "title": "调整方案公示",
        "text": "拟将两村合并。",
        "place_ids": [world.a.village.pk],
        "first_on": DAY,
        "last_on": date(2026, 4, 30),
        "on": DAY,
    }


def two_towns(world: World) -> list[int]:
    return [world.a.village.pk, world.a.other_village.pk]


def hung_in_two_towns(world: World) -> Kwargs:
    made = service.post_notice(
        actor=world.a.actor("district_officer"), **{**plan(world), "place_ids": two_towns(world)}
    )
    return {"notice": made, "reason": "有误", "on": DAY}


def opinion(world: World) -> Kwargs:
    return {"place_id": world.a.village.pk, "topic": "plan", "text": "希望保留老村名", "on": DAY}


def heard(world: World) -> Kwargs:
    return {**opinion(world), "about": district_of(world.a), "channel": OpinionChannel.MEETING}


def online(world: World) -> Kwargs:
    notice = notice_of(world.a)
    return {**opinion(world), "about": campaign_about(world.a), "notice": notice, "channel": OpinionChannel.ONLINE}


def question(world: World) -> Kwargs:
    return {"about": district_of(world.a), "topic": "plan", "question": "村名改吗", "answer": "不改"}


def talks(world: World) -> Kwargs:
    return {
        "about": district_of(world.a),
        "place_id": world.a.village.pk,
        "counts": {"party_members": (1, 3)},
        "on": DAY,
    }


CASES = [
    WriteCase(service.post_notice, KEEPERS, plan),
    WriteCase(service.post_notice, OVER_DISTRICT, lambda w: {**plan(w), "place_ids": two_towns(w)}),
    WriteCase(service.take_down, KEEPERS, lambda w: {"notice": notice_of(w.a), "reason": "有误", "on": DAY}),
    WriteCase(service.take_down, OVER_DISTRICT, hung_in_two_towns),
    WriteCase(
        service.add_wall_photo,
        KEEPERS,
        lambda w: {"hung": notice_of(w.a).places.get(), "upload": FormFile("wall.jpg", [draw_photo()]), "on": DAY},
    ),
    WriteCase(service.add_opinion, KEEPERS, heard),
    WriteCase(service.add_opinion, OPINERS, online),
    WriteCase(service.answer_opinion, KEEPERS, lambda w: {"opinion": opinion_of(w.a), "answer": "保留", "on": DAY}),
    WriteCase(service.keep_question, OVER_DISTRICT, question),
    WriteCase(service.record_talks, KEEPERS, talks),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
