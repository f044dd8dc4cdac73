"""Pages of weeks, contests, statements, forecasts and key villages: what they show and what their forms do."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.types import Did
from heli.kernel.access import SYSTEM
from heli.places import queries as places
from heli.places import services
from heli.places.types import EventKind, EventSpec, LinkSpec, PlaceKind, PlaceSpec
from heli.warnings.models import Contest, FrozenWeek, KeyVillage, Statement
from heli.warnings.services.weeks import freeze_due
from heli.warnings.testing import DrawnCampaign, ends, key_village_of, moment, run_of
from heli.warnings.types import ContestStatus, ProposalStatus, StatementStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


@pytest.fixture
def run(world: World) -> DrawnCampaign:
    return run_of(world.a)


def at(run: DrawnCampaign, name: str, *more: Any) -> str:
    return reverse(f"warnings:{name}", args=[run.campaign.public_id, *more])


def test_the_strip_shows_shape_and_word_of_each_week_the_newest_first(world: World, run: DrawnCampaign) -> None:
    page = world.client("district_officer").get(at(run, "weeks")).content.decode()
    assert "■</span> 红色" in page
    assert page.index("2026年第13周") < page.index("2026年第12周") < page.index("2026年第10周")


def test_a_town_sees_its_own_row_only_and_cannot_freeze(world: World, run: DrawnCampaign) -> None:
    client = world.client("town_officer")
    page = client.get(at(run, "weeks")).content.decode()
    assert world.a.towns[0] in page
    assert world.a.towns[1] not in page
    assert client.post(at(run, "weeks")).status_code == 403


def test_freezing_by_hand_makes_up_for_what_is_missing(world: World) -> None:
    run = DrawnCampaign.over(world.a.register, {"ask": 5}, towns=list(world.a.towns))
    assert world.client("district_officer").post(at(run, "weeks")).status_code == 303
    assert FrozenWeek.objects.filter(campaign=run.campaign).exists()


def test_a_frozen_week_is_a_list_to_print_and_take_away(world: World, run: DrawnCampaign) -> None:
    client = world.client("district_officer")
    page = client.get(at(run, "week", 4)).content.decode()
    assert "岩门村" in page
    assert "■2" in page or "■3" in page
    assert client.get(at(run, "week", 4) + "?export=xlsx").status_code == 200
    assert client.get(at(run, "week", 99)).status_code == 404


def test_what_is_known_now_stands_beside_the_frozen_week(world: World, run: DrawnCampaign) -> None:
    run.log("岩门村", "ask", Did.EXTENDED, moment(40), due_on=moment(60).date())
    page = world.client("district_officer").get(at(run, "week", 4)).content.decode()
    assert "按现在掌握的情况" in page


def test_a_town_contests_and_another_person_decides(world: World, run: DrawnCampaign) -> None:
    town = world.client("town_officer")
    address = at(run, "new_contest", 4, world.a.town.public_id)
    assert town.post(address, {"text": ""}).status_code == 422
    proof = SimpleUploadedFile("说明.txt", "已完成".encode())
    assert town.post(address, {"text": "材料已交", "file": proof}).status_code == 303
    contest = Contest.objects.get()
    assert contest.file is not None
    assert town.post(at(run, "contest", contest.public_id), {"reason": "是", "did": "uphold"}).status_code == 403
    chief = world.client("district_officer")
    assert chief.post(at(run, "contest", contest.public_id), {"reason": "属实", "did": "uphold"}).status_code == 303
    contest.refresh_from_db()
    assert contest.status == ContestStatus.UPHELD
    assert "认定有误" in chief.get(at(run, "weeks")).content.decode()


def test_a_statement_is_given_noted_and_confirmed_for_the_record(world: World, run: DrawnCampaign) -> None:
    statement = Statement.objects.get(town=world.a.town)
    address = at(run, "statement", statement.public_id)
    town, chief = world.client("town_officer"), world.client("district_officer")
    assert town.post(address, {"did": "give", "text": ""}).status_code == 422
    assert town.post(address, {"did": "give", "text": "三日内完成"}).status_code == 303
    assert town.post(address, {"did": "note"}).status_code == 403
    assert chief.post(address, {"did": "note"}).status_code == 303
    assert chief.post(address, {"did": "note"}).status_code == 422
    assert chief.post(address, {"did": "confirm", "reason": ""}).status_code == 422
    assert chief.post(address, {"did": "confirm", "reason": "情况属实"}).status_code == 303
    statement.refresh_from_db()
    assert statement.status == StatementStatus.ACKNOWLEDGED
    assert statement.proposal.status == ProposalStatus.CONFIRMED
    assert "三日内完成" in chief.get(address).content.decode()


def test_the_forecast_page_shows_the_days_and_how_earlier_forecasts_did(world: World, run: DrawnCampaign) -> None:
    chief = world.client("district_officer")
    page = chief.get(at(run, "forecast")).content.decode()
    assert "heli-chart" in page
    assert "以往预测的检验" in page
    assert chief.get(at(run, "forecast") + "?export=csv").status_code == 200
    assert "岩门村" in chief.get(at(run, "critical")).content.decode()


def test_before_the_first_week_the_pages_say_what_comes(world: World) -> None:
    run = DrawnCampaign.over(world.a.register, {"ask": 5}, towns=list(world.a.towns))
    chief = world.client("district_officer")
    assert "尚无冻结的周" in chief.get(at(run, "weeks")).content.decode()
    assert "首次预测" in chief.get(at(run, "forecast")).content.decode()


def test_a_key_village_is_proposed_from_its_page_confirmed_by_another_and_ended(
    world: World, run: DrawnCampaign
) -> None:
    town, chief = world.client("town_officer"), world.client("district_officer")
    address = at(run, "new_key_village") + f"?place={world.a.village.public_id}"
    assert "户籍人口多" in town.get(address).content.decode()
    assert town.post(address, {"tier": "city"}).status_code == 422
    link = world.a.links["group"]
    given = {"tier": "city", "value_debts": "120", "note_debts": "债务未清", "leader": link}
    assert town.post(address, given).status_code == 303
    kept = KeyVillage.objects.get()
    assert "债务未清" in chief.get(at(run, "key_villages")).content.decode()
    page = at(run, "key_village", kept.public_id)
    assert chief.post(page, {"did": "confirm"}).status_code == 303
    assert chief.post(page, {"did": "end", "reason": ""}).status_code == 422
    assert chief.post(page, {"did": "end", "on": "2099-01-01", "reason": "已化解"}).status_code == 303


def test_a_key_village_of_another_town_cannot_be_proposed(world: World, run: DrawnCampaign) -> None:
    address = at(run, "new_key_village") + f"?place={world.a.other_village.public_id}"
    assert world.client("town_officer").get(address).status_code == 404
    assert world.client("district_officer").get(address).status_code == 200
    key_village_of(world.a)


def test_a_streak_goes_on_through_a_merger_of_towns(world: World) -> None:
    """Two towns become one after the first red week: the second red week of the new town is the second of the streak."""
    run = DrawnCampaign.over(world.a.register, {"ask": 5}, towns=list(world.a.towns))
    freeze_due(actor=SYSTEM, at=ends(3))
    merge_towns(world, run)
    freeze_due(actor=SYSTEM, at=ends(4))
    statement = Statement.objects.get(campaign=run.campaign)
    assert statement.town_id == world.a.register["新镇"]
    assert (statement.first_week.number, statement.last_week.number) == (3, 4)


def merge_towns(world: World, run: DrawnCampaign) -> None:
    """Both towns of the home district go into a new one, with their villages, on the Monday after the third week."""
    register = world.a.register
    recorded = services.record_event(
        actor=SYSTEM,
        event=EventSpec(
            kind=EventKind.MERGE,
            on=moment(21).date(),
            links=tuple(LinkSpec(source=register[town], target="新镇") for town in world.a.towns),
            founds={"新镇": PlaceSpec(name="新镇", kind=PlaceKind.TOWN, parent=register.district)},
            document_number="川府〔2026〕1号",
            children_follow=True,
        ),
    )
    register.keys["新镇"] = recorded.founded["新镇"]
    assert {row.parent_id for row in places.villages_of(register.district, moment(22).date())} == {register["新镇"]}
