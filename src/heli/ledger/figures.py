"""Figures of collective property: places cleared, income and its growth, which villages earn the least asked, earmarked funds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from heli.kernel.declare import Ask, Direction
from heli.kernel.quantities import YUAN
from heli.ledger.catalogues import account_names, income_kinds
from heli.ledger.ledger import CLEARANCES, READ
from heli.ledger.models import Clearance
from heli.ledger.queries.books import lowest_names
from heli.ledger.queries.income import HolderFund, HolderIncome, funds, incomes
from heli.places.counted import CountedRow, counted, figure

TOTAL, OPERATING = "total", "operating"
CLEARED_HEADS = (_("What is cleared"), _("Confirmed on"), _("Locked on"))
INCOME_HEADS = (_("Holder"), _("This year (yuan)"), _("The year before (yuan)"))
SHARE_HEADS = (_("Holder"), _("Operating income (yuan)"), _("Income (yuan)"))
LEAST_HEADS = (_("Income (yuan)"), _("At least (yuan)"))
FUND_HEADS = (_("Holder"), _("Earmarked fund"), _("Granted (yuan)"), _("Spent (yuan)"), _("Left (yuan)"))


def _known(ask: Ask) -> date | None:
    return None if ask.at is None else timezone.localdate(ask.at)


def _incomes(ask: Ask) -> list[HolderIncome]:
    return ask.shared("ledger.incomes", lambda: incomes(ask.district_ids, ask.on, _known(ask)))


def _sum(earned: Mapping[str, int], kind: str) -> int:
    return sum(earned.get(account, 0) for account in income_kinds()[kind].accounts)


def _page(public_id: str) -> str:
    return reverse("property:holder", args=[public_id])


def cleared(ask: Ask) -> list[CountedRow]:
    """Places whose clearance the members confirmed, the newest of each."""
    rows = Clearance.objects.filter(district_id__in=ask.district_ids, confirmed_on__lte=ask.on)
    if (known := _known(ask)) is not None:
        rows = rows.filter(opened_at__date__lte=known)
    newest = {row.place_id: row for row in rows.order_by("confirmed_on", "pk")}
    return [
        counted(
            ask, (row.place_id, row.town_id, row.district_id), (1, 1),
            (row.title, row.confirmed_on, row.locked_on if row.locked_on and row.locked_on <= ask.on else ""),
            CLEARANCES.url("row", row.about, row.public_id),
        )
        for row in newest.values()
    ]  # fmt: skip


def _row(ask: Ask, one: HolderIncome | HolderFund, pair: tuple[int, int], *cells: Any) -> CountedRow:
    return counted(ask, (one.place, None, one.district), pair, cells, _page(one.public_id))


def earned(ask: Ask, kind: str) -> list[CountedRow]:
    """What each holder earned this year."""
    found = [(one, _sum(one.now, kind), _sum(one.before, kind)) for one in _incomes(ask)]
    return [_row(ask, one, (now, 1), one.name, YUAN.typed(now), YUAN.typed(then)) for one, now, then in found]


def grown(ask: Ask, kind: str) -> list[CountedRow]:
    """What each holder earned more than up to the same day of the year before, over what it earned then."""
    found = [(one, _sum(one.now, kind), _sum(one.before, kind)) for one in _incomes(ask)]
    return [_row(ask, one, (now - then, then), one.name, YUAN.typed(now), YUAN.typed(then)) for one, now, then in found]


def operating_share(ask: Ask) -> list[CountedRow]:
    """What was earned by operating, over all."""
    found = [(one, _sum(one.now, OPERATING), _sum(one.now, TOTAL)) for one in _incomes(ask)]
    return [_row(ask, one, (part, total), one.name, YUAN.typed(part), YUAN.typed(total)) for one, part, total in found]


def reached(ask: Ask, kind: str) -> list[CountedRow]:
    """Places with books that earned the least that is asked, over all that have books."""
    least, sums, pages = income_kinds()[kind].least_fen, dict[int, int](), dict[int, str]()
    districts = {one.place: one.district for one in _incomes(ask)}
    for one in _incomes(ask):
        sums[one.place] = sums.get(one.place, 0) + _sum(one.now, kind)
        pages[one.place] = _page(one.public_id)
    return [
        counted(
            ask, (place, None, districts[place]), (int(fen >= least), 1), (YUAN.typed(fen), YUAN.typed(least)), pages[place]
        )
        for place, fen in sums.items()
    ]  # fmt: skip


def granted(ask: Ask, column: str) -> list[CountedRow]:
    """Earmarked funds of each holder: granted, or left of it."""
    found = ask.shared("ledger.funds", lambda: funds(ask.district_ids, ask.on, _known(ask)))
    names = account_names() | lowest_names({one.public_id for one in found})
    rows = []
    for one in found:
        left = one.granted - one.spent
        cells = (YUAN.typed(one.granted), YUAN.typed(one.spent), YUAN.typed(left))
        value = {"granted": one.granted, "left": left}[column]
        fund = names.get(f"{one.public_id}:{one.account}", names.get(one.account[:3], one.account))
        rows.append(_row(ask, one, (value, 1), one.name, fund, *cells))
    return rows


SOURCE = _("Books of collectives: posted vouchers")
declared: Callable[..., Any] = partial(figure, action=READ)
booked: Callable[..., Any] = partial(declared, source=SOURCE, direction=Direction.UP)
SINCE = date(2015, 1, 1)
DECLARED = (
    declared("ledger.cleared", _("Places cleared"), _("Places whose members confirmed the clearance of their property."), cleared,
             CLEARED_HEADS, unit=_("places"), source=_("Clearances of assets"), direction=Direction.UP),
    booked("ledger.income", _("Income of collectives"),
           _("What holders earned from the beginning of the year, by accounts 501 to 504, without the vouchers that end a year."),
           partial(earned, kind=TOTAL), INCOME_HEADS, unit=_("yuan")),
    booked("ledger.income_growth", _("Growth of the income"),
           _("What holders earned this year more than up to the same day of the year before, over what they earned then."),
           partial(grown, kind=TOTAL), INCOME_HEADS, unit="%", decimals=2),
    booked("ledger.operating_income", _("Operating income of collectives"),
           _("What holders earned from the beginning of the year by operating and investing, accounts 501 and 502."),
           partial(earned, kind=OPERATING), INCOME_HEADS, unit=_("yuan")),
    booked("ledger.operating_share", _("Share of operating income"), _("Operating income over all income of the year."),
           operating_share, SHARE_HEADS, unit="%", decimals=2),
    booked("ledger.reach_total", _("Villages that earn the least of all income"),
           _("Places with books whose income of the year reaches the threshold, over all places with books."),
           partial(reached, kind=TOTAL), LEAST_HEADS, unit="%", decimals=2),
    booked("ledger.reach_operating", _("Villages that earn the least of operating income"),
           _("Places with books whose operating income of the year reaches the threshold, over all places with books."),
           partial(reached, kind=OPERATING), LEAST_HEADS, unit="%", decimals=2),
    declared("ledger.earmarked", _("Earmarked funds granted"), _("What was granted to holders for a purpose, up to the day."),
             partial(granted, column="granted"), FUND_HEADS, unit=_("yuan"), source=SOURCE),
    declared("ledger.earmarked_left", _("Earmarked funds left"), _("What is left of what was granted for a purpose."),
             partial(granted, column="left"), FUND_HEADS, unit=_("yuan"), source=SOURCE),
)  # fmt: skip
FIGURES = tuple(replace(one, valid_from=SINCE) for one in DECLARED)
