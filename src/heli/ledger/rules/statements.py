"""The two statements of a collective, as sums over its accounts: 资产负债表, 收益及收益分配表. Amounts in fen, debit plus."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from heli.ledger.rules.books import DISTRIBUTION, LEVEL, NEVER_BELOW

BROUGHT, DISTRIBUTED = "brought", "distributed"
EARMARKED = tuple(account for account, sign in NEVER_BELOW.items() if sign < 0)


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A line of the balance sheet: on which side, what it is called, the accounts of the chart it adds up."""

    side: str
    name: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncomeSum:
    """A sum of the income statement: what adds to the sum before it, and what takes from it."""

    name: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A row as the statement shows it, positive on its own side: at the year's beginning (or in no column) and now, in fen."""

    name: str
    before: int
    now: int
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class FundRow:
    """An earmarked fund: its account, what was granted, what was spent of it, what is left, in fen."""

    account: str
    granted: int
    spent: int

    @property
    def left(self) -> int:
        """What is left."""
        return self.granted - self.spent


def compute_by_chart(balances: Mapping[str, int]) -> dict[str, int]:
    """Balances of accounts of the chart: the levels below added up."""
    found: dict[str, int] = {}
    for account, fen in balances.items():
        found[account[:LEVEL]] = found.get(account[:LEVEL], 0) + fen
    return found


def compute_balance_sheet(
    lines: Sequence[BalanceLine], before: Mapping[str, int], now: Mapping[str, int]
) -> dict[str, list[StatementRow]]:
    """Rows by side (assets, liabilities, equity) with a sum at the end of each; assets equal the other two together."""
    charts = compute_by_chart(before), compute_by_chart(now)
    found: dict[str, list[StatementRow]] = {}
    for line in lines:
        sign = 1 if line.side == "assets" else -1
        before_fen, fen = (sign * sum(chart.get(account, 0) for account in line.accounts) for chart in charts)
        found.setdefault(line.side, []).append(StatementRow(line.name, before_fen, fen))
    for rows in found.values():
        rows.append(StatementRow("", sum(row.before for row in rows), sum(row.now for row in rows), is_sum=True))
    return found


def compute_income_statement(
    sums: Sequence[IncomeSum], opening: Mapping[str, int], moved: Mapping[str, int], names: Mapping[str, str]
) -> list[StatementRow]:
    """Rows and running sums of a year: `opening` as it began, `moved` what was booked since, without the year's end."""
    opened, chart = compute_by_chart(opening), compute_by_chart(moved)
    known = {code: -fen if code.startswith("50") else fen for code, fen in chart.items()}
    known[BROUGHT] = -opened.get(DISTRIBUTION, 0)
    known[DISTRIBUTED] = chart.get(DISTRIBUTION, 0)
    rows, total = [], 0
    for one in sums:
        for sign, codes in ((1, one.plus), (-1, one.minus)):
            for code in codes:
                fen = known.get(code, 0)
                total += sign * fen
                rows.append(StatementRow(names.get(code, code), 0, sign * fen))
        rows.append(StatementRow(one.name, 0, total, is_sum=True))
    return rows


def compute_funds(turnovers: Mapping[str, tuple[int, int]]) -> Iterator[FundRow]:
    """Earmarked funds by account, from its turnover of both sides ever: {account: (debit, credit)}."""
    for account, (debit, credit) in sorted(turnovers.items()):
        if account[:LEVEL] in EARMARKED and (debit or credit):
            yield FundRow(account, credit, debit)


def compute_last_period(today: date, months: int, begins_on: date) -> date | None:
    """The last day of the newest period of so many months that is over; none before the books have one."""
    month = (today.month - 1) // months * months
    first = date(today.year, month + 1, 1)
    ended = first - timedelta(days=1)
    return ended if ended >= begins_on else None
