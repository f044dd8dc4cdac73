"""The wall screen: its scenes turn, and its numbers are those of the board, the weeks, the forecast and the statements."""

import json
from datetime import timedelta
from typing import Any

import pytest
from conftest import OnDay
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heli.accounts.testing import World, build_world
from heli.campaigns.queries.board import counts_of
from heli.campaigns.types import Did
from heli.figures.views.wall import SCENES
from heli.kernel.access import SYSTEM
from heli.kernel.quantities import Ratio
from heli.warnings.models import Forecast, FrozenWeek, Statement
from heli.warnings.queries.forecasting import planned_end
from heli.warnings.services.weeks import freeze_missing
from heli.warnings.testing import DrawnCampaign, moment

pytestmark = pytest.mark.django_db
DAY = moment(22)
"""A Tuesday after three frozen weeks."""


@pytest.fixture
def world(settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


@pytest.fixture
def run(world: World, on_day: OnDay) -> DrawnCampaign:
    """A campaign of two steps over the first district, overdue but for one village, three weeks frozen."""
    run = DrawnCampaign.over(world.a.register, {"visit": 5, "vote": 60}, towns=list(world.a.towns))
    run.do("岩门村", "visit", moment(2))
    freeze_missing(actor=SYSTEM, campaign=run.campaign, at=moment(20))
    on_day(DAY)
    return run


def scene(client: Client, name: str, query: str = "") -> Any:
    answer = client.get(f"/figures/map/?wall=1&scene={name}&turn=10&{query}")
    assert answer.status_code == 200
    return answer


def script(answer: Any) -> dict[str, Any]:
    text = answer.content.decode().split('id="map-script" type="application/json">')[1].split("</script")[0]
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_scenes_follow_each_other_and_come_back_to_the_first(world: World, run: DrawnCampaign) -> None:
    client = world.client("district_officer")
    url, seen = "/figures/map/?wall=1&turn=10", []
    for _turn in range(len(SCENES) + 1):
        answer = client.get(url)
        url = script(answer)["next"]
        seen.append(_part(answer))
    assert seen == [*SCENES, SCENES[0]]
    assert 'http-equiv="refresh" content="10;' in client.get("/figures/map/?wall=1&turn=10").content.decode()


def _part(answer: Any) -> str:
    part: str = answer.context["part"]
    return part.removeprefix("figures/wall/").removesuffix(".html")


def test_refreshing_keeps_the_scene(world: World, run: DrawnCampaign) -> None:
    client = world.client("district_officer")
    for name in SCENES:
        again = client.get(script(scene(client, name))["self"])
        assert _part(again) == name


def test_the_numbers_on_top_are_those_of_board_weeks_and_forecast(world: World, run: DrawnCampaign) -> None:
    chief = world.a.actor("district_officer")
    board = counts_of(chief, run.campaign, DAY.date())
    told = scene(world.client("district_officer"), "district").context
    tiles, outlook = told["tiles"], told["outlook"]
    assert (tiles["share"], tiles["late"]) == (Ratio(board.done, board.steps), board.late)
    week = FrozenWeek.objects.filter(campaign=run.campaign).order_by("-number").first()
    assert week is not None
    assert outlook.p80_on == Forecast.objects.get(week=week, level="district").p80_on
    assert outlook.ends_on == planned_end(run.campaign)
    assert outlook.days_left == (outlook.ends_on - DAY.date()).days
    reds = sum(one["count"] for one in told["colours"] if one["key"] == "red")
    assert reds == tiles["red"]
    assert sum(one["count"] for one in told["colours"]) == told["villages"] == 5


def test_what_changed_is_against_the_week_before_on_a_weekend_too(
    world: World, run: DrawnCampaign, on_day: OnDay
) -> None:
    client = world.client("district_officer")
    frozen = [week.ends_at.date() for week in FrozenWeek.objects.filter(campaign=run.campaign).order_by("number")]
    for day, last in ((DAY, frozen[-1]), (moment(19), frozen[-2])):
        on_day(day)
        told = scene(client, "district").context
        assert told["last"].on == last
        assert told["outlook"].p80_on == Forecast.objects.get(week__number=len(frozen), level="district").p80_on


def test_every_town_is_ranked_by_the_steps_of_the_board(world: World, run: DrawnCampaign) -> None:
    board = counts_of(world.a.actor("district_officer"), run.campaign, DAY.date())
    ranks = [one["at"] for one in scene(world.client("district_officer"), "towns").context["ranks"]]
    assert sum(one.done for one in ranks) == board.done == 1
    assert sum(one.every for one in ranks) == board.steps
    assert ranks[0].done == 1


def test_stages_count_villages_that_finished_all_of_one(world: World, run: DrawnCampaign) -> None:
    client = world.client("district_officer")
    [stage] = [one["at"] for one in scene(client, "stages").context["stages"]]
    assert (stage.villages, stage.finished, stage.begun) == (5, 0, 1)
    run.do("岩门村", "vote", moment(21))
    [stage] = [one["at"] for one in scene(client, "stages").context["stages"]]
    assert (stage.villages, stage.finished, stage.begun) == (5, 1, 0)


def test_the_worst_town_is_shown_with_its_villages_and_what_it_owes(world: World, run: DrawnCampaign) -> None:
    answer = scene(world.client("district_officer"), "town")
    shown = answer.context["state"].place
    rank = answer.context["town"]["rank"]
    assert shown.id == rank.town
    assert "岩门村" not in [one["name"] for one in answer.context["worst"]]
    assert {one["town"] for one in answer.context["worst"]} == {shown.name}
    owed = Statement.objects.filter(campaign=run.campaign, town=rank.town, status="demanded").count()
    assert answer.context["owed"]["count"] == owed


def test_the_news_are_the_newest_completions_and_the_statements_owed(world: World, run: DrawnCampaign) -> None:
    run.do("大石村", "visit", DAY - timedelta(hours=1))
    run.log("光明村", "visit", Did.SUBMITTED, DAY)
    told = scene(world.client("district_officer"), "news").context
    assert [one["name"] for one in told["newest"]] == ["大石村", "岩门村"]
    assert [bool(one["day"]) for one in told["newest"]] == [False, True]
    assert (told["accepted"], told["submitted"], told["returned"]) == (1, 2, 0)
    assert told["owed"]["count"] == Statement.objects.filter(campaign=run.campaign, status="demanded").count()


def test_a_part_of_the_district_is_told_no_forecast_of_the_whole(world: World, run: DrawnCampaign) -> None:
    assert scene(world.client("town_officer"), "district").context["outlook"].p80_on is None


def test_a_town_has_a_wall_of_its_own(world: World, run: DrawnCampaign) -> None:
    answer = scene(world.client("district_officer"), "", f"place={world.a.town.public_id}")
    assert _part(answer) == "town"
    assert answer.context["town"]["rank"].town == world.a.town.pk
    assert [name for name, _shown in answer.context["scenes"]][1:] != []


def test_figures_take_their_turn_after_the_campaign(world: World, run: DrawnCampaign) -> None:
    client = world.client("district_officer")
    answer = scene(client, SCENES[-1], "by=colour,campaigns.progress")
    following = client.get(script(answer)["next"])
    assert _part(following) == "figure"
    assert _part(client.get(script(following)["next"])) == SCENES[0]


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_asks_no_more_when_more_was_done(world: World, run: DrawnCampaign, name: str) -> None:
    client = world.client("district_officer")

    def asked() -> int:
        scene(client, name)
        with CaptureQueriesContext(connection) as caught:
            scene(client, name)
        return len(caught)

    run.do("大石村", "visit", DAY - timedelta(hours=2))
    before = asked()
    for village in ("光明村", "大石村"):
        run.do(village, "vote", DAY - timedelta(hours=1))
    assert asked() == before < 60
