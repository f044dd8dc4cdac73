"""Who may keep the roll, open its names, post and confirm it; who may not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase
from heli.ledger import services
from heli.ledger.services.deciding import post_for_holder
from heli.ledger.testing import BOOK_DAY, OFFICERS, ROLL, books_of, posted_roll, rolled, vote_about
from heli.ui.testing import Kwargs

LATER = BOOK_DAY + timedelta(days=8)


def on_roll(**more: Any) -> Callable[[World], Kwargs]:
    return lambda world: {"collective": rolled(world.a), **more}


def decided(world: World) -> Kwargs:
    one = posted_roll(world.a)
    vote_about(one, "membership", LATER)
    return {"roll": one, "on": LATER}


def long_gone(world: World) -> Kwargs:
    gone: Kwargs = {"number": 1, "on": BOOK_DAY, "reason": "迁出"}
    services.end_member(actor=world.a.actor("bookkeeper"), collective=rolled(world.a), **gone)
    return {"on": BOOK_DAY.replace(year=2031)}


NOTICE: Kwargs = {"kind": "information", "title": "告知", "text": "告知", "days": 7, "on": BOOK_DAY, "at": None}
CASES = [
    WriteCase(post_for_holder, (*OFFICERS, "department_liaison"), lambda w: {"collective": books_of(w.a), **NOTICE}),
    WriteCase(services.take_in_members, ("bookkeeper",), lambda w: {"collective": books_of(w.a), "lines": ROLL}),
    WriteCase(services.end_member, ("bookkeeper",), on_roll(number=1, on=LATER, reason="迁出")),
    WriteCase(services.open_names, ("bookkeeper",), on_roll(why="page")),
    WriteCase(services.post_roll, OFFICERS, on_roll(on=BOOK_DAY)),
    WriteCase(services.confirm_roll, OFFICERS, decided, first="town_officer"),
    WriteCase(services.set_roll_aside, OFFICERS, lambda w: {"roll": posted_roll(w.a), "reason": "漏登"}),
    WriteCase(services.forget_names, SYSTEM_ONLY, long_gone),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_keeps_the_roll(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
