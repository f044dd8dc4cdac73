"""The register's pages, opened and used as people do."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.kernel.access import SYSTEM
from heli.places import queries, services
from heli.places.models import Fact, Neighbour, Place
from heli.places.testing import merge
from heli.places.types import UNKNOWN, FactSpec, Share

pytestmark = pytest.mark.django_db
DAY = date(2020, 5, 1)


@pytest.fixture
def world(settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("district_officer")


def public(world: World, name: str) -> str:
    return str(Place.objects.get(pk=world.a.register[name]).public_id)


def test_the_overview_counts_before_and_after(world: World, officer: Client) -> None:
    merge(world.a.register, "岩门村 大石村", "新村", DAY, parent="代市镇")
    text = officer.get(
        f"{reverse('places:home')}?on=2020-06-01&since=2019-01-01", headers={"Accept-Language": "en"}
    ).content.decode()
    assert "4 → 3" in text
    assert "25.00 %" in text
    assert "新村" in text
    before = officer.get(f"{reverse('places:home')}?on=2019-06-01").content.decode()
    assert "新村" not in before


def test_a_town_officer_sees_the_own_town_only(world: World) -> None:
    text = world.client("town_officer").get(reverse("places:home")).content.decode()
    assert "岩门村" in text
    assert "水口村" not in text
    shapes = world.client("town_officer").get(reverse("places:district_shapes", args=[world.a.district.public_id]))
    assert json.loads(shapes.content)["features"] == []


def test_the_page_of_a_place_shows_three_readings(world: World, officer: Client) -> None:
    facts = [
        FactSpec(place_id=world.a.register[name], measure="registered_population", on=date(2019, 12, 31), value=value)
        for name, value in (("岩门村", 1_201), ("大石村", 800))
    ]
    services.record_facts(actor=SYSTEM, facts=facts)
    merge(world.a.register, "岩门村 大石村", "新村", DAY, parent="代市镇")
    text = officer.get(reverse("places:place", args=[public(world, "新村")])).content.decode()
    for part in ("1,201", "800", "2,001", "前府发〔2020〕1号", '<svg class="lineage"'):
        assert part in text


def test_an_officer_merges_villages_by_hand_and_takes_it_back(world: World, officer: Client) -> None:
    address = reverse("places:record", args=[public(world, "岩门村"), "merge"])
    form = {
        "members": [str(world.a.register["大石村"])],
        "name": "新村",
        "new_kind": "village",
        "code": "",
        "on": "2020-05-01",
    }
    answer = officer.post(address, form)
    assert answer.status_code == 303
    [new] = [row for row in queries.villages_of(world.a.register.district, DAY) if row.name == "新村"]
    assert queries.predecessors(new.id) == [world.a.register["岩门村"], world.a.register["大石村"]]
    assert officer.post(answer["Location"], {"reason": "the wrong village"}).status_code == 303
    assert "岩门村" in [row.name for row in queries.villages_of(world.a.register.district, DAY)]


def test_a_refusal_is_shown_at_the_form(world: World, officer: Client) -> None:
    address = reverse("places:record", args=[public(world, "岩门村"), "recode"])
    answer = officer.post(address, {"code": "511603100201", "on": "2020-05-01"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "belongs to 大石村 on that day" in answer.content.decode()


def test_a_new_code_leaves_the_name_of_the_list_as_it_is(world: World, officer: Client) -> None:
    place = world.a.register["岩门村"]
    services.change_version(actor=SYSTEM, place_id=place, on=date(2020, 1, 1), reason="list", name="岩门村委会")
    address = reverse("places:record", args=[public(world, "岩门村"), "recode"])
    assert officer.post(address, {"code": "511603100299", "on": "2020-05-01"}).status_code == 303
    row = queries.version_on(place, date(2020, 6, 1))
    assert row is not None
    assert (row.code, row.name, row.listed_name) == ("511603100299", "岩门村", "岩门村委会")


def test_a_part_goes_by_counted_shares(world: World, officer: Client) -> None:
    address = reverse("places:record", args=[public(world, "岩门村"), "part"])
    form = {
        "target": world.a.register["大石村"],
        "which": "1–3组",
        "population": "300/900",
        "area": "20%",
        "on": "2020-05-01",
    }
    assert officer.post(address, {**form, "population": ""}).status_code == 422
    assert officer.post(address, form).status_code == 303
    event = queries.events_of([world.a.register["大石村"]])[-1]
    assert [(link.population, link.area.fraction) for link in event.links] == [
        (Share(300, 900), Fraction(1, 5)),
        (Share(600, 900), Fraction(4, 5)),
    ]


def test_a_split_is_entered_as_it_was_counted_and_what_nobody_counted_is_said(world: World, officer: Client) -> None:
    village = public(world, "岩门村")
    key = world.a.register["岩门村"]
    fact = FactSpec(place_id=key, measure="registered_population", on=date(2019, 12, 31), value=48_321)
    services.record_facts(actor=SYSTEM, facts=[fact])
    names = {f"name_{i}": f"新{i}村" for i in (1, 2)} | {f"kind_{i}": "village" for i in (1, 2)}
    form = {**names, "on": "2020-05-01", "people_1": "16107", "people_2": "32214", "area_1": "?", "area_2": "不详"}
    address = reverse("places:record", args=[village, "split"])
    staying = officer.post(address, {**form, "goes_on": "on"}, headers={"Accept-Language": "en"})
    assert "Of how many?" in staying.content.decode()
    assert officer.post(address, {**form, "area_1": "some"}).status_code == 422
    assert officer.post(address, {**form, "people_1": "?", "people_2": "?"}).status_code == 303
    event = queries.events_of([key])[-1]
    assert {(link.population, link.area) for link in event.links} == {(UNKNOWN, UNKNOWN)}
    page = officer.get(reverse("places:event", args=[event.public_id])).content.decode()
    assert "不详" in page
    heir = next(link for link in event.links if link.target_name == "新1村")
    assert (
        "新1村、新2村合计 48,321" in officer.get(reverse("places:place", args=[heir.target_public_id])).content.decode()
    )
    days = {"on": "2020-06-30", "since": "2019-12-31"}
    home = officer.get(reverse("places:place", args=[world.a.district.public_id]), days).content.decode()
    assert "户籍人口：新1村、新2村合计 48,321" in home


def test_figures_and_neighbours_are_entered_by_hand(world: World, officer: Client) -> None:
    village = public(world, "岩门村")
    form = {"measure": "area", "on": "2020-05-01", "value": "1.25", "reason": "survey"}
    assert officer.post(reverse("places:fact", args=[village]), form).status_code == 303
    assert Fact.objects.get(measure="area").value == 125_000_000
    keys = world.a.register
    pair = {"a": keys["大石村"], "b": keys["岩门村"], "border_m": 900, "affinity": 700, "on": "2020-05-01"}
    address = reverse("places:neighbour", args=[world.a.district.public_id])
    assert officer.post(address, pair).status_code == 303
    assert officer.post(address, {**pair, "b": keys["大石村"]}).status_code == 422
    kept = Neighbour.objects.get()
    assert (kept.a_id < kept.b_id, kept.border_m, kept.affinity) == (True, 900, 700)
    assert officer.post(f"{address}?pair={kept.pk}", {**pair, "end": "1", "on": "2021-01-01"}).status_code == 303
    assert queries.neighbours_on(keys.district, date(2022, 1, 1)) == []


def test_everything_in_scope_can_be_taken_away(world: World, officer: Client) -> None:
    merge(world.a.register, "岩门村 大石村", "新村", DAY, parent="代市镇")
    district = world.a.district.public_id
    book = officer.get(reverse("places:export", args=[district, "xlsx"]))
    assert book.content[:2] == b"PK"
    answer = officer.get(reverse("places:export", args=[district, "versions"]))
    lines = answer.getvalue().decode("utf-8-sig")
    assert "岩门村" in lines
    assert "上潘村" not in lines
    assert officer.get(reverse("places:export", args=[district, "nonsense"])).status_code == 404
