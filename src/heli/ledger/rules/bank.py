"""What the bank says against the books: which lines are new, which postings they may be, when both agree. Amounts in fen."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from heli.kernel.faults import Finding
from heli.ledger.rules.books import written_yuan

SHORTEST = 2
"""Signs that two texts share at least before that is a reason."""


Reasons = tuple[tuple[str, Mapping[str, object]], ...]
"""Why: (code, facts) each."""


@dataclass(frozen=True, slots=True)
class BankRow:
    """A line of the bank: plus came in, minus went out; the balance after it and its serial number where the bank gives them."""

    row: int
    on: date
    fen: int
    stands_fen: int | None = None
    serial: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class BookRow:
    """A posting on the account, debit plus: its day, amount, number and words."""

    key: int
    on: date
    fen: int
    text: str = ""
    voucher: str = ""


@dataclass(frozen=True, slots=True)
class BankOffer:
    """Postings that a line may be, with the reasons: (code, facts)."""

    row: int
    postings: tuple[int, ...]
    reasons: Reasons


def check_chain(rows: Sequence[BankRow]) -> Iterator[Finding]:
    """The first line whose balance is not the one before it and its own amount: one is missing or was changed. Oldest first."""
    for before, one in pairwise(rows):
        if before.stands_fen is None or one.stands_fen is None:
            continue
        if before.stands_fen + one.fen != one.stands_fen:
            facts = {
                "row": one.row, "wanted": written_yuan(before.stands_fen + one.fen), "said": written_yuan(one.stands_fen)
            }  # fmt: skip
            yield Finding("bank_chain_broken", facts)
            return


def compute_order(rows: Sequence[BankRow]) -> list[BankRow]:
    """Rows oldest first: as they stand or turned round, by their days, and within one day by their balances."""
    turned = list(reversed(rows))
    falls = sum((one.on > other.on) - (one.on < other.on) for one, other in pairwise(rows))
    is_turned = falls > 0 or (not falls and any(check_chain(rows)) and not any(check_chain(turned)))
    return sorted(turned if is_turned else rows, key=lambda one: one.on)


def compute_new(rows: Sequence[BankRow], known: Sequence[BankRow]) -> list[BankRow]:
    """Those rows that are not known yet. A row is a known one of the same day and amount whose serial number and balance do not say
    otherwise; each known one stands for one row, one with the same number or balance first.
    """
    left: dict[tuple[date, int], list[BankRow]] = defaultdict(list)
    for one in known:
        left[one.on, one.fen].append(one)
    surely = {id(row): found for row in rows if (found := _take(left[row.on, row.fen], row, is_sure=True))}
    return [row for row in rows if id(row) not in surely and _take(left[row.on, row.fen], row, is_sure=False) is None]


def _take(those: list[BankRow], row: BankRow, *, is_sure: bool) -> BankRow | None:
    for one in those:
        said = [
            mine == theirs
            for mine, theirs in ((row.serial or None, one.serial or None), (row.stands_fen, one.stands_fen))
            if mine is not None and theirs is not None
        ]
        if all(said) and (said or not is_sure):
            those.remove(one)
            return one
    return None


def compute_offers(lines: Sequence[BankRow], postings: Sequence[BookRow], days: int) -> list[BankOffer]:
    """For each line of the bank the posting it is most likely, with the reasons, best first; a posting is offered once. Where no
    posting has its amount, those of one voucher that add up to it.
    """
    by_fen: dict[int, list[BookRow]] = defaultdict(list)
    by_voucher: dict[str, list[BookRow]] = defaultdict(list)
    for posting in postings:
        by_fen[posting.fen].append(posting)
        by_voucher[posting.voucher].append(posting)
    found: list[tuple[tuple[int, int, int], BankRow, tuple[BookRow, ...], Reasons]] = []
    for line in lines:
        near = [one for one in by_fen[line.fen] if abs((one.on - line.on).days) <= days]
        for one in near:
            found.append((_strength(line, one, len(near)), line, (one,), tuple(_reasons(line, one, len(near)))))
        if not near:
            for voucher, some in by_voucher.items():
                is_near = all(abs((one.on - line.on).days) <= days for one in some)
                if len(some) > 1 and is_near and sum(one.fen for one in some) == line.fen:
                    reasons = (("sum_of_voucher", {"count": len(some), "voucher": voucher}), *_apart(line, some[0]))
                    found.append(((0, 0, 0), line, tuple(some), reasons))
    taken: set[int] = set()
    told: set[int] = set()
    offers = []
    for _how, line, chosen, reasons in sorted(found, key=lambda one: (one[0], one[1].row, one[2][0].key), reverse=True):
        if line.row not in told and not taken & {one.key for one in chosen}:
            told.add(line.row)
            taken |= {one.key for one in chosen}
            offers.append(BankOffer(line.row, tuple(one.key for one in chosen), reasons))
    return sorted(offers, key=lambda one: one.row)


def _strength(line: BankRow, posting: BookRow, alike: int) -> tuple[int, int, int]:
    return len(compute_shared(line.text, posting.text)), -abs((posting.on - line.on).days), -alike


def _apart(line: BankRow, posting: BookRow) -> list[tuple[str, Mapping[str, object]]]:
    days = abs((posting.on - line.on).days)
    return [("days_apart", {"days": days}) if days else ("same_day", {})]


def _reasons(line: BankRow, posting: BookRow, alike: int) -> list[tuple[str, Mapping[str, object]]]:
    shared = compute_shared(line.text, posting.text)
    return [
        ("same_amount", {}),
        *_apart(line, posting),
        *([("same_words", {"words": shared})] if shared else []),
        ("only_one", {}) if alike == 1 else ("several_alike", {"count": alike}),
    ]


def compute_shared(one: str, other: str) -> str:
    """The longest run of signs that two texts share, "" when shorter than two."""
    best = ""
    for start in range(len(one)):
        end = start + max(len(best) + 1, SHORTEST)
        while end <= len(one) and one[start:end] in other:
            best = one[start:end]
            end += 1
    return best.strip()


def check_agreement(bank_fen: int, books_fen: int, only_books_fen: int, only_bank_fen: int) -> Iterator[Finding]:
    """Both sides with what only the other has are equal."""
    difference = bank_fen + only_books_fen - books_fen - only_bank_fen
    if difference:
        told = {"bank": bank_fen, "only_books": only_books_fen, "books": books_fen, "only_bank": only_bank_fen}
        told |= {"difference": difference}
        yield Finding("bank_disagrees", {name: written_yuan(fen) for name, fen in told.items()}, field="bank_fen")
