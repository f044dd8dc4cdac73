"""The statements add up whatever is booked; accounts hang once, by the clock of the province."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.consultation.queries.notices import notice_by_address
from heli.kernel.faults import Refused
from heli.ledger import services
from heli.ledger.catalogues import account_names, balance_lines, chart, income_sums
from heli.ledger.models import Disclosed
from heli.ledger.queries.statements import clock_of, statements_of
from heli.ledger.rules.books import Draw
from heli.ledger.rules.statements import (
    FundRow,
    compute_balance_sheet,
    compute_funds,
    compute_income_statement,
    compute_last_period,
)
from heli.ledger.testing import BOOK_DAY, YEAR, books_of, opened, past_services, posted_voucher
from heli.records.testing import codes


def test_every_account_of_the_chart_stands_in_one_line_of_the_balance_sheet() -> None:
    listed = [account for line in balance_lines() for account in line.accounts]
    assert sorted(listed) == sorted(chart().entries)


@given(st.dictionaries(st.sampled_from([*chart().entries, "10201", "24101"]), st.integers(-(10**12), 10**12)))
def test_assets_equal_liabilities_and_equity_whatever_is_booked(drawn: dict[str, int]) -> None:
    booked = {**drawn, "301": -sum(fen for account, fen in drawn.items() if account != "301")}
    sheet = compute_balance_sheet(balance_lines(), {}, booked)
    assert sheet["assets"][-1].now == sheet["liabilities"][-1].now + sheet["equity"][-1].now
    left = compute_income_statement(income_sums(), {}, booked, {})[-1].now
    year = ("501", "502", "503", "504", "511", "512", "513", "514", "515", "521", "322")
    assert left == -sum(booked.get(account, 0) for account in year)


@pytest.mark.django_db
def test_a_year_in_worked_numbers(world: World) -> None:
    opened(world.a, {"102": 1_000, "32202": -400, "301": -600})
    for draws in (
        (Draw("102", 500), Draw("501", -300), Draw("503", -200)), (Draw("513", 120), Draw("102", -120)),
        (Draw("32201", 50), Draw("311", -50)), (Draw("102", 90), Draw("241", -90)), (Draw("241", 40), Draw("102", -40)),
    ):  # fmt: skip
        posted_voucher(world.a, *draws)
    told = statements_of(books_of(world.a), date(2026, 12, 31))
    assert [row.now for row in told.income if row.is_sum] == [380, 380, 380, 780, 730]
    assert {side: (rows[-1].before, rows[-1].now) for side, rows in told.sheet.items()} == {
        "assets": (1_000, 1_430), "liabilities": (0, 50), "equity": (1_000, 1_380),
    }  # fmt: skip
    assert told.funds == [(account_names()["241"], FundRow("241", 90, 40))]
    assert told.funds[0][1].left == 50
    for _step in range(2):
        one = services.make_year_end(
            actor=world.a.actor("bookkeeper"), collective=books_of(world.a), year=2026, on=date(2027, 1, 2)
        )
        posted_voucher(world.a, voucher=one, today=date(2027, 1, 2))
    again = statements_of(books_of(world.a), date(2026, 12, 31))
    assert (again.income, again.sheet) == (told.income, told.sheet), "the year's end changes no statement of the year"


def test_funds_are_what_stands_below_the_earmarked_accounts() -> None:
    moved = {"24101": (3, 10), "23101": (0, 5), "102": (9, 9), "241": (0, 0)}
    assert list(compute_funds(moved)) == [FundRow("23101", 5, 0), FundRow("24101", 10, 3)]


@pytest.mark.parametrize(
    ("today", "months", "until"),
    [
        (date(2026, 3, 31), 3, None),
        (date(2026, 4, 1), 3, date(2026, 3, 31)),
        (date(2026, 3, 2), 1, date(2026, 2, 28)),
        (date(2027, 1, 1), 3, date(2026, 12, 31)),
        (date(2027, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_periods_are_quarters_or_months_that_are_over(today: date, months: int, until: date | None) -> None:
    assert compute_last_period(today, months, YEAR) == until


@pytest.mark.django_db
def test_the_accounts_of_closed_months_hang_once(world: World) -> None:
    holder, officer = books_of(world.a), world.a.actor("town_officer")
    given: dict[str, Any] = {"actor": officer, "collective": holder, "until": date(2026, 3, 31), "on": date(2026, 4, 2)}
    with pytest.raises(Refused) as refused:
        services.disclose_period(**given)
    assert codes(refused) == {"month_open"}
    posted_voucher(world.a, Draw("102", 12_345), Draw("501", -12_345))
    for month in (1, 2, 3):
        closing = date(2026, month, 1)
        services.close_month(actor=world.a.actor("bookkeeper"), collective=holder, month=closing, on=date(2026, 4, 1))
    assert clock_of(holder, date(2026, 4, 2)).due_on == date(2026, 4, 10)
    hung = services.disclose_period(**given)
    notice = notice_by_address(hung.notice)
    assert notice is not None
    assert (notice.kind, notice.last_on) == ("disclosure", date(2026, 4, 17))
    assert "123.45" in notice.text
    assert clock_of(holder, date(2026, 4, 2)).posted_on == date(2026, 4, 2)
    with pytest.raises(Refused) as refused:
        services.disclose_period(**given)
    assert codes(refused) == {"hangs_already"}


@pytest.mark.django_db
def test_a_major_payment_hangs_within_five_days_in_zhejiang(world: World) -> None:
    for half, payments in ((world.b, 1), (world.a, 0)):
        posted_voucher(half, Draw("102", 6_000_000), Draw("501", -6_000_000))
        posted_voucher(half, Draw("513", 4_999_999), Draw("102", -4_999_999))
        posted_voucher(half, Draw("102", 4_999_999), Draw("501", -4_999_999))
        large = posted_voucher(half, Draw("151", 5_000_000), Draw("102", -5_000_000))
        clock = clock_of(books_of(half), BOOK_DAY)
        assert [(one.pk, due) for one, due in clock.payments] == [(large.pk, date(2026, 3, 7))] * payments
    hung = services.disclose_payment(actor=world.b.actor("town_officer"), voucher=(one := _large(world)), on=BOOK_DAY)
    assert (hung.voucher, clock_of(books_of(world.b), BOOK_DAY).payments) == (one, [])
    with pytest.raises(Refused) as refused:
        services.disclose_payment(actor=world.b.actor("town_officer"), voucher=one, on=BOOK_DAY)
    assert codes(refused) == {"hangs_already"}
    with pytest.raises(Exception, match="AppendOnly"), past_services():
        Disclosed.objects.filter(pk=hung.pk).update(until=YEAR)
    with pytest.raises(IntegrityError, match="disclosed_by_notice"), past_services():
        Disclosed.objects.create(collective=one.collective, until=YEAR, posted_on=YEAR, notice="")
    copies = [Disclosed(collective=one.collective, until=YEAR, posted_on=YEAR, notice="x") for _again in range(2)]
    with pytest.raises(IntegrityError, match=r"period_disclosed_once|disclosed\.collective"), past_services():
        Disclosed.objects.bulk_create(copies)
    with pytest.raises(IntegrityError, match=r"payment_disclosed_once|disclosed\.voucher"), past_services():
        Disclosed.objects.create(collective=one.collective, until=YEAR, posted_on=YEAR, notice="x", voucher=one)


def _large(world: World) -> Any:
    return clock_of(books_of(world.b), BOOK_DAY).payments[0][0]
