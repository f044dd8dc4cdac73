"""Lists over all works: what one reads of every campaign, in a constant number of queries."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.abouts import about_of
from heli.campaigns.testing import open_drawn
from heli.consultation.services.notices import add_opinion
from heli.problems.testing import draft, enter
from heli.records.testing import DAY

pytestmark = pytest.mark.django_db
PAGES = ("problems:all", "consultation:all")


@pytest.fixture
def world(settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def fill(world: World, name: str) -> None:
    """A campaign with a problem in each of two villages and an opinion in the cadre's."""
    half = world.a
    campaign = open_drawn(half, name=name)
    enter(
        half,
        campaign,
        draft(half, "1"),
        draft(half, "2", place=half.other_village.pk, title="别村的事"),
        role="district_officer",
    )
    add_opinion(
        actor=half.actor("district_officer"), about=about_of(campaign), place_id=half.village.pk, channel="wall_box",
        topic="plan", text=f"{name}的意见", on=DAY,
    )  # fmt: skip


def text_of(client: Client, name: str) -> str:
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_sees_their_part_of_every_campaign(world: World) -> None:
    for name in ("一号", "二号"):
        fill(world, name)
    officer, cadre = world.client("district_officer"), world.client("village_cadre")
    problems = text_of(officer, "problems:all")
    for part in ("一号", "二号", "欠款未核实", "别村的事"):
        assert part in problems, part
    assert "二号的意见" in text_of(officer, "consultation:all")
    assert "别村的事" not in text_of(cadre, "problems:all")
    assert "一号的意见" in text_of(cadre, "consultation:all")
    other = world.client("district_officer", world.b)
    assert "欠款未核实" not in text_of(other, "problems:all")
    assert "号的意见" not in text_of(other, "consultation:all")


@pytest.mark.parametrize("name", PAGES)
def test_more_campaigns_ask_no_more_queries(world: World, name: str) -> None:
    def asked() -> int:
        text_of(client, name)
        with CaptureQueriesContext(connection) as caught:
            text_of(client, name)
        return len(caught)

    client = world.client("town_officer")
    fill(world, "一号")
    before = asked()
    fill(world, "二号")
    fill(world, "三号")
    assert asked() == before
