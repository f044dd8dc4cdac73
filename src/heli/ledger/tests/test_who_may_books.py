"""Who may open books, keep them, check, pay, close; who may not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from heli.accounts.testing import BEGINNING, World, WriteCase
from heli.bodies.services import add_body
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM
from heli.ledger import services as service
from heli.ledger.ledger import TRANSFERS
from heli.ledger.models import Transfer, Voucher
from heli.ledger.queries.bank import bank_lines, postings_on
from heli.ledger.rules.books import Draw
from heli.ledger.services import VoucherDraft
from heli.ledger.services.locking import lift_lock, lock_property
from heli.ledger.services.transfers import carry_on, open_transfers, take_back
from heli.ledger.testing import (
    BOOK_DAY,
    KEEPERS,
    MERGED_ON,
    OFFICERS,
    YEAR,
    bank_list,
    books_of,
    decision,
    made_voucher,
    open_cooperative,
    past_services,
    posted_voucher,
    taken_in,
    transfer_in,
)
from heli.records.services import move
from heli.ui.testing import Kwargs

AT = datetime(2026, 4, 1, 4, tzinfo=UTC)


def without_books(world: World) -> Kwargs:
    village = world.a.village.pk
    body = add_body(actor=SYSTEM, name="合作社", kind=BodyKind.COOPERATIVE, place_id=village, on=BEGINNING)
    return {"body": body, "begins_on": YEAR}


def with_books(world: World) -> Kwargs:
    return {"collective": open_cooperative(world.a)}


RENT = (Draw("102", 100), Draw("501", -100))
MAKERS = ("district_officer", "bookkeeper")


def of_village(world: World) -> Kwargs:
    return {"place_id": world.a.village.pk, "district_id": world.a.district.pk}


def locked(world: World) -> Kwargs:
    return {"lock": lock_property(actor=SYSTEM, **of_village(world)), "reason": "清理完毕"}


CASHIERS = ("district_officer", "cashier")
CHECKERS = ("district_officer", "town_officer", "supervisor")


def waiting(world: World) -> Kwargs:
    return {"voucher": made_voucher(world.a, *RENT)}


def my_own(world: World) -> Kwargs:
    given: dict[str, Any] = {
        "collective": books_of(world.a),
        "draft": VoucherDraft(BOOK_DAY, "收租金", RENT),
        "on": BOOK_DAY,
    }
    return {"voucher": service.make_voucher(actor=world.a.actor("district_officer"), **given)}


def signed_own(world: World) -> Kwargs:
    return {"voucher": service.sign_voucher(actor=world.a.actor("cashier"), **my_own(world)), "on": BOOK_DAY}


def signed(world: World) -> Kwargs:
    return {"voucher": service.sign_voucher(actor=world.a.actor("cashier"), **waiting(world))}


def large(world: World) -> Kwargs:
    posted_voucher(world.a, Draw("102", 5_000_000), Draw("501", -5_000_000))
    return {"voucher": made_voucher(world.a, Draw("513", 5_000_000), Draw("102", -5_000_000))}


def large_own(world: World) -> Kwargs:
    posted_voucher(world.a, Draw("102", 5_000_000), Draw("501", -5_000_000))
    spent = VoucherDraft(BOOK_DAY, "修路", (Draw("514", 5_000_000), Draw("102", -5_000_000)))
    given: dict[str, Any] = {"collective": books_of(world.a), "draft": spent, "on": BOOK_DAY}
    return {"voucher": service.make_voucher(actor=world.a.actor("district_officer"), **given)}


def closed(world: World) -> Kwargs:
    service.close_month(actor=world.a.actor("bookkeeper"), **books(world), month=YEAR, on=BOOK_DAY)
    return {**books(world), "until": date(2026, 1, 31), "on": BOOK_DAY}


def paid(world: World) -> Voucher:
    posted_voucher(world.a, *RENT)
    return posted_voucher(world.a, Draw("513", 50), Draw("102", -50))


def books(world: World) -> Kwargs:
    return {"collective": books_of(world.a)}


BANK_ROWS = (("2026-03-02", 100, 100),)


def bank_file(world: World) -> Kwargs:
    return {**books(world), "account": "102", "content": bank_list(BANK_ROWS).read(), "name": "明细.csv"}


def at_bank(world: World, who: str = "bookkeeper") -> Kwargs:
    posted_voucher(world.a, *RENT)
    taken_in(world.a, BANK_ROWS, who)
    lines, postings = bank_lines(books_of(world.a), "102"), postings_on(books_of(world.a), "102")
    ids = {"line_ids": [one.pk for one in lines], "posting_ids": [one.pk for one in postings]}
    return {**books(world), "account": "102", **ids}


def matched(world: World) -> Kwargs:
    group = service.confirm_match(actor=world.a.actor("bookkeeper"), **at_bank(world))
    return {**books(world), "group": group}


def agreeing(who: str) -> Any:
    """An account that agrees; `who` took in the list and said what is the same money."""

    def given(world: World) -> Kwargs:
        service.confirm_match(actor=world.a.actor(who), **at_bank(world, who))
        return {**books(world), "account": "102", "until": BOOK_DAY, "bank_fen": 100, "on": BOOK_DAY}

    return given


def earned(world: World) -> Kwargs:
    posted_voucher(world.a, *RENT)
    return {**books(world), "year": 2026, "on": date(2027, 1, 2)}


def led(name: str, state: str, **more: Any) -> Any:
    """A move of a transfer that stands in a state."""
    return lambda w: {"ledger": TRANSFERS, "row": transfer_in(w.a, state), "name": name, "on": MERGED_ON, **more}


def of_transfer(state: str, **more: Any) -> Any:
    return lambda w: {"transfer": transfer_in(w.a, state), "at": AT, **more}


def two_signed(world: World) -> Kwargs:
    """Two of one event; the second was given by the town officer, who therefore carries neither."""
    one, other = transfer_in(world.a, "signed"), transfer_in(world.a, "signed", ("town_officer", "bookkeeper"))
    with past_services():
        giver = open_cooperative(world.a, world.a.place("代市社区"))
        Transfer.objects.filter(pk=other.pk).update(event=one.event, giver=giver)
    return {"transfer": one, "at": AT, "on": MERGED_ON}


TOLD = {"approved_on": MERGED_ON, "creditors_told": 0, "told_on": MERGED_ON}
KEEPING = (*KEEPERS, "bookkeeper")
CASES = [
    WriteCase(open_transfers, ("district_officer",), lambda w: {"district_id": w.a.district.pk, "since": MERGED_ON}),
    WriteCase(carry_on, OFFICERS, of_transfer("signed", on=MERGED_ON)),
    WriteCase(carry_on, OFFICERS, two_signed, first="town_officer"),
    WriteCase(take_back, ("district_officer",), of_transfer("posted")),
    WriteCase(move, KEEPING, led("decide", "open", **decision())),
    WriteCase(move, KEEPING, led("give", "decided")),
    WriteCase(move, KEEPING, led("receive", "given"), first="bookkeeper"),
    WriteCase(move, CHECKERS, led("supervise", "received"), first="town_officer"),
    WriteCase(move, OFFICERS, led("post", "signed")),
    WriteCase(move, OFFICERS, led("void", "signed", reason="撤回")),
    WriteCase(move, ("district_officer",), led("reverse", "posted", reason="撤回")),
    WriteCase(move, KEEPING, led("tell", "posted", values=TOLD, note="挂号信")),
    WriteCase(service.open_books, OFFICERS, without_books),
    WriteCase(lock_property, OFFICERS, of_village),
    WriteCase(lift_lock, ("district_officer",), locked),
    WriteCase(service.note_members, MAKERS, lambda w: {**with_books(w), "members": 312}),
    WriteCase(service.add_account, MAKERS, lambda w: {**books(w), "code": "10201", "name": "农商行"}),
    WriteCase(
        service.make_voucher,
        MAKERS,
        lambda w: {**books(w), "draft": VoucherDraft(BOOK_DAY, "收租金", RENT), "on": BOOK_DAY},
    ),
    WriteCase(
        service.make_openings, MAKERS, lambda w: {**books(w), "balances_fen": {"102": 1, "301": -1}, "text": "期初余额"}
    ),
    WriteCase(service.make_year_end, MAKERS, earned),
    WriteCase(
        service.reverse_voucher,
        MAKERS,
        lambda w: {"voucher": posted_voucher(w.a, *RENT), "reason": "重复", "on": BOOK_DAY, "today": BOOK_DAY},
    ),
    WriteCase(service.drop_voucher, MAKERS, waiting),
    WriteCase(service.sign_voucher, CASHIERS, waiting),
    WriteCase(service.check_voucher, CHECKERS, lambda w: {**signed(w), "on": BOOK_DAY}),
    WriteCase(service.return_voucher, CHECKERS, lambda w: {**waiting(w), "reason": "附件不全"}),
    WriteCase(service.agree_to_voucher, OFFICERS, large),
    WriteCase(service.agree_to_voucher, OFFICERS, large_own, first="district_officer"),
    WriteCase(service.sign_voucher, CASHIERS, my_own, first="district_officer"),
    WriteCase(service.check_voucher, CHECKERS, signed_own, first="district_officer"),
    WriteCase(
        service.return_voucher, CHECKERS, lambda w: {**my_own(w), "reason": "附件不全"}, first="district_officer"
    ),
    WriteCase(service.disclose_period, OFFICERS, closed),
    WriteCase(service.disclose_payment, OFFICERS, lambda w: {"voucher": paid(w), "on": BOOK_DAY}),
    WriteCase(service.take_in_statement, MAKERS, bank_file),
    WriteCase(service.confirm_match, MAKERS, at_bank),
    WriteCase(service.undo_match, MAKERS, matched),
    WriteCase(service.reconcile, CHECKERS, agreeing("bookkeeper")),
    WriteCase(service.reconcile, CHECKERS, agreeing("district_officer"), first="district_officer"),
    WriteCase(service.close_month, MAKERS, lambda w: {**books(w), "month": YEAR, "on": BOOK_DAY}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
