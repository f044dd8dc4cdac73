"""GeoReport v2: what is told of requests, by which filters, never a name or number; what is sent twice is taken once."""

from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heli.accounts.testing import World, build_world, key_of_half
from heli.audit.models import Entry
from heli.matters.models import MatterVoice
from heli.matters.testing import moved, reported, shut, whistled
from heli.matters.tests.programs import CANARY, MAIL, NAME, Program, error, stored


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    settings.OPEN311_HOSTS = frozenset({"photos.example.cn"})
    return build_world()


@pytest.fixture
def program(world: World) -> Program:
    return Program(world)


# -- what is told ------------------------------------------------------------------------------------------------------


def test_ids_override_and_pages_dates_and_services_narrow(world: World, program: Program) -> None:
    voices = [reported(world.a, f"第{number}盏灯不亮", contact=CANARY) for number in range(3)]
    ids = []
    for voice, item in zip(voices, ("street_lamp", "manhole", "street_lamp"), strict=True):
        moved(world.a, "district_officer", voice.matter, "file", values={"title": "灯", "item": item})
        ids.append(voice.matter.public_id)

    def told(**query: Any) -> list[str]:
        return [one["service_request_id"] for one in program.get("requests.json", **query).json()]

    assert told() == ids[::-1]
    assert told(service_code="manhole") == [ids[1]]
    assert told(service_code="manhole, street_lamp") == ids[::-1]
    assert told(page_size="2") == ids[:0:-1]
    assert told(page_size="2", page="2") == [ids[0]]
    past = {"start_date": "2020-01-01T00:00:00Z", "end_date": "2020-01-31T00:00:00Z"}
    assert told(**past) == []
    assert told(service_request_id=f"{ids[0]},{ids[2]},nothing", status="closed", page="7", **past) == [ids[2], ids[0]]
    for wrong in (
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, {"start_date": "yesterday"},
        {"start_date": "2026-01-01T00:00:00"}, {"status": "half"}, {"page": "0"}, {"page_size": "1001"},
        {"service_request_id": ",".join(map(str, range(1_001)))},
    ):  # fmt: skip
        assert error(program.get("requests.json", **wrong))[0] == 400
    listed = ET.fromstring(program.get("requests.xml").content)
    assert [one.findtext("service_request_id") for one in listed.findall("request")] == ids[::-1]


def test_a_closed_one_says_so_with_its_answer_and_who_led(world: World, program: Program) -> None:
    matter = shut(world.a, reported(world.a, contact=CANARY))
    told = program.get(f"requests/{matter.public_id}.json").json()[0]
    assert (told["status"], told["status_notes"], told["expected_datetime"]) == ("closed", "路灯已修好", None)
    assert told["agency_responsible"] == world.a.bodies["department"].name
    assert datetime.fromisoformat(told["requested_datetime"]).tzinfo is not None
    assert datetime.fromisoformat(told["updated_datetime"]) >= datetime.fromisoformat(told["requested_datetime"])


def test_no_answer_ever_holds_a_name_or_number(world: World, program: Program) -> None:
    program.post(
        description=f"路灯不亮，{NAME}电话{CANARY}", phone=CANARY, email=MAIL, first_name=NAME, client_key=CANARY,
        address_string=f"岩门村{NAME}家门口", **{"attribute[more]": NAME},
    )  # fmt: skip
    voice = MatterVoice.objects.get()
    title = {"title": f"路灯不亮 {CANARY}", "item": "street_lamp"}
    matter = moved(world.a, "district_officer", voice.matter, "file", values=title)
    whistled(world.a, matter)
    for form in ("json", "xml"):
        answers = [
            program.get(f"requests.{form}"), program.get(f"requests/{matter.public_id}.{form}"),
            program.get(f"tokens/{voice.code}.{form}"), program.get(f"services.{form}"),
            program.post(form, description=f"{NAME}{CANARY}", phone=CANARY), program.post(form, lat=CANARY, long="1"),
        ]  # fmt: skip
        said = [answer.content.decode() for answer in answers]
        assert "路灯不亮" in said[0]
        assert [one for one in said for canary in (CANARY, NAME, MAIL) if canary in one] == []
    from heli.accounts.models import KeyUse, ProgramKey

    assert CANARY not in str(list(Entry.objects.values_list("after", "before", "subject", "reason", "actor_name")))
    assert CANARY not in str([*ProgramKey.objects.values(), *KeyUse.objects.values(), *MatterVoice.objects.values()])


def test_the_same_few_questions_for_many(world: World, program: Program) -> None:
    counted = []
    for many in (1, 8):
        for _time in range(many):
            voice = reported(world.a)
            matter = moved(world.a, "district_officer", voice.matter, "file", values={"title": "灯", "item": "noise"})
            whistled(world.a, matter)
        with CaptureQueriesContext(connection) as asked:
            assert len(program.get("requests.json").json()) >= many
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 12


# -- taken once --------------------------------------------------------------------------------------------------------


def test_what_is_sent_again_under_its_name_is_taken_once(world: World, program: Program) -> None:
    first, again = program.post(client_key="4711"), program.post(client_key="4711", description="anders")
    assert first.json() == again.json()
    assert stored()[:2] == (1, 1)
    other = key_of_half(world.a)[1]
    assert program.post(client_key="4711", api_key=other).json() != first.json()
    assert stored()[:2] == (2, 2)
