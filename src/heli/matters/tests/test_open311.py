"""GeoReport v2: services with six types of questions, reports by the one way, errors in its shape, photos without their place."""

from datetime import date
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import requests
import shapely
from django.test import Client
from PIL import ExifTags, Image

from heli.accounts.sealing import unseal_text
from heli.accounts.services import revoke_key
from heli.accounts.testing import World, build_world, key_of_half
from heli.audit.models import Entry
from heli.audit.services import writing
from heli.files.models import StoredFile
from heli.files.queries import path_of
from heli.files.testing import draw_photo
from heli.kernel.access import SYSTEM
from heli.matters.catalogues import items
from heli.matters.models import Matter, MatterVoice, ReportChannel
from heli.matters.open311.queries import place_at
from heli.matters.services import CONTACT
from heli.matters.testing import moved
from heli.matters.tests.programs import CANARY, MAIL, NAME, Program, error, stored
from heli.places import services as places
from heli.places.queries import districts
from heli.records.testing import DAY
from heli.ui.limits import MOST


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    settings.OPEN311_HOSTS = frozenset({"photos.example.cn"})
    return build_world()


@pytest.fixture
def program(world: World) -> Program:
    return Program(world)


# -- what may be reported ----------------------------------------------------------------------------------------------


def test_discovery_names_the_endpoint_in_both_formats() -> None:
    told = Client().get("/open311/discovery.json").json()
    endpoint = told["endpoints"][0]
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    answer = Client().get("/open311/discovery.xml")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert [one.text for one in ET.fromstring(answer.content).findall("endpoints/endpoint/formats/format")] == (
        endpoint["formats"]
    )


def test_every_item_is_a_service_and_six_types_are_asked(world: World, program: Program) -> None:
    rows = program.get("services.json").json()
    assert [row["service_code"] for row in rows] == list(items().entries)
    assert {row["type"] for row in rows} == {"realtime"}
    assert {row["metadata"] for row in rows} == {True, False}
    root = ET.fromstring(program.get("services.xml").content)
    assert root.tag == "services"
    assert [one.findtext("service_name") for one in root] == [row["service_name"] for row in rows]
    lamp = program.get("services/street_lamp.json").json()
    asked = lamp["attributes"]
    assert {one["datatype"] for one in asked} == {
        "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"
    }  # fmt: skip
    assert [one["order"] for one in asked] == list(range(1, len(asked) + 1))
    assert {one["variable"] for one in asked} == {True, False}
    values = ET.fromstring(program.get("services/street_lamp.xml").content).findall(".//values/value")
    assert {one.findtext("key") for one in values} >= {"out", "flickers", "road"}
    assert error(program.get("services/nothing.json"))[0] == 404


def test_where_several_districts_are_open_one_is_named(world: World, program: Program) -> None:
    for path in ("services.json", "services/street_lamp.json", "requests.json", "tokens/x.json", "requests/x.json"):
        assert error(program.get(path, jurisdiction_id="")) == error(Client().get(f"/open311/v2/{path}"))
        assert error(program.get(path, jurisdiction_id=""))[0] == 400
        assert error(program.get(path, jurisdiction_id="nowhere"))[0] == 404
    assert program.get("services.json", jurisdiction_id="511603000000").status_code == 200


def test_where_one_district_is_open_none_is_asked_for(world: World, program: Program, monkeypatch: Any) -> None:
    only = [row for row in districts(DAY) if row.id == world.a.district.pk]
    monkeypatch.setattr("heli.places.queries.districts", lambda _on: only)
    assert Client().get("/open311/v2/services.json").status_code == 200
    assert program.post(jurisdiction_id=None).status_code == 201
    assert error(program.get("services.json", jurisdiction_id="nowhere"))[0] == 404


# -- a report ----------------------------------------------------------------------------------------------------------


def test_a_report_goes_the_one_way_and_is_told_only_when_somebody_has_seen_it(world: World, program: Program) -> None:
    answer = program.post(
        phone=CANARY, email=MAIL, first_name=NAME, last_name=NAME, device_id=CANARY, account_id=CANARY
    )
    assert answer.status_code == 201
    made = answer.json()[0]
    matter, voice = Matter.objects.get(), MatterVoice.objects.get()
    assert made["service_request_id"] == matter.public_id
    assert voice.code in made["service_notice"]
    assert (matter.place_id, matter.channel, matter.item) == (world.a.village.pk, ReportChannel.PROGRAM, "street_lamp")
    assert matter.spot == "岩门村三组村口"
    assert unseal_text(CONTACT, voice.contact) == f"{CANARY} {MAIL}"
    assert Entry.objects.get(what="matters.report").actor_name == program.key.name
    token = program.get(f"tokens/{voice.code}.json").json()
    assert token == [{"service_request_id": matter.public_id, "token": voice.code}]
    assert error(program.get(f"requests/{matter.public_id}.json"))[0] == 404
    assert (
        program.get("requests.json").json() == program.get("requests.json", service_request_id=matter.public_id).json()
    )
    assert program.get("requests.json").json() == []
    moved(world.a, "district_officer", matter, "file", values={"title": "路灯不亮", "item": "street_lamp"})
    told = program.get(f"requests/{matter.public_id}.json").json()[0]
    assert (told["description"], told["status"], told["address"]) == ("路灯不亮", "open", "岩门村")
    assert told["address_id"] == world.a.village.public_id
    assert program.get("requests.json", status="open").json()[0] == told
    assert program.get("requests.json", status="closed").json() == []


