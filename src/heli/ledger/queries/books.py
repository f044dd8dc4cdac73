"""Reads of books: openings, turnover and balances are sums over lines, never stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, Max, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from heli.bodies import queries as bodies
from heli.kernel.access import Scope
from heli.ledger.catalogues import account_names, lawful_levels
from heli.ledger.models import (
    ClosedMonth,
    Collective,
    SubAccount,
    Voucher,
    VoucherKind,
    VoucherLine,
    VoucherState,
)
from heli.ledger.queries.holders import in_reach
from heli.ledger.rules.books import LEVEL, MONEY
from heli.ledger.rules.export import ExportLine
from heli.places import queries as places


@dataclass(frozen=True, slots=True)
class Turnover:
    """An account of a holder over some days, in fen: opening and closing are debit plus; turnover of both sides."""

    collective_id: int
    account: str
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """What stands at the end."""
        return self.opening + self.debit - self.credit


def last_closed(collective: Collective) -> date | None:
    """The first day of the month closed last."""
    last: date | None = ClosedMonth.objects.filter(collective=collective).aggregate(last=Max("month"))["last"]
    return last


def sub_accounts(collective: Collective) -> dict[str, str]:
    """The levels below the chart: those of the law, and those that the holder added: {code: name}."""
    return lawful_levels() | dict(SubAccount.objects.filter(collective=collective).values_list("code", "name"))


def lowest_names(public_ids: Collection[str]) -> dict[str, str]:
    """The levels that some holders added, by "holder:code"; one query."""
    rows = SubAccount.objects.filter(collective__public_id__in=public_ids)
    return {
        f"{holder}:{code}": name for holder, code, name in rows.values_list("collective__public_id", "code", "name")
    }


def balances(collective: Collective, until: date) -> dict[str, int]:
    """What stands on each account at the end of a day, in fen, debit plus; zeros left out."""
    lines = VoucherLine.objects.filter(collective=collective, on__lte=until)
    found = lines.values_list("account").annotate(fen=Sum("fen")).order_by("account")
    return {account: fen for account, fen in found if fen}


def balances_of(collective_ids: Collection[int], until: date) -> dict[int, dict[str, int]]:
    """The same of some holders, by holder; one query."""
    found: dict[int, dict[str, int]] = {key: {} for key in collective_ids}
    lines = VoucherLine.objects.filter(collective__in=found, on__lte=until).values_list("collective", "account")
    for key, account, fen in lines.annotate(fen=Sum("fen")).order_by("collective", "account"):
        if fen:
            found[key][account] = fen
    return found


def turnovers(collective_ids: Collection[int] | None, first: date, last: date) -> list[Turnover]:
    """Opening, turnover and closing of every account from a day to a day, of some holders (None: all); one query."""
    lines = VoucherLine.objects.filter(on__lte=last)
    if collective_ids is not None:
        lines = lines.filter(collective__in=collective_ids)
    rows = (
        lines.values_list("collective", "account")
        .annotate(
            opening=Coalesce(Sum(Case(When(on__lt=first, then=F("fen")), default=0)), 0),
            debit=Coalesce(Sum(Case(When(Q(on__gte=first, fen__gt=0), then=F("fen")), default=0)), 0),
            closing=Sum("fen"),
        )
        .order_by("collective", "account")
    )
    return [
        Turnover(holder, account, opening, debit, opening + debit - closing)
        for holder, account, opening, debit, closing in rows
    ]


def lines_of(voucher: Voucher) -> list[tuple[str, int, str]]:
    """The lines of a voucher as (account, fen, text): posted ones, or those of its draft."""
    if voucher.status == VoucherState.POSTED:
        return list(voucher.lines.order_by("pk").values_list("account", "fen", "text"))
    return [(account, fen, text) for account, fen, text in voucher.draft]


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """An account as a list of balances shows it, with what stands below it added up, in fen."""

    code: str
    name: str
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """What stands at the end, debit plus."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A holder as the list of books shows it; money is cash and bank together, in fen."""

    public_id: str
    name: str
    place_name: str
    members: int
    closed: date | None
    waiting: int
    money: int


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a ledger page, with what stands after it, in fen."""

    line: VoucherLine
    stands: int


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of an account's ledger: brought forward from the page before, lines, carried to the next."""

    number: int
    pages: int
    opening: int
    debit_before: int
    credit_before: int
    lines: tuple[PageLine, ...]

    @property
    def before(self) -> int:
        """What stood when the page began."""
        return self.opening + self.debit_before - self.credit_before

    @property
    def debit(self) -> int:
        """The debit side of the year up to the end of the page."""
        return self.debit_before + sum(one.line.fen for one in self.lines if one.line.fen > 0)

    @property
    def credit(self) -> int:
        """The credit side of the year up to the end of the page."""
        return self.credit_before - sum(one.line.fen for one in self.lines if one.line.fen < 0)

    @property
    def after(self) -> int:
        """What stands when the page ends."""
        return self.opening + self.debit - self.credit


def accounts_of(collective: Collective) -> dict[str, str]:
    """Every account of a holder by code: the chart and the levels below it."""
    return dict(sorted((account_names() | sub_accounts(collective)).items()))


