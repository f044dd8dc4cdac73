"""Pages and lists of a campaign ask the database no more for many villages than for few."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.abouts import about_of
from heli.campaigns.models import Campaign
from heli.campaigns.services import steps
from heli.campaigns.testing import open_drawn
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import OPENED, step_of
from heli.kernel.access import SYSTEM
from heli.places import services as register
from heli.places.types import EventKind, EventSpec, LinkSpec, PlaceKind, PlaceSpec
from heli.problems.testing import draft, enter, team_key
from heli.rounds import services as rounds
from heli.warnings.services.weeks import freeze_missing

pytestmark = pytest.mark.django_db
END = date(2026, 3, 20)
MORE = 12
PAGES = (
    "campaigns:campaign", "campaigns:tasks", "warnings:charts", "warnings:weeks",
    "warnings:forecast", "warnings:critical", "warnings:statements", "warnings:key_villages",
    "problems:list", "risks:list", "consultation:home", "consultation:talks",
    "consultation:opinions", "meetings:list", "campaigns:work_points", "inquiries:list",
    "papers:list", "campaigns:timetable",
)  # fmt: skip


def many_villages(world: World) -> list[int]:
    """Two villages of the first town, and as many more as make the difference."""
    town = world.a.town.pk
    founds = {
        f"新{number}村": PlaceSpec(name=f"新{number}村", kind=PlaceKind.VILLAGE, parent=town) for number in range(MORE)
    }
    links = tuple(LinkSpec(source=None, target=name) for name in founds)
    event = EventSpec(kind=EventKind.FOUND, on=date(2020, 1, 1), links=links, founds=founds)
    recorded = register.record_event(actor=SYSTEM, event=event)
    return [world.a.village.pk, world.a.place("大石村").pk, *recorded.founded.values()]


def run_over(world: World, villages: list[int], name: str) -> Campaign:
    """A campaign with something of each kind in every village."""
    campaign = open_drawn(world.a, "ask village 3", "sum town 2 < ask", name=name, place_ids=villages)
    chief = world.a.actor("district_officer")
    for place in villages:
        steps.submit_step(actor=chief, step=step_of(campaign, place, "ask"), at=OPENED + timedelta(days=2))
    enter(
        world.a, campaign, *(draft(world.a, place=place, leader=team_key(world.a), due_on=END) for place in villages),
        role="district_officer",
    )  # fmt: skip
    held = rounds.open_round(actor=chief, about=about_of(campaign), first_on=DAY, last_on=END)
    rounds.record_visits(actor=chief, round=held, team=team_key(world.a), place_ids=villages, visited_on=DAY, on=DAY)
    freeze_missing(actor=SYSTEM, campaign=campaign, at=OPENED + timedelta(days=15))
    return campaign


def counted(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def inside(world: World) -> dict[str, tuple[object, ...]]:
    """Pages of one place, step, week or round."""
    village = world.a.village.public_id
    return {
        "campaigns:sheet": (village,), "campaigns:step": (village, "ask"), "campaigns:column": ("ask",),
        "warnings:week": (1,), "rounds:round": (1,),
    }  # fmt: skip


def asked_twice(client: Client, address: str) -> int:
    """How often a page asks; what is remembered between requests is remembered before counting."""
    assert client.get(address).status_code == 200, address
    return counted(lambda: client.get(address))


@pytest.mark.parametrize("role", ["district_officer", "town_officer"])
def test_pages_ask_no_more_for_many_villages(settings: Any, role: str) -> None:
    settings.SECOND_FACTOR = False
    world = build_world()
    villages = many_villages(world)
    campaigns = [run_over(world, villages[:2], "少"), run_over(world, villages, "多")]
    client = world.client(role)
    grown: dict[str, tuple[int, int]] = {}
    for name, arguments in {**dict.fromkeys(PAGES, ()), **inside(world)}.items():
        addresses = [reverse(name, args=[one.public_id, *arguments]) for one in campaigns]
        few, many = (asked_twice(client, address) for address in addresses)
        if many > few:
            grown[name] = (few, many)
    maps = [f"{reverse('figures:map_values')}?campaign={one.public_id}&by=colour" for one in campaigns]
    assert asked_twice(client, maps[0]) >= asked_twice(client, maps[1])
    assert grown == {}


@pytest.mark.parametrize("role", ["district_officer", "town_officer"])
def test_lists_of_places_are_written_at_once(role: str) -> None:
    world = build_world()
    villages = many_villages(world)
    campaign = open_drawn(world.a, "ask village 3", place_ids=villages)
    actor, team = world.a.actor(role), team_key(world.a)
    opened = [
        rounds.open_round(actor=world.a.actor("district_officer"), about=about_of(campaign), first_on=DAY, last_on=END)
        for _size in range(2)
    ]

    def visit(number: int, places: list[int]) -> Callable[[], object]:
        return lambda: rounds.record_visits(
            actor=actor, round=opened[number], team=team, place_ids=places, visited_on=DAY, on=DAY
        )

    def list_problems(places: list[int]) -> Callable[[], object]:
        drafts = [draft(world.a, place=place) for place in places]
        return lambda: enter(world.a, campaign, *drafts, role=role)

    assert counted(visit(0, villages[:2])) == counted(visit(1, villages))
    assert counted(list_problems(villages[:2])) == counted(list_problems(villages))
