"""Who may ask villages, answer for one, and judge the answer; never who answered."""

from datetime import date

import pytest

from heli.accounts.testing import World, WriteCase
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matters import DAY, bare_campaign
from heli.inquiries import services as service
from heli.inquiries.catalogues import forms
from heli.inquiries.models import Reply
from heli.inquiries.testing import inquiry_of
from heli.ui.testing import Kwargs

ASKERS = ("district_officer", "town_officer", "department_liaison")
FILLERS = (*ASKERS, "village_cadre")
JUDGES = ("district_officer", "town_officer")
OVER_DISTRICT = ("district_officer", "department_liaison")
LATER = date(2026, 3, 9)


def basics(world: World) -> Kwargs:
    return {
        "about": about_of(bare_campaign(world.a)),
        "form": forms()["basics"],
        "title": "基本情况",
        "asked_on": DAY,
        "due_on": LATER,
        "place_ids": [world.a.village.pk],
        "on": DAY,
    }


def two_towns(world: World) -> list[int]:
    return [world.a.village.pk, world.a.other_village.pk]


def answer(world: World) -> Kwargs:
    reply = inquiry_of(world.a).replies.get(place=world.a.village)
    values = {field["measure"]: 100 for field in reply.inquiry.fields}
    return {"reply": reply, "answers": values, "confirmed": True, "on": DAY}


def answered(world: World) -> Reply:
    """By the town officer."""
    return service.answer_inquiry(actor=world.a.actor("town_officer"), **answer(world))


CASES = [
    WriteCase(service.send_inquiry, ASKERS, basics),
    WriteCase(service.send_inquiry, OVER_DISTRICT, lambda w: {**basics(w), "place_ids": two_towns(w)}),
    WriteCase(service.answer_inquiry, FILLERS, answer),
    WriteCase(service.check_reply, JUDGES, lambda w: {"reply": answered(w), "on": DAY}, first="town_officer"),
    WriteCase(service.return_reply, JUDGES, lambda w: {"reply": answered(w), "reason": "再核"}, first="town_officer"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
