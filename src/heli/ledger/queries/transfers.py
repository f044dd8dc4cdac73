"""What a transfer carries: the books of givers and receivers as the pure rule sees them, and what is carried already."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from heli.bodies.queries import property_places
from heli.kernel.faults import Fault, Unsound
from heli.ledger.catalogues import property_accounts
from heli.ledger.models import (
    AssetKind,
    CarryingWay,
    Collective,
    CollectiveAsset,
    CollectiveContract,
    SubAccount,
    Transfer,
    TransferState,
    VoucherLine,
)
from heli.ledger.queries.books import balances, balances_of
from heli.ledger.rules.books import LEVEL, compute_first_level
from heli.ledger.rules.carrying import CLAIMS, DEBTS, LIABILITIES, NET_ACCOUNTS, WHOLE_BP, carry
from heli.ledger.rules.transfers import compute_codes, joint_names
from heli.ledger.texts import as_fault, said_blocked
from heli.ledger.types import CarriedBooks, CarriedItem, Carrying, CarryMove, CarryProof
from heli.places import queries as places


@dataclass(frozen=True, slots=True)
class Gathered:
    """What shall be carried: the case of the pure rule by holders' public ids, and what is needed to write its result."""

    case: Carrying
    holders: Mapping[str, Collective]
    before: Mapping[str, Mapping[str, int]]
    names: Mapping[str, Mapping[str, str]]
    items: Mapping[str, str]
    stay: Sequence[str]


def _belonging(collective: Collective, kept: Mapping[int, int]) -> Q:
    """The condition that an asset or a contract belongs to a holder: carried to it, or of its place and never carried.

    `kept`: whose place's property bodies keep.
    """
    return Q(holder=collective) | Q(holder__isnull=True, place=kept.get(collective.body_id, collective.body.place_id))


def joined(transfer: Transfer) -> QuerySet[Transfer]:
    """The transfers that are carried together with this one: of the same event and day, neither void nor resolved."""
    return Transfer.objects.filter(event=transfer.event, on=transfer.on).exclude(
        status__in=[TransferState.VOIDED, TransferState.KEPT_APART, TransferState.POSTED, TransferState.REVERSED]
    )


def gather(transfers: Sequence[Transfer], on: date) -> Gathered:
    """The books of givers and receivers on a day; a receiver that keeps books already goes to itself, so that claims meet."""
    moves: dict[int, dict[int, int]] = {}
    assign: dict[str, int] = {}
    for transfer in transfers:
        parts = {int(key): share for key, share in transfer.parts.items()}
        moves[transfer.giver_id] = parts or {transfer.receiver_id or 0: WHOLE_BP}
        assign |= transfer.assign
    receivers = {key for parts in moves.values() for key in parts}
    found = Collective.objects.select_related("body").in_bulk({*moves, *receivers})
    stand = balances_of(found, on)
    for key in receivers - set(moves):
        if any(stand[key].values()):
            moves[key] = {key: WHOLE_BP}
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for sub in SubAccount.objects.filter(collective__in=found).order_by("code"):
        names[sub.collective_id][sub.code] = sub.name
    called = _called(found)
    kept = property_places([one.body_id for one in found.values()], on)
    books: list[CarriedBooks] = []
    before: dict[str, Mapping[str, int]] = {}
    items: dict[str, str] = {}
    stay: list[str] = []
    known: dict[int, dict[str, str]] = {key: dict(names[key]) for key in receivers}
    had = _items([found[key] for key in moves], kept)
    whole = {key: next(iter(parts)) for key, parts in moves.items() if len(parts) == 1}
    for key in sorted(moves, key=lambda one: (one not in receivers, one)):
        parts, one = moves[key], found[key]
        codes = {}
        if whole.get(key) != key:
            codes = compute_codes(names[key], joint_names([known[to] for to in parts]))
            for to in parts:
                known[to] |= {theirs: names[key][own] for own, theirs in codes.items()}
        meeting = {other for other, to in whole.items() if to == whole.get(key)}
        mapped, claims, debts = _mapped(key, stand[key], names[key], codes, called, set(moves), meeting)
        if len(parts) > 1:
            mapped = _folded(mapped)
        own_items, contracts, apart = had[key]
        items |= dict.fromkeys((*(i.id for i in own_items), *(c for c, _i in contracts)), one.public_id)
        stay += apart
        before[one.public_id] = stand[key]
        books.append(
            CarriedBooks(
                one.public_id, one.members, mapped, tuple(own_items), tuple(contracts),
                {found[other].public_id: fen for other, fen in claims.items()},
                {found[other].public_id: fen for other, fen in debts.items()}, _net(mapped, own_items),
            )
        )  # fmt: skip
    for key in receivers:
        before.setdefault(found[key].public_id, stand[key])
    return Gathered(
        Carrying(
            tuple(books),
            tuple(
                CarryMove(found[giver].public_id, found[to].public_id, share)
                for giver, parts in moves.items()
                for to, share in parts.items()
            ),
            {code: found[to].public_id for code, to in assign.items() if to in found},
            any(one.way == CarryingWay.NEGOTIATED for one in transfers),
            in_shares=any(one.way == CarryingWay.SHARES for one in transfers),
        ),
        {one.public_id: one for one in found.values()},
        before,
        {found[key].public_id: known[key] for key in receivers},
        items,
        stay,
    )


