"""Reads of books: openings, turnover and balances are sums over lines, never stored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, Max, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from heli.kernel.access import Scope
from heli.ledger.catalogues import lawful_levels
from heli.ledger.models import ClosedMonth, Collective, SubAccount, Voucher, VoucherLine, VoucherState
from heli.ledger.queries.holders import in_reach


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


def vouchers_in_reach(scope: Scope) -> QuerySet[Voucher]:
    """The vouchers of the holders within reach."""
    return Voucher.objects.filter(collective__in=in_reach(scope)).select_related("collective__body")


def last_closed(collective: Collective) -> date | None:
    """The first day of the month closed last."""
    last: date | None = ClosedMonth.objects.filter(collective=collective).aggregate(last=Max("month"))["last"]
    return last


def sub_accounts(collective: Collective) -> dict[str, str]:
    """The levels below the chart: those of the law, and those that the holder added: {code: name}."""
    return lawful_levels() | dict(SubAccount.objects.filter(collective=collective).values_list("code", "name"))


def balances(collective: Collective, until: date) -> dict[str, int]:
    """What stands on each account at the end of a day, in fen, debit plus; zeros left out."""
    lines = VoucherLine.objects.filter(collective=collective, on__lte=until)
    found = lines.values_list("account").annotate(fen=Sum("fen")).order_by("account")
    return {account: fen for account, fen in found if fen}


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
