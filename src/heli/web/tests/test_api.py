"""Lists for programs of the staff: under a key, no more than its account may see, the same few questions for many rows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heli.accounts.services import revoke_key
from heli.accounts.testing import World, build_world, key_of_half
from heli.campaigns.testing.runs import SMALL, open_drawn
from heli.kernel.access import SYSTEM
from heli.matters.testing import filed, reported
from heli.records.testing import DAY

CANARY = "13912345678"


@pytest.fixture
def world(db: None) -> World:
    return build_world()


class StaffProgram:
    """A program that reads as one of the people of the first district."""

    def __init__(self, world: World, role: str, **more: Any) -> None:
        self.key, secret = key_of_half(world.a, world.a.users[role], **more)
        self.district = world.a.district.public_id
        self.headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **query: Any) -> Any:
        return Client().get(f"/api/v1/{path}", query, headers=self.headers)


def test_a_key_reads_what_its_account_may_read_and_nothing_else(world: World) -> None:
    campaign = open_drawn(world.a, *SMALL)
    mine, other = filed(world.a), filed(world.a, place=world.a.other_village)
    officer, cadre = StaffProgram(world, "district_officer"), StaffProgram(world, "village_cadre")
    at = {"district": officer.district}
    assert [row["id"] for row in officer.get("districts").json()] == [officer.district]
    names = {row["name"] for row in officer.get("places", **at, level="village").json()}
    assert names == {"岩门村", "大石村", "代市社区", "光明村", "水口村"}
    assert {row["name"] for row in cadre.get("places", **at, level="village").json()} == {"岩门村"}
    assert [row["id"] for row in officer.get("matters", **at).json()] == [other.public_id, mine.public_id]
    assert [row["id"] for row in cadre.get("matters", **at).json()] == [mine.public_id]
    assert officer.get("matters", **at, status="closed").json() == []
    assert [row["id"] for row in officer.get("campaigns").json()] == [campaign.public_id]
    cells = officer.get(f"campaigns/{campaign.public_id}/cells").json()
    assert {cell["step"] for cell in cells} == {"ask"}
    assert len(cells) == 4  # a community is none of its villages
    assert {cell["place"] for cell in cadre.get(f"campaigns/{campaign.public_id}/cells").json()} == {"岩门村"}
    known = {row["id"] for row in officer.get("figures").json()}
    assert "matters.collected" in known
    values = officer.get("figures/matters.collected", **at).json()
    assert {(row["place"], row["text"]) for row in values} >= {("岩门村", "1"), ("Q", "2")}
    assert {row["place"] for row in cadre.get("figures/matters.collected", **at).json()} == {"岩门村"}


def test_another_district_answers_404_and_another_role_403(world: World) -> None:
    foreign = open_drawn(world.b, *SMALL, name="别处")
    officer, worker = StaffProgram(world, "district_officer"), StaffProgram(world, "grid_worker")
    there = {"district": world.b.district.public_id}
    for path in ("places", "matters", "figures/matters.collected"):
        assert officer.get(path, **there).status_code == 404
    assert officer.get(f"campaigns/{foreign.public_id}/cells").status_code == 404
    assert officer.get("figures/nothing", district=officer.district).status_code == 404
    assert worker.get("figures").status_code == worker.get("campaigns").status_code == 403
    assert officer.get("places").status_code == officer.get("places", district="x", on="never").status_code == 422


def test_without_a_key_in_force_nothing_is_read(world: World) -> None:
    program = StaffProgram(world, "auditor", most_an_hour=2)
    reports = key_of_half(world.a)[1]
    for headers in ({}, {"Authorization": "Bearer guess"}, {"Authorization": f"Bearer {reports}"}):
        assert Client().get("/api/v1/districts", headers=headers).status_code == 401
    answer = program.get("districts")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert [program.get("districts").status_code for _time in range(2)] == [200, 429]
    revoke_key(actor=SYSTEM, key=program.key, on=DAY)
    assert program.get("districts").status_code == 401


def test_who_reported_is_never_told(world: World) -> None:
    reported(world.a, f"路灯不亮，找王翠花 {CANARY}", contact=CANARY)
    told = StaffProgram(world, "district_officer").get("matters", district=world.a.district.public_id)
    assert told.json()
    assert CANARY not in told.content.decode()


def test_lists_ask_the_same_few_questions_for_many_rows(world: World) -> None:
    open_drawn(world.a, *SMALL)
    program, counted = StaffProgram(world, "district_officer"), []
    program.get("districts")  # the first use of an hour makes its count
    for many in (1, 6):
        for _time in range(many):
            filed(world.a)
        found = []
        for path in ("districts", "places", "matters", "campaigns", "figures/matters.collected"):
            with CaptureQueriesContext(connection) as asked:
                assert program.get(path, district=program.district).status_code == 200
            found.append(len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]))
        counted.append(found)
    assert counted[0] == counted[1]
    assert max(counted[1]) <= 12, counted


def test_openapi_tells_every_list(world: World) -> None:
    told = Client().get("/api/v1/openapi.json").json()
    assert sorted(told["paths"]) == [
        "/api/v1/campaigns", "/api/v1/campaigns/{campaign_id}/cells", "/api/v1/districts", "/api/v1/figures",
        "/api/v1/figures/{figure_id}", "/api/v1/matters", "/api/v1/places",
    ]  # fmt: skip
    assert {method for path in told["paths"].values() for method in path} == {"get"}
