"""Eight who write at the same moment have one effect, and a balance stays the fold of its lines (PostgreSQL)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from heli.accounts.testing import World, build_world
from heli.kernel.faults import Refused
from heli.points import queries, services
from heli.points.models import Credit, PointsEntry, ShiftClaim
from heli.points.rules import fold
from heli.points.testing import claim, confirmed, entered, member, shift
from heli.points.types import Line
from heli.records.testing import DAY

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time from the start"),
]
WRITERS = 8
CONFIRMERS = ("town_officer", "district_officer", "village_cadre")


def at_once(work: Callable[[int], object]) -> Counter[Any]:
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
        return Counter(pool.map(one, range(WRITERS)))


@pytest.fixture
def world() -> World:
    return build_world()


def confirms(world: World, taken: ShiftClaim, number: int, minutes: int = 120) -> str:
    actor = world.a.actor(CONFIRMERS[number % len(CONFIRMERS)])
    services.confirm_shift(actor=actor, claim=taken, minutes=minutes, on=DAY)
    return "done"


def test_a_source_earns_once_whoever_confirms_it(world: World) -> None:
    taken = claim(world.a)
    assert at_once(lambda number: confirms(world, taken, number)) == {"done": 1, "not_now": WRITERS - 1}
    assert at_once(lambda _number: entered(world.a, source="matter:abc:unit").points) == {
        5: 1,
        "entered_already": WRITERS - 1,
    }
    entry = PointsEntry.objects.get(source=f"claim:{taken.public_id}")

    def takes_back(number: int) -> int:
        actor = world.a.actor(CONFIRMERS[number % len(CONFIRMERS)])
        return services.reverse_entry(actor=actor, entry=entry, reason="误录").points

    assert at_once(takes_back) == {-4: 1, "reversed_already": WRITERS - 1}
    assert PointsEntry.objects.count() == 3


def test_a_balance_is_the_fold_of_its_lines_and_never_above_the_cap(world: World) -> None:
    """Eight full days at once: the month holds 40; four of them taken back while another four are confirmed."""
    first, second = ([claim(world.a, hours=8) for _one in range(WRITERS)] for _turn in range(2))
    assert at_once(lambda number: confirms(world, first[number], number, 480)) == {"done": WRITERS}
    entries = list(PointsEntry.objects.order_by("pk"))
    assert sum(one.points for one in entries) == 40

    def work(number: int) -> str:
        if number % 2:
            return confirms(world, second[number], number, 480)
        actor = world.a.actor("district_officer")
        services.reverse_entry(actor=actor, entry=entries[number], reason="误录")
        return "done"

    assert at_once(work) == {"done": WRITERS}
    columns = (
        "entry__public_id",
        "act",
        "entry__on",
        "entry__place_id",
        "minutes",
        "points",
        "entry__reverses__public_id",
    )
    own = member(world.a)
    lines = [Line(*row) for row in Credit.objects.filter(member=own).values_list(*columns)]
    account = queries.account_of(own)
    assert account.balance == fold(lines)
    assert len(lines) == 2 * WRITERS
    assert account.balance.minutes == 8 * 480
    assert 0 <= account.balance.points <= 40


def test_of_eight_who_take_the_last_place_or_leave_nobody_is_lost(world: World) -> None:
    row, entry = shift(world.a, heads=1), confirmed(world.a)
    own = world.a.actor("grid_worker")
    got = at_once(lambda _number: services.take_on(actor=own, shift=row, on=DAY).shift_id)
    assert (got[row.pk], got["taken_on_already"]) == (1, WRITERS - 1)
    assert row.claims.count() == 1
    gone = at_once(lambda _number: services.leave(actor=own))
    assert (gone[1], gone["not_a_member"] + gone[0]) == (1, WRITERS - 1)
    assert PointsEntry.objects.get() == entry
    assert not Credit.objects.exists()
