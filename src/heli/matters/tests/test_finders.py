"""The figure of what is seen by those who cannot handle it."""

from datetime import date
from typing import Any

import pytest

from heli.accounts.testing import World, build_world
from heli.kernel.declare import Ask
from heli.matters.figures import seen_elsewhere
from heli.matters.testing import filed, moved, reported, whistled


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def test_it_counts_what_officials_found_and_had_to_whistle_for(world: World) -> None:
    half = world.a
    for channel in ("grid", "station", "department"):
        whistled(half, filed(half, channel=channel))
    done: dict[str, Any] = {"values": {"result": "换了灯泡", "cost": None}, "note": "灯亮了"}
    moved(half, "village_cadre", filed(half, channel="grid"), "on_spot", **done)
    filed(half, channel="grid")  # nobody took it up yet
    whistled(half, filed(half, channel="hotline"))
    reported(half)
    ask = Ask(district_ids=(half.district.pk,), on=date(2099, 1, 1))
    assert sorted((row.above, row.below) for row in seen_elsewhere(ask)) == [(0, 1), (1, 1), (1, 1), (1, 1)]
