"""The two statements of a holder and its earmarked funds, as sums over posted lines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from heli.assemblies.provinces import jurisdiction_of
from heli.ledger.catalogues import account_names, balance_lines, disclosure_rules, income_sums
from heli.ledger.models import Collective, Disclosed, Voucher, VoucherState
from heli.ledger.queries.books import balances, movements, sub_accounts, turnovers
from heli.ledger.rules.books import compute_first_level
from heli.ledger.rules.statements import (
    EARMARKED,
    FundRow,
    StatementRow,
    compute_balance_sheet,
    compute_funds,
    compute_income_statement,
    compute_last_period,
)


@dataclass(frozen=True, slots=True)
class Statements:
    """Balance sheet by side, income statement of the year so far, earmarked funds with their names; in fen."""

    until: date
    sheet: dict[str, list[StatementRow]]
    income: list[StatementRow]
    funds: list[tuple[str, FundRow]]


def statements_of(collective: Collective, until: date) -> Statements:
    """The statements at the end of a day; five queries."""
    before = date(until.year, 1, 1) - timedelta(days=1)
    begins = max(before, collective.begins_on - timedelta(days=1))
    opening = balances(collective, begins)
    now = balances(collective, until)
    moved = movements(collective, begins + timedelta(days=1), until)
    names = account_names() | sub_accounts(collective)
    ever = {
        one.account: (one.debit, one.credit)
        for one in turnovers([collective.pk], date.min, until)
        if compute_first_level(one.account) in EARMARKED
    }
    return Statements(
        until,
        compute_balance_sheet(balance_lines(), opening, now),
        compute_income_statement(income_sums(), opening, moved, names),
        [(names.get(row.account, row.account), row) for row in compute_funds(ever)],
    )


@dataclass(frozen=True, slots=True)
class DisclosureClock:
    """When the accounts of a holder must hang, by the law of its province: the newest period and the payments that must."""

    article: str
    until: date | None
    due_on: date | None
    posted_on: date | None
    payments: list[tuple[Voucher, date]]


def clock_of(collective: Collective, on: date) -> DisclosureClock:
    """The newest period that is over, when it must hang and whether it does; major payments that do not hang. Three queries."""
    district = collective.body.place.district_id or collective.body.place_id
    rules = disclosure_rules(jurisdiction_of(district, on))
    until = compute_last_period(on, rules["months"], collective.begins_on)
    hung = dict(Disclosed.objects.filter(collective=collective, voucher=None).values_list("until", "posted_on"))
    payments = []
    if least := rules.get("major_from_fen"):
        known = Disclosed.objects.filter(collective=collective, voucher__isnull=False).values("voucher")
        large = Voucher.objects.filter(collective=collective, status=VoucherState.POSTED, money_out_fen__gte=least)
        days = timedelta(days=rules["major_days"])
        payments = [(one, one.on + days) for one in large.exclude(pk__in=known).order_by("on", "number")]
    return DisclosureClock(
        rules["article"],
        until,
        until and until + timedelta(days=rules["within_days"]),
        hung.get(until) if until else None,
        payments,
    )


def disclosed_of(collective: Collective, on: date) -> list[Disclosed]:
    """What of a holder's accounts was posted by a day, the newest first, payments with their vouchers; one query."""
    return list(Disclosed.objects.filter(collective=collective, posted_on__lte=on).select_related("voucher"))


def waiting_vouchers(abouts: Collection[str]) -> QuerySet[Voucher]:
    """Vouchers of holders in some districts (public ids) that wait to be checked: agreed to and signed where they must be."""
    found = Voucher.objects.filter(status=VoucherState.MADE, collective__body__place__district__public_id__in=abouts)
    ready = found.exclude(moves_money=True, paid_on=None).exclude(~Q(right=""), approved_on=None)
    return ready.select_related("collective__body__place__district").order_by("on", "pk")


def to_disclose(abouts: Collection[str], until: date, on: date) -> list[tuple[Collective, date, date]]:
    """Holders in some districts whose accounts of the newest period must hang by a day and do not: (holder, period, due); a query
    for holders, one for what hangs, one a district for its law.
    """
    held = Collective.objects.filter(body__place__district__public_id__in=abouts).select_related(
        "body__place__district"
    )
    hung = set(Disclosed.objects.filter(collective__in=held, voucher=None).values_list("collective", "until"))
    laws: dict[int, Mapping[str, Any]] = {}
    found = []
    for one in held.order_by("pk"):
        district = one.body.place.district_id or one.body.place_id
        law = laws.get(district) or laws.setdefault(district, disclosure_rules(jurisdiction_of(district, on)))
        period = compute_last_period(on, law["months"], one.begins_on)
        if period is not None and (one.pk, period) not in hung:
            due = period + timedelta(days=law["within_days"])
            if due <= until:
                found.append((one, period, due))
    return found
