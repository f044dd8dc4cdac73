"""Pages of joint plans: what each shows to whom, what each button does, in both languages, and their files."""

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from heli.accounts import services as accounts
from heli.accounts.testing import World, build_world
from heli.kernel.access import SYSTEM
from heli.planning import services
from heli.planning.models import JointPart, JointPlan, Scenario
from heli.planning.testing import joint_of, scenario_of
from heli.planning.types import RunState
from mergeplan import Districts, Planner, instance_from_json

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}
PAGES = ("joint", "joint_print", "joint_progress")


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def joint(world: World) -> JointPlan:
    return joint_of(world)


@pytest.fixture
def city(world: World) -> Client:
    """A browser of somebody who plans both districts."""
    user, _password = accounts.add_user(actor=SYSTEM, username="city", name="city", password="a long password of tests")
    for half in (world.a, world.b):
        accounts.grant_role(
            actor=SYSTEM, user=user, role="district_officer", on=date(2010, 1, 1), place_id=half.register.district
        )
    client = Client()
    client.force_login(user)
    return client


def get(client: Client, name: str, *args: Any, **headers: str) -> str:
    response = client.get(reverse(f"planning:{name}", args=args), headers=headers or ENGLISH)
    assert response.status_code == 200, name
    return response.content.decode()


def asked(world: World, **more: Any) -> dict[str, Any]:
    """The form of a new joint plan, filled in."""
    return {
        "name": "The city", "on": "2026-01-01", "districts": [world.a.register.district, world.b.register.district],
        "goal": "at_most", "count": 6, "reduction": "", "way": "found_best", "shares": "", "k": 3, "pmin": 0,
        "pmax": 100_000, "radius_m": 20_000, "detour": "1.3", "target_population": "", "absorb_cost": "1.5",
        "convert_cost": "1.5", "weight_balance": 1, "weight_travel": "0.5", "weight_disrupt": "0.2",
        "weight_compact": "0.3", "weight_affinity": "0.2", **more,
    }  # fmt: skip


def send(client: Client, data: dict[str, Any]) -> Any:
    return client.post(reverse("planning:new_joint"), data, headers=ENGLISH)


def workbook(client: Client, joint: JointPlan) -> CalamineWorkbook:
    """The joint plan's Excel file."""
    address = reverse("planning:joint_excel", args=[joint.public_id])
    return CalamineWorkbook.from_filelike(io.BytesIO(client.get(address, headers=ENGLISH).content))


def test_districts_are_chosen_planned_and_handed_down(world: World, city: Client) -> None:
    scenario_of(world.a), scenario_of(world.b)
    form = get(city, "new_joint")
    assert form.count('name="districts"') == 2
    response = send(city, asked(world))
    assert response.status_code == 303
    joint = JointPlan.objects.get()
    page = city.get(response["Location"], headers=ENGLISH).content.decode()
    assert "proven best" in page
    assert "By district" in page
    number = JointPart.objects.get(joint=joint, district_id=world.a.register.district).number
    assert "Open as a scenario" in get(city, "joint_part", joint.public_id, number)
    assert city.post(reverse("planning:joint_hand_down", args=[joint.public_id]), headers=ENGLISH).status_code == 303
    page = get(city, "joint", joint.public_id)
    assert "2 districts have their drafts now." in page
    assert "Give every district its draft" not in page
    page = get(city, "joint_part", joint.public_id, number)
    scenario = Scenario.objects.get(district_id=world.a.register.district, name="The city")
    assert reverse("planning:scenario", args=[scenario.public_id]) in page


def test_numbers_are_handed_down_as_pasted(world: World, city: Client) -> None:
    scenario_of(world.a), scenario_of(world.b)
    lines = "Q\t3"
    response = send(city, asked(world, way="handed_down", shares=lines))
    assert response.status_code == 303, response.content.decode()
    joint = JointPlan.objects.get()
    assert list(JointPart.objects.filter(joint=joint).values_list("wanted", flat=True)) == [3, 3]
    assert "Price of handing down" in get(city, "joint", joint.public_id)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"way": "handed_down", "shares": "Nowhere 3"}, "Line 1 (Nowhere 3): no district of the list"),
        ({"way": "handed_down", "shares": "Q 3\nL 1", "goal": "exactly"}, "add up to 4, the count of all is 6"),
        ({"districts": []}, "Choose at least one district."),
        ({"count": 700}, "Give a number of villages from 1 to"),
    ],
)
def test_a_wrong_form_says_what_to_mend_and_writes_nothing(
    world: World, city: Client, wrong: dict[str, Any], words: str
) -> None:
    response = send(city, asked(world, **wrong))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not JointPlan.objects.exists()


