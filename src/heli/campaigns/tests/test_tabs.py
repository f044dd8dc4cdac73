"""The tabs of a campaign: what every context offers, in one order, to those who may."""

from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.testing import campaign_of

pytestmark = pytest.mark.django_db
PROGRESS = [
    "campaigns:campaign", "warnings:charts", "warnings:weeks", "warnings:statements", "warnings:forecast",
    "warnings:critical", "warnings:key_villages", "campaigns:timetable",
]  # fmt: skip
FIRST = [
    "campaigns:campaign", "campaigns:tasks", "problems:list", "consultation:home", "assemblies:list", "papers:list",
]  # fmt: skip


@pytest.fixture
def world() -> World:
    return build_world()


def names(tabs: list[dict[str, Any]]) -> list[str]:
    return [resolve(tab["url"]).view_name for tab in tabs]


def opened(world: World, role: str, name: str) -> Any:
    client = Client()
    client.force_login(world.a.users[role])
    return client.get(reverse(name, args=[campaign_of(world.a).public_id])).context


def test_six_headings_lead_to_the_first_page_of_each(world: World) -> None:
    page = opened(world, "district_officer", "campaigns:timetable")
    assert names(page["tabs"]) == FIRST
    assert [tab["current"] for tab in page["tabs"]] == [True, False, False, False, False, False]
    assert names(page["subtabs"]) == PROGRESS
    assert names([tab for tab in page["subtabs"] if tab["current"]]) == ["campaigns:timetable"]


@pytest.mark.parametrize(
    ("role", "name", "under"),
    [
        ("village_cadre", "campaigns:tasks", ["campaigns:tasks", "campaigns:work_points", "inquiries:list"]),
        ("auditor", "campaigns:work_points", ["campaigns:work_points", "inquiries:list"]),
        ("town_officer", "risks:list", ["problems:list", "risks:list", "meetings:list"]),
        ("district_officer", "papers:list", ["papers:list", "campaigns:settings"]),
        ("town_officer", "papers:list", []),
    ],
)
def test_what_a_role_cannot_use_is_not_shown(world: World, role: str, name: str, under: list[str]) -> None:
    assert names(opened(world, role, name)["subtabs"]) == under