def test_answers_to_the_questions_are_read_by_their_type(world: World, program: Program) -> None:
    answered: dict[str, Any] = {
        "attribute[pole_number]": "A-12", "attribute[lamps]": "3", "attribute[since]": "2026-03-01T20:00:00+08:00",
        "attribute[more]": "一\n二", "attribute[fault]": "flickers", "attribute[reached][]": ["road", "school"],
        "attribute[cover]": "",
    }  # fmt: skip
    assert program.post(**answered).status_code == 201
    said = Matter.objects.get().text.splitlines()
    assert said[1:] == [
        "灯杆编号：A-12", "不亮的灯数：3", "从何时起：2026-03-01T20:00:00+08:00", "什么故障：闪烁",
        "影响到哪里：机动车道、上学路", "补充说明：一", "二",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"service_code": ""}, "service_code"),
        ({"address_string": None}, "lat and long"),
        ({"address_string": "月球"}, "address_string"),
        ({"address_id": "nothing"}, "address_id"),
        ({"lat": "30.5"}, "long"),
        ({"lat": "north", "long": "106"}, "lat"),
        ({"lat": "nan", "long": "106"}, "lat"),
        ({"lat": "91", "long": "106"}, "lat"),
        ({"description": "x" * 4_001}, "4,000"),
        ({"address_string": "岩门村" + "x" * 120}, "address_string"),
        ({"phone": "1" * 81}, "phone"),
        ({"client_key": "k" * 81}, "client_key"),
        ({"attribute[lamps]": "many"}, "attribute[lamps]"),
        ({"attribute[since]": "2026-03-01T20:00:00"}, "attribute[since]"),
        ({"attribute[since]": "gestern"}, "attribute[since]"),
        ({"attribute[pole_number]": "a\nb"}, "attribute[pole_number]"),
        ({"attribute[pole_number]": "a" * 501}, "attribute[pole_number]"),
        ({"attribute[fault]": "gone"}, "attribute[fault]"),
        ({"attribute[reached]": "road,moon"}, "attribute[reached]"),
        ({"attribute[colour]": "red"}, "attribute[colour]"),
        ({"attribute[before_you_send]": "yes"}, "attribute[before_you_send]"),
        ({"service_code": "manhole"}, "attribute[cover]"),
        ({"media_url": "https://other.example.cn/a.jpg"}, "media_url"),
        ({"media_url": "file:///etc/passwd"}, "media_url"),
        ({"media_url": "https://photos.example.cn@127.0.0.1/a.jpg"}, "media_url"),
        ({"media_url": "https://photos.example.cn:8080/a.jpg"}, "media_url"),
        ({"media_url": "https://photos.example.cn\\@127.0.0.1/"}, "media_url"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(world: World, program: Program, more: Any, named: str) -> None:
    before = stored()
    answer = program.client.post("/open311/v2/requests.json", _sent(program, more), headers={"Accept-Language": "en"})
    code, description = error(answer)
    assert code == 400
    assert named in description
    assert stored() == before


def _sent(program: Program, more: dict[str, Any]) -> dict[str, Any]:
    sent = {
        "api_key": program.secret, "jurisdiction_id": program.half.district.public_id, "service_code": "street_lamp",
        "address_string": "岩门村", "description": "路灯不亮", **more,
    }  # fmt: skip
    return {key: value for key, value in sent.items() if value is not None}


def test_codes_of_what_is_not_found_or_not_allowed(world: World, program: Program) -> None:
    assert error(program.post(service_code="nothing"))[0] == 404
    assert error(program.post(jurisdiction_id=""))[0] == 400
    assert error(program.post(jurisdiction_id="nowhere"))[0] == 404
    elsewhere = {"jurisdiction_id": world.b.district.public_id, "address_string": "上潘村"}
    assert error(program.post(**elsewhere))[0] == 403
    assert error(program.post(api_key=""))[0] == error(program.post(api_key="guess"))[0] == 403
    reading = key_of_half(world.a, world.a.users["district_officer"])[1]
    assert error(program.post(api_key=reading))[0] == 403
    xml = program.client.post("/open311/v2/requests.xml", "<a/>", content_type="text/xml")
    assert ET.fromstring(xml.content).findtext("error/code") == "400"
    revoke_key(actor=SYSTEM, key=program.key, on=DAY)
    assert error(program.post())[0] == 403
    assert stored() == (0, 0, 0)


def test_empty_is_absent_and_a_report_needs_no_description(world: World, program: Program) -> None:
    empty = {
        "lat": "",
        "long": "",
        "address_id": "",
        "phone": " ",
        "media_url": "",
        "client_key": "",
        "description": "",
    }
    assert program.post(**empty).status_code == 201
    assert Matter.objects.get().text == items().text("street_lamp", "zh-hans")
    assert MatterVoice.objects.get().contact == ""
    for path in ("requests.json?status=&start_date=&end_date=&page=&service_request_id=&service_code=",):
        assert program.client.get(f"/open311/v2/{path}&jurisdiction_id=511603000000").status_code == 200


def test_a_key_is_counted_and_limited_and_a_source_without_one_too(world: World) -> None:
    program = Program(world, most_an_hour=2)
    assert [program.post().status_code for _time in range(3)] == [201, 201, 429]
    assert program.key.uses.get().count == 2
    statuses = [program.post(api_key="guess").status_code for _time in range(MOST + 1)]
    assert statuses == [403] * MOST + [429]


def test_a_point_finds_its_village_and_an_address_the_longest_name(world: World, program: Program) -> None:
    for name, lon in (("岩门村", 106.0), ("大石村", 106.1)):
        with writing(SYSTEM, "places.edit"):
            outline = places.add_outline(shape=shapely.box(lon, 30.0, lon + 0.1, 30.1))
            given: dict[str, Any] = {"place_id": world.a.place(name).pk, "reason": "drawn", "outline_id": outline.pk}
            places.change_version(actor=SYSTEM, on=date(2012, 1, 1), **given)
    on = DAY
    assert place_at(world.a.district.pk, (106_150_000, 30_050_000), on) == world.a.place("大石村").pk
    assert place_at(world.a.district.pk, (106_203_000, 30_050_000), on) == world.a.place("大石村").pk
    assert place_at(world.a.district.pk, (107_000_000, 30_050_000), on) is None
    assert program.post(lat="30.05", long="106.15", address_string=None).status_code == 201
    matter = Matter.objects.get()
    assert (matter.place_id, matter.lon_e6, matter.lat_e6) == (world.a.place("大石村").pk, 106_150_000, 30_050_000)
    assert error(program.post(lat="31.05", long="106.15", address_string=None))[0] == 400
    assert program.post(address_id="511603100200", address_string=None).status_code == 201


# -- photos ------------------------------------------------------------------------------------------------------------


class Server:
    """What answers at media_url."""

    def __init__(self, content: bytes = b"", status: int = 200, location: str = "") -> None:
        self.content, self.status, self.location = content, status, location
        self.asked: list[str] = []

    def get(self, address: str, **given: Any) -> requests.Response:
        assert given["allow_redirects"] is False
        self.asked.append(address)
        answer = requests.Response()
        answer.status_code, answer.raw = self.status, BytesIO(self.content)
        if self.location:
            answer.headers["Location"] = self.location
        return answer


PHOTO = "https://photos.example.cn/a/lamp.jpg?x=1"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_of_a_photo_by_media_url_no_byte_of_its_place_is_kept(
    world: World, program: Program, monkeypatch: Any, kind: str
) -> None:
    server = Server(draw_photo(320, 240, kind=kind))
    monkeypatch.setattr(requests, "get", server.get)
    name = f"https://photos.example.cn/a/lamp.{'heic' if kind == 'HEIF' else kind.lower()}?x=1"
    assert program.post(media_url=name).status_code == 201
    kept = path_of(StoredFile.objects.get()).read_bytes()
    with Image.open(BytesIO(kept)) as image:
        assert not image.getexif()
        assert not image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    assert b"Secretphone" not in kept
    assert b"GPS" not in kept


@pytest.mark.parametrize(
    "server",
    [
        Server(status=302, location="http://127.0.0.1:8000/"),
        Server(status=301, location="http://169.254.169.254/latest/"),
        Server(status=404),
        Server(b"<html>no picture</html>"),
        Server(b""),
    ],
)
def test_what_is_no_picture_or_leads_elsewhere_is_refused(
    world: World, program: Program, monkeypatch: Any, server: Server
) -> None:
    server.asked.clear()
    monkeypatch.setattr(requests, "get", server.get)
    assert error(program.post(media_url=PHOTO))[0] == 400
    assert server.asked == [PHOTO]
    assert stored() == (0, 0, 0)


def test_a_picture_without_end_is_cut_off(world: World, program: Program, monkeypatch: Any) -> None:
    from heli.matters.open311 import views

    monkeypatch.setattr(views, "MOST_BYTES", 1_000)
    monkeypatch.setattr(requests, "get", Server(draw_photo(640, 480)).get)
    assert error(program.post(media_url=PHOTO))[0] == 400
