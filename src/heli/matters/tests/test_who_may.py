"""Who may report, whistle, merge, split, open contacts; what a stranger may not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase
from heli.kernel.access import SYSTEM
from heli.matters import services as service
from heli.matters.lift_services import lift
from heli.matters.link_services import link
from heli.matters.models import SiteKind
from heli.matters.open311 import services as open311
from heli.matters.services import MatterReport
from heli.matters.site_services import note_on_site
from heli.matters.testing import CENTRE, COLLECTORS, LAMP, answered, filed, key_of, moved, reported, shut, whistled
from heli.matters.whistle_services import hand_on
from heli.records.testing import DAY, district_of
from heli.ui.testing import Kwargs


def lamp(world: World) -> Kwargs:
    return {"about": district_of(world.a), "said": MatterReport(world.a.village.pk, LAMP, "street_lamp"), "on": DAY}


def one(world: World) -> Kwargs:
    return {"matter": filed(world.a)}


def unsolved(world: World) -> Kwargs:
    voice = reported(world.a, contact="13900000000")
    shut(world.a, voice)
    voice.refresh_from_db()
    return {"voice": voice, "reason": "又不亮了", "on": DAY}


def to_department(world: World) -> Kwargs:
    return {**one(world), "about": district_of(world.a), "lead": key_of(world.a, "department"), "on": DAY}


def old(world: World) -> date:
    """A day on which the contact of a closed matter has had its time."""
    shut(world.a, reported(world.a, contact="13900000000"))
    return date(2099, 1, 1)


def asked_on(world: World) -> Kwargs:
    """A whistle that its department asks to hand on."""
    row = answered(world.a, whistled(world.a, filed(world.a))[0])
    values = {"right": key_of(world.a, "group")}
    row = moved(world.a, "department_liaison", row, "ask_transfer", values=values, reason="灯杆属供电")
    return {"row": row, "on": DAY, "at": NOW}


HOTLINE = "https://hotline.example.cn/open311/v2"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def hotline(world: World) -> Kwargs:
    return {
        "name": "市民热线", "district_id": world.a.district.pk, "fallback_id": world.a.village.pk, "address": HOTLINE,
        "key": "k", "on": DAY, "at": NOW,
    }  # fmt: skip


def connected(world: World) -> Kwargs:
    return {"hotline": open311.connect_hotline(actor=SYSTEM, **hotline(world))}


def of_all(world: World) -> Kwargs:
    connected(world)
    return {"at": NOW, "on": DAY, "ask": silent}


def silent(_method: str, _address: str, _given: object) -> tuple[int, bytes]:
    return 200, b'[{"service_request_id": "1", "status": "closed"}]'


def removed(world: World) -> Kwargs:
    return {"about": district_of(world.a), "place_id": world.a.village.pk, "kind": SiteKind.HAZARD, "on": DAY}


ANYBODY = ("public", "district_officer")
CASES = [
    WriteCase(note_on_site, COLLECTORS, removed),
    WriteCase(service.report, (*COLLECTORS, "public"), lamp),
    WriteCase(service.add_voice, (*COLLECTORS, "public"), one),
    WriteCase(service.object_to, ANYBODY, unsolved),
    WriteCase(service.whistle, CENTRE, to_department),
    WriteCase(hand_on, ("district_officer",), asked_on),
    WriteCase(service.merge, CENTRE, lambda w: {**one(w), "into": filed(w.a)}),
    WriteCase(link, CENTRE, lambda w: {**one(w), "to": filed(w.a)}),
    WriteCase(lift, CENTRE, lambda w: {**one(w), "about": district_of(w.a), "title": "路灯老化", "kind": "works"}),
    WriteCase(
        service.split, CENTRE, lambda w: {**one(w), "about": district_of(w.a), "titles": ["灯", "路"], "on": DAY}
    ),
    WriteCase(open311.connect_hotline, ("district_officer",), hotline),
    WriteCase(open311.end_hotline, ("district_officer",), lambda w: {**connected(w), "on": DAY}),
    WriteCase(open311.exchange, SYSTEM_ONLY, lambda w: {**connected(w), "at": NOW, "on": DAY, "ask": silent}),
    WriteCase(open311.exchange_all, SYSTEM_ONLY, of_all),
    WriteCase(open311.send_on, CENTRE, lambda w: {**connected(w), **one(w), "at": NOW, "ask": silent}),
    WriteCase(service.open_contacts, CENTRE, one),
    WriteCase(service.forget_contacts, SYSTEM_ONLY, lambda w: {"on": old(w)}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase, settings: Any) -> None:
    settings.OPEN311_HOSTS = frozenset({"hotline.example.cn"})
    assert case.wrong_answers(world) == []
