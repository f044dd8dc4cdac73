"""Dividends of a holder: what a closed year says, plans and those before them."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from heli.assemblies.provinces import jurisdiction_of
from heli.ledger.catalogues import account_classes, dividend_laws
from heli.ledger.models import Collective, DividendPlan, DividendState
from heli.ledger.queries.books import balances, movements
from heli.ledger.rules.books import DISTRIBUTION, compute_first_level
from heli.ledger.types import DividendLaw


def plans_of(collective: Collective) -> QuerySet[DividendPlan]:
    """The plans of a holder that were not dropped, the newest year first."""
    found = DividendPlan.objects.filter(collective=collective).exclude(status=DividendState.DROPPED)
    return found.select_related("voucher")


def decided_before(plan: DividendPlan) -> DividendPlan | None:
    """The dividend of the year before, where it was decided."""
    found = DividendPlan.objects.filter(collective=plan.collective_id, year=plan.year - 1)
    return found.filter(status=DividendState.DECIDED).first()


def newest_at(collectives: Collection[int]) -> DividendPlan | None:
    """The newest plan of some holders."""
    found = DividendPlan.objects.filter(collective__in=collectives).exclude(status=DividendState.DROPPED)
    return found.order_by("-year", "-pk").first()


def law_of(collective: Collective, on: date) -> DividendLaw:
    """The law of dividends where a holder is."""
    laws = dividend_laws()
    return laws.get(jurisdiction_of(collective.body.place.district_id or collective.body.place_id, on), laws["CN"])


def result_of_year(collective: Collective, year: int) -> tuple[int, int, int]:
    """Income, expenses, and what earlier years left (below zero: losses) of a year that was carried to 322, in fen; two queries."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    sums, classes = {"income": 0, "expense": 0}, account_classes()
    for account, fen in movements(collective, first, last).items():
        name = classes[compute_first_level(account)]
        if name in sums:
            sums[name] += fen
    income, expense = -sums["income"], sums["expense"]
    stand = sum(fen for account, fen in balances(collective, last).items() if account.startswith(DISTRIBUTION))
    return income, expense, -stand - (income - expense)
