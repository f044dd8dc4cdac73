"""`heli check` over the books: what went past the services is named."""

from datetime import date

import pytest

from heli.accounts.testing import World
from heli.ledger.checks import check_invariants
from heli.ledger.models import ClosedMonth, Voucher, VoucherLine
from heli.ledger.rules.books import Draw
from heli.ledger.testing import BOOK_DAY, made_voucher, past_services, posted_voucher

pytestmark = pytest.mark.django_db
INCOME = (Draw("102", 100), Draw("501", -100))


def found() -> list[str]:
    return sorted(fault.code for fault in check_invariants())


def test_sound_books_have_nothing_to_say(world: World) -> None:
    posted_voucher(world.a, *INCOME)
    posted_voucher(world.a, Draw("513", 100), Draw("102", -100))
    made_voucher(world.a, *INCOME)
    assert found() == []


def test_what_went_past_the_services_is_named(world: World) -> None:
    posted = posted_voucher(world.a, *INCOME)
    line = {"collective": posted.collective, "account": "102", "fen": 1}
    with past_services():
        VoucherLine.objects.create(voucher=posted, on=BOOK_DAY, **line)
    assert found() == ["voucher_lines"]
    with past_services():
        VoucherLine.objects.create(voucher=posted, on=BOOK_DAY, **line | {"fen": -1})
        VoucherLine.objects.create(voucher=posted, on=date(2026, 1, 2), **line | {"fen": -1})
        VoucherLine.objects.create(voucher=posted, on=date(2026, 1, 2), **line | {"account": "513"})
    assert found() == ["below_zero_on", "line_elsewhere", "line_elsewhere", "voucher_lines"]


def test_gaps_and_months_out_of_order_are_named(world: World) -> None:
    waits = made_voucher(world.a, *INCOME)
    with past_services():
        Voucher.objects.filter(pk=waits.pk).update(status="posted", number=2, checked_on=BOOK_DAY, paid_on=BOOK_DAY)
        ClosedMonth.objects.create(
            collective=waits.collective, month=date(2026, 2, 1), closed_at="2026-02-01T00:00:00Z"
        )
    assert found() == ["closed_out_of_order", "number_gap", "voucher_lines"]
