"""What a place's holder hands over, as the papers of a merger list it: money, items, claims, debts, contracts, and to whom."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from heli.ledger.catalogues import account_names
from heli.ledger.models import (
    AssetKind,
    Collective,
    CollectiveAsset,
    CollectiveContract,
    ContractState,
    Transfer,
    TransferState,
    VoucherKind,
    VoucherLine,
)
from heli.ledger.queries.books import lowest_names
from heli.ledger.queries.holders import collectives_at
from heli.ledger.rules.books import LEVEL
from heli.ledger.rules.carrying import CLAIMS

MONEY = ("101", "102", "121")
DEBTS = ("201", "211", "221")


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Of one place: the holder, balances in fen (name, fen) as before any transfer, items and contracts, the transfer."""

    holder: str = ""
    money: list[tuple[str, int]] = field(default_factory=list)
    claims: list[tuple[str, int]] = field(default_factory=list)
    debts: list[tuple[str, int]] = field(default_factory=list)
    items: list[CollectiveAsset] = field(default_factory=list)
    contracts: list[CollectiveContract] = field(default_factory=list)
    transfer: Transfer | None = None


def handed_over(place_ids: Collection[int], on: date) -> Mapping[int, HandedOver]:
    """What there is to hand over at places on a day; of a place without holder, asset or contract nothing. Seven queries."""
    held = {place: found[0] for place, found in collectives_at(place_ids, on).items()}
    stand = _balances(held.values(), on)
    kept = CollectiveAsset.objects.filter(place__in=place_ids).order_by("place", "number")
    open_ = CollectiveContract.objects.filter(place__in=place_ids).exclude(status=ContractState.ENDED)
    gone = Transfer.objects.filter(giver__in=held.values()).exclude(
        status__in=[TransferState.VOIDED, TransferState.REVERSED]
    )
    transfers = {one.giver_id: one for one in gone.select_related("receiver__body").order_by("pk")}
    found: dict[int, HandedOver] = {}
    for place, one in held.items():
        rows = stand.get(one.pk, {})
        found[place] = HandedOver(
            one.body.name, _of(rows, MONEY), _of(rows, (CLAIMS,)), [(name, -fen) for name, fen in _of(rows, DEBTS)],
            transfer=transfers.get(one.pk),
        )  # fmt: skip
    for item in kept:
        found.setdefault(item.place_id, HandedOver()).items.append(item)
    for contract in open_.order_by("place", "number"):
        found.setdefault(contract.place_id, HandedOver()).contracts.append(contract)
    return found


def _balances(held: Collection[Collective], on: date) -> dict[int, dict[str, tuple[str, int]]]:
    """What stands in the books of holders, {holder: {account: (name, fen)}}, without what transfers took away."""
    lines = VoucherLine.objects.filter(collective__in=held, on__lte=on).exclude(voucher__kind=VoucherKind.TRANSFER)
    lines = lines.exclude(voucher__reverses__kind=VoucherKind.TRANSFER)
    levels, chart = lowest_names([one.public_id for one in held]), account_names()
    codes = {one.pk: one.public_id for one in held}
    found: dict[int, dict[str, tuple[str, int]]] = {}
    for key, account, fen in lines.order_by("account").values_list("collective", "account").annotate(fen=Sum("fen")):
        name = levels.get(f"{codes[key]}:{account}") or chart.get(account[:LEVEL], "")
        if fen:
            found.setdefault(key, {})[account] = (name, fen)
    return found


def _of(rows: Mapping[str, tuple[str, int]], firsts: Collection[str]) -> list[tuple[str, int]]:
    return [told for account, told in rows.items() if account[:LEVEL] in firsts]


def kind_said(item: CollectiveAsset) -> str:
    """What an item serves, in the reader's language."""
    return str(AssetKind(item.kind).label)
