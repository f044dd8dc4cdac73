"""Another polling day for a running campaign: looked at, refused where the law is broken, set with its log."""

from datetime import date, timedelta
from typing import Any

import pytest
from conftest import OnDay
from django.test import Client

from heli.accounts.testing import World, build_world
from heli.campaigns.models import Step, StepEvent
from heli.campaigns.services import steps
from heli.campaigns.services.replanning import look_at_day, move_fixed_day
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.testing.runs import OPENED, step_of
from heli.campaigns.types import Did
from heli.kernel.faults import Refused

pytestmark = pytest.mark.django_db
POLL = date(2026, 4, 15)
BOOK = draw_playbook(
    "roll village 2", "names village 3 < roll", "poll village 1 < names", "hand-over village 5 < poll",
    more={"roll": "before = 20", "poll": "anchor = true"},
)  # fmt: skip


@pytest.fixture
def world(settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def test_a_later_day_moves_open_steps_and_keeps_what_is_done_and_was_frozen(world: World) -> None:
    campaign = open_drawn(world.a, playbook=BOOK, fixed_on=POLL)
    cadre, officer = world.a.actor("village_cadre"), world.a.actor("district_officer")
    hung = step_of(campaign, world.a.village, "roll")
    steps.submit_step(actor=cadre, step=hung, at=OPENED)
    steps.accept_step(actor=officer, step=hung, at=OPENED)
    later = POLL + timedelta(days=6)
    seen = look_at_day(campaign, fixed_on=later, today=OPENED.date())
    done = move_fixed_day(actor=officer, campaign=campaign, fixed_on=later, reason="与农忙错开", at=OPENED)
    assert done == seen
    hung.refresh_from_db()
    assert (hung.due_on, hung.baseline_on) == (date(2026, 3, 26), date(2026, 3, 26))
    poll = step_of(campaign, world.a.village, "poll")
    assert (poll.start_on, poll.due_on, poll.baseline_on) == (POLL, later, POLL)
    campaign.refresh_from_db()
    assert (campaign.fixed_on, campaign.windows["poll"]) == (later, ["2026-04-21", "2026-04-21"])
    log = StepEvent.objects.filter(step=poll, did=Did.REPLANNED).get()
    assert (log.reason, log.due_on) == ("与农忙错开", later)
    assert not StepEvent.objects.filter(step=hung, did=Did.REPLANNED).exists()


def test_a_day_that_leaves_the_roll_too_few_days_is_refused_in_words(world: World) -> None:
    campaign = open_drawn(world.a, playbook=BOOK, fixed_on=POLL)
    officer = world.a.actor("district_officer")
    ask: dict[str, Any] = {"actor": officer, "campaign": campaign, "at": OPENED + timedelta(days=20)}
    with pytest.raises(Refused) as refused:
        move_fixed_day(fixed_on=date(2026, 4, 10), reason="提前", **ask)
    (fault,) = refused.value.faults
    assert (fault.code, fault.field) == ("too_few_days", "fixed_on")
    assert "须在该日20天前完成" in fault.message
    assert "只剩19天" in fault.message
    for wrong, code in (({"reason": " "}, "reason_missing"), ({"fixed_on": date(2026, 3, 1)}, "day_too_early")):
        with pytest.raises(Refused) as refused:
            move_fixed_day(**{"fixed_on": POLL, "reason": "提前", **ask, **wrong})
        assert refused.value.faults[0].code == code
    assert not StepEvent.objects.filter(did=Did.REPLANNED).exists()


def test_a_polling_day_that_has_been_stays(world: World) -> None:
    campaign = open_drawn(world.a, playbook=BOOK, fixed_on=POLL)
    for step in Step.objects.filter(campaign=campaign).exclude(key="hand-over").order_by("ordinal"):
        steps.waive_step(actor=world.a.actor("district_officer"), step=step, reason="测试", at=OPENED)
    with pytest.raises(Refused) as refused:
        look_at_day(campaign, fixed_on=POLL + timedelta(days=9), today=POLL)
    assert refused.value.faults[0].code == "day_is_past"


def test_the_page_shows_what_moves_and_sets_it(world: World, client: Client, on_day: OnDay) -> None:
    campaign = open_drawn(world.a, playbook=BOOK, fixed_on=POLL)
    client.force_login(world.a.users["district_officer"])
    address = f"/campaigns/c/{campaign.public_id}/settings/"
    given = {"fixed_on": "2026-12-08", "reason": "统一部署"}
    on_day(OPENED)
    shown = client.post(address, {**given, "did": "look"})
    assert shown.status_code == 200
    assert shown.content.decode().count("2026-12-08") >= 2
    campaign.refresh_from_db()
    assert campaign.fixed_on == POLL
    assert client.post(address, {"fixed_on": "2026-12-08", "reason": "", "did": "look"}).status_code == 422
    assert client.post(address, {**given, "did": "replan"}).status_code == 303
    campaign.refresh_from_db()
    assert campaign.fixed_on == date(2026, 12, 8)
