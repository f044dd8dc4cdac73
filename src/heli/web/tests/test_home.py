"""The first page: what of a campaign waits for the reader, and the way to it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.services.tasks import OwnWork
from heli.campaigns.testing import open_drawn
from heli.planning.testing import scenario_of

pytestmark = pytest.mark.django_db


def home_of(world: World, role: str) -> Any:
    client = Client()
    client.force_login(world.a.users[role])
    return client.get(reverse("web:home")).context


def test_home_says_what_of_a_running_campaign_is_the_readers(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1", "b village 1")
    (card,) = home_of(world, "village_cadre")["campaigns"]
    assert (card.row.public_id, card.waiting) == (campaign.public_id, OwnWork(do=2, judge=0))
    # Nothing is frozen or reported yet: no way is shown that leads nowhere.
    assert (card.week_number, card.report) == (None, "")
    assert [card.waiting for card in home_of(world, "district_officer")["campaigns"]] == [OwnWork(do=0, judge=0)]


def test_home_has_no_campaign_of_another_district(world: World) -> None:
    open_drawn(world.b)
    assert home_of(world, "town_officer")["campaigns"] == []


@pytest.mark.parametrize("name", ["campaigns:campaign", "problems:list", "warnings:weeks", "papers:list"])
def test_the_pages_under_a_campaigns_tabs_stand_under_campaigns(world: World, name: str) -> None:
    campaign = open_drawn(world.a, "a village 1")
    page = world.client("district_officer").get(reverse(name, args=[campaign.public_id]))
    assert [entry["url"] for entry in page.context["navigation"] if entry["current"]] == [reverse("campaigns:list")]


def test_notices_about_a_plan_stand_under_merger_plans(world: World) -> None:
    page = world.client("district_officer").get(reverse("consultation:home", args=[scenario_of(world.a).public_id]))
    assert [entry["url"] for entry in page.context["navigation"] if entry["current"]] == [reverse("planning:scenarios")]


@pytest.fixture
def world() -> World:
    return build_world()
