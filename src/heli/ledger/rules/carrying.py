"""Every yuan, item, contract and claim of a merger or a division carried to its successor exactly once.

Whole or in part: a holder without a move stays as it is and appears nowhere (并村不并账). In steps: a case per day, each
beginning with what the one before gave. By agreement (协商并账): a common level per member goes in, the rest stays earmarked
to those who brought it; or `in_shares` of one fen, so that each old holder keeps its value to the fen. Without, all at once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from heli.kernel.faults import Finding, Unsound
from heli.kernel.quantities import largest_remainder
from heli.ledger.rules.books import MONEY, compute_first_level
from heli.ledger.types import (
    Balances,
    CarriedBooks,
    CarriedItem,
    CarriedTo,
    CarryBlocked,
    Carrying,
    CarryMove,
    CarryProof,
)

WHOLE_BP = 10_000
CLAIMS, DEBTS = "112", "211"
"""应收款 and 应付款: what holders owe one another."""
LIABILITIES = ("201", DEBTS, "221")
NET_ACCOUNTS = frozenset({*MONEY, CLAIMS, *LIABILITIES})
"""Money, claims and what is owed: what counts in the net operating value besides operating assets."""


def carry(asked: Carrying) -> CarryProof | CarryBlocked:
    """The successors' openings, or what blocks them by name. Raises `Unsound` with everything that cannot be as it is written."""
    if found := list(check_carrying(asked)):
        raise Unsound(*found)
    moves = _by_giver(asked.moves)
    books = {one.id: one for one in asked.holders if one.id in moves}
    to_one = {giver: parts[0].to for giver, parts in moves.items() if len(parts) == 1}
    missing = tuple(sorted(_without_destination(books, moves, asked.assign)))
    divided = {} if missing else {
        giver: divide(books[giver], parts, asked.assign, asked.balance_on) for giver, parts in moves.items()
    }  # fmt: skip
    parts_of = [
        (part, move.to) for giver, parts in divided.items() for part, move in zip(parts, moves[giver], strict=True)
    ]
    blocked = CarryBlocked(
        missing,
        tuple(sorted(_disagreeing(books))),
        tuple(
            sorted(
                one.id for one in books.values() if (asked.is_levelled or asked.in_shares) and one.net_operating_fen < 0
            )
        ),
        tuple(sorted(one.id for one in books.values() if (asked.is_levelled or asked.in_shares) and not one.members)),
        tuple(sorted(_without_shares(parts_of, set(to_one)))) if asked.in_shares else (),
    )
    if blocked != CarryBlocked():
        return blocked
    received: dict[str, list[CarriedBooks]] = defaultdict(list)
    for part, to in parts_of:
        received[to].append(part)
    eliminated = tuple(
        sorted(
            (one.id, debtor, fen)
            for one in books.values()
            for debtor, fen in one.claims.items()
            if fen and one.id in to_one and to_one.get(debtor) == to_one[one.id]
        )
    )
    within: dict[str, int] = defaultdict(int)
    for claimant, _debtor, fen in eliminated:
        within[to_one[claimant]] += fen
    return CarryProof(
        tuple(_joined(to, received[to], within[to]) for to in sorted(received)),
        eliminated,
        tuple(_levelled(books, to_one)) if asked.is_levelled else (),
        tuple(compute_points(parts_of)) if asked.in_shares else (),
    )


def check_carrying(asked: Carrying) -> Iterator[Finding]:
    """What cannot be as it is written, whoever decides; each with the row it stands in."""
    holders, items = set[str](), set[str]()
    for number, one in enumerate(asked.holders):
        row = f"holders.{number}"
        if one.id in holders:
            yield Finding("holder_twice", {"holder": one.id}, f"{row}.id")
        holders.add(one.id)
        if total := sum(one.balances.values()):
            yield Finding("unbalanced", {"holder": one.id, "fen": total}, f"{row}.balances")
        for place, item in enumerate(one.items):
            if item.id in items:
                yield Finding("item_twice", {"item": item.id}, f"{row}.items.{place}.id")
            items.add(item.id)
            if item.value_fen < 0 or item.area_dm2 < 0:
                yield Finding("negative_item", {"item": item.id}, f"{row}.items.{place}")
        own = {item.id for item in one.items}
        for place, (contract, item_id) in enumerate(one.contracts):
            if item_id not in own:
                facts = {"contract": contract, "item": item_id, "holder": one.id}
                yield Finding("contract_without_item", facts, f"{row}.contracts.{place}.item")
    for giver, parts in _by_giver(asked.moves).items():
        field = f"moves.{[move.giver for move in asked.moves].index(giver)}"
        if giver not in holders:
            yield Finding("unknown_holder", {"holder": giver}, f"{field}.from")
        is_whole = min(move.share_bp for move in parts) > 0 and sum(move.share_bp for move in parts) == WHOLE_BP
        if not is_whole or len({move.to for move in parts}) < len(parts):
            yield Finding("share", {"holder": giver, "sum": sum(move.share_bp for move in parts)}, f"{field}.share_bp")
    for unknown in sorted(set(asked.assign) - items):
        yield Finding("unknown_item", {"item": unknown}, f"assign.{unknown}")