def test_a_district_officer_sees_the_own_row_and_opens_it(world: World, joint: JointPlan) -> None:
    client = world.client("district_officer")
    page = get(client, "joint", joint.public_id)
    assert "your districts only" in page
    own, other = (JointPart.objects.get(joint=joint, district_id=h.register.district) for h in (world.a, world.b))
    assert reverse("planning:joint_part", args=[joint.public_id, own.number]) in page
    assert reverse("planning:joint_part", args=[joint.public_id, other.number]) not in page
    assert "joint-curve" not in page
    assert "Give every district its draft" not in page
    opened = client.post(reverse("planning:joint_open", args=[joint.public_id, own.number]))
    scenario = Scenario.objects.get(joint_part=own)
    assert opened["Location"] == reverse("planning:scenario", args=[scenario.public_id])
    assert scenario.author == world.a.users["district_officer"]
    foreign = client.post(reverse("planning:joint_open", args=[joint.public_id, other.number]))
    assert foreign.status_code == 404
    assert client.post(reverse("planning:joint_hand_down", args=[joint.public_id])).status_code == 403
    book = workbook(client, joint)
    assert book.sheet_names == ["Districts", "Towns"]
    assert [row[0] for row in book.get_sheet_by_name("Districts").to_python()[3:-1]] == [own.name]


def test_readers_open_nothing_and_towns_see_nothing(world: World, joint: JointPlan) -> None:
    own = JointPart.objects.get(joint=joint, district_id=world.a.register.district)
    for role in ("auditor", "department_liaison"):
        assert "Open as a scenario" not in get(world.client(role), "joint_part", joint.public_id, own.number)
        opened = world.client(role).post(reverse("planning:joint_open", args=[joint.public_id, own.number]))
        assert opened.status_code == 403
    for name in PAGES:
        address = reverse(f"planning:{name}", args=[joint.public_id])
        assert world.client("town_officer").get(address).status_code == 404
        assert world.client("nobody").get(address).status_code == 403
        assert Client().get(address).status_code == 302
    assert not Scenario.objects.filter(joint_part=own).exists()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_chinese_first(world: World, joint: JointPlan, name: str) -> None:
    with translation.override("zh-hans"):
        page = get(world.client("district_officer"), name, joint.public_id, **{"Accept-Language": "zh-CN"})
    assert "统筹" in page or "区县" in page


def test_progress_is_told_by_districts_and_a_failure_in_words(world: World, city: Client, joint: JointPlan) -> None:
    from heli.audit.testing import unaudited

    with unaudited():
        JointPlan.objects.filter(pk=joint.pk).update(state=RunState.RUNNING, done=1)
    page = get(city, "joint_progress", joint.public_id)
    assert "1 / 2" in page
    assert "hx-get" in page
    with unaudited():
        JointPlan.objects.filter(pk=joint.pk).update(state=RunState.FAILED, failure="k is too large")
    assert "k is too large" in get(city, "joint_progress", joint.public_id)


def test_the_workbook_holds_sums_districts_towns_and_curve(city: Client, joint: JointPlan) -> None:
    book = workbook(city, joint)
    assert book.sheet_names == ["Summary", "Districts", "Towns", "Curve"]
    afters = [row[4] for row in book.get_sheet_by_name("Districts").to_python()[3:-1]]
    assert sum(int(str(n).removesuffix(".0")) for n in afters) == joint.result["after"]


def test_the_command_finds_the_same_from_the_instances(city: Client, joint: JointPlan) -> None:
    content = city.get(reverse("planning:joint_instances", args=[joint.public_id])).content
    archive = zipfile.ZipFile(io.BytesIO(content))
    planners = {name: Planner(instance_from_json(json.loads(archive.read(name)))) for name in archive.namelist()}
    assert len(planners) == 2
    shared = Districts(planners).share(at_most=joint.result["after"])
    assert shared is not None
    assert shared.cost == joint.objective
    assert [s.count for s in shared.districts] == list(
        JointPart.objects.filter(joint=joint).values_list("count", flat=True)
    )


def test_the_list_asks_no_more_for_many_districts(world: World, city: Client, joint: JointPlan) -> None:
    get(city, "joint", joint.public_id)
    with CaptureQueriesContext(connection) as few:
        get(city, "joint", joint.public_id)
    with CaptureQueriesContext(connection) as own:
        get(world.client("district_officer"), "joint", joint.public_id)
    assert len(few) <= len(own) + 4
    services.hand_down(actor=SYSTEM, joint=joint)
    with CaptureQueriesContext(connection) as after:
        get(city, "joint", joint.public_id)
    assert len(after) <= len(few)