def carry_case(gathered: Gathered) -> CarryProof | list[Fault]:
    """What the pure rule makes of it: a proof, or what stands against it in sentences, by name."""
    try:
        done = carry(gathered.case)
    except Unsound as wrong:
        return [as_fault(one) for one in wrong.findings]
    if isinstance(done, CarryProof):
        return done
    names = {key: one.body.name for key, one in gathered.holders.items()}
    for model in (CollectiveAsset, CollectiveContract):
        names |= dict(model.objects.filter(public_id__in=done.missing).values_list("public_id", "title"))
    return said_blocked(done, names)


def _called(found: Mapping[int, Collective]) -> dict[str, int]:
    """Holders by the names others may owe them under: their own, and those of whoever was carried into them."""
    called = {one.body.name: key for key, one in found.items()}
    gone = Transfer.objects.filter(receiver__in=found, status=TransferState.POSTED).select_related("giver__body")
    return {one.giver.body.name: one.receiver_id or 0 for one in gone} | called


def _mapped(  # noqa: PLR0917 - the parts of one holder's books
    key: int,
    stand: Mapping[str, int],
    names: Mapping[str, str],
    codes: Mapping[str, str],
    called: Mapping[str, int],
    moving: Collection[int],
    meeting: Collection[int],
) -> tuple[dict[str, int], dict[int, int], dict[int, int]]:
    """A holder's balances in the receivers' accounts; what it claims of and owes to others that move: of those `meeting` it in one
    successor in their first level, where the pair leaves.
    """
    mapped: dict[str, int] = defaultdict(int)
    claims: dict[int, int] = defaultdict(int)
    debts: dict[int, int] = defaultdict(int)
    for code, fen in stand.items():
        other = called.get(names.get(code, ""), key)
        first = compute_first_level(code)
        if other != key and other in moving and first in (CLAIMS, DEBTS):
            (claims if first == CLAIMS else debts)[other] += fen if first == CLAIMS else -fen
        mapped[first if other in meeting and other != key and first in (CLAIMS, DEBTS) else codes.get(code, code)] += (
            fen
        )
    return dict(mapped), claims, debts


def _folded(stand: Mapping[str, int]) -> dict[str, int]:
    """Accounts in which property stands at their first level, where items take their value from when a holder is divided."""
    folded: dict[str, int] = defaultdict(int)
    kept = property_accounts()
    for code, fen in stand.items():
        folded[code[:LEVEL] if code[:LEVEL] in kept else code] += fen
    return dict(folded)


