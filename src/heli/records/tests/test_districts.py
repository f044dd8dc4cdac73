"""The first page of a room: the only district at once, of several the list."""

from typing import Any

import pytest

from heli.accounts import services as accounts
from heli.accounts.testing import World, build_world
from heli.kernel.access import SYSTEM
from heli.records.testing import DAY

ROOMS = ("/matter/", "/handover/", "/post/", "/appraisal/", "/property/")


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def test_who_reads_one_district_stands_in_it_at_once_and_who_reads_several_chooses(world: World) -> None:
    role, here, there = "auditor", world.a.district, world.b.district
    for room in ROOMS:
        answer = world.client(role).get(room)
        assert (answer.status_code, here.public_id in answer.headers["Location"]) == (303, True), room
    accounts.grant_role(actor=SYSTEM, user=world.a.users[role], role=role, place_id=there.pk, on=DAY)
    for room in ROOMS:
        page = world.client(role).get(room)
        assert page.status_code == 200, room
        assert all(one.public_id in page.content.decode() for one in (here, there)), room
