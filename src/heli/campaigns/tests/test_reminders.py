"""One line a day and campaign, to those whose work it is."""

from datetime import timedelta

import pytest

from heli.accounts.testing import World, build_world
from heli.campaigns.abouts import about_of
from heli.campaigns.services import steps
from heli.campaigns.testing import open_drawn
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import OPENED, step_of
from heli.inquiries.testing import inquiry_of
from heli.meetings.services import add_decision
from heli.meetings.testing import meeting_of
from heli.notices.models import Message
from heli.problems.testing import move, problem_in_hand, team_key
from heli.records.reminders import remind

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def told(world: World, role: str) -> list[str]:
    return list(Message.objects.filter(user=world.a.users[role]).values_list("title", flat=True))


def test_each_is_told_of_their_own_in_one_line(world: World) -> None:
    campaign = open_drawn(world.a, *(f"s{n} village 1" for n in range(12)))
    mine = step_of(campaign, world.a.village, "s0")
    steps.submit_step(actor=world.a.actor("village_cadre"), step=mine, at=OPENED)
    late = OPENED + timedelta(days=4)
    assert remind(about=about_of(campaign), at=late) == 2
    assert told(world, "village_cadre") == ["村改：11 个步骤待办（其中逾期 11 项）"]
    assert told(world, "town_officer") == ["村改：1 个步骤待审核（其中逾期 1 项）"]
    # Neither officers who only may fill in for others, nor other roles, nor another district.
    assert Message.objects.count() == 2
    # The same day tells the same once.
    remind(about=about_of(campaign), at=late)
    assert len(told(world, "village_cadre")) == 1


def test_what_is_due_today_is_not_late(world: World) -> None:
    campaign = open_drawn(world.a, "s1 village 1", "s2 village 1", "s3 village 9")
    assert remind(about=about_of(campaign), at=OPENED) == 1
    assert told(world, "village_cadre") == ["村改：2 个步骤待办"]


def test_on_a_free_day_nobody_is_reminded(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1")
    assert remind(about=about_of(campaign), at=OPENED + timedelta(days=5)) == 0


def test_a_returned_step_is_told_at_once_with_the_reason(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1")
    step = step_of(campaign, world.a.village, "a")
    steps.submit_step(actor=world.a.actor("village_cadre"), step=step, at=OPENED)
    steps.return_step(actor=world.a.actor("town_officer"), step=step, reason="照片不清楚", at=OPENED)
    notice = Message.objects.get(user=world.a.users["village_cadre"])
    assert notice.text == "照片不清楚"
    assert notice.link.endswith("/a/")


def test_what_is_due_is_told_to_whose_it_is_and_claimed_problems_to_a_second_person(world: World) -> None:
    campaign, officer = open_drawn(world.a), world.a.actor("town_officer")
    monday = OPENED + timedelta(days=14)
    move(world.a, "town_officer", problem_in_hand(world.a, campaign), "claim", note="done", on=DAY)
    problem_in_hand(world.a, campaign, due_on=monday.date())
    problem_in_hand(world.a, campaign, due_on=monday.date() + timedelta(days=30))
    world.a.links["campaign"] = campaign.public_id
    inquiry_of(world.a)
    add_decision(
        actor=officer,
        meeting=meeting_of(world.a),
        text="核清债务",
        owner=team_key(world.a),
        due_on=monday.date(),
        on=DAY,
    )
    about = about_of(campaign)
    assert remind(about=about, at=monday) == 4, "the liaison of the district is told as well"
    assert remind(about=about, at=monday + timedelta(days=6)) == 0
    heads = {role: told(world, role) for role in ("town_officer", "district_officer", "village_cadre", "auditor")}
    assert [set(head.removeprefix("村改：").split("、")) for head in heads["town_officer"]] == [
        {"1 个问题到期", "1 项决定到期"}
    ]
    assert heads["district_officer"] == ["村改：1 个步骤待办、1 个问题待销号（其中逾期 1 项）"]
    assert heads["village_cadre"] == ["村改：1 份问卷待填（其中逾期 1 项）"]
    assert not heads["auditor"]
