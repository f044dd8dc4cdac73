"""A city's hotline over the wire of our own server: taken exactly once, told once, sent on, and nothing goes round."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from heli.accounts.testing import World, build_world, key_of_half
from heli.audit.models import Entry
from heli.audit.services import writing
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.matters.models import Hotline, HotlineLink, Matter, MatterVoice, ReportChannel
from heli.matters.open311 import services
from heli.matters.open311.asked import NotServed
from heli.matters.open311.fetching import asking
from heli.matters.open311.services import Exchanged
from heli.matters.open311.wire import read_rows
from heli.matters.testing import filed, handled_by_all, moved, reported, shut, told, whistled
from heli.records.models import Event
from heli.records.testing import DAY

HOST = "hotline.example.cn"
CANARY = "13912345678"


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.OPEN311_HOSTS = frozenset({HOST})
    return build_world()


class City:
    """The other district as the city's hotline: our own server, asked in this process."""

    def __init__(self, world: World, form: str = "json") -> None:
        self.half, self.form, self.secret = world.b, form, key_of_half(world.b)[1]
        self.told: list[Mapping[str, str]] = []
        self.is_down = self.has_no_updates = self.forgets = False
        self.answers: dict[str, bytes] = {}

    def ask(self, method: str, address: str, given: Mapping[str, str]) -> tuple[int, bytes]:
        path = address.removeprefix(f"https://{HOST}").replace(".json", f".{self.form}")
        resource = path.rpartition("/")[2].partition(".")[0]
        if resource == "servicerequestupdates":
            self.told.append(given)
            return (404, b"[]") if self.has_no_updates else (200, b"[]")
        if self.forgets and "service_request_id" in given:
            return 404, b"[]"
        if self.is_down and method == "POST":
            return 500, b""
        if resource in self.answers:
            return 200, self.answers[resource]
        sent = {**given, "address_string": "上潘村"} if method == "POST" else dict(given)
        answer = Client().post(path, sent) if method == "POST" else Client().get(path, sent)
        return answer.status_code, answer.content

    def filed(self, title: str) -> Matter:
        voice = reported(self.half, title)
        matter: Matter = moved(
            self.half, "district_officer", voice.matter, "file", values={"title": title, "item": "street_lamp"}
        )
        return matter


@pytest.fixture
def city(world: World) -> City:
    return City(world)


def hotline(world: World, city: City, **more: Any) -> Hotline:
    given: dict[str, Any] = {
        "name": "市民热线", "district_id": world.a.district.pk, "fallback_id": world.a.village.pk, "key": city.secret,
        "address": f"https://{HOST}/open311/v2/", "jurisdiction": city.half.district.public_id, "on": DAY,
        "at": Entry.objects.latest("seq").at, **more,
    }  # fmt: skip
    return services.connect_hotline(actor=SYSTEM, **given)


def exchange(one: Hotline, city: City) -> Exchanged:
    one.refresh_from_db()
    at = Entry.objects.latest("seq").at + timedelta(minutes=1)
    return services.exchange(actor=SYSTEM, hotline=one, at=at, on=DAY, ask=city.ask)


def send(one: Hotline, city: City, matter: Matter) -> HotlineLink:
    return services.send_on(actor=SYSTEM, hotline=one, matter=matter, at=Entry.objects.latest("seq").at, ask=city.ask)


def here(world: World) -> list[str]:
    return list(Matter.objects.filter(district=world.a.district).order_by("pk").values_list("text", flat=True))


@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_is_new_there_is_taken_exactly_once(world: World, form: str) -> None:
    city = City(world, form)
    one = hotline(world, city)
    first = city.filed("路灯不亮")
    reported(city.half, "还没有人看过")
    assert exchange(one, city) == Exchanged(1, 0)
    assert exchange(one, city) == Exchanged(0, 0)
    city.filed("井盖松动")
    assert exchange(one, city) == Exchanged(1, 0)
    assert here(world) == ["路灯不亮", "井盖松动"]
    matter = Matter.objects.filter(district=world.a.district).earliest("pk")
    assert (matter.channel, matter.item, matter.place_id) == (ReportChannel.HOTLINE, "street_lamp", world.a.village.pk)
    assert matter.spot.startswith("上潘村")
    assert HotlineLink.objects.earliest("pk").foreign == first.public_id


def test_what_came_from_it_never_goes_back_and_what_was_sent_is_never_taken(world: World, city: City) -> None:
    one = hotline(world, city)
    city.filed("路灯不亮")
    exchange(one, city)
    came = HotlineLink.objects.get().matter
    moved(world.a, "district_officer", came, "file", values={"title": "路灯", "item": "street_lamp"})
    came.refresh_from_db()
    with pytest.raises(Refused) as refused:
        send(one, city, came)
    assert refused.value.faults[0].code == "hotline_knows"
    own = filed(world.a)
    link = send(one, city, own)
    there = Matter.objects.get(public_id=link.foreign)
    assert (there.district_id, there.channel) == (city.half.district.pk, ReportChannel.PROGRAM)
    moved(city.half, "district_officer", there, "file", values={"title": "灯", "item": "street_lamp"})
    assert exchange(one, city).taken == 0
    with pytest.raises(Refused):
        send(one, city, own)
    assert Matter.objects.filter(district=city.half.district).count() == 2
    with pytest.raises(Refused):
        send(one, city, reported(world.a).matter)


