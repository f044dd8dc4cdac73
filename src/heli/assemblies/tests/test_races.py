"""Eight who write at the same moment have one effect: two keyings, one declaration, either keyed or taken back (PostgreSQL)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from heli.accounts.testing import World, build_world
from heli.assemblies.models import CountSheet, Declaration, SheetState
from heli.assemblies.services import declaring, tallies
from heli.assemblies.testing.elections import POLL, clerk, contest_of, key_twice, paper
from heli.bodies.models import Person
from heli.kernel.faults import Refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time from the start"),
]
WRITERS = 8


def at_once(work: Callable[[int], object]) -> list[Any]:
    """What each of eight threads got: a value, or the refusal's first code."""
    start = Barrier(WRITERS)

    def one(number: int) -> object:
        try:
            start.wait()
            return work(number)
        except Refused as refused:
            return refused.faults[0].code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(one, range(WRITERS)))


@pytest.fixture
def world() -> World:
    return build_world()


def test_of_eight_keyings_two_count(world: World) -> None:
    sheet = contest_of(world.a).sheets.all()[0]
    numbers, clerks = paper(sheet), [clerk(world.a, number) for number in range(WRITERS)]
    got = at_once(lambda number: tallies.key_sheet(actor=clerks[number], sheet=sheet, numbers=numbers, on=POLL).state)
    assert Counter(got) == {SheetState.ONCE: 1, SheetState.AGREED: 1, "keyed_already": WRITERS - 2}
    kept = CountSheet.objects.get(pk=sheet.pk)
    assert kept.first_by_id != kept.second_by_id


def test_of_eight_declarations_one_stands(world: World) -> None:
    contest, officer = contest_of(world.a), world.a.actor("district_officer")
    for sheet in contest.sheets.all():
        key_twice(world.a, sheet)
    given: dict[str, Any] = {"actor": officer, "contest": contest, "kin_apart": True, "one_shoulder": True, "on": POLL}
    got = at_once(lambda _number: declaring.declare(**given).status)
    assert Counter(got) == {"complete": 1, "declared_already": WRITERS - 1}
    assert (Declaration.objects.count(), Person.objects.filter(body__name="岩门村村民委员会").count()) == (1, 5)


def test_a_second_keying_and_taking_the_first_back_have_one_effect(world: World) -> None:
    sheet = contest_of(world.a).sheets.all()[0]
    numbers, first, second = paper(sheet), clerk(world.a, 1), clerk(world.a, 2)
    tallies.key_sheet(actor=first, sheet=sheet, numbers=numbers, on=POLL)

    def work(number: int) -> object:
        if number % 2:
            return tallies.withdraw_keying(actor=first, sheet=sheet).state
        return tallies.key_sheet(actor=second, sheet=sheet, numbers=numbers, on=POLL).state

    got = Counter(at_once(work))
    kept = CountSheet.objects.get(pk=sheet.pk)
    if kept.state == SheetState.AGREED:
        assert (got[SheetState.AGREED], got["agreed_already"]) == (1, 4)
    else:
        assert (kept.state, kept.first_by_id, kept.second_by_id) == (SheetState.ONCE, second.id, None)
        assert got[SheetState.AGREED] == 0


def test_declaring_and_keying_at_once_leave_a_result_that_its_sheets_bear_out(world: World) -> None:
    contest, officer = contest_of(world.a), world.a.actor("district_officer")
    first, last = contest.sheets.all()
    key_twice(world.a, first)
    tallies.key_sheet(actor=clerk(world.a, 1), sheet=last, numbers=paper(last), on=POLL)

    def work(number: int) -> object:
        if number % 2:
            return declaring.declare(actor=officer, contest=contest, kin_apart=True, one_shoulder=True, on=POLL).status
        return tallies.key_sheet(actor=clerk(world.a, 2), sheet=last, numbers=paper(last), on=POLL).state

    at_once(work)
    agreed = CountSheet.objects.filter(contest=contest, state=SheetState.AGREED).count()
    assert agreed == 2
    for kept in Declaration.objects.filter(contest=contest):
        assert (len(kept.case["sheets"]), kept.case["outstanding"]) == (2, 0)