def account_rows(collective: Collective, first: date, last: date, names: Mapping[str, str]) -> list[BalanceRow]:
    """The accounts that anything stands or moved on, each with the levels below it added up."""
    sums: dict[str, list[int]] = {}
    for one in turnovers([collective.pk], first, last):
        for length in range(LEVEL, len(one.account) + 1, 2):
            row = sums.setdefault(one.account[:length], [0, 0, 0])
            for at, fen in enumerate((one.opening, one.debit, one.credit)):
                row[at] += fen
    rows = (BalanceRow(code, names.get(code, code), *sums[code]) for code in sorted(sums))
    return [row for row in rows if row.opening or row.debit or row.credit]


def holder_rows(scope: Scope, on: date) -> list[HolderRow]:
    """The holders within reach by name: how far their books are, what waits, what money there is; five queries."""
    held = list(in_reach(scope))
    keys = [one.pk for one in held]
    kept = bodies.property_places([one.body_id for one in held], on)
    where = {one.pk: kept.get(one.body_id, one.body.place_id) for one in held}
    names = places.names_at(set(where.values()), on)
    closed = dict(ClosedMonth.objects.filter(collective__in=keys).values_list("collective").annotate(last=Max("month")))
    open_ones = Voucher.objects.filter(collective__in=keys, status__in=[VoucherState.MADE, VoucherState.RETURNED])
    waiting = dict(open_ones.values_list("collective").annotate(count=Count("pk")).order_by())
    moneys = VoucherLine.objects.filter(collective__in=keys, account__gte=MONEY[0], account__lt="103")
    money = dict(moneys.values_list("collective").annotate(fen=Sum("fen")).order_by())
    rows = [
        HolderRow(
            one.public_id, one.body.name, names.get(where[one.pk], ""), one.members, closed.get(one.pk),
            waiting.get(one.pk, 0), money.get(one.pk, 0),
        )
        for one in held
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.name, row.public_id))


def ledger_page(collective: Collective, code: str, year: int, number: int, size: int) -> LedgerPage:
    """A page of an account and the levels below it, by day and voucher; a page beyond the last is the last. Four queries."""
    lines = VoucherLine.objects.filter(collective=collective, account__startswith=code)
    opening = lines.filter(on__lt=date(year, 1, 1)).aggregate(fen=Sum("fen"))["fen"] or 0
    within = lines.filter(on__year=year).order_by("on", "voucher__number", "pk")
    pages = max(1, -(-within.count() // size))
    number = min(max(1, number), pages)
    skipped = within[: (number - 1) * size]
    sums = skipped.aggregate(debit=Sum("fen", filter=Q(fen__gt=0)), credit=Sum("fen", filter=Q(fen__lt=0)))
    debit, credit = sums["debit"] or 0, -(sums["credit"] or 0)
    stands, shown = opening + debit - credit, []
    for line in within.select_related("voucher")[(number - 1) * size : number * size]:
        stands += line.fen
        shown.append(PageLine(line, stands))
    return LedgerPage(number, pages, opening, debit, credit, tuple(shown))


def vouchers_of(collective: Collective) -> QuerySet[Voucher]:
    """The vouchers of a holder."""
    return Voucher.objects.filter(collective=collective).select_related(
        "collective__body", "paper", "reverses", "made_by", "approved_by", "paid_by", "checked_by"
    )


def steps_of(voucher: Voucher) -> list[tuple[str, str, date]]:
    """Who made, agreed to, signed and checked it, and when: (step, name, day)."""
    found = []
    for step in ("made", "approved", "paid", "checked"):
        user, on = getattr(voucher, f"{step}_by"), getattr(voucher, f"{step}_on")
        if on is not None:
            found.append((step, user.name if user else "", on))
    return found


def reversal_of(voucher: Voucher) -> Voucher | None:
    """The voucher that takes this one back, also while it waits."""
    return Voucher.objects.filter(reverses=voucher).exclude(status=VoucherState.DROPPED).first()


def is_reversible(voucher: Voucher) -> bool:
    """Whether it is posted, of a kind that is taken back, and was not."""
    kinds = (VoucherKind.ORDINARY, VoucherKind.YEAR_END)
    return voucher.status == VoucherState.POSTED and voucher.kind in kinds and reversal_of(voucher) is None


def export_lines(collective_ids: Collection[int], until: date) -> list[ExportLine]:
    """Every line of some holders' posted vouchers up to a day, by day, holder and number; one query."""
    rows = (
        VoucherLine.objects.filter(collective__in=collective_ids, on__lte=until)
        .order_by("on", "collective", "voucher__year", "voucher__number", "pk")
        .values_list(
            "collective__public_id", "on", "voucher__year", "voucher__number", "voucher__text", "account", "fen"
        )
    )
    return [
        ExportLine(holder, on, f"{year}-{number}", text, account, fen)
        for holder, on, year, number, text, account, fen in rows.iterator(chunk_size=10_000)
    ]


def movements(collective: Collective, first: date, last: date) -> dict[str, int]:
    """What was booked on each account from a day to a day, in fen, without the vouchers that end a year."""
    lines = VoucherLine.objects.filter(collective=collective, on__gte=first, on__lte=last)
    booked = lines.exclude(voucher__kind=VoucherKind.YEAR_END).exclude(voucher__reverses__kind=VoucherKind.YEAR_END)
    return dict(booked.values_list("account").annotate(fen=Sum("fen")).order_by("account"))
