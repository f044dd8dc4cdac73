"""The first page: what waits for the reader, what can be decided in place, how things stand; parts as contexts offer them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.queries import village_tracks
from heli.campaigns.services import steps
from heli.campaigns.testing import open_drawn
from heli.campaigns.testing.runs import OPENED, step_of
from heli.campaigns.types import StepStatus
from heli.kernel.offers import offered
from heli.kernel.panels import HomePart
from heli.planning.testing import scenario_of
from heli.warnings.services.weeks import freeze_missing

pytestmark = pytest.mark.django_db
HOME = "/"


@pytest.fixture
def world() -> World:
    return build_world()


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.a.users[role])
    return client


def part_of(world: World, role: str, template: str) -> Any:
    """What one part of the page was filled with, None where it is not shown."""
    columns = client_of(world, role).get(HOME).context["columns"]
    return next((one.values for one in (*columns.first, *columns.beside) if one.template == template), None)


def test_home_says_how_much_waits_and_shows_the_first(world: World) -> None:
    open_drawn(world.a, "a village 1", "b village 1")
    told = part_of(world, "village_cadre", "records/home.html")
    assert (told["to_do"], told["to_judge"], len(told["do"])) == (2, 0, 2)
    assert part_of(world, "district_officer", "records/home.html")["all"] == 0
    assert part_of(world, "grid_worker", "records/home.html")["all"] == 0, (
        "told that there is nothing, not shown nothing"
    )


def test_home_has_nothing_of_another_district(world: World) -> None:
    open_drawn(world.b, "a town 1")
    assert part_of(world, "town_officer", "records/home.html")["all"] == 0
    assert part_of(world, "town_officer", "campaigns/home_progress.html") is None


def test_the_same_step_in_many_villages_is_one_line_that_leads_to_all_of_them(world: World) -> None:
    for name in ("一", "二", "三"):
        open_drawn(world.a, "a town 1", name=name)
    (line,) = part_of(world, "town_officer", "records/home.html")["do"]
    assert len(line.places) == 3
    page = client_of(world, "town_officer").get(line.url)
    assert page.context["table"].count == 3


def test_a_submission_is_judged_on_the_first_page_and_leads_back_to_it(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1")
    step = step_of(campaign, world.a.village, "a")
    steps.submit_step(actor=world.a.actor("village_cadre"), step=step, at=OPENED)
    (card,) = part_of(world, "town_officer", "campaigns/home_submissions.html")["cards"]
    assert not part_of(world, "town_officer", "records/home.html")["judge"], "what is shown above is not told twice"
    answer = client_of(world, "town_officer").post(card["line"].one.link, {"did": "accept", "next": HOME})
    assert (answer.status_code, answer["Location"]) == (303, HOME)
    step.refresh_from_db()
    assert step.status == StepStatus.ACCEPTED
    assert part_of(world, "town_officer", "campaigns/home_submissions.html") is None


def test_a_form_leads_back_to_no_other_site(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1")
    steps.submit_step(actor=world.a.actor("village_cadre"), step=step_of(campaign, world.a.village, "a"), at=OPENED)
    (card,) = part_of(world, "town_officer", "campaigns/home_submissions.html")["cards"]
    for away in ("https://example.org/", "//example.org/", "/\\example.org"):
        answer = client_of(world, "town_officer").post(
            card["line"].one.link, {"did": "return", "reason": "缺照片", "next": away}
        )
        assert "example.org" not in answer.get("Location", ""), away


def test_the_week_says_who_is_red_and_counts_what_the_reader_sees(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1", "b town 1")
    freeze_missing(actor=world.a.actor("district_officer"), campaign=campaign, at=OPENED + timedelta(days=40))
    (week,) = part_of(world, "district_officer", "warnings/home.html")["weeks"]
    red = next(one for one in week["colours"] if one["colour"] == "red")
    assert red["count"] == len(week["villages"]["shown"]) == village_tracks(campaign).count()
    assert week["planned_on"] < week["expected_on"]
    (own,) = part_of(world, "village_cadre", "warnings/home.html")["weeks"]
    assert own["own"] == "red"


def test_a_part_of_a_campaign_is_counted_one_way_on_home_and_board(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1", "b town 1", "c district 1")
    for role in ("district_officer", "town_officer", "village_cadre"):
        (row,) = part_of(world, role, "campaigns/home_progress.html")["rows"]
        board = client_of(world, role).get(reverse("campaigns:campaign", args=[campaign.public_id])).context["counts"]
        assert (row.done, row.steps) == (board.done, board.steps), role
    assert row.steps == 1, "a village counts its own steps, not those of its town and district"


def test_an_auditor_sees_how_the_trail_stands(world: World) -> None:
    told = part_of(world, "auditor", "audit/home.html")
    assert told["alarm"] is None
    assert told["head"].seq >= told["written"]
    assert part_of(world, "district_officer", "audit/home.html") is None
    assert part_of(world, "auditor", "problems/home.html")["count"] == 0


def test_the_first_page_asks_no_more_for_many_campaigns_waiting(world: World) -> None:
    client = client_of(world, "town_officer")

    def asked() -> int:
        client.get(HOME)
        with CaptureQueriesContext(connection) as questions:
            assert client.get(HOME).status_code == 200
        return len(questions)

    open_drawn(world.a, "a village 1", "b town 1")
    once = asked()
    for number in range(2):
        open_drawn(world.a, "a village 1", "b town 1", name=f"又{number}")
    assert asked() == once


def test_parts_are_declared_once() -> None:
    parts: list[HomePart] = list(offered("home", "HOME"))
    assert len({part.id for part in parts}) == len(parts)


@pytest.mark.parametrize("name", ["campaigns:campaign", "problems:list", "warnings:weeks", "papers:list"])
def test_the_pages_under_a_campaigns_tabs_stand_under_campaigns(world: World, name: str) -> None:
    campaign = open_drawn(world.a, "a village 1")
    page = world.client("district_officer").get(reverse(name, args=[campaign.public_id]))
    assert [entry["url"] for entry in page.context["navigation"] if entry["current"]] == [reverse("campaigns:list")]


def lines_of(world: World, role: str, name: str = "web:home", *args: Any) -> list[str]:
    """The addresses in the navigation of a role on a page."""
    client = world.client(role)
    page = client.get(reverse(name, args=args))
    page = client.get(page["Location"]) if page.status_code == 303 else page
    return [entry["url"] for entry in page.context["navigation"]]


def test_the_navigation_of_an_office_is_short_and_opens_as_it_is_gone_along(world: World) -> None:
    hidden = [
        reverse(name) for name in ("matter:site", "planning:own_grids", "property:books", "points:mine", "problems:all")
    ]
    short = lines_of(world, "district_officer")
    assert len(short) <= 19
    assert not set(hidden) & set(short)
    assert set(hidden[:2]) <= set(lines_of(world, "district_officer", "matter:home"))
    for name, line in (("property:books", hidden[2]), ("points:mine", hidden[3]), ("campaigns:list", hidden[4])):
        assert line in lines_of(world, "district_officer", name)


def test_what_is_somebodys_daily_work_is_a_line_of_its_own(world: World) -> None:
    assert {reverse("matter:site"), reverse("planning:own_grids"), reverse("points:mine")} <= set(
        lines_of(world, "grid_worker")
    )
    assert reverse("property:books") in lines_of(world, "bookkeeper")
    assert reverse("matter:site") in lines_of(world, "village_cadre")


def test_notices_about_a_plan_stand_under_merger_plans(world: World) -> None:
    page = world.client("district_officer").get(reverse("consultation:home", args=[scenario_of(world.a).public_id]))
    assert [entry["url"] for entry in page.context["navigation"] if entry["current"]] == [reverse("planning:scenarios")]
