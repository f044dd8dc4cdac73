"""Double entry in whole fen: what a voucher must be, who agrees to it, and how a year ends. Debit is plus, credit is minus."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from heli.kernel.faults import Finding

CASH, BANK = "101", "102"
MONEY = (CASH, BANK)
"""Cash on hand and bank deposits: what a cashier signs."""
NEVER_BELOW = {CASH: 1, BANK: 1, "231": -1, "241": -1}
"""Accounts that never fall below zero, with the sign of their side: money, and funds earmarked for something."""
YEAR_INCOME, DISTRIBUTION = "321", "322"
DISTRIBUTED, UNDISTRIBUTED = "32201", "32202"
"""322 has two levels below it by the law: 各项分配, 未分配收益."""
LEVEL = 3
"""Digits of an account of the chart; levels below add two each."""
LARGEST_FEN = 10**15
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Draw:
    """A line of a voucher: so many fen on an account, debit plus, credit minus; `text` says what for, where it differs."""

    account: str
    fen: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalTier:
    """From so much going out, somebody with this right agrees first."""

    from_fen: int
    right: str


def compute_first_level(account: str) -> str:
    """The account of the chart above an account."""
    return account[:LEVEL]


def check_draws(draws: Sequence[Draw], chart: Collection[str], below: Collection[str]) -> Iterator[Finding]:
    """What is wrong with the lines of a voucher: accounts outside the chart or not added below it, nothing moved, unbalanced."""
    if len(draws) < 2:
        yield Finding("too_few_lines")
    for number, draw in enumerate(draws, 1):
        facts = {"row": number, "account": draw.account}
        if compute_first_level(draw.account) not in chart:
            yield Finding("outside_the_chart", facts, field=f"account_{number}")
        elif len(draw.account) > LEVEL and draw.account not in below:
            yield Finding("level_not_added", facts, field=f"account_{number}")
        if not draw.fen:
            yield Finding("nothing_moved", facts, field=f"debit_{number}")
        if abs(draw.fen) > LARGEST_FEN:
            yield Finding("too_much_money", facts, field=f"debit_{number}")
    debit = compute_debit(draws)
    credit = debit - sum(draw.fen for draw in draws)
    if debit != credit:
        yield Finding("voucher_unbalanced", {"debit": written_yuan(debit), "credit": written_yuan(credit)})


def compute_debit(draws: Iterable[Draw]) -> int:
    """The sum of the debit side, in fen."""
    return sum(draw.fen for draw in draws if draw.fen > 0)


def compute_money_out(draws: Iterable[Draw]) -> int:
    """How much cash and bank deposits fall by in all, in fen; 0 where they grow or only change places."""
    return max(0, -sum(draw.fen for draw in draws if compute_first_level(draw.account) in MONEY))


def moves_money(draws: Iterable[Draw]) -> bool:
    """Whether the cashier has a hand in it."""
    return any(compute_first_level(draw.account) in MONEY for draw in draws)


def compute_right(money_out_fen: int, tiers: Iterable[ApprovalTier]) -> str:
    """The right that somebody who agrees must have; none for small sums."""
    reached = [tier for tier in tiers if tier.from_fen <= money_out_fen]
    return max(reached, key=lambda tier: tier.from_fen).right if reached and money_out_fen else ""


def check_never_below(
    account: str, before_fen: int, by_day: Mapping[date, int], change: Mapping[date, int]
) -> Iterator[Finding]:
    """The first day on which an account that must not would fall below zero: `before_fen` stood before the first of these days."""
    sign = NEVER_BELOW.get(compute_first_level(account), 0)
    if not sign:
        return
    days = sorted({*by_day, *change})
    stands = sign * before_fen
    for day in days:
        stands += sign * (by_day.get(day, 0) + change.get(day, 0))
        if stands < 0:
            yield Finding("below_zero_on", {"account": account, "day": day, "yuan": written_yuan(stands)})
            return


def compute_next_month(last_closed: date | None, begins_on: date) -> date:
    """The first day of the month to be closed next."""
    if last_closed is None:
        return begins_on
    return date(last_closed.year + last_closed.month // DECEMBER, last_closed.month % DECEMBER + 1, 1)


def compute_income_carried(balances: Mapping[str, int], classes: Mapping[str, str]) -> list[Draw]:
    """First step of a year's end: income and expenses go to 321, account by account; 401 stays open (unfinished work)."""
    moved = [
        Draw(account, -fen)
        for account, fen in sorted(balances.items())
        if fen and classes.get(compute_first_level(account)) in ("income", "expense")
    ]
    rest = -sum(draw.fen for draw in moved)
    return [*moved, Draw(YEAR_INCOME, rest)] if moved and rest else moved


def compute_result_carried(balances: Mapping[str, int]) -> list[Draw]:
    """Second step: the year's income, and what of it was distributed, go to the undistributed income in 322."""
    moved = [
        Draw(account, -fen)
        for account, fen in sorted(balances.items())
        if fen and (compute_first_level(account) == YEAR_INCOME or account == DISTRIBUTED)
    ]
    rest = -sum(draw.fen for draw in moved)
    return [*moved, Draw(UNDISTRIBUTED, rest)] if moved and rest else moved


def compute_difference(wanted: Mapping[str, int], balances: Mapping[str, int]) -> list[Draw]:
    """What turns opening balances into those wanted, account by account."""
    return [
        Draw(account, wanted.get(account, 0) - balances.get(account, 0))
        for account in sorted({*wanted, *balances})
        if wanted.get(account, 0) != balances.get(account, 0)
    ]


def written_yuan(fen: int) -> str:
    """Fen as "-1234.50"."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
