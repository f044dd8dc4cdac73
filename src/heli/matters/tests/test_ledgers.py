"""Every move of a matter and of a whistle, by who may and who may not (the kit's own suite)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from conftest import OnDay

from heli.accounts.testing import World, build_world
from heli.matters.ledger import MATTERS, WHISTLES
from heli.matters.models import MatterState, Whistle
from heli.matters.services import add_voice, merge
from heli.matters.testing import CENTRE, COLLECTORS, answered, filed, moved, photo, reported, speaking, whistled
from heli.records.ledgers import Move
from heli.records.testing import DUE, LedgerSuite, MoveSuite, district_of, make, row_in

SITE = ("district_officer", "town_officer", "village_cadre", "grid_worker")
CHIEF = ("district_officer",)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


class TestMatter(LedgerSuite):
    ledger, enterers = MATTERS, COLLECTORS
    movers = {
        **dict.fromkeys([step.name for step in MATTERS.moves], CENTRE),
        "on_spot": SITE, "check": SITE, "undone": SITE, "confirm": CHIEF, "deny": CHIEF,
    }  # fmt: skip

    def row_in(self, half: Any, status: str) -> Any:
        if status in (MatterState.CALLED, MatterState.DOUBTED):
            row = called(half, "unsolved")
            return doubted(half, row) if status == MatterState.DOUBTED else row
        if status == MatterState.WHISTLED:
            row = filed(half)
            whistled(half, row)
        elif status == MatterState.MERGED:
            row = filed(half)
            merge(actor=half.actor("district_officer"), matter=row, into=filed(half))
        else:
            return row_in(MATTERS, half, district_of(half), status)
        row.refresh_from_db()
        return row

    def row_for(self, half: Any, step: Move) -> Any:
        if step.name == "gather":
            row = self.row_in(half, "whistled")
            handled(half, row.whistles.get())
            return row
        if step.name in ("show_photo", "hide_photo"):
            row = reported(half, photos=[photo()]).matter
            values = {"title": "路灯不亮", "item": "street_lamp"}
            row = moved(half, "district_officer", row, "file", values=values)
            return row if step.name == "show_photo" else moved(half, "district_officer", row, "show_photo")
        if step.name == "call_back":
            return with_contact(half)
        if step.name == "close":
            return called(half, "solved")
        return self.row_in(half, step.sources[0].value)


def with_contact(half: Any) -> Any:
    """A matter that was told, whose reporter can be called."""
    row = row_in(MATTERS, half, district_of(half), MatterState.TOLD)
    add_voice(actor=half.actor("district_officer"), matter=row, contact="13900000000")
    return row


def called(half: Any, outcome: str) -> Any:
    values = {"outcome": outcome, "content": "no"}
    return moved(half, "district_officer", with_contact(half), "call_back", values=values)


def doubted(half: Any, row: Any) -> Any:
    return moved(half, "district_officer", row, "doubt", reason="无路可修")


def handled(half: Any, row: Whistle) -> Any:
    values = {"result": "已修", "cost": None}
    return moved(half, "department_liaison", answered(half, row), "handle", values=values, note="灯亮了")


class TestWhistle(MoveSuite):
    ledger, enterers = WHISTLES, ()
    movers = {
        **dict.fromkeys([step.name for step in WHISTLES.moves], ("department_liaison",)),
        **dict.fromkeys(["accept", "insist", "give_time", "suspend", "decline", "transfer", "urge_red"], CHIEF),
        "resume": CENTRE, "withdraw": CENTRE, "urge_orange": CENTRE, "urge_yellow": (*CENTRE, "village_cadre"),
    }  # fmt: skip
    ways: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "sent": (), "arrived": ("arrive",), "answered": ("arrive", "answer"), "handled": ("arrive", "answer", "handle"),
        "returning": ("give_back",), "returned": ("give_back", "accept"), "more_time": ("arrive", "answer", "ask_time"),
        "moving": ("arrive", "answer", "ask_transfer"), "moved": ("arrive", "answer", "ask_transfer", "transfer"),
        "more_rest": ("arrive", "answer", "ask_rest"), "suspended": ("arrive", "answer", "ask_rest", "suspend"),
        "withdrawn": ("withdraw",),
    }  # fmt: skip

    @pytest.fixture(autouse=True)
    def day(self, on_day: OnDay) -> None:
        """The pages offer urging by its colour on the day of the moves."""
        on_day(datetime(DUE.year, DUE.month, DUE.day, 4, tzinfo=UTC))

    since: ClassVar[Mapping[str, date]] = {
        "urge_yellow": DUE - timedelta(days=2), "urge_orange": DUE - timedelta(days=3), "urge_red": DUE - timedelta(days=4),
        "reply": DUE - timedelta(days=4),
    }  # fmt: skip
    """Whistled so long before, the answer is due within a working day of DUE, on it, before it."""

    def row_in(self, half: Any, status: str, asker: str = "department_liaison", since: date = DUE) -> Any:
        row: Any = whistled(half, filed(half, on=since), on=since)[0]
        for name in self.ways[status]:
            step = WHISTLES.by_name[name]
            actor = speaking(half, row, asker) if step.speaks_for else half.actor("district_officer")
            row = make(WHISTLES, half, actor, row, step)
        return row

    def row_for(self, half: Any, step: Move) -> Any:
        if step.to is None:
            row = self.row_in(half, "arrived", since=self.since[step.name])
            return (
                row if step.name != "reply" else moved(half, "district_officer", row, "urge_red", DUE, reason="请抓紧")
            )
        return self.row_in(half, step.sources[0].value, "district_officer" if step.never else "department_liaison")
