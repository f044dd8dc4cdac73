"""The page of a place brings together what contexts know of it, for whoever may read that, in a constant number of queries."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.services import steps
from heli.campaigns.testing import open_drawn
from heli.campaigns.testing.runs import OPENED, step_of
from heli.problems.testing import draft, enter, problem_in_hand

pytestmark = pytest.mark.django_db
DAY = "2026-04-01"


@pytest.fixture
def world(settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def page_of(client: Client, place: Any) -> str:
    """The page of a place on the day."""
    answer = client.get(reverse("places:place", args=[place.public_id]) + f"?on={DAY}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_town_gathers_steps_and_problems_of_its_villages(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3", "sum town 2 < ask", name="村改")
    problem = problem_in_hand(world.a, campaign)
    done = step_of(campaign, world.a.village.pk, "ask")
    steps.waive_step(actor=world.a.actor("district_officer"), step=done, reason="not needed", at=OPENED)
    for role in ("district_officer", "town_officer", "auditor"):
        text = page_of(world.client(role), world.a.town)
        for part in ("村改", "欠款未核实", f"/problems/{campaign.public_id}/{problem.public_id}/", "个环节逾期"):
            assert part in text, (role, part)
    text = page_of(world.client("village_cadre"), world.a.village)
    assert "欠款未核实" in text
    assert reverse("web:archive", args=[world.a.village.public_id]) in text


def test_what_one_may_not_read_or_is_empty_is_left_out(world: World) -> None:
    bare = page_of(world.client("district_officer"), world.a.village)
    assert "未办结" not in bare
    assert "近几周颜色" not in bare
    campaign = open_drawn(world.a, "ask village 3", name="村改")
    problem_in_hand(world.a, campaign)
    of_grid = page_of(world.client("grid_worker"), world.a.village)
    assert "欠款未核实" not in of_grid
    assert "村改" not in of_grid
    address = reverse("places:place", args=[world.a.village.public_id])
    assert world.client("district_officer", world.b).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_more_rows_ask_no_more_queries(world: World) -> None:
    def asked() -> int:
        page_of(client, world.a.town)
        with CaptureQueriesContext(connection) as caught:
            page_of(client, world.a.town)
        return len(caught)

    client = world.client("town_officer")
    campaign = open_drawn(world.a, "ask village 3", name="一")
    enter(world.a, campaign, draft(world.a))
    before = asked()
    for name in ("二", "三"):
        more = open_drawn(world.a, "ask village 3", "vote village 5", name=name)
        rows = [draft(world.a, str(row), place=place.pk) for row, place in enumerate((world.a.village, world.a.town))]
        enter(world.a, more, *rows)
    assert asked() == before
