"""The tabs of a campaign: what every context offers, in one order, to those who may."""

import pytest
from django.test import Client
from django.urls import resolve, reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.testing import campaign_of

pytestmark = pytest.mark.django_db
FOR_ALL = [
    "campaigns:campaign", "campaigns:tasks", "campaigns:work_points", "warnings:charts", "warnings:weeks",
    "warnings:forecast", "problems:list", "risks:list", "consultation:home", "meetings:list", "inquiries:list",
    "papers:list", "campaigns:timetable",
]  # fmt: skip


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.mark.parametrize(("role", "more"), [("district_officer", ["campaigns:settings"]), ("village_cadre", [])])
def test_tabs_of_all_contexts_stand_in_one_order(world: World, client: Client, role: str, more: list[str]) -> None:
    client.force_login(world.a.users[role])
    page = client.get(reverse("campaigns:timetable", args=[campaign_of(world.a).public_id]))
    tabs = [(resolve(tab["url"]).view_name, tab["current"]) for tab in page.context["tabs"]]
    assert [name for name, _current in tabs] == FOR_ALL + more
    assert [name for name, current in tabs if current] == ["campaigns:timetable"]