def test_while_what_was_sent_has_no_id_there_nothing_is_taken(world: World, city: City) -> None:
    one, own = hotline(world, city), filed(world.a)
    city.is_down = True
    with pytest.raises(Refused):
        send(one, city, own)
    city.filed("路灯不亮")
    stopped = exchange(one, city)
    assert (stopped.taken, bool(stopped.said)) == (0, True)
    city.is_down = False
    assert exchange(one, city).taken == 1
    assert HotlineLink.objects.get(is_ours=True).foreign
    assert Matter.objects.filter(district=city.half.district).count() == 2


def test_an_answer_is_told_once_and_in_public_words(world: World, city: City) -> None:
    one = hotline(world, city)
    foreign = city.filed("路灯不亮").public_id
    exchange(one, city)
    voice = MatterVoice.objects.get(matter=HotlineLink.objects.get().matter)
    assert exchange(one, city).told == 0
    way = {"way": f"请拨打供电公司 {CANARY}"}
    moved(world.a, "district_officer", voice.matter, "refuse", values=way, reason="供电公司的线路")
    city.has_no_updates = True
    assert exchange(one, city).said
    city.has_no_updates = False
    assert exchange(one, city).told == 1
    assert exchange(one, city).told == 0
    said = city.told[-1]
    assert (said["service_request_id"], said["status"]) == (foreign, "CLOSED")
    assert CANARY not in str(said)
    shut(world.a, reported(world.a, contact=CANARY))
    assert exchange(one, city).told == 0


def led(half: Any, matter: Matter) -> None:
    """Whistled, handled, told and closed, for nobody left a contact."""
    whistled(half, matter)
    matter.refresh_from_db()
    moved(half, "district_officer", told(half, handled_by_all(half, matter)), "close_unasked")


def heard(matter: Matter) -> list[tuple[str, str]]:
    """What the hotline was heard to say of a matter, in order."""
    return events(matter, "heard")


def events(matter: Matter, did: str) -> list[tuple[str, str]]:
    found = Event.objects.filter(row=matter.public_id, did__startswith=did).order_by("pk")
    return list(found.values_list("did", "reason"))


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_hotline_connects_a_matter_each_way_is_answered_once_and_nothing_goes_round(world: World, form: str) -> None:
    city = City(world, form)
    one = hotline(world, city)
    theirs, ours = city.filed("路灯不亮"), filed(world.a)
    link = send(one, city, ours)
    there = Matter.objects.get(public_id=link.foreign)
    # Their matter comes; ours is not known there before somebody has filed it, and is not answered yet.
    assert exchange(one, city) == Exchanged(1, 0, 0)
    came = Matter.objects.get(district=world.a.district, channel=ReportChannel.HOTLINE)
    there = moved(city.half, "district_officer", there, "file", values={"title": "灯", "item": "street_lamp"})
    assert exchange(one, city).heard == 1
    assert exchange(one, city) == Exchanged(0, 0, 0)
    # Both are led to their end, each by its own house.
    led(world.a, moved(world.a, "district_officer", came, "file", values={"title": "灯", "item": "street_lamp"}))
    led(city.half, there)
    assert exchange(one, city) == Exchanged(0, 1, 1)
    assert city.told[-1]["service_request_id"] == theirs.public_id
    assert [did for did, _reason in heard(ours)] == ["heard_open", "heard_closed"]
    assert "路灯已修好" in heard(ours)[-1][1]
    ours.refresh_from_db()
    assert (ours.status, ours.answer) == ("filed", "")
    assert exchange(one, city) == Exchanged(0, 0, 0)
    assert Matter.objects.count() == 4
    page = world.client("district_officer").get(f"/matters/{ours.about}/{ours.public_id}/").content.decode()
    assert f"市民热线 {link.foreign}" in page
    assert [did for did, _reason in events(ours, "sent_on")] == ["sent_on"]
    assert f"<code>{link.foreign}</code>" in page


