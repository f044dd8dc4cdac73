"""Who may call departments to a site and count members."""

from typing import Any

import pytest

from heli.accounts.testing import World, WriteCase, build_world
from heli.records.testing import DAY, district_of
from heli.stations import services
from heli.stations.testing import KEEPERS, call_of, called
from heli.ui.testing import Kwargs


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def late(world: World) -> Kwargs:
    row = called(world.a)
    return {"row": row, "came_at": row.opened_at, "reason": "当日未带手机", "on": DAY}


CASES = [
    WriteCase(services.call_out, KEEPERS, call_of),
    WriteCase(services.arrive_late, ("department_liaison",), late, hidden="no_liaison"),
    WriteCase(
        services.count_members, KEEPERS,
        lambda w: {"about": district_of(w.a), "place_id": w.a.village.pk, "counts": {"residents": 3}, "on": DAY},
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
