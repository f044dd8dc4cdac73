"""Every move of the lists of posts, by who may and who may not."""

from typing import Any

import pytest

from heli.accounts.testing import World, build_world
from heli.audit.testing import unaudited
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.posts.catalogues import PACKAGES, incentives
from heli.posts.ledger import ALLOTTINGS, INCENTIVES, PLACEMENTS, RECRUITMENTS
from heli.posts.testing import ACCEPTERS, KEEPERS, allotting, placement_in
from heli.records.services import move
from heli.records.testing import DUE, LedgerSuite, MoveSuite, codes, district_of, enter_row, make

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


class TestRecruitments(LedgerSuite):
    ledger, enterers = RECRUITMENTS, KEEPERS
    movers = {"hire": ACCEPTERS}

    @pytest.mark.parametrize(
        ("name", "values", "code"),
        [
            ("examine", {"applied": 10, "examined": 11}, "more_than_before"),
            ("post_names", {"posted": 101}, "more_than_before"),
            ("hire", {"hired": 99, "quota": 9}, "above_quota"),
        ],
    )
    def test_a_stage_has_no_more_people_than_the_one_before(
        self, world: World, name: str, values: dict[str, int], code: str
    ) -> None:
        step = RECRUITMENTS.by_name[name]
        row = self.row_in(world.a, step.sources[0].value)
        row.quota = values.pop("quota", row.quota)
        with unaudited():
            row.save()
        with pytest.raises(Refused) as refused:
            move(actor=SYSTEM, ledger=RECRUITMENTS, row=row, name=name, values=values, on=DUE)
        assert codes(refused) == {code}


class TestIncentives(LedgerSuite):
    ledger, enterers = INCENTIVES, KEEPERS
    movers = {"decide": ACCEPTERS, "decline": ACCEPTERS}

    def row_in(self, half: Any, status: str) -> Any:
        row = enter_row(INCENTIVES, half, district_of(half))
        ways = {"posted": ("post",), "decided": ("post", "decide"), "declined": ("post", "decline")}
        for name in ways.get(status, ()):
            actor = half.actor("district_officer") if name == "post" else SYSTEM
            row = make(INCENTIVES, half, actor, row, INCENTIVES.by_name[name])
        return row

    def test_the_ten_best_are_posted_before_they_are_decided(self, world: World) -> None:
        row = enter_row(INCENTIVES, world.a, district_of(world.a), measure="best_leader")
        with pytest.raises(Refused) as refused:
            make(INCENTIVES, world.a, SYSTEM, row, INCENTIVES.by_name["decide"])
        assert codes(refused) == {"not_posted"}

    def test_ten_measures_stand_in_four_packages(self) -> None:
        assert len(incentives().entries) == 10
        assert {entry.more["package"] for entry in incentives().entries.values()} == set(PACKAGES)
