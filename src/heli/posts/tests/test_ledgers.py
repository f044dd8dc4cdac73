"""Every move of the lists of posts, by who may and who may not."""

from typing import Any

import pytest

from heli.accounts.testing import World, build_world
from heli.kernel.access import SYSTEM
from heli.posts.ledger import ALLOTTINGS, PLACEMENTS
from heli.posts.testing import ACCEPTERS, KEEPERS, allotting, placement_in
from heli.records.testing import MoveSuite, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


class TestAllottings(MoveSuite):
    ledger, enterers = ALLOTTINGS, ACCEPTERS

    def row_in(self, half: Any, status: str) -> Any:
        row: Any = allotting(half)
        ways = {"draft": (), "proposed": ("propose",), "accepted": ("propose", "accept"), "dropped": ("drop",)}
        for name in ways[status]:
            actor = SYSTEM if name == "accept" else half.actor("district_officer")
            row = make(ALLOTTINGS, half, actor, row, ALLOTTINGS.by_name[name])
        return row


class TestPlacements(MoveSuite):
    ledger, enterers = PLACEMENTS, KEEPERS
    movers = {"settle": ACCEPTERS}

    def row_in(self, half: Any, status: str) -> Any:
        return placement_in(half, status)