def test_what_a_hotline_says_is_masked_and_heard_only_while_the_matter_is_open(world: World, city: City) -> None:
    one, own = hotline(world, city), filed(world.a)
    link = send(one, city, own)
    said = {"service_request_id": link.foreign, "status": "Closed", "status_notes": f"请致电{CANARY}"}
    city.answers["requests"] = json.dumps([said, {**said, "service_request_id": "other"}]).encode()
    assert exchange(one, city) == Exchanged(0, 0, 1)
    assert exchange(one, city) == Exchanged(0, 0, 0)
    assert CANARY not in str(heard(own))
    assert [did for did, _reason in heard(own)] == ["heard_closed"]
    values = {"result": "已处置", "cost": None}
    own = moved(world.a, "town_officer", own, "on_spot", values=values, note="看过")
    moved(world.a, "district_officer", told(world.a, own), "close_unasked")
    city.answers["requests"] = json.dumps([{**said, "status_notes": "又说"}]).encode()
    assert exchange(one, city).heard == 0


def test_a_hotline_that_cannot_say_what_became_of_it_is_read_all_the_same(world: World, city: City) -> None:
    one = hotline(world, city)
    send(one, city, filed(world.a))
    begun = one.read_until
    city.forgets = True
    done = exchange(one, city)
    assert (done.taken, done.heard, bool(done.said)) == (0, 0, True)
    one.refresh_from_db()
    assert one.read_until > begun


ROWS = b"<service_requests><request><service_request_id>7</service_request_id><lat/></request></service_requests>"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><service_requests>&b;</service_requests>'
OUTSIDE = (
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><service_requests><request>&e;</request></service_requests>'
)


@pytest.mark.parametrize(
    "hostile", [LAUGHS, OUTSIDE, b"<html/>", b"{}", b"[1]", b"\xff\xfe<", b"[" * 100_000, b"<a", b""]
)
def test_what_is_no_list_or_declares_anything_is_refused(world: World, city: City, hostile: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        read_rows(hostile)
    one = hotline(world, city)
    city.answers["requests"] = hostile
    stopped = exchange(one, city)
    assert (stopped.taken, bool(stopped.said)) == (0, True)
    assert not Matter.objects.exists()
    assert read_rows(ROWS) == [{"service_request_id": "7", "lat": ""}]


def test_a_hotline_with_strange_rows_does_no_harm(world: World, city: City) -> None:
    one = hotline(world, city)
    rows: list[dict[str, Any]] = [
        {"service_request_id": "1", "description": "灯" * 9_000, "lat": "x", "long": "y", "address": "路" * 900},
        {"service_request_id": "", "description": "no id"}, {"description": "no id"},
        {"service_request_id": 2, "description": None, "service_name": None, "lat": 0, "long": 0},
        {"service_request_id": "3", "status": "closed"}, {"service_request_id": "2", "description": "again"},
    ]  # fmt: skip
    city.answers["requests"] = json.dumps(rows).encode()
    assert exchange(one, city).taken == 2
    assert exchange(one, city).taken == 0
    assert [len(text) for text in here(world)] == [5, 4_000]


def test_only_hosts_of_the_settings_are_asked(world: World, city: City) -> None:
    for address in (
        "https://other.example.cn/v2",
        "http://127.0.0.1/v2",
        "ftp://hotline.example.cn",
        f"https://a@{HOST}/",
    ):
        with pytest.raises(Refused):
            hotline(world, city, address=address)
        with pytest.raises(NotServed):
            asking({HOST})("GET", address, {})
    for wrong in ({"name": " "}, {"fallback_id": world.b.village.pk}):
        with pytest.raises(Refused):
            hotline(world, city, **wrong)
    one = hotline(world, city)
    with pytest.raises(Refused):
        hotline(world, city)
    assert city.secret not in one.sealed
    services.end_hotline(actor=SYSTEM, hotline=one, on=DAY)
    assert Hotline.objects.get().sealed == ""


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"foreign": "1"}, "hotline_link_taken_once"),
        ({"matter": 1}, "hotline_link_once_per_matter"),
        ({"foreign": ""}, "hotline_link_came_with_its_id"),
    ],
)
def test_the_database_holds_what_a_link_is(world: World, city: City, wrong: dict[str, Any], constraint: str) -> None:
    one = hotline(world, city)
    with writing(SYSTEM, "matters.test"):
        first = HotlineLink.objects.create(hotline=one, matter=filed(world.a), foreign="1")
        second = HotlineLink.objects.create(hotline=one, matter=filed(world.a), foreign="2")
    change = {"matter": first.matter} if "matter" in wrong else wrong
    named = rf"{constraint}|foreign|matter_id"
    with pytest.raises(IntegrityError, match=named), transaction.atomic(), writing(SYSTEM, "matters.test"):
        HotlineLink.objects.filter(pk=second.pk).update(**change)


def test_the_database_holds_what_a_hotline_is(world: World, city: City) -> None:
    one = hotline(world, city)
    other = hotline(world, city, name="另一热线")
    for change, named in (
        ({"name": one.name}, r"hotline_connected_once|name"), ({"server": ""}, "hotline_named_with_address")
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match=named), transaction.atomic(), writing(SYSTEM, "matters.test"):
            Hotline.objects.filter(pk=other.pk).update(**change)
