"""How far the property of places is cleared and locked, what it adds up to, what differs from the day of the lock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from heli.bodies.queries import property_places
from heli.ledger.models import (
    AssetKind,
    AssetState,
    Clearance,
    ClearanceState,
    Collective,
    CollectiveAsset,
    CollectiveContract,
    ContractState,
    PropertyLock,
    VoucherKind,
)
from heli.ledger.rules.books import BANK, Draw, compute_first_level
from heli.ledger.rules.property import Kept, compare_kept
from heli.places import queries as places

CLEARED = [one.value for one in list(ClearanceState)[2:]]
CONFIRMED = [one.value for one in list(ClearanceState)[4:]]
VERIFIED = [one.value for one in list(AssetState)[2:]]


def lock_at(place_id: int) -> PropertyLock | None:
    """The lock on what a place's collective holds; None when there is none."""
    return PropertyLock.objects.filter(place=place_id, lifted_on__isnull=True).first()


def newest_clearance(place_id: int, on: date) -> Clearance | None:
    """The newest clearance of a place that was begun by a day."""
    return Clearance.objects.filter(place=place_id, cleared_on__lte=on).order_by("-cleared_on", "-pk").first()


@dataclass(frozen=True, slots=True)
class HeldTotals:
    """What a place's registers add up to, in fen and 0.01 m²; `difference_fen` is counted less book value."""

    assets: int
    book_fen: int
    counted_fen: int
    operating_fen: int
    area_dm2: int
    contracts: int
    arrears_fen: int

    @property
    def difference_fen(self) -> int:
        """Counted less what the books said."""
        return self.counted_fen - self.book_fen


def totals_at(place_ids: Collection[int]) -> HeldTotals:
    """What stands in the registers of some places; two queries."""
    counted = Coalesce(F("counted_fen"), F("value_fen"))
    assets = CollectiveAsset.objects.filter(place__in=place_ids).aggregate(
        n=Count("pk"), book=Sum("value_fen"), counted=Sum(counted), area=Sum("area_dm2"),
        operating=Sum(counted, filter=Q(kind=AssetKind.OPERATING)),
    )  # fmt: skip
    held = CollectiveContract.objects.filter(place__in=place_ids).aggregate(
        running=Count("pk", filter=~Q(status=ContractState.ENDED)), arrears=Sum("arrears_fen")
    )
    return HeldTotals(
        assets["n"], assets["book"] or 0, assets["counted"] or 0, assets["operating"] or 0, assets["area"] or 0,
        held["running"], held["arrears"] or 0,
    )  # fmt: skip


def kept_at(place_ids: Collection[int]) -> Kept:
    """How contracts in force and public facilities stand now: {code: what must not change}, of no person; two queries."""
    contracts = CollectiveContract.objects.filter(place__in=place_ids).exclude(status=ContractState.ENDED)
    columns = ("public_id", "kind", "begins_on", "due_on", "rent_fen", "price_steps", "area_dm2", "object_code")
    facilities = CollectiveAsset.objects.filter(place__in=place_ids, kind=AssetKind.PUBLIC)
    return {
        "contracts": {row[0]: [_plain(value) for value in row[1:]] for row in contracts.values_list(*columns)},
        "facilities": {
            code: [title, area] for code, title, area in facilities.values_list("public_id", "title", "area_dm2")
        },
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def changed_since_lock(place_ids: Collection[int], on: date) -> list[tuple[str, str]]:
    """What differs at places from the day of their locks, as (sort, code); contracts whose last day has come are left out."""
    found: list[tuple[str, str]] = []
    for lock in PropertyLock.objects.filter(place__in=place_ids, lifted_on__isnull=True):
        found += compare_kept(lock.kept, kept_at([lock.place_id]), on)
    return found


def with_predecessors(place_id: int) -> list[int]:
    """A place and all that went into it."""
    return [place_id, *places.predecessors(place_id)]


def right_under_lock(collective: Collective, draws: Sequence[Draw], kind: str) -> str:
    """The right of whoever must agree to an ordinary voucher while the property is locked: none for what the bank did."""
    if kind != VoucherKind.ORDINARY or any(compute_first_level(draw.account) == BANK for draw in draws):
        return ""
    kept = property_places([collective.body_id], localdate())
    return "ledger.approve" if lock_at(kept.get(collective.body_id, collective.body.place_id)) else ""
