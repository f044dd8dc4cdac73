"""Eight who write at the same moment have one effect, and no voice or number is lost (PostgreSQL)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from heli.accounts.testing import World, build_world, key_of_half
from heli.kernel.faults import Refused
from heli.matters import services
from heli.matters.models import Matter, MatterVoice, Whistle
from heli.matters.testing import filed, handled_by_all, key_of, moved, reported, resident, shut, told, whistled
from heli.records.models import Event
from heli.records.testing import DAY, district_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time from the start"),
]
WRITERS = 8
MOVES = {"file": "filed", "call_back": "called", "arrive": "arrived", "give_back": "gave_back", "accept": "accepted"}


def at_once(work: Callable[[int], object]) -> Counter[Any]:
    """What each of eight threads got: a value, or the refusal's first code."""
    start = Barrier(WRITERS)

    def one(number: int) -> object:
        try:
            start.wait()
            return work(number)
        except Refused as refused:
            return refused.faults[0].code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        return Counter(pool.map(one, range(WRITERS)))


@pytest.fixture
def world() -> World:
    return build_world()


def test_of_eight_whistles_to_a_department_one_is_sent(world: World) -> None:
    matter, officer, about = filed(world.a), world.a.actor("district_officer"), district_of(world.a)
    given: dict[str, Any] = {"actor": officer, "about": about, "matter": matter, "lead": key_of(world.a, "department")}
    got = at_once(lambda _number: len(services.whistle(**given, on=DAY)))
    assert got == {1: 1, "whistled_already": WRITERS - 1}
    assert Whistle.objects.count() == 1


def test_of_eight_who_report_in_or_give_back_one_does(world: World) -> None:
    row = whistled(world.a, filed(world.a))[0]
    right = {"right": key_of(world.a, "group")}

    def work(number: int) -> object:
        if number % 2:
            return moved(world.a, "department_liaison", row, "arrive").status
        return moved(world.a, "department_liaison", row, "give_back", values=right, reason="不属我局").status

    got = at_once(work)
    # It may be given back after it was reported in; everything else comes too late.
    assert got["arrived"] <= 1
    assert got["returning"] <= 1
    assert got["not_now"] == WRITERS - got["arrived"] - got["returning"]


def test_eight_reports_and_voices_lose_no_number_and_no_voice(world: World) -> None:
    got = at_once(lambda _number: reported(world.a).matter.number)
    assert sorted(got) == list(range(1, WRITERS + 1))
    matter = filed(world.a)
    at_once(lambda _number: services.add_voice(actor=resident(world.a), matter=matter, on=DAY).code)
    assert Matter.objects.get(pk=matter.pk).voices == MatterVoice.objects.filter(matter=matter).count() == WRITERS


def test_of_eight_who_send_the_same_report_one_is_taken(world: World) -> None:
    """Through the open interface: a program that did not hear our answer sends it again, on several lines at once."""
    _key, secret = key_of_half(world.a)
    sent = {
        "api_key": secret, "jurisdiction_id": world.a.district.public_id, "service_code": "street_lamp",
        "address_string": "岩门村", "description": "路灯不亮", "client_key": "4711",
    }  # fmt: skip
    got = at_once(lambda _number: Client().post("/open311/v2/requests.json", sent).content)
    assert len(got) == 1
    assert (Matter.objects.count(), MatterVoice.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", ["file", "call_back", "arrive", "give_back", "accept"])
def test_of_eight_who_claim_rate_report_in_or_give_back_one_does(world: World, name: str) -> None:
    half, done = world.a, {"outcome": "solved", "content": "yes"}
    given: dict[str, Any] = {}
    role, ledger_of_whistle = "district_officer", name in ("arrive", "give_back", "accept")
    if name == "file":
        row: Any = reported(half).matter
        given = {"values": {"title": "路灯不亮", "item": "street_lamp"}}
    elif name == "call_back":
        voice = reported(half, contact="13900000000")
        shut(half, voice, outcome="unsolved")
        row = services.object_to(actor=resident(half), voice=voice, reason="还是不亮", on=DAY)
        whistled(half, row)
        row.refresh_from_db()
        row, given = told(half, handled_by_all(half, row)), {"values": done}
    if ledger_of_whistle:
        row = whistled(half, filed(half))[0]
        role = "department_liaison"
        if name != "arrive":
            given = {"values": {"right": key_of(half, "group")}, "reason": "不属我局"}
        if name == "accept":
            row, role, given = moved(half, role, row, "give_back", **given), "district_officer", {}
    got = at_once(lambda _number: moved(half, role, row, name, **given).status)
    assert sorted(got.values()) == [1, WRITERS - 1]
    assert got["not_now"] == WRITERS - 1
    assert Event.objects.filter(row=row.public_id, did=MOVES[name]).count() == (2 if name == "call_back" else 1)


def test_of_eight_that_send_a_report_twice_one_is_taken(world: World) -> None:
    got = at_once(lambda _number: reported(world.a, key="device-1").code)
    assert list(got.values()) == [WRITERS]
    assert Matter.objects.count() == MatterVoice.objects.count() == 1


def test_eight_who_merge_and_say_the_same_lose_no_voice(world: World) -> None:
    officer, rows = world.a.actor("district_officer"), [reported(world.a).matter for _one in range(WRITERS)]
    kept = filed(world.a)

    def work(number: int) -> object:
        if number % 2:
            return services.add_voice(actor=officer, matter=kept, on=DAY).matter_id
        return services.merge(actor=officer, matter=rows[number], into=kept, on=DAY).pk

    assert at_once(work) == {kept.pk: WRITERS}
    kept.refresh_from_db()
    assert kept.voices == kept.heard.count() == WRITERS
