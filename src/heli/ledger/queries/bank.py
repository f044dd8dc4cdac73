"""Reads of what the bank says: lines and postings that wait for each other, what agrees on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Sum

from heli.kernel.quantities import LONGEST
from heli.ledger.catalogues import bank_forms
from heli.ledger.models import BankLine, Collective, MatchedLine, Reconciliation, VoucherKind, VoucherLine
from heli.ledger.queries.books import accounts_of
from heli.ledger.rules.bank import BankOffer, BankRow, BookRow, compute_offers
from heli.ledger.rules.books import BANK


@dataclass(frozen=True, slots=True)
class BankSides:
    """An account on a day, in fen: what stands at the bank by its last line (None: it says nothing), what stands in the books, what
    only the books have, what only the bank has.
    """

    bank_fen: int | None
    books_fen: int
    only_books_fen: int
    only_bank_fen: int


def bank_accounts(collective: Collective) -> dict[str, str]:
    """The accounts of a holder that stand at a bank, at their lowest level: {code: name}."""
    known = {code: name for code, name in accounts_of(collective).items() if code.startswith(BANK)}
    return {code: name for code, name in known.items() if not any(c != code and c.startswith(code) for c in known)}


def bank_lines(collective: Collective, account: str) -> QuerySet[BankLine]:
    """The lines of the bank on an account, oldest first."""
    return BankLine.objects.filter(collective=collective, account=account).order_by("on", "pk")


def bank_line_of(collective: Collective, key: str) -> BankLine | None:
    """A line of the bank of a holder by its key as an address gives it."""
    is_key = key.isascii() and key.isdecimal() and len(key) < LONGEST
    return BankLine.objects.filter(collective=collective, pk=int(key)).first() if is_key else None


def postings_on(collective: Collective, account: str) -> QuerySet[VoucherLine]:
    """The postings on an account that the bank should know: since its first line, without openings."""
    since = bank_lines(collective, account).aggregate(first=Min("on"))["first"]
    found = VoucherLine.objects.filter(collective=collective, account=account).exclude(
        voucher__kind=VoucherKind.OPENING
    )
    return (found.filter(on__gte=since) if since else found.none()).select_related("voucher").order_by("on", "pk")


def unmatched(rows: QuerySet, name: str) -> QuerySet:  # type: ignore[type-arg]  # of either side
    """Those that stand in no group; `name` is the side's column there."""
    return rows.filter(~Exists(MatchedLine.objects.filter(**{name: OuterRef("pk")}, undone_on__isnull=True)))


def offers_of(lines: Sequence[BankLine], postings: Sequence[VoucherLine]) -> list[BankOffer]:
    """What is offered to a person: which postings each of these lines may be."""
    rows = [BankRow(one.pk, one.on, one.fen, one.stands_fen, one.serial, one.text) for one in lines]
    books = [
        BookRow(one.pk, one.on, one.fen, f"{one.voucher.text} {one.text}".strip(), str(one.voucher)) for one in postings
    ]
    return compute_offers(rows, books, bank_forms().days)


@dataclass(frozen=True, slots=True)
class MatchedGroup:
    """What a person confirmed to be the same money."""

    group: str
    lines: list[BankLine]
    postings: list[VoucherLine]
    reasons: list[Any]
    by: str
    on: date


def groups_of(collective: Collective, account: str, most: int = 20) -> list[MatchedGroup]:
    """The newest groups of an account that were confirmed and are not reconciled yet; two queries."""
    last = last_reconciled(collective, account)
    rows = (
        MatchedLine.objects.filter(undone_on__isnull=True)
        .filter(
            Q(bank_line__collective=collective, bank_line__account=account)
            | Q(posting__collective=collective, posting__account=account)
        )
        .select_related("bank_line", "posting__voucher", "confirmed_by")
        .order_by("-pk")
    )
    if last is not None:
        rows = rows.filter(Q(bank_line__on__gt=last.until) | Q(posting__on__gt=last.until))
    found: dict[str, MatchedGroup] = {}
    for row in rows[: most * 3]:
        name = row.confirmed_by.name if row.confirmed_by else ""
        one = found.setdefault(row.group, MatchedGroup(row.group, [], [], row.reasons, name, row.confirmed_on))
        if row.bank_line is not None:
            one.lines.append(row.bank_line)
        elif row.posting is not None:
            one.postings.append(row.posting)
    return list(found.values())[:most]


def reconciled(collective: Collective, account: str) -> QuerySet[Reconciliation]:
    """The days on which an account agreed with the bank, newest first."""
    found = Reconciliation.objects.filter(collective=collective, account=account)
    return found.select_related("reconciled_by").order_by("-until")


def last_reconciled(collective: Collective, account: str) -> Reconciliation | None:
    """The newest day on which an account agreed with the bank."""
    return reconciled(collective, account).first()


def sides_on(collective: Collective, account: str, until: date) -> BankSides:
    """Both sides of an account on a day; five queries. What was confirmed to be the same money counts when all of it has come."""
    later = MatchedLine.objects.filter(group=OuterRef("group"), undone_on__isnull=True).filter(
        Q(bank_line__on__gt=until) | Q(posting__on__gt=until)
    )
    settled = MatchedLine.objects.filter(undone_on__isnull=True).filter(~Exists(later))
    lines = bank_lines(collective, account).filter(on__lte=until)
    postings = postings_on(collective, account).filter(on__lte=until)
    last = lines.exclude(stands_fen=None).last()
    only_books = postings.filter(~Exists(settled.filter(posting=OuterRef("pk"))))
    only_bank = lines.filter(~Exists(settled.filter(bank_line=OuterRef("pk"))))
    kept = VoucherLine.objects.filter(collective=collective, account=account, on__lte=until)
    return BankSides(
        last.stands_fen if last else None,
        *(rows.order_by().aggregate(fen=Sum("fen"))["fen"] or 0 for rows in (kept, only_books, only_bank)),
    )
