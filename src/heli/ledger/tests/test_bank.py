"""Statements of the bank: any bank's list, each line once, matched by a person, a balance that stays as it was agreed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import given as drawn
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.audit.models import Entry
from heli.kernel.faults import Refused
from heli.ledger import services
from heli.ledger.bank_file import read_statement
from heli.ledger.checks import check_invariants
from heli.ledger.models import BankLine, BankStatement, Collective, MatchedLine, Reconciliation, VoucherLine
from heli.ledger.queries.bank import bank_accounts, bank_lines, offers_of, postings_on, sides_on, unmatched
from heli.ledger.rules.bank import BankRow, BookRow, check_chain, compute_new, compute_offers, compute_order
from heli.ledger.rules.books import Draw
from heli.ledger.services.bank import confirm_match, reconcile, undo_match
from heli.ledger.testing import BOOK_DAY, bank_list, books_of, opened, past_services, posted_voucher, taken_in
from heli.records.testing import codes
from heli.ui.exports import template_xlsx

ROWS = (("2026-01-05", 1_000, 6_000), ("2026-01-05", 1_000, 7_000), ("2026-02-10", -2_500, 4_500))


def on(day: int, month: int = 1) -> date:
    return date(2026, month, day)


# -- reading -----------------------------------------------------------------------------------------------------------

BANKS: Sequence[tuple[str, str]] = (
    (
        "single column with a sign",
        "交易日期,金额,账户余额,摘要\n2026-01-05,10.00,60.00,租金\n2026-02-10,-25.00,35.00,水费\n",
    ),
    (
        "two columns, newest first, with the time",
        "交易时间,借方发生额,贷方发生额,余额,对方户名,摘要\n20260210 10:11:12,25.00,,35.00,某某,水费\n"
        "2026-01-05 09:00:00,,10.00,60.00,某某,租金\n",
    ),
    (
        "a mark for each side, a title and a total",
        "某某银行账户明细\n记账日期,借贷标志,发生额,余额,用途\n2026/1/5,贷,10.00,60.00,租金\n2026年2月10日,借,25.00,35.00,水费\n",
    ),
    ("in ten thousand yuan", "日期,收入（万元）,支出（万元）,摘要\n2026-01-05,0.0010,,租金\n2026-02-10,,0.0025,水费\n"),
)


@pytest.mark.parametrize(("bank", "text"), BANKS, ids=[name for name, _text in BANKS])
def test_any_banks_list_is_read_oldest_first(bank: str, text: str) -> None:
    rows, _listed = read_statement(text.encode(), "明细.csv")
    assert [(row.on, row.fen, row.text) for row in rows] == [(on(5), 1_000, "租金"), (on(10, 2), -2_500, "水费")]
    assert bank == "in ten thousand yuan" or [row.stands_fen for row in rows] == [6_000, 3_500]


def test_excel_is_read_like_csv_and_long_numbers_and_other_sides_are_not_kept() -> None:
    heads = ["交易日期", "交易流水号", "收入金额", "支出金额", "余额", "对方账号", "对方户名", "摘要"]
    line = ["2026-01-05", "A1", 10, None, 60, "6222020000000000000", "某人", "转账6222020000000000000"]
    ((row,), listed) = read_statement(template_xlsx("明细", heads, [line]), "明细.xlsx")
    assert (row.on, row.fen, row.stands_fen, row.serial, row.text) == (on(5), 1_000, 6_000, "A1", "转账…")
    assert any("对方户名" in line for line in listed.said())


@pytest.mark.parametrize(
    ("text", "code", "source"),
    [
        ("日期,金额\n五月,1.00\n", "day_unreadable", "第 2 行"),
        ("日期,金额\n2026-01-05,1.001\n", "number_unreadable", "第 2 行"),
        ("日期,金额,借贷标志\n2026-01-05,1.00,平\n", "amount_missing", "第 2 行"),
        ("日期,摘要\n2026-01-05,租金\n", "amount_missing", "第 2 行"),
        ("日期,金额,余额\n2026-01-05,10.00,60.00\n2026-01-06,10.00,71.00\n", "bank_chain_broken", ""),
        ("日期,收入,支出\n2026-01-05,10.00,\n2026-01-06,5.00,\n合计,16.00,\n", "total_contradicts", "第 4 行"),
        ("日期,金额\n2026-01-05,0\n", "list_empty", ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_row_and_remedy(text: str, code: str, source: str) -> None:
    with pytest.raises(Refused) as refused:
        read_statement(text.encode(), "明细.csv")
    assert [(fault.code, fault.source) for fault in refused.value.faults] == [(code, source)]
    assert "%(" not in refused.value.faults[0].message


def test_a_broken_balance_names_row_and_both_numbers() -> None:
    with pytest.raises(Refused) as refused:
        read_statement("日期,金额,余额\n2026-01-05,10.00,60.00\n2026-01-06,10.00,71.00\n".encode(), "明细.csv")
    assert all(said in refused.value.faults[0].message for said in ("3", "70.00", "71.00"))


# -- identity ----------------------------------------------------------------------------------------------------------


@drawn(st.lists(st.sampled_from([(1, 5), (1, -5), (2, 5), (2, 7)]), max_size=12), st.data())
def test_a_list_in_overlapping_parts_is_the_list_once(moves: list[tuple[int, int]], data: Any) -> None:
    stands, rows = 100, []
    for number, (day, fen) in enumerate(sorted(moves, key=lambda one: one[0])):
        stands += fen
        rows.append(BankRow(number, on(day), fen, stands, f"s{number}"))
    first = data.draw(st.integers(0, len(rows)))
    second = data.draw(st.integers(0, first))
    known = compute_new(rows[:first], [])
    assert known == rows[:first]
    assert sorted([*known, *compute_new(rows[second:], known)], key=lambda one: one.row) == rows
    bare = [BankRow(row.row, row.on, row.fen) for row in rows]
    assert compute_new(bare, rows) == []
    assert compute_new(list(reversed(rows)), rows) == []


def test_the_same_amount_twice_a_day_is_two_lines_and_a_serial_number_tells_them_apart() -> None:
    one, two = BankRow(1, on(5), 10, serial="A"), BankRow(2, on(5), 10, serial="B")
    assert compute_new([one, two], []) == [one, two]
    assert compute_new([two], [one]) == [two]
    assert compute_new([one, two], [two]) == [one]
    assert compute_new([BankRow(3, on(5), 10, 7)], [BankRow(4, on(5), 10, 8)]) != []


def test_order_is_found_by_day_or_by_balance() -> None:
    rows = [BankRow(1, on(5), 10, 110), BankRow(2, on(5), -3, 107), BankRow(3, on(5), 1, 108)]
    assert compute_order(rows) == compute_order(rows[::-1]) == rows
    assert list(check_chain(rows)) == []
    later = BankRow(4, on(6), 1, 109)
    assert compute_order([later, *rows[::-1]]) == [*rows, later]


# -- offers ------------------------------------------------------------------------------------------------------------


def test_offers_say_why_and_give_each_posting_once() -> None:
    lines = [BankRow(1, on(5), -50, text="付水费"), BankRow(2, on(6), -50, text="转账"), BankRow(3, on(7), 90)]
    postings = [
        BookRow(1, on(7), -50, "支付办公水费", "2026-1"), BookRow(2, on(6), -50, "修路", "2026-2"),
        BookRow(3, on(7), 60, "租金", "2026-3"), BookRow(4, on(7), 30, "租金", "2026-3"),
        BookRow(5, date(2025, 1, 1), -50, "", "2025-1"),
    ]  # fmt: skip
    offers = compute_offers(lines, postings, days=31)
    assert [(one.row, one.postings) for one in offers] == [(1, (1,)), (2, (2,)), (3, (3, 4))]
    assert [[code for code, _facts in one.reasons] for one in offers] == [
        ["same_amount", "days_apart", "same_words", "several_alike"], ["same_amount", "same_day", "several_alike"],
        ["sum_of_voucher", "same_day"],
    ]  # fmt: skip
    assert compute_offers(lines[:1], postings[4:], days=31) == []


# -- in the database ---------------------------------------------------------------------------------------------------

db = pytest.mark.django_db


def holder_with(world: World) -> Collective:
    """Fifty yuan at the bank, two receipts of ten, twenty-five spent: booked on the day after."""
    opened(world.a, {"102": 5_000, "311": -5_000})
    for day, fen in ((on(6), 1_000), (on(6), 1_000), (on(11, 2), -2_500)):
        posted_voucher(world.a, Draw("102", fen), Draw("501", -fen), on=day)
    return books_of(world.a)


def agree(
    world: World, until: date = BOOK_DAY, fen: int = 4_500, who: str = "supervisor", **more: Any
) -> Reconciliation:
    return reconcile(
        actor=world.a.actor(who),
        collective=books_of(world.a),
        account="102",
        until=until,
        bank_fen=fen,
        on=BOOK_DAY,
        **more,
    )


def match_all(world: World) -> list[str]:
    holder = books_of(world.a)
    lines, postings = bank_lines(holder, "102"), postings_on(holder, "102")
    return [
        confirm_match(
            actor=world.a.actor("bookkeeper"), collective=holder, account="102", line_ids=[offer.row],
            posting_ids=offer.postings, on=BOOK_DAY,
        )
        for offer in offers_of(list(unmatched(lines, "bank_line")), list(unmatched(postings, "posting")))
    ]  # fmt: skip


@db
def test_a_list_taken_in_twice_or_overlapping_adds_nothing(world: World) -> None:
    holder = holder_with(world)
    made = taken_in(world.a, ROWS[:2])
    again = taken_in(world.a, ROWS[:2])
    more = taken_in(world.a, ROWS)
    assert [(one.rows, one.known) for one in (made, again, more)] == [(2, 0), (2, 2), (3, 2)]
    assert list(bank_lines(holder, "102").values_list("fen", "nth", "stands_fen")) == [
        (1_000, 1, 6_000), (1_000, 2, 7_000), (-2_500, 1, 4_500),
    ]  # fmt: skip
    assert Entry.objects.filter(what="ledger.take_in_statement").count() == 3


@db
def test_only_the_lowest_bank_accounts_have_statements(world: World) -> None:
    holder = books_of(world.a)
    assert list(bank_accounts(holder)) == ["102"]
    services.add_account(actor=world.a.actor("bookkeeper"), collective=holder, code="10201", name="农商行")
    assert list(bank_accounts(holder)) == ["10201"]
    with pytest.raises(Refused) as refused:
        taken_in(world.a, ROWS)
    assert codes(refused) == {"no_bank_account"}


@db
def test_a_person_confirms_and_may_take_apart(world: World) -> None:
    holder = holder_with(world)
    taken_in(world.a, ROWS)
    keeper = world.a.actor("bookkeeper")
    lines = list(bank_lines(holder, "102"))
    postings = list(postings_on(holder, "102"))
    given: dict[str, Any] = {"actor": keeper, "collective": holder, "account": "102"}
    with pytest.raises(Refused) as refused:
        confirm_match(line_ids=[lines[0].pk], posting_ids=[postings[2].pk], **given)
    assert codes(refused) == {"sums_differ"}
    groups = match_all(world)
    assert len(groups) == 3
    assert MatchedLine.objects.filter(group=groups[0])[0].reasons[0] == ["same_amount", {}]
    with pytest.raises(Refused) as refused:
        confirm_match(line_ids=[lines[0].pk], posting_ids=[postings[0].pk], **given)
    assert codes(refused) == {"not_now"}
    for group in groups[:2]:
        undo_match(actor=keeper, collective=holder, group=group)
    with pytest.raises(Refused) as refused:
        undo_match(actor=keeper, collective=holder, group=groups[0])
    assert codes(refused) == {"not_now"}
    both = [one.pk for one in lines[:2]], [one.pk for one in postings[:2]]
    group = confirm_match(line_ids=both[0], posting_ids=both[1], **given)
    assert MatchedLine.objects.filter(group=group).values_list("reasons", flat=True)[0] == [["chosen", {}]]


@db
def test_a_reconciled_balance_is_an_assertion_that_nothing_later_breaks(world: World) -> None:
    holder = holder_with(world)
    taken_in(world.a, ROWS)
    groups = match_all(world)
    with pytest.raises(Refused) as refused:
        agree(world, fen=4_400)
    assert codes(refused) == {"bank_says_else"}
    between = agree(world, on(10, 2))
    assert (between.books_fen, between.only_books_fen, between.only_bank_fen) == (7_000, 0, -2_500)
    made = agree(world)
    assert (made.bank_fen, made.books_fen, made.only_books_fen, made.only_bank_fen) == (4_500, 4_500, 0, 0)
    assert list(check_invariants()) == []
    with pytest.raises(Refused) as refused:
        posted_voucher(world.a, Draw("102", 1), Draw("501", -1), on=BOOK_DAY)
    assert codes(refused) == {"reconciled"}
    with pytest.raises(Refused) as refused:
        taken_in(world.a, (("2026-01-07", 7, None),))
    assert codes(refused) == {"reconciled"}
    with pytest.raises(Refused) as refused:
        undo_match(actor=world.a.actor("bookkeeper"), collective=holder, group=groups[0])
    assert codes(refused) == {"reconciled"}
    with pytest.raises(Refused) as refused:
        agree(world)
    assert codes(refused) == {"day_unfit"}
    voucher = posted_voucher(world.a, Draw("112", 1), Draw("501", -1), on=BOOK_DAY)
    line = {"voucher": voucher, "collective": holder, "on": BOOK_DAY, "fen": 1}
    for account in ("102", "10201"):
        with pytest.raises(IntegrityError, match="voucher_line_not_in_reconciled"), past_services():
            VoucherLine.objects.create(account=account, **line)
    bank = {
        "statement": BankStatement.objects.first(),
        "collective": holder,
        "account": "102",
        "fen": 9,
        "nth": 1,
        "row": 1,
    }
    with pytest.raises(IntegrityError, match="bank_line_not_in_reconciled"), past_services():
        BankLine.objects.create(on=BOOK_DAY, **bank)
    with past_services():
        BankLine.objects.create(on=on(3, 3), **bank)
        VoucherLine.objects.create(account="101", **line)


@db
def test_both_sides_that_differ_are_refused_with_every_number(world: World) -> None:
    holder_with(world)
    with pytest.raises(Refused) as refused:
        agree(world)
    assert codes(refused) == {"no_statement"}
    taken_in(world.a, (("2026-01-05", 1_000, None), ("2026-01-05", 1_000, None)))
    with pytest.raises(Refused) as refused:
        agree(world, fen=7_001)
    assert codes(refused) == {"bank_disagrees"}
    assert all(number in refused.value.faults[0].message for number in ("70.01", "-5.00", "45.00", "20.00", "0.01"))
    match_all(world)
    assert sides_on(books_of(world.a), "102", BOOK_DAY).only_books_fen == -2_500
    assert agree(world, fen=7_000).only_books_fen == -2_500


@db
def test_who_prepared_it_says_not_that_it_agrees(world: World) -> None:
    holder_with(world)
    taken_in(world.a, ROWS, who="district_officer")
    for group in match_all(world):
        assert group
    with pytest.raises(Refused) as refused:
        agree(world, who="district_officer")
    assert codes(refused) == {"same_person"}
    made = agree(world)
    made.pk, made.public_id, made.until, made.reconciled_by = None, "other", on(1, 3), made.prepared_by
    with pytest.raises(IntegrityError, match="reconciled_by_another"), past_services():
        made.save(force_insert=True)


@db
def test_the_database_holds_what_the_services_ask(world: World) -> None:
    holder = holder_with(world)
    statement = taken_in(world.a, ROWS)
    match_all(world)
    line, posting = bank_lines(holder, "102")[0], postings_on(holder, "102")[0]
    told = agree(world, on(20, 2))
    row = {"statement": statement, "collective": holder, "account": "102", "on": on(21, 2), "row": 9}
    again = {"public_id": "again", "collective": holder, "account": "102", "until": on(20, 2), "books_fen": 1}
    again |= {"only_books_fen": 0, "only_bank_fen": 0}
    wrong: Sequence[tuple[str, Any, dict[str, Any]]] = (
        (r"bank_line_once|bankline\.collective", BankLine, {**row, "on": line.on, "account": "10299", "fen": 1, "nth": 1}),
        ("bank_line_moves", BankLine, {**row, "fen": 0, "nth": 1}),
        ("matched_line_of_one_side", MatchedLine, {"group": "g"}),
        (r"bank_line_matched_once|matchedline\.bank_line", MatchedLine, {"group": "g", "bank_line": line}),
        (r"posting_matched_once|matchedline\.posting", MatchedLine, {"group": "g", "posting": posting}),
        ("reconciled_agrees", Reconciliation, {**again, "until": on(21, 2), "bank_fen": 2}),
        (r"reconciled_once_a_day|reconciliation\.collective", Reconciliation, {**again, "bank_fen": 1}),
    )  # fmt: skip
    with past_services():
        BankLine.objects.create(**wrong[0][2])
    for constraint, model, values in wrong:
        with pytest.raises(IntegrityError, match=constraint), past_services():
            model.objects.create(**values)
    counts = {"public_id": "x", "collective": holder, "account": "102", "name": "n", "rows": 1, "known": 2}
    with pytest.raises(IntegrityError, match="bank_statement_counts"), past_services():
        BankStatement.objects.create(taken_at=statement.taken_at, **counts)
    for kept in (line, statement, told):
        with pytest.raises(IntegrityError, match="AppendOnly"), past_services():
            type(kept).objects.filter(pk=kept.pk).update(account="103")


@db
def test_the_page_takes_in_offers_confirms_and_reconciles(world: World) -> None:
    holder = holder_with(world)
    page = f"/property/books/{holder.public_id}/bank/"
    keeper, supervisor = world.client("bookkeeper"), world.client("supervisor")
    sent = keeper.post(page, {"did": "take_in", "account": "102", "file": bank_list(ROWS)})
    assert (sent.status_code, BankLine.objects.count()) == (303, 3)
    wrong = keeper.post(page, {"did": "take_in", "account": "102", "file": bank_list((("2026-13-01", 1, None),))})
    assert wrong.status_code == 422
    assert "2026-13-01" in wrong.content.decode()
    shown = keeper.get(page).content.decode()
    assert shown.count('name="did" value="confirm"') == 3
    lines, postings = bank_lines(holder, "102"), postings_on(holder, "102")
    for offer in offers_of(list(lines), list(postings)):
        given = {"did": "confirm", "account": "102", "line": [offer.row], "posting": list(offer.postings)}
        assert keeper.post(page, given).status_code == 303
    group = MatchedLine.objects.filter(undone_on=None)[0].group
    assert keeper.post(page, {"did": "undo", "account": "102", "group": group}).status_code == 303
    assert MatchedLine.objects.filter(undone_on=None).count() == 4
    assert keeper.post(page, {"did": "reconcile", "account": "102"}).status_code == 403
    assert (
        supervisor.post(
            page, {"did": "reconcile", "account": "102", "until": "2026-03-02", "bank_fen": "44"}
        ).status_code
        == 422
    )
    done = supervisor.post(page, {"did": "reconcile", "account": "102", "until": "2026-03-02", "bank_fen": "45.00"})
    assert (done.status_code, Reconciliation.objects.count()) == (303, 1)
    assert keeper.post(page, {"did": "other", "account": "102"}).status_code == 404
