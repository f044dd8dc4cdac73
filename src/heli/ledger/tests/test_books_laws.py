"""Laws of books: any sequence of vouchers, closes and reversals keeps the total at zero, numbers without gaps, closed months as
they were; of eight who write at the same moment there is one effect.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.kernel.faults import Refused
from heli.ledger import services
from heli.ledger.checks import check_invariants
from heli.ledger.models import ClosedMonth, Voucher, VoucherState
from heli.ledger.queries.books import balances, last_closed, turnovers
from heli.ledger.rules.books import Draw, compute_next_month
from heli.ledger.testing import BOOK_DAY, YEAR, books_of, made_voucher, opened, posted_voucher

TODAY = date(2026, 6, 30)
ACCOUNTS = ("101", "102", "112", "241", "311", "501", "513")
DRAWS = st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.integers(-5_000, 5_000).filter(bool)), min_size=1, max_size=3)
STEPS: st.SearchStrategy[tuple[str, int, list[tuple[str, int]]]] = st.one_of(
    st.tuples(st.just("voucher"), st.integers(0, 170), DRAWS),
    st.tuples(st.just("close"), st.just(0), st.just([])),
    st.tuples(st.just("reverse"), st.integers(0, 170), st.just([])),
)


def step(world: World, kind: str, day: int, parts: list[tuple[str, int]]) -> None:
    """One act of the books; refused ones leave nothing."""
    on = YEAR + timedelta(days=day)
    if kind == "close":
        month = compute_next_month(last_closed(books_of(world.a)), YEAR)
        services.close_month(actor=world.a.actor("bookkeeper"), collective=books_of(world.a), month=month, on=TODAY)
    elif kind == "voucher":
        rest = -sum(fen for _account, fen in parts)
        draws = [Draw(account, fen) for account, fen in parts] + ([Draw("301", rest)] if rest else [])
        posted_voucher(world.a, *draws, on=on, today=TODAY)
    else:
        posted = Voucher.objects.filter(status=VoucherState.POSTED).order_by("pk").first()
        if posted is None:
            return
        given: dict[str, Any] = {"actor": world.a.actor("bookkeeper"), "voucher": posted, "on": on, "today": TODAY}
        posted_voucher(world.a, voucher=services.reverse_voucher(reason="重复", **given), today=TODAY)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(STEPS, min_size=3, max_size=8))
def test_any_sequence_conserves_every_total_and_leaves_what_is_closed(
    world: World, steps: list[tuple[str, int, list[tuple[str, int]]]]
) -> None:
    holder = books_of(world.a)
    with transaction.atomic():
        opened(world.a, {"101": 3_000, "102": 9_000, "241": -4_000, "301": -8_000})
        kept: dict[date, dict[str, int]] = {}
        for one in steps:
            try:
                with transaction.atomic():
                    step(world, *one)
            except Refused:
                pass
            assert sum(balances(holder, TODAY).values()) == 0
            if (closed := last_closed(holder)) is not None:
                ends = compute_next_month(closed, YEAR) - timedelta(days=1)
                kept.setdefault(ends, balances(holder, ends))
            assert {ends: balances(holder, ends) for ends in kept} == kept
        assert list(check_invariants()) == []
        rows = turnovers([holder.pk], YEAR, TODAY)
        assert sum(row.debit for row in rows) == sum(row.credit for row in rows)
        assert {row.account: row.closing for row in rows if row.closing} == balances(holder, TODAY)
        transaction.set_rollback(True)


WRITERS = 8
races = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time from the start"),
]


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


class TestEightAtOnce:
    pytestmark = races

    @pytest.fixture
    def world(self) -> World:
        return build_world()

    def signed(self, world: World, *draws: Draw) -> Voucher:
        return services.sign_voucher(actor=world.a.actor("cashier"), voucher=made_voucher(world.a, *draws))

    def test_one_voucher_is_posted_once(self, world: World) -> None:
        waits = self.signed(world, Draw("102", 100), Draw("501", -100))
        checker = world.a.actor("supervisor")
        got = at_once(lambda _number: services.check_voucher(actor=checker, voucher=waits, on=BOOK_DAY).number)
        assert got == {1: 1, "not_now": WRITERS - 1}

    def test_eight_vouchers_get_eight_numbers_and_money_stays_above_zero(self, world: World) -> None:
        posted_voucher(world.a, Draw("102", 300), Draw("501", -300))
        waits = [self.signed(world, Draw("513", 100), Draw("102", -100)) for _number in range(WRITERS)]
        checker = world.a.actor("supervisor")
        got = at_once(lambda number: services.check_voucher(actor=checker, voucher=waits[number], on=BOOK_DAY).number)
        assert got == {2: 1, 3: 1, 4: 1, "below_zero_on": WRITERS - 3}
        assert balances(books_of(world.a), BOOK_DAY) == {"501": -300, "513": 300}

    def test_a_voucher_is_taken_back_and_a_month_closed_once(self, world: World) -> None:
        posted = posted_voucher(world.a, Draw("102", 300), Draw("501", -300))
        given: dict[str, Any] = {"actor": world.a.actor("bookkeeper"), "on": BOOK_DAY, "today": BOOK_DAY}
        got = at_once(lambda _number: services.reverse_voucher(voucher=posted, reason="重复", **given).kind)
        assert got == {"reversal": 1, "reversed_already": WRITERS - 1}
        assert Voucher.objects.filter(reverses=posted).count() == 1
        closing: dict[str, Any] = {"actor": world.a.actor("bookkeeper"), "collective": books_of(world.a), "month": YEAR}
        services.drop_voucher(actor=world.a.actor("bookkeeper"), voucher=Voucher.objects.get(reverses=posted))
        got = at_once(lambda _number: services.close_month(on=BOOK_DAY, **closing).month)
        assert got == {YEAR: 1, "not_next_month": WRITERS - 1}
        assert ClosedMonth.objects.count() == 1
