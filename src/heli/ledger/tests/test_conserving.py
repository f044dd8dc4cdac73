"""Any sequence of vouchers, closes, reversals, locks, transfers and their undoing keeps every total of all holders; the order of
independent transfers does not matter; what is closed, locked or carried away stays as it is.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from heli.accounts.testing import World
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.ledger import services
from heli.ledger.checks import check_invariants
from heli.ledger.ledger import ASSETS, TRANSFERS
from heli.ledger.models import Collective, CollectiveAsset, Transfer, Voucher, VoucherLine, VoucherState
from heli.ledger.queries.books import balances, last_closed
from heli.ledger.queries.clearing import lock_at
from heli.ledger.rules.books import BANK, Draw, compute_first_level, compute_next_month
from heli.ledger.services import VoucherDraft
from heli.ledger.services.locking import lock_property
from heli.ledger.testing import MERGED_ON, YEAR, decision, merged, sign
from heli.ledger.tests.test_transfers import held, villages
from heli.records.services import move
from heli.records.testing import district_of, enter_row

TODAY = date(2026, 5, 20)
DAYS = (MERGED_ON, MERGED_ON + timedelta(days=1))
AMOUNTS = st.integers(-300, 300).filter(bool)


def prepared(half: Any) -> tuple[list[Collective], list[Transfer]]:
    """Two villages with books, a claim on one another, halls; their successor; transfers on two days, signed by all three."""
    held(half)
    enter_row(ASSETS, half, district_of(half), bare=True, place=half.place("大石村").pk, kind="operating")
    givers = villages(half)
    to, rows = merged(half, *givers)
    services.note_members(actor=SYSTEM, collective=to, members=2)
    for row, on in zip(rows, DAYS, strict=True):
        move(actor=SYSTEM, ledger=TRANSFERS, row=row, name="decide", on=MERGED_ON, **decision("steps", on))
    return [*givers, to], [sign(half, Transfer.objects.get(pk=row.pk), "steps") for row in rows]


def standing() -> Counter[tuple[int, str]]:
    """Every fen by holder and account of the chart, as the lines have it."""
    found = Counter[tuple[int, str]]()
    for line in VoucherLine.objects.values("collective", "account").order_by().annotate(fen=Sum("fen")):
        found[line["collective"], compute_first_level(line["account"])] += line["fen"]
    return Counter({key: fen for key, fen in found.items() if fen})


class Books(RuleBasedStateMachine):
    """The books of three holders beside a plain account of them: what was booked, and which transfers stand, in whatever order."""

    holders: list[Collective]
    transfers: list[Transfer]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.booked, self.moved = standing(), set[int]()
        self.members = dict(Collective.objects.values_list("pk", "members"))
        self.items = dict(CollectiveAsset.objects.values_list("pk", "place"))
        self.closed: dict[tuple[int, date], dict[str, int]] = {}

    def teardown(self) -> None:
        """What no constraint says holds too; nothing of it stays."""
        try:
            assert list(check_invariants()) == []
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def attempt(self, act: Callable[[], Any]) -> Any:
        """What an act gives; None when it is refused, and then nothing is left of it."""
        try:
            with transaction.atomic():
                return act()
        except Refused:
            return None

    def post(self, make: Callable[[], Voucher]) -> None:
        """A voucher made, signed where money moves, and checked: never on what is locked but for the bank, or was carried away."""

        def posted() -> Voucher:
            one = make()
            if one.moves_money:
                services.sign_voucher(actor=SYSTEM, voucher=one, on=TODAY)
            return services.check_voucher(actor=SYSTEM, voucher=one, on=TODAY)

        if (voucher := self.attempt(posted)) is not None:
            accounts = [compute_first_level(line[0]) for line in voucher.draft]
            assert voucher.collective_id not in {self.transfers[which].giver_id for which in self.moved}
            assert lock_at(voucher.collective.body.place_id) is None or BANK in accounts
            for account, (_code, fen, _text) in zip(accounts, voucher.draft, strict=True):
                self.booked[voucher.collective_id, account] += fen

    @rule(
        who=st.integers(0, 2),
        day=st.integers(0, 100),
        account=st.sampled_from(("102", "112", "501", "513")),
        fen=AMOUNTS,
    )
    def voucher(self, who: int, day: int, account: str, fen: int) -> None:
        """Something happened."""
        one = self.holders[who]
        draft = VoucherDraft(one.begins_on + timedelta(days=day), "收支", (Draw(account, fen), Draw("311", -fen)))
        self.post(partial(services.make_voucher, actor=SYSTEM, collective=one, draft=draft, on=TODAY))

    @rule(last=st.integers(0, 5))
    def reverse(self, last: int) -> None:
        """One of the last vouchers is taken back, whatever it was for."""
        for one in Voucher.objects.filter(status=VoucherState.POSTED).order_by("-pk")[last : last + 1]:
            given: dict[str, Any] = {"actor": SYSTEM, "voucher": one, "reason": "重复", "on": TODAY, "today": TODAY}
            self.post(partial(services.reverse_voucher, **given))

    @rule(who=st.integers(0, 2))
    def close(self, who: int) -> None:
        """The next month of a holder is closed."""
        one = self.holders[who]
        month = compute_next_month(last_closed(one), one.begins_on)
        given: dict[str, Any] = {"actor": SYSTEM, "collective": one, "month": month, "on": TODAY}
        if self.attempt(partial(services.close_month, **given)) is not None:
            ends = compute_next_month(month, YEAR) - timedelta(days=1)
            self.closed[one.pk, ends] = balances(one, ends)

    @rule(who=st.integers(0, 1))
    def lock(self, who: int) -> None:
        """The property of a village is locked, for good."""
        row = self.transfers[who]
        lock_property(actor=SYSTEM, place_id=row.place_id, district_id=row.district_id, on=TODAY)

    @rule(which=st.integers(0, 1))
    def carry(self, which: int) -> None:
        """A holder's books go to the successor once; where one of the two waits, that one."""
        which = 1 - min(self.moved) if len(self.moved) == 1 else which
        given: dict[str, Any] = {"row": self.transfers[which], "name": "post", "on": TODAY}
        if self.attempt(partial(move, actor=SYSTEM, ledger=TRANSFERS, **given)) is not None:
            assert which not in self.moved
            self.moved.add(which)

    @rule(which=st.integers(0, 1), name=st.sampled_from(("reverse", "reverse", "reverse", "void")))
    def undo(self, which: int, name: str) -> None:
        """What was carried is taken back, or what waits is voided."""
        which = min(self.moved) if len(self.moved) == 1 and name == "reverse" else which
        given: dict[str, Any] = {"row": self.transfers[which], "name": name, "reason": "撤销", "on": TODAY}
        if self.attempt(partial(move, actor=SYSTEM, ledger=TRANSFERS, **given)) is not None:
            self.moved.discard(which)

    @invariant()
    def conserves(self) -> None:
        """Every fen, member and item is where booking and the transfers that stand put it, nowhere else; what is closed stays."""
        to = self.holders[2].pk
        heir = {self.transfers[which].giver_id: to for which in self.moved}
        stand, members = Counter[tuple[int, str]](), Counter[int](dict.fromkeys(self.members, 0))
        for (one, account), fen in self.booked.items():
            stand[heir.get(one, one), account] += fen
        for one, count in self.members.items():
            members[heir.get(one, one)] += count
        if len(self.moved) == 2:  # nobody owes himself: the pair leaves
            stand[to, "112"] -= 500
            stand[to, "211"] += 500
        assert standing() == {key: fen for key, fen in stand.items() if fen}
        assert dict(Collective.objects.values_list("pk", "members")) == members
        gone = {self.transfers[which].place_id for which in self.moved}
        kept = {key: to if place in gone else None for key, place in self.items.items()}
        assert dict(CollectiveAsset.objects.values_list("pk", "holder")) == kept
        by_key = {one.pk: one for one in self.holders}
        assert {key: balances(by_key[key[0]], key[1]) for key in self.closed} == self.closed