def _items(
    some: Sequence[Collective], kept: Mapping[int, int]
) -> dict[int, tuple[list[CarriedItem], list[tuple[str, str]], list[str]]]:
    """What each holder has, its contracts (one without a known item stands for itself), and land of groups, which stays theirs.

    Two queries, however many they are.
    """
    where: dict[int, list[int]] = defaultdict(list)
    for one in some:
        where[kept.get(one.body_id, one.body.place_id)].append(one.pk)
    mine = Q(holder__in=some) | Q(holder__isnull=True, place__in=where)
    columns = ("holder", "place", "public_id", "account", "value_fen", "area_dm2", "kind", "counted_fen", "owner_group")
    found: dict[int, tuple[list[CarriedItem], list[tuple[str, str]], list[str]]] = {
        one.pk: ([], [], []) for one in some
    }
    for holder, place, code, account, fen, area, kind, counted, group in (
        CollectiveAsset.objects.filter(mine).order_by("public_id").values_list(*columns)
    ):
        for key in where[place] if holder is None else (holder,):
            if group:
                found[key][2].append(code)
            else:
                worth = operating_value(kind, fen, counted)
                found[key][0].append(CarriedItem(code, account, fen, area or 0, worth))
    known = {key: ({item.id for item in items}, set(apart)) for key, (items, _contracts, apart) in found.items()}
    of_contracts = CollectiveContract.objects.filter(mine).order_by("public_id")
    for holder, place, code, object_code in of_contracts.values_list("holder", "place", "public_id", "object_code"):
        for key in where[place] if holder is None else (holder,):
            there, apart = known[key]
            if object_code in apart:
                continue
            if object_code not in there:
                found[key][0].append(CarriedItem(code))
            found[key][1].append((code, object_code if object_code in there else code))
    return found


def items_of(transfer: Transfer) -> list[tuple[str, str]]:
    """What a giver has to send somewhere when it is divided, (code, name): items and contracts without one, none of a group's."""
    giver = transfer.giver
    kept = property_places([giver.body_id], transfer.on)
    mine = _belonging(giver, kept)
    items, _contracts, _apart = _items([giver], kept)[giver.pk]
    named = {**dict(CollectiveContract.objects.filter(mine).values_list("public_id", "title")),
             **dict(CollectiveAsset.objects.filter(mine).values_list("public_id", "title"))}  # fmt: skip
    return [(item.id, named[item.id]) for item in items]


def operating_value(kind: str, value_fen: int, counted_fen: int | None) -> int:
    """What an asset counts in the net operating value: an operating one as counted, or as it stands in the books."""
    return 0 if kind != AssetKind.OPERATING else value_fen if counted_fen is None else counted_fen


def _net(stand: Mapping[str, int], items: Sequence[CarriedItem]) -> int:
    """Net operating value: operating assets as counted, money and claims, less what is owed."""
    money = sum(fen for code, fen in stand.items() if compute_first_level(code) in NET_ACCOUNTS)
    return sum(item.operating_fen for item in items) + money


def creditors_of(collective: Collective, on: date) -> int:
    """How many creditors a holder has: accounts of what it owes that are not settled, at their lowest level."""
    owed = [code for code, fen in balances(collective, on).items() if fen < 0 and code[:LEVEL] in LIABILITIES]
    return sum(not any(other != code and other.startswith(code) for other in owed) for code in owed)


def builds_on(transfer: Transfer, since: Mapping[str, Any]) -> list[str]:
    """What was written on the books that a transfer opened, in names of holders: later vouchers, later transfers."""
    posted: Mapping[str, int] = since["last_line"]
    found = []
    for one in Collective.objects.filter(public_id__in=posted).select_related("body").order_by("public_id"):
        later = VoucherLine.objects.filter(collective=one, pk__gt=posted[one.public_id]).exists()
        if later:
            found.append(one.body.name)
    return found


def owing_later(gathered: Gathered, on: date) -> list[str]:
    """The holders that were carried from a later day to one of the receivers and have a claim on one of the givers, or owe it: on
    the day the two do not meet, and the pair would stay on both sides for ever.
    """
    case = gathered.case
    receivers = {gathered.holders[move.to].pk for move in case.moves}
    givers = {gathered.holders[move.giver].pk: gathered.holders[move.giver].body.name for move in case.moves}
    later = Transfer.objects.filter(receiver__in=receivers, status=TransferState.POSTED, on__gt=on)
    names = dict(later.values_list("giver__body__name", "giver"))
    if not names:
        return []
    pairs = SubAccount.objects.filter(collective__in=[*givers, *names.values()], name__in=[*givers.values(), *names])
    owed = {one for key, name in pairs.values_list("collective", "name") for one in (name, givers.get(key, ""))}
    kept = pairs.filter(collective__in=names.values()).values_list("collective__body__name", flat=True)
    return sorted((owed | set(kept)) & set(names))


def into_place(place_id: int) -> QuerySet[Transfer]:
    """The transfers whose givers' places went into a place, none that is void or taken back."""
    return Transfer.objects.filter(place__in=[place_id, *places.predecessors(place_id)]).exclude(
        status__in=[TransferState.VOIDED, TransferState.REVERSED]
    )
