"""The open page: what a stranger reads of a village, its rates as the figures count them, and by a whole crawl no canary."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.consultation.testing import notice_of
from heli.kernel.declare import Ask
from heli.matters import figures, queries
from heli.matters.models import Matter
from heli.matters.testing import filed, handled_by_all, moved, reported, shut, told, whistled
from heli.records.testing import DAY
from heli.web.code_sheet import WallCodes, code_sheet

PHONE, CARD, IDENTITY, NAME, HOME = "13912345678", "6222021234567890123", "34080219560101123X", "王翠花", "5幢2单元301"
CANARIES = (PHONE, CARD, IDENTITY, NAME, HOME)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def opened(place: Any) -> str:
    return reverse("web:openly", args=[place.public_id])


def canary(world: World) -> Matter:
    """A matter that everything personal was said of, led to its end."""
    said = f"{NAME}（{IDENTITY}）家门口路灯不亮，电话{PHONE}，卡{CARD}"
    voice = reported(world.a, said, contact=f"{NAME} {PHONE}", spot=HOME)
    return shut(world.a, voice, content="no", on=DAY)


def test_a_stranger_reads_a_village_its_town_and_its_district(world: World) -> None:
    canary(world)
    client = Client()
    village = client.get(opened(world.a.village)).content.decode()
    assert "路灯不亮" in village
    assert "100.00 %" in village
    assert f"{reverse('matter:report', args=[world.a.district.public_id])}?at={world.a.village.public_id}" in village
    town = client.get(opened(world.a.town)).content.decode()
    assert opened(world.a.village) in town
    assert opened(world.a.town) in client.get(opened(world.a.district)).content.decode()
    assert "路灯不亮" not in client.get(opened(world.a.other_village)).content.decode()
    assert client.get(reverse("web:openly", args=["nothing"])).status_code == 404


def test_rates_are_those_of_the_figures(world: World) -> None:
    canary(world)
    shut(world.a, reported(world.a, contact=PHONE), on=DAY)
    whistled(world.a, filed(world.a, on=DAY), on=DAY)
    ask = Ask(district_ids=(world.a.district.pk,), on=DAY)
    found = queries.rates_within({"district_id__in": (world.a.district.pk,)}, DAY)
    for mine, name in ((found.response, "response"), (found.solution, "solution"), (found.content, "content")):
        figure = next(one for one in figures.FIGURES if one.id == f"matters.{name}")
        pairs = figure.evaluate(ask).values()
        assert mine == (sum(k for k, _n in pairs), sum(n for _k, n in pairs)), name
    by_village = queries.rates_by({"district_id__in": (world.a.district.pk,)}, "place_id", DAY)
    assert by_village == {world.a.village.pk: found}


def crawl(client: Client, start: list[str], most: int = 60) -> dict[str, str]:
    """Every page, map and file that a stranger reaches from some addresses, by its address."""
    seen: dict[str, str] = {}
    wanted = list(start)
    while wanted and len(seen) < most:
        address = wanted.pop(0)
        if address in seen:
            continue
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]  # of the test's client
        seen[address] = body.decode("utf-8", "replace") if answer.status_code == 200 else ""
        found = re.findall(r'(?:href|src|outlines)="(/[^"#]*)', seen[address])
        wanted += [one for one in found if one not in seen and "/static/" not in one and "/account" not in one]
    return seen


def test_no_canary_reaches_a_strangers_crawl(world: World) -> None:
    canary(world)
    told(world.a, Matter.objects.get(pk=_handled(world).pk))
    careless = {"title": f"路灯，问{PHONE}", "item": "street_lamp"}
    moved(world.a, "district_officer", reported(world.a).matter, "file", values=careless)
    notice_of(world.a)
    places = [world.a.village, world.a.town, world.a.district]
    seen = crawl(Client(), [opened(one) for one in places])
    assert len(seen) >= 8
    assert sum("路灯" in page for page in seen.values()) >= 3
    found = [(address, one) for address, page in seen.items() for one in CANARIES if one in page]
    assert found == []


def _handled(world: World) -> Matter:
    matter = filed(world.a, on=DAY)
    whistled(world.a, matter, on=DAY)
    matter.refresh_from_db()
    return handled_by_all(world.a, matter, DAY)


def test_many_matters_cost_no_more_questions(world: World) -> None:
    counted = []
    for _time in range(2):
        for _one in range(4):
            filed(world.a, on=DAY)
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(opened(world.a.district)).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert counted[0] <= 40, counted


def test_codes_for_the_wall_are_printed_for_a_village_and_for_all_of_a_town(world: World) -> None:
    officer = world.client("town_officer")
    for place in (world.a.village, world.a.town):
        answer = officer.get(reverse("web:codes", args=[place.public_id]))
        assert answer["Content-Type"] == "application/pdf"
    assert officer.get(reverse("web:codes", args=[world.a.district.public_id])).status_code == 404
    sheet = WallCodes(
        place="岩门村", district="Q", report="https://x/r?at=a", follow="https://x/f", openly="https://x/o"
    )
    assert code_sheet([sheet]) == code_sheet([sheet])
