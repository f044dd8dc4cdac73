"""What holders earned in a year so far and what stands earmarked with them, as sums over posted lines."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import ExtractYear

from heli.bodies.queries import property_places
from heli.ledger.models import Collective, VoucherKind, VoucherLine
from heli.ledger.rules.books import LEVEL
from heli.ledger.rules.statements import EARMARKED


@dataclass(frozen=True, slots=True)
class HolderIncome:
    """A holder at the place whose property it keeps; what it earned this year up to the day and the year before up to the same day,
    by account of the chart, in fen.
    """

    public_id: str
    name: str
    place: int
    district: int
    now: Mapping[str, int]
    before: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class HolderFund:
    """An earmarked fund of a holder, in fen."""

    public_id: str
    name: str
    account: str
    place: int
    district: int
    granted: int
    spent: int


def _a_year_before(on: date) -> date:
    return date(on.year - 1, on.month, 28 if (on.month, on.day) == (2, 29) else on.day)


def _holders(district_ids: Collection[int], on: date) -> dict[int, tuple[Collective, int, int]]:
    found = Collective.objects.select_related("body__place").filter(
        Q(body__place__district__in=district_ids) | Q(body__place__in=district_ids)
    )
    kept = property_places([one.body_id for one in found], on)
    return {
        one.pk: (one, kept.get(one.body_id, one.body.place_id), one.body.place.district_id or one.body.place_id)
        for one in found
    }


def incomes(district_ids: Collection[int], on: date, known_on: date | None = None) -> list[HolderIncome]:
    """What each holder of some districts earned, without vouchers that end a year; three queries. `known_on`: as booked then."""
    held = _holders(district_ids, on)
    then = _a_year_before(on)
    within = Q(on__gte=date(on.year, 1, 1), on__lte=on) | Q(on__gte=date(then.year, 1, 1), on__lte=then)
    lines = (
        VoucherLine.objects.filter(within, collective__in=held, account__gte="5", account__lt="51")
        .exclude(voucher__kind=VoucherKind.YEAR_END)
        .exclude(voucher__reverses__kind=VoucherKind.YEAR_END)
    )
    if known_on is not None:
        lines = lines.filter(voucher__checked_on__lte=known_on)
    sums: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_year = lines.annotate(year=ExtractYear("on")).values_list("collective", "account", "year")
    grouped = by_year.annotate(fen=Sum("fen")).order_by()
    for holder, account, year, fen in grouped:
        sums[holder, year][account[:LEVEL]] -= fen
    return [
        HolderIncome(
            one.public_id, one.body.name, place, district, dict(sums[key, on.year]), dict(sums[key, then.year])
        )
        for key, (one, place, district) in sorted(held.items())
    ]


def funds(district_ids: Collection[int], on: date, known_on: date | None = None) -> list[HolderFund]:
    """Earmarked funds of the holders of some districts: granted and spent up to a day; three queries."""
    held = _holders(district_ids, on)
    kept = Q()
    for account in EARMARKED:
        kept |= Q(account__startswith=account)
    lines = VoucherLine.objects.filter(kept, on__lte=on, collective__in=held)
    if known_on is not None:
        lines = lines.filter(voucher__checked_on__lte=known_on)
    sums = lines.values_list("collective", "account").annotate(
        granted=Sum("fen", filter=Q(fen__lt=0), default=0), spent=Sum("fen", filter=Q(fen__gt=0), default=0)
    )
    return list(_funds(held, sums.order_by("collective", "account")))


def _funds(held: Mapping[int, tuple[Collective, int, int]], sums: Any) -> Iterator[HolderFund]:
    for key, account, granted, spent in sums:
        one, place, district = held[key]
        yield HolderFund(one.public_id, one.body.name, account, place, district, -granted, spent)
