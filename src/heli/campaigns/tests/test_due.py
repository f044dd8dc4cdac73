"""What steps put into inboxes: the same work as the page of one's tasks, over all campaigns at once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heli.accounts.testing import World, build_world
from heli.campaigns.models import Campaign
from heli.campaigns.queries.picture import picture
from heli.campaigns.services import runs, steps
from heli.campaigns.services.tasks import own_part, tasks_for
from heli.campaigns.testing import open_drawn
from heli.campaigns.testing.runs import OPENED, step_of
from heli.records.inbox import DueWhen, InboxLine, inbox_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 3)
ROLES = ("district_officer", "town_officer", "village_cadre", "grid_worker", "department_liaison", "auditor")


@pytest.fixture
def world() -> World:
    return build_world()


def steps_in(world: World, role: str, on: date = DAY) -> list[InboxLine]:
    return [line for line in inbox_of(world.a.actor(role), on) if line.due.id.startswith("campaigns.")]


def told(lines: list[InboxLine]) -> set[tuple[str, str, str]]:
    return {(line.due.id.removeprefix("campaigns."), line.one.about, line.one.public_id) for line in lines}


def mine(world: World, role: str, *campaigns: Campaign) -> set[tuple[str, str, str]]:
    """The same by the picture of each campaign."""
    actor = world.a.actor(role)
    found = set()
    for campaign in campaigns:
        own = own_part(actor=actor, tasks=tasks_for(actor=actor, seen=picture(actor, campaign, DAY)))
        for name, tasks in (("do", own.do), ("judge", own.judge), ("decide", own.decide)):
            found |= {(name, campaign.public_id, f"{task.track.public_id}:{task.rule.key}") for task in tasks}
    return found


def test_the_inbox_has_exactly_ones_own_steps_of_all_campaigns(world: World) -> None:
    first = open_drawn(world.a, "ask village 3", "vote village 2 < ask", "sum town 2 < ask", "end district 1 < sum")
    second = open_drawn(world.a, "a village 1", "b town 1", "c district 1", name="又一项")
    open_drawn(world.b, "a village 1")
    cadre = world.a.actor("village_cadre")
    steps.submit_step(actor=cadre, step=step_of(first, world.a.village, "ask"), at=OPENED)
    steps.ask_extension(
        actor=cadre, step=step_of(second, world.a.village, "a"), due_on=date(2026, 3, 30), reason="人手不足", at=OPENED
    )
    for role in ROLES:
        assert told(steps_in(world, role)) == mine(world, role, first, second), role
    assert {kind for kind, *_rest in told(steps_in(world, "town_officer"))} == {"do", "judge", "decide"}
    assert not steps_in(world, "auditor")


def test_who_handed_in_does_not_find_it_to_judge(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1")
    officer = world.a.actor("town_officer")
    steps.submit_step(actor=officer, step=step_of(campaign, world.a.village, "a"), at=OPENED)
    village = world.a.village.public_id
    assert ("judge", campaign.public_id, f"{village}:a") not in told(steps_in(world, "town_officer"))


def test_what_was_returned_says_why_and_late_comes_first(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1", "b village 9")
    step = step_of(campaign, world.a.village, "a")
    steps.submit_step(actor=world.a.actor("village_cadre"), step=step, at=OPENED)
    steps.return_step(actor=world.a.actor("town_officer"), step=step, reason="照片不清楚", at=OPENED)
    late = step.due_on + timedelta(days=3)
    first, second = steps_in(world, "village_cadre", late)
    assert (first.when, first.days, first.one.note) == (DueWhen.LATE, 3, "退回：照片不清楚")
    assert (second.when, second.one.note) == (DueWhen.LATER, "")


def test_a_campaign_that_rests_asks_nothing(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1")
    runs.pause_campaign(actor=world.a.actor("district_officer"), campaign=campaign, on=DAY, reason="汛期", at=OPENED)
    assert not steps_in(world, "village_cadre")


def test_many_campaigns_ask_no_more_than_one(world: World) -> None:
    def asked() -> int:
        inbox_of(world.a.actor("town_officer"), DAY)
        with CaptureQueriesContext(connection) as questions:
            assert steps_in(world, "town_officer")
        return len(questions)

    open_drawn(world.a, "a town 1")
    once = asked()
    for number in range(3):
        open_drawn(world.a, "a town 1", "b village 2", name=f"又{number}")
    assert asked() == once