def one_walk(books: Books) -> None:
    """A sequence in which each act has its effect, and each is tried where it must be refused."""
    walk: list[Callable[[], None]] = [
        partial(books.voucher, 0, 70, "112", 300), partial(books.voucher, 1, 5, "102", 200), partial(books.close, 1),
        partial(books.voucher, 1, 5, "513", 9), partial(books.reverse, 1), partial(books.carry, 0),
        *(partial(books.reverse, last) for last in range(3)), partial(books.voucher, 0, 70, "501", -7), partial(books.carry, 1),
        partial(books.undo, 0, "reverse"), partial(books.undo, 1, "reverse"), partial(books.undo, 0, "reverse"),
        partial(books.lock, 1), partial(books.voucher, 1, 80, "513", 4), partial(books.voucher, 1, 80, "102", 4),
    ]  # fmt: skip
    for act in walk:
        act()
        books.conserves()
    assert books.moved == set()
    books.teardown()


def one_that_stays(books: Books) -> None:
    """What something was booked upon is not taken back."""
    for act in (partial(books.carry, 0), partial(books.voucher, 2, 40, "112", 50), partial(books.undo, 0, "reverse")):
        act()
        books.conserves()
    assert books.moved == {0}
    books.teardown()


@pytest.mark.django_db
def test_any_sequence_of_acts_on_books_conserves_every_total(world: World) -> None:
    Books.holders, Books.transfers = prepared(world.a)
    one_walk(Books())
    one_that_stays(Books())
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=7, stateful_step_count=12, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