def divide(
    books: CarriedBooks, moves: Sequence[CarryMove], assign: Mapping[str, str], balance_on: str
) -> list[CarriedBooks]:
    """A giver's books in parts, one per move; claims and debts stay in their accounts.

    Items go where `assign` says with their value and contracts, the rest of each account and the members by largest remainder.
    The net operating value of a part is that of its items and of its money, claims and debts; together they are the giver's.
    """
    if len(moves) == 1:
        return [books]
    shares = [move.share_bp for move in moves]
    items: list[list[CarriedItem]] = [[item for item in books.items if assign[item.id] == move.to] for move in moves]
    values = [_values(part) for part in items]
    parts: list[dict[str, int]] = [{} for _ in moves]
    for account in sorted({*books.balances, *(account for value in values for account in value)} - {balance_on}):
        rest = books.balances.get(account, 0) - sum(value.get(account, 0) for value in values)
        sign = -1 if rest < 0 else 1
        for part, value, share in zip(parts, values, largest_remainder(abs(rest), shares), strict=True):
            part[account] = value.get(account, 0) + sign * share
    members = largest_remainder(books.members, shares)
    nets = [
        sum(item.operating_fen for item in own)
        + sum(fen for account, fen in part.items() if compute_first_level(account) in NET_ACCOUNTS)
        for own, part in zip(items, parts, strict=True)
    ]
    beside = largest_remainder(books.net_operating_fen - sum(nets), shares)
    return [
        CarriedBooks(
            books.id,
            number,
            {**part, balance_on: -sum(part.values())},
            tuple(own),
            tuple(one for one in books.contracts if one[1] in {item.id for item in own}),
            net_operating_fen=net + more,
        )
        for number, part, own, net, more in zip(members, parts, items, nets, beside, strict=True)
    ]


def _by_giver(moves: Sequence[CarryMove]) -> dict[str, list[CarryMove]]:
    found: dict[str, list[CarryMove]] = {}
    for move in moves:
        found.setdefault(move.giver, []).append(move)
    return found


def _values(items: Sequence[CarriedItem]) -> Balances:
    found: dict[str, int] = defaultdict(int)
    for item in items:
        if item.account:
            found[item.account] += item.value_fen
    return found


def _without_destination(
    books: Mapping[str, CarriedBooks], moves: Mapping[str, Sequence[CarryMove]], assign: Mapping[str, str]
) -> Iterator[str]:
    for giver, parts in moves.items():
        targets = {move.to for move in parts}
        if len(parts) > 1:
            yield from (item.id for item in books[giver].items if assign.get(item.id) not in targets)


def _disagreeing(books: Mapping[str, CarriedBooks]) -> Iterator[tuple[str, str]]:
    pairs = {(one.id, debtor) for one in books.values() for debtor in one.claims if debtor in books}
    pairs |= {(claimant, one.id) for one in books.values() for claimant in one.debts if claimant in books}
    for claimant, debtor in pairs:
        if books[claimant].claims.get(debtor, 0) != books[debtor].debts.get(claimant, 0):
            yield claimant, debtor


def _joined(to: str, parts: Sequence[CarriedBooks], within: int) -> CarriedTo:
    """The parts added up; what they owed one another, `within`, leaves claims and debts alike."""
    balances: dict[str, int] = defaultdict(int)
    for part in parts:
        for account, fen in part.balances.items():
            balances[account] += fen
    balances[CLAIMS] -= within
    balances[DEBTS] += within
    return CarriedTo(
        to,
        sum(part.members for part in parts),
        {account: fen for account, fen in sorted(balances.items()) if fen},
        tuple(sorted(item.id for part in parts for item in part.items)),
        tuple(sorted(contract for part in parts for contract, _item in part.contracts)),
        sum(item.area_dm2 for part in parts for item in part.items),
    )


def _levelled(books: Mapping[str, CarriedBooks], to_one: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """What each whole giver of a joint successor puts into the common fund, and what stays its members' own."""
    joint: dict[str, list[CarriedBooks]] = defaultdict(list)
    for giver, to in sorted(to_one.items()):
        joint[to].append(books[giver])
    for _to, givers in sorted(joint.items()):
        if len(givers) > 1:
            level = min(one.net_operating_fen // one.members for one in givers)
            for one in givers:
                yield one.id, level * one.members, one.net_operating_fen - level * one.members


def _without_shares(parts: Sequence[tuple[CarriedBooks, str]], whole: Collection[str]) -> Iterator[tuple[str, str]]:
    """The parts of divided givers that owe more than they have, or have nobody who could hold their shares."""
    for part, to in parts:
        if part.id not in whole and (part.net_operating_fen < 0 or (part.net_operating_fen and not part.members)):
            yield part.id, to


def compute_points(parts: Sequence[tuple[CarriedBooks, str]]) -> Iterator[tuple[str, int, int, str]]:
    """The shares of one fen that the members of each giver, or of each of its parts, get in their successor: as many as its net
    operating value has fen, so that the value of a share is one fen before and after, and nobody's is levelled.
    """
    for part, to in sorted(parts, key=lambda one: (one[0].id, one[1])):
        if part.net_operating_fen:
            yield part.id, part.members, part.net_operating_fen, to
