"""Who may keep the roll, open its names, post and confirm it; who may not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase
from heli.ledger import services
from heli.ledger.services.deciding import post_for_holder
from heli.ledger.testing import (
    BOOK_DAY,
    DECIDED_ON,
    OFFICERS,
    ROLL,
    WISH,
    YEAR_OVER,
    books_of,
    closed_year,
    confirmed_roll,
    open_plan,
    planned_dividend,
    posted_roll,
    rolled,
    vote_about,
)
from heli.ui.testing import Kwargs

LATER = BOOK_DAY + timedelta(days=8)


def on_roll(**more: Any) -> Callable[[World], Kwargs]:
    return lambda world: {"collective": rolled(world.a), **more}


def decided(world: World) -> Kwargs:
    one = posted_roll(world.a)
    vote_about(one, "membership", LATER)
    return {"roll": one, "on": LATER}


def to_plan(world: World) -> Kwargs:
    confirmed_roll(world.a)
    return {"collective": closed_year(world.a), "year": 2026, "wish": WISH, "on": YEAR_OVER}


def own_plan(world: World) -> Kwargs:
    made = services.plan_dividend(actor=world.a.actor("district_officer"), **to_plan(world))
    return {"plan": made, "on": YEAR_OVER}


def long_gone(world: World) -> Kwargs:
    gone: Kwargs = {"number": 1, "on": BOOK_DAY, "reason": "迁出"}
    services.end_member(actor=world.a.actor("bookkeeper"), collective=rolled(world.a), **gone)
    return {"on": BOOK_DAY.replace(year=2031)}


MAKERS = ("district_officer", "bookkeeper")
NOTICE: Kwargs = {"kind": "information", "title": "告知", "text": "告知", "days": 7, "on": BOOK_DAY, "at": None}
CASES = [
    WriteCase(post_for_holder, (*OFFICERS, "department_liaison"), lambda w: {"collective": books_of(w.a), **NOTICE}),
    WriteCase(services.take_in_members, ("bookkeeper",), lambda w: {"collective": books_of(w.a), "lines": ROLL}),
    WriteCase(services.end_member, ("bookkeeper",), on_roll(number=1, on=LATER, reason="迁出")),
    WriteCase(services.open_names, ("bookkeeper",), on_roll(why="page")),
    WriteCase(services.post_roll, OFFICERS, on_roll(on=BOOK_DAY)),
    WriteCase(services.confirm_roll, OFFICERS, decided, first="town_officer"),
    WriteCase(services.set_roll_aside, OFFICERS, lambda w: {"roll": posted_roll(w.a), "reason": "漏登"}),
    WriteCase(services.plan_dividend, MAKERS, to_plan),
    WriteCase(services.open_dividend, OFFICERS, lambda w: {"plan": planned_dividend(w.a), "on": YEAR_OVER}),
    WriteCase(services.open_dividend, OFFICERS, own_plan, first="district_officer"),
    WriteCase(services.decide_dividend, MAKERS, lambda w: {"plan": open_plan(w.a), "on": DECIDED_ON}),
    WriteCase(services.drop_dividend, MAKERS, lambda w: {"plan": planned_dividend(w.a)}),
    WriteCase(services.forget_names, SYSTEM_ONLY, long_gone),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_keeps_the_roll(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
