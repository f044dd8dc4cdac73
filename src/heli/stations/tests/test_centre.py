"""The command centre: one board by scope, its numbers those of the public rates, by item what is seen by those who cannot."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM
from heli.matters.queries import rates_within
from heli.matters.testing import answered, filed, whistled
from heli.places import queries as places
from heli.records.testing import DAY, DUE, district_of
from heli.stations.centre import centre_of
from heli.stations.testing import called

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def board(world: World, role: str = "district_officer", at: str = "", on: date = DUE) -> Any:
    return centre_of(world.a.actor(role), district_of(world.a), at, on)


def station(world: World, place: Any) -> None:
    bodies.add_body(actor=SYSTEM, name="红领工作站", kind=BodyKind.STATION, place_id=place.pk, on=date(2020, 1, 1))


def test_the_district_shows_its_towns_and_a_town_its_villages(world: World) -> None:
    station(world, world.a.village)
    station(world, world.a.other_village)
    answered(world.a, whistled(world.a, filed(world.a))[0])
    filed(world.a, place=world.a.other_village)
    called(world.a)
    whole = board(world)
    assert (whole.at, whole.keeping, whole.stations) == (None, 2, 2)
    assert [(one.place.name, one.stations, one.open, one.called) for one in whole.rows] == [
        ("代市镇", 1, 1, 1), ("观塘镇", 1, 1, 0)
    ]  # fmt: skip
    assert whole.total == {"open": 2, "late": 2, "called": 1}
    together = rates_within({"about": district_of(world.a).id}, DUE)
    assert whole.three == [together.response, together.solution, together.content]
    town = board(world, at=world.a.town.public_id)
    assert [(one.place.name, one.open) for one in town.rows if one.stations] == [("岩门村", 1)]
    within = {"about": district_of(world.a).id, "town_id": world.a.town.pk}
    assert whole.rows[0].rates == rates_within(within, DUE)


def test_a_town_sees_its_own_part_and_no_other(world: World) -> None:
    filed(world.a, place=world.a.other_village)
    mine = board(world, "town_officer")
    assert [(one.place.name, one.open) for one in mine.rows] == [("代市镇", 0)]
    other = world.a.register["观塘镇"]
    assert board(world, "town_officer", at=places.rows_of([other], DAY)[other].public_id) is None


def test_by_item_for_how_many_matters_whoever_saw_it_was_not_competent(world: World) -> None:
    for _time in range(2):
        whistled(world.a, filed(world.a, channel="grid", at=NOON))
    whistled(world.a, filed(world.a, channel="online", at=NOON))
    (one,) = board(world).sights
    assert one.pair == (2, 2)


def test_the_board_takes_no_more_queries_for_more_matters_and_stations(world: World) -> None:
    whistled(world.a, filed(world.a, channel="grid"))
    board(world)
    with CaptureQueriesContext(connection) as few:
        board(world)
    for place in (world.a.village, world.a.other_village):
        station(world, place)
        for _time in range(4):
            whistled(world.a, filed(world.a, place=place, channel="grid"))
    with CaptureQueriesContext(connection) as many:
        board(world)
    assert len(many) == len(few) <= 16


def test_the_wall_is_the_board_alone_and_renews_itself_without_a_reload(world: World) -> None:
    address = reverse("stations:centre", args=[world.a.district.public_id])
    client = world.client("district_officer")
    shown = client.get(f"{address}?wall=1").content.decode()
    assert f'hx-get="{address}?wall=1"' in shown
    assert "centre-wall" in shown
    assert client.get(f"{address}?at=nowhere").status_code == 404
