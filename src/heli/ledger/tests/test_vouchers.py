"""Vouchers: they balance, have paper and three people; a number only when posted; money never falls below zero."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

from heli.accounts.testing import World
from heli.kernel.faults import Refused
from heli.ledger import services
from heli.ledger.models import SubAccount, Voucher, VoucherLine, VoucherState
from heli.ledger.queries.books import balances, lines_of, turnovers
from heli.ledger.rules.books import Draw
from heli.ledger.services import VoucherDraft
from heli.ledger.testing import BOOK_DAY as ON
from heli.ledger.testing import books_of, made_voucher, past_services, posted_voucher
from heli.records.testing import codes

pytestmark = pytest.mark.django_db
INCOME = (Draw("102", 100_000), Draw("501", -100_000))
SPENT = (Draw("513", 30_000), Draw("102", -30_000))


def test_a_voucher_gets_its_number_when_it_is_posted_and_a_dropped_one_burns_none(world: World) -> None:
    one, two = made_voucher(world.a, *INCOME), made_voucher(world.a, *SPENT)
    assert (one.number, two.number) == (None, None)
    services.drop_voucher(actor=world.a.actor("bookkeeper"), voucher=one)
    posted = posted_voucher(world.a, *INCOME)
    assert (posted.year, posted.number, posted.status) == (2026, 1, VoucherState.POSTED)
    assert posted_voucher(world.a, voucher=two).number == 2
    assert balances(posted.collective, ON) == {"102": 70_000, "501": -100_000, "513": 30_000}
    assert lines_of(posted) == [("102", 100_000, ""), ("501", -100_000, "")]


def test_a_year_has_its_own_numbers(world: World) -> None:
    assert posted_voucher(world.a, *INCOME).number == 1
    assert posted_voucher(world.a, *INCOME, on=date(2027, 1, 5), today=date(2027, 1, 6)).number == 1


@pytest.mark.parametrize(
    ("draws", "code", "field"),
    [
        ((Draw("102", 1),), "too_few_lines", ""),
        ((Draw("102", 2), Draw("501", -1)), "voucher_unbalanced", ""),
        ((Draw("103", 1), Draw("501", -1)), "outside_the_chart", "account_1"),
        ((Draw("", 1), Draw("501", -1)), "outside_the_chart", "account_1"),
        ((Draw("102", 1), Draw("50101", -1)), "level_not_added", "account_2"),
        ((Draw("102", 1), Draw("501", -1), Draw("112", 0)), "nothing_moved", "debit_3"),
        ((Draw("102", 10**16), Draw("501", -(10**16))), "too_much_money", "debit_1"),
    ],
)
def test_what_is_no_double_entry_is_refused_with_its_line(
    world: World, draws: tuple[Draw, ...], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        made_voucher(world.a, *draws)
    assert {(fault.code, fault.field) for fault in refused.value.faults} >= {(code, field)}
    assert all("%(" not in fault.message for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"on": date(2025, 12, 31)}, "before_the_books"),
        ({"on": date(2026, 3, 3)}, "day_in_future"),
        ({"papers": 0}, "paper_missing"),
        ({"text": " "}, "text_empty"),
    ],
)
def test_a_voucher_has_a_day_of_the_books_words_and_paper(world: World, changes: dict[str, Any], code: str) -> None:
    given = {"on": ON, "text": "收租金", "draws": INCOME, **changes}
    with pytest.raises(Refused) as refused:
        services.make_voucher(
            actor=world.a.actor("bookkeeper"), collective=books_of(world.a), draft=VoucherDraft(**given), on=ON
        )
    assert codes(refused) == {code}


def test_levels_below_the_chart_are_free_and_named(world: World) -> None:
    given: dict[str, Any] = {"actor": world.a.actor("bookkeeper"), "collective": books_of(world.a)}
    services.add_account(code="10201", name="农商行", **given)
    services.add_account(code="1020101", name="专户", **given)
    posted_voucher(world.a, Draw("1020101", 5), Draw("501", -5))
    for code, wrong in (
        ("10201", "account_exists"), ("103", "outside_the_chart"), ("10301", "outside_the_chart"), ("102", "level_wrong"),
        ("1020", "level_wrong"), ("1020201", "level_wrong"), ("１０２０１", "outside_the_chart"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            services.add_account(code=code, name="某", **given)
        assert codes(refused) == {wrong}, code
    with pytest.raises(Refused) as refused:
        services.add_account(code="10202", name=" ", **given)
    assert codes(refused) == {"name_empty"}


def test_money_is_signed_by_the_cashier_who_neither_makes_nor_checks(world: World) -> None:
    officer = world.a.actor("district_officer")
    mine = services.make_voucher(
        actor=officer, collective=books_of(world.a), draft=VoucherDraft(ON, "收租金", INCOME), on=ON
    )
    steps: list[tuple[Any, dict[str, Any]]] = [
        (services.sign_voucher, {}), (services.check_voucher, {}), (services.return_voucher, {"reason": "附件不全"}),
    ]  # fmt: skip
    for service, more in steps:
        with pytest.raises(Refused) as refused:
            service(actor=officer, voucher=mine, **more)
        assert codes(refused) == {"same_person"}
    waits = made_voucher(world.a, *INCOME)
    with pytest.raises(Refused) as refused:
        services.check_voucher(actor=officer, voucher=waits)
    assert codes(refused) == {"not_signed"}
    services.sign_voucher(actor=officer, voucher=waits)
    with pytest.raises(Refused) as refused:
        services.check_voucher(actor=officer, voucher=waits)
    assert codes(refused) == {"same_person"}
    assert services.check_voucher(actor=world.a.actor("supervisor"), voucher=waits, on=ON).number == 1
    with pytest.raises(Refused) as refused:
        services.sign_voucher(actor=world.a.actor("cashier"), voucher=waits)
    assert codes(refused) == {"not_now"}


def test_what_moves_no_money_needs_no_cashier(world: World) -> None:
    waits = made_voucher(world.a, Draw("112", 5), Draw("501", -5))
    with pytest.raises(Refused) as refused:
        services.sign_voucher(actor=world.a.actor("cashier"), voucher=waits)
    assert codes(refused) == {"no_money"}
    assert services.check_voucher(actor=world.a.actor("supervisor"), voucher=waits, on=ON).number == 1


@pytest.mark.parametrize(
    ("fen", "who", "not_who"),
    [(499_999, "", ""), (500_000, "supervisor", "bookkeeper"), (5_000_000, "town_officer", "supervisor")],
)
def test_large_sums_go_out_when_another_person_agreed(world: World, fen: int, who: str, not_who: str) -> None:
    posted_voucher(world.a, Draw("102", fen), Draw("501", -fen))
    waits = made_voucher(world.a, Draw("513", fen), Draw("102", -fen))
    cashier = world.a.actor("cashier")
    if who:
        for service, actor, code in (
            (services.sign_voucher, cashier, "not_agreed"),
            (services.agree_to_voucher, world.a.actor(not_who), "forbidden"),
        ):
            with pytest.raises(Refused) as refused:
                service(actor=actor, voucher=waits)
            assert codes(refused) == {code}
        services.agree_to_voucher(actor=world.a.actor(who), voucher=waits)
        with pytest.raises(Refused) as refused:
            services.agree_to_voucher(actor=world.a.actor("district_officer"), voucher=waits)
        assert codes(refused) == {"not_now"}
    services.sign_voucher(actor=cashier, voucher=waits)
    if who:
        with pytest.raises(Refused) as refused:
            services.check_voucher(actor=world.a.actor(who), voucher=waits)
        assert codes(refused) == {"same_person"}
    assert services.check_voucher(actor=world.a.actor("district_officer"), voucher=waits, on=ON).number == 2


def test_money_between_cash_and_bank_does_not_go_out(world: World) -> None:
    posted_voucher(world.a, Draw("102", 9_000_000), Draw("301", -9_000_000))
    assert made_voucher(world.a, Draw("101", 9_000_000), Draw("102", -9_000_000)).right == ""


def test_what_was_sent_back_is_made_again_and_signed_anew(world: World) -> None:
    waits = made_voucher(world.a, *INCOME)
    services.sign_voucher(actor=world.a.actor("cashier"), voucher=waits)
    back = services.return_voucher(actor=world.a.actor("supervisor"), voucher=waits, reason="附件不全")
    assert (back.status, back.reason, back.paid_on) == (VoucherState.RETURNED, "附件不全", None)
    with pytest.raises(Refused) as refused:
        services.check_voucher(actor=world.a.actor("supervisor"), voucher=back)
    assert codes(refused) == {"not_now"}
    again = services.make_voucher(
        actor=world.a.actor("bookkeeper"),
        collective=back.collective,
        draft=VoucherDraft(ON, "收租金", SPENT),
        voucher=back,
        on=ON,
    )
    assert (again.pk, again.status, again.reason, again.debit_fen) == (back.pk, VoucherState.MADE, "", 30_000)
    with pytest.raises(Refused) as refused:
        services.return_voucher(actor=world.a.actor("supervisor"), voucher=again, reason=" ")
    assert codes(refused) == {"reason_empty"}


@pytest.mark.parametrize(("account", "other"), [("101", "501"), ("102", "501"), ("231", "102"), ("241", "102")])
def test_money_and_earmarked_funds_never_fall_below_zero_on_any_day(world: World, account: str, other: str) -> None:
    sign = -1 if account in {"231", "241"} else 1
    if other == "102":
        posted_voucher(world.a, Draw("102", 500), Draw("301", -500), on=date(2026, 1, 2))
    posted_voucher(world.a, Draw(account, sign * 100), Draw(other, -sign * 100), on=date(2026, 1, 10))
    posted_voucher(world.a, Draw(account, -sign * 60), Draw("513", sign * 60), on=date(2026, 1, 20))
    with pytest.raises(Refused) as refused:
        posted_voucher(world.a, Draw(account, -sign * 41), Draw("513", sign * 41), on=date(2026, 1, 15))
    assert codes(refused) == {"below_zero_on"}
    assert "2026-01-20" in refused.value.faults[0].message
    assert "-0.01" in refused.value.faults[0].message
    posted_voucher(world.a, Draw(account, -sign * 40), Draw("513", sign * 40), on=date(2026, 1, 15))
    with pytest.raises(Refused):
        posted_voucher(world.a, Draw(account, -sign), Draw("513", sign), on=date(2026, 1, 9))


def test_posted_is_mended_by_one_reversal(world: World) -> None:
    posted = posted_voucher(world.a, *INCOME)
    keeper = world.a.actor("bookkeeper")
    given: dict[str, Any] = {"actor": keeper, "voucher": posted, "on": ON, "today": ON}
    dropped = services.reverse_voucher(reason="金额有误", **given)
    services.drop_voucher(actor=keeper, voucher=dropped)
    back = posted_voucher(world.a, voucher=services.reverse_voucher(reason="金额有误", **given))
    assert (back.number, balances(posted.collective, ON)) == (2, {})
    (bank,) = (one for one in turnovers([posted.collective_id], ON, ON) if one.account == "102")
    assert (bank.opening, bank.debit, bank.credit, bank.closing) == (0, 100_000, 100_000, 0)
    for voucher, more, code in (
        (posted, {}, "reversed_already"),
        (back, {}, "not_reversible"),
        (made_voucher(world.a, *INCOME), {}, "not_reversible"),
        (posted_voucher(world.a, *INCOME), {"reason": " "}, "reason_empty"),
        (posted_voucher(world.a, *INCOME), {"on": date(2026, 1, 1)}, "before_it"),
    ):
        with pytest.raises(Refused) as refused:
            services.reverse_voucher(**given | {"voucher": voucher, "reason": "重复"} | more)
        assert codes(refused) == {code}


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"debit_fen": 1}, "voucher_balances"),
        ({"papers": 0}, "voucher_has_paper"),
        ({"status": "lost"}, "voucher_status_known"),
        ({"kind": "other"}, "voucher_kind_known"),
        ({"number": 7}, "voucher_number_when_posted"),
        ({"checked_on": ON}, "voucher_checked_when_posted"),
        ({"checked_by": "bookkeeper"}, "voucher_checked_by_another"),
        ({"checked_by": "cashier"}, "voucher_cashier_checks_nothing"),
        ({"paid_by": "bookkeeper"}, "voucher_paid_by_another"),
        ({"approved_by": "bookkeeper"}, "voucher_agreed_by_another"),
        ({"approved_by": "cashier"}, "voucher_agreed_by_no_cashier"),
        ({"approved_by": "supervisor", "checked_by": "supervisor"}, "voucher_agreed_by_no_checker"),
        ({"status": "posted", "number": 7, "checked_on": ON, "paid_on": None}, "voucher_signed_by_cashier"),
        ({"status": "posted", "number": 7, "checked_on": ON, "right": "ledger.check"}, "voucher_agreed_to"),
    ],
)
def test_the_database_holds_what_the_services_ask(world: World, change: dict[str, Any], constraint: str) -> None:
    waits = services.sign_voucher(actor=world.a.actor("cashier"), voucher=made_voucher(world.a, *INCOME))
    set_to = {name: world.a.users[value] if name.endswith("_by") else value for name, value in change.items()}
    with pytest.raises(IntegrityError, match=constraint), past_services():
        Voucher.objects.filter(pk=waits.pk).update(**set_to)


def test_posted_vouchers_their_lines_and_numbers_stay(world: World) -> None:
    posted, other = posted_voucher(world.a, *INCOME), made_voucher(world.a, *INCOME)
    with pytest.raises(Exception, match="AppendOnly"), past_services():
        Voucher.objects.filter(pk=posted.pk).update(text="other")
    with pytest.raises(Exception, match="AppendOnly"), past_services():
        VoucherLine.objects.filter(voucher=posted).update(fen=1)
    with pytest.raises(IntegrityError, match="voucher_line_moves"), past_services():
        VoucherLine.objects.create(voucher=other, collective=other.collective, on=ON, account="102", fen=0)
    same = {"status": "posted", "number": 1, "checked_on": ON, "paid_on": ON}
    with pytest.raises(IntegrityError, match=r"voucher_numbered_once|voucher\.collective"), past_services():
        Voucher.objects.filter(pk=other.pk).update(**same)
    reversal = {"kind": "reversal", "reverses": posted}
    twice = Voucher.objects.filter(pk__in=[other.pk, made_voucher(world.a, *INCOME).pk])
    with pytest.raises(IntegrityError, match=r"voucher_reversed_once|reverses_id"), past_services():
        twice.update(**reversal)
    levels = [SubAccount(collective=posted.collective, code="10201", name="某") for _again in range(2)]
    with pytest.raises(IntegrityError, match=r"sub_account_once|subaccount\.collective"), past_services():
        SubAccount.objects.bulk_create(levels)
    with pytest.raises(IntegrityError, match="sub_account_named"), past_services():
        SubAccount.objects.create(collective=posted.collective, code="10201", name="")
