"""The page of a place says which steps of which campaigns are open there, the latest first."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heli.accounts.testing import World, build_world
from heli.campaigns.panels import fill_steps
from heli.campaigns.queries.colours import live_colours
from heli.campaigns.services import steps
from heli.campaigns.testing import open_drawn
from heli.campaigns.testing.runs import OPENED, step_of
from heli.kernel.access import PUBLIC

pytestmark = pytest.mark.django_db
LATER = OPENED.date() + timedelta(days=20)


@pytest.fixture
def world() -> World:
    return build_world()


def test_a_village_shows_its_open_steps_the_latest_first(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3", "vote village 5", "sum town 2 < vote", name="村改")
    done = step_of(campaign, world.a.village.pk, "ask")
    steps.waive_step(actor=world.a.actor("district_officer"), step=done, reason="not needed", at=OPENED)
    told = fill_steps(world.a.actor("village_cadre"), world.a.village.pk, LATER)
    assert told is not None
    [run] = told["runs"]
    assert (run["campaign"], run["run"].standing.done, run["run"].every) == (campaign, 1, 2)
    assert [one["url"].rsplit("/", 2)[1] for one in run["steps"]] == ["vote"]
    assert run["run"].standing.days_late == run["steps"][0]["days_late"] > 0
    assert run["tone"] == "bad"


def test_of_steps_to_come_the_next_ones_are_shown_when_nothing_is_begun(world: World) -> None:
    open_drawn(world.a, "ask village 3")
    told = fill_steps(world.a.actor("village_cadre"), world.a.village.pk, OPENED.date() - timedelta(days=30))
    assert told is not None
    assert len(told["runs"][0]["steps"]) == 1
    assert told["runs"][0]["tone"] == "good"


def test_a_town_shows_how_its_villages_stand_the_worst_first(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3", "vote village 5")
    for key in ("ask", "vote"):
        done = step_of(campaign, world.a.village.pk, key)
        steps.waive_step(actor=world.a.actor("district_officer"), step=done, reason="not needed", at=OPENED)
    told = fill_steps(world.a.actor("town_officer"), world.a.town.pk, LATER)
    assert told is not None
    [run] = told["runs"]
    live = {one.place: one for one in live_colours(campaign, LATER)}
    assert run["run"].standing.colour == live[world.a.town.pk].colour
    assert {one.place: one.late for one in run["run"].below} == {
        key: one.late for key, one in live.items() if one.above == world.a.town.pk
    }
    assert world.a.village.pk not in {one["row"].id for one in run["behind"]}
    assert [one["at"].days_late for one in run["behind"]] == sorted(
        (one["at"].days_late for one in run["behind"]), reverse=True
    )
    assert run["run"].late_below == 2 * len(run["behind"]) > 0


def test_who_may_not_read_the_place_is_shown_nothing(world: World) -> None:
    open_drawn(world.a, "ask village 3")
    assert fill_steps(PUBLIC, world.a.village.pk, LATER) is None
    assert fill_steps(world.b.actor("district_officer"), world.a.village.pk, LATER) is None
    assert fill_steps(world.a.actor("village_cadre"), world.a.other_village.pk, LATER) is None


def test_more_campaigns_ask_no_more_queries(world: World) -> None:
    def asked() -> int:
        fill_steps(chief, world.a.village.pk, LATER)  # playbooks are parsed once
        with CaptureQueriesContext(connection) as caught:
            told = fill_steps(chief, world.a.village.pk, LATER)
        assert told is not None
        counted.append(len(told["runs"]))
        return len(caught)

    chief, counted = world.a.actor("district_officer"), list[int]()
    open_drawn(world.a, "ask village 3", name="一")
    before = asked()
    for name in ("二", "三"):
        open_drawn(world.a, "ask village 3", "vote village 5", name=name)
    assert asked() == before
    assert counted == [1, 3]
