"""Contracts read: how long the law lets them stand, what they bring when, what is worth a second look.

What is found is recorded even if unlawful; what the law says of it stands beside it, with the article.
"""

from calendar import isleap
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from heli.kernel.faults import Finding
from heli.kernel.quantities import round_half_up
from heli.ledger.types import ContractFacts, ContractLimit, RentDue

OUTSIDER = "outsider"


def same_day(day: date, years: int) -> date:
    """The same day so many years later; 29 February is 1 March where there is none."""
    year = day.year + years
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(year, 3, 1) if is_leap_day and not isleap(year) else day.replace(year=year)


def compute_void_from(
    limit: ContractLimit | None, begins_on: date, ends_on: date, within_until: date | None = None
) -> date | None:
    """The first day on which the law lets it stand no longer: beyond the most years of its kind, or, for a kind that has none, the
    last day of the land contract it rests on. None where it ends before.
    """
    if limit is None:
        return None
    if limit.most_years:
        first = same_day(begins_on, limit.most_years)
    elif within_until is not None:
        first = within_until + timedelta(days=1)
    else:
        return None
    return first if ends_on >= first else None


def read_steps(text: str) -> list[tuple[date, int]]:
    """Steps of the rent as people write them, "2028-01-01 1200.00; 2030-01-01 1350": (first day, fen a year), by day.

    Raises ValueError for what cannot be read.
    """
    found = []
    for part in text.replace("；", ";").replace("\n", ";").split(";"):
        if not part.strip():
            continue
        day, amount = part.split()
        yuan, _dot, rest = amount.replace(",", "").partition(".")
        if not (yuan.isdigit() and len(rest) <= 2 and (rest.isdigit() or not rest)):
            raise ValueError(part)
        found.append((date.fromisoformat(day), int(yuan) * 100 + int(rest.ljust(2, "0") or 0)))
    if len({day for day, _fen in found}) < len(found):
        raise ValueError(text)
    return sorted(found)


def rent_schedule(
    begins_on: date, ends_on: date, rent_fen: int, steps: Sequence[tuple[date, int]] = ()
) -> list[RentDue]:
    """What each contract year brings, due on its first day; a year that is cut short by its days. A step holds for the years
    that begin on its day or later.
    """
    found, years = [], 0
    while (first := same_day(begins_on, years)) <= ends_on:
        following = same_day(begins_on, years + 1)
        last = min(following - timedelta(days=1), ends_on)
        yearly = next((fen for day, fen in reversed(steps) if day <= first), rent_fen)
        days, whole = (last - first).days + 1, (following - first).days
        found.append(RentDue(first, last, round_half_up(yearly * days, whole)))
        years += 1
    return found


def is_below_median(rent_fen: int, area_dm2: int, others: Sequence[tuple[int, int]]) -> bool:
    """Whether the rent of a unit of area is below the median of the others' (rent, area); all in whole numbers.

    Of an even number the mean of the two in the middle: a/b + c/d over 2.
    """
    ranked = sorted((one for one in others if one[1] > 0), key=lambda one: (one[0] * 10**12 // one[1], one))
    if not ranked or area_dm2 <= 0:
        return False
    (a, b), (c, d) = ranked[(len(ranked) - 1) // 2], ranked[len(ranked) // 2]
    return 2 * rent_fen * b * d < (a * d + c * b) * area_dm2


def alert_of(days_left: int, told_days: int | None, alert_days: Sequence[int]) -> int | None:
    """The nearest alert that is due and was not told yet; None when there is none. An alert missed is made good once."""
    due = [days for days in alert_days if 0 <= days_left <= days and (told_days is None or days < told_days)]
    return min(due, default=None)


def check_contract(
    facts: ContractFacts, limit: ContractLimit | None, neighbours: Sequence[tuple[int, int]], least: int, on: date
) -> Iterator[Finding]:
    """What is worth a second look at a contract on a day; `least`: so many neighbours make a comparison."""
    if facts.void_from is not None and limit is not None:
        code = "void_beyond" if limit.most_years else "void_with_land"
        yield Finding(code, {"day": facts.void_from, "years": limit.most_years, "article": limit.article})
    if (
        limit is not None
        and limit.least_years
        and facts.ends_on < same_day(facts.begins_on, limit.least_years) - timedelta(1)
    ):
        yield Finding("below_least_years", {"years": limit.least_years, "article": limit.article})
    if facts.party_kind == OUTSIDER and facts.is_land:
        has_majority = facts.entitled > 0 and 3 * facts.votes_for >= 2 * facts.entitled
        if not has_majority:
            yield Finding("outsider_without_two_thirds", {"votes": facts.votes_for, "entitled": facts.entitled})
        if not facts.approval:
            yield Finding("outsider_without_town")
    if not facts.decision:
        yield Finding("no_bidding_record")
    if len(neighbours) >= least and is_below_median(facts.rent_fen, facts.area_dm2, neighbours):
        yield Finding("below_median", {"count": len(neighbours)})
    if facts.is_running and on > facts.ends_on:
        yield Finding("indefinite" if facts.kind == "lease" else "ended_unsettled", {"day": facts.ends_on})
    if not facts.is_running and facts.arrears_fen:
        yield Finding("arrears_after_end", {"yuan": f"{facts.arrears_fen // 100:,}.{facts.arrears_fen % 100:02d}"})
