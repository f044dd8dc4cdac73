"""What stands against a line in the books: closed, locked, carried away, reconciled with the bank, or below zero."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from heli.bodies.queries import property_places
from heli.kernel.faults import Fault, Finding
from heli.ledger.models import (
    ClosedMonth,
    Collective,
    Reconciliation,
    Transfer,
    TransferState,
    Voucher,
    VoucherKind,
    VoucherLine,
)
from heli.ledger.queries.clearing import lock_at
from heli.ledger.rules import books as rules
from heli.ledger.rules.books import Draw
from heli.ledger.texts import as_fault


@dataclass(frozen=True, slots=True)
class BooksBefore:
    """What is known of the books of some holders before something is posted on a day: the month closed last, what is reconciled
    (account, until) from the day on, and what stood on money and funds before it and moved since, by holder and account.
    """

    closed: Mapping[int, date]
    settled: Mapping[int, Sequence[tuple[str, date]]]
    before: Mapping[tuple[int, str], int]
    later: Mapping[tuple[int, str], Mapping[date, int]]


def standing_of(collective_ids: Collection[int], day: date, accounts: Collection[str]) -> BooksBefore:
    """That of holders whose accounts are booked on; four queries at most, however many they are."""
    months = ClosedMonth.objects.filter(collective__in=collective_ids).order_by().values_list("collective")
    settled: dict[int, list[tuple[str, date]]] = defaultdict(list)
    if any(rules.compute_first_level(account) == rules.BANK for account in accounts):
        rows = Reconciliation.objects.filter(collective__in=collective_ids, until__gte=day).order_by("until")
        for key, account, until in rows.values_list("collective", "account", "until"):
            settled[key].append((account, until))
    later: dict[tuple[int, str], dict[date, int]] = defaultdict(dict)
    before: dict[tuple[int, str], int] = {}
    if kept := [account for account in accounts if rules.compute_first_level(account) in rules.NEVER_BELOW]:
        lines = VoucherLine.objects.filter(collective__in=collective_ids, account__in=kept).order_by()
        stood = lines.filter(on__lt=day).values_list("collective", "account").annotate(fen=Sum("fen"))
        before = {(key, account): fen for key, account, fen in stood}
        for key, account, on, fen in (
            lines.filter(on__gte=day).values_list("collective", "account", "on").annotate(fen=Sum("fen"))
        ):
            later[key, account][on] = fen
    return BooksBefore(dict(months.annotate(last=Max("month"))), settled, before, later)


def check_posting(
    collective: Collective, kind: str, day: date, today: date, *, draws: Sequence[Draw], stand: BooksBefore
) -> list[Fault]:
    """What stands against posting lines on a day."""
    return [
        *check_day(collective, kind, day, today, stand.closed.get(collective.pk)),
        *check_reconciled(draws, stand.settled.get(collective.pk, ())),
        *check_below(collective, day, draws, stand),
    ]


def check_day(collective: Collective, kind: str, day: date, today: date, closed: date | None) -> list[Fault]:
    """Vouchers stand in open months of the books, opening balances before the first of them."""
    if kind == VoucherKind.OPENING:
        if closed is not None:
            return [Fault("openings_stand", _("The first month is closed: opening balances stand."))]
        return []
    if day < collective.begins_on:
        told = _("The books begin on %(day)s. Enter what was before as opening balances.")
        return [Fault("before_the_books", told % {"day": collective.begins_on}, field="on")]
    if day > today and kind != VoucherKind.YEAR_END:
        return [Fault("day_in_future", _("This day has not come yet."), field="on")]
    if closed is not None and day < rules.compute_next_month(closed, collective.begins_on):
        told = _("%(month)s is closed. Choose a day of an open month.")
        return [Fault("month_closed", told % {"month": f"{day:%Y-%m}"}, field="on")]
    return []


def check_moves(
    collective: Collective, kind: str, draws: Sequence[Draw], today: date, reverses: Voucher | None
) -> list[Fault]:
    """Books that were carried to a successor stay as they are; where property is locked, only what the bank did is still booked."""
    of_transfer = kind == VoucherKind.TRANSFER or (reverses is not None and reverses.kind == VoucherKind.TRANSFER)
    if of_transfer or kind == VoucherKind.YEAR_END:
        return []
    gone = Transfer.objects.filter(giver=collective, status=TransferState.POSTED)
    to = next((one.goes_to for one in gone if str(collective.pk) not in one.parts), None)
    if to is not None:
        told = _("These books were carried to %(name)s: book it there.")
        return [Fault("carried_away", told % {"name": to})]
    if kind == VoucherKind.OPENING or any(rules.compute_first_level(one.account) == rules.BANK for one in draws):
        return []
    place_id = property_places([collective.body_id], today).get(collective.body_id)
    if place_id is None or lock_at(place_id) is None:
        return []
    told = _("Property is locked here: only what the bank received or paid is booked until the transfer is done.")
    return [Fault("locked", told)]


def check_reconciled(draws: Sequence[Draw], settled: Sequence[tuple[str, date]]) -> list[Fault]:
    """What agreed with the bank on a day stays as it is; the database refuses the same."""
    accounts = [draw.account for draw in draws if rules.compute_first_level(draw.account) == rules.BANK]
    for account, until in settled:
        if any(one.startswith(account) for one in accounts):
            told = _(
                "%(account)s is reconciled with the bank up to %(day)s: what stands there stays. Choose a later day."
            )
            return [Fault("reconciled", told % {"account": account, "day": until.isoformat()}, field="on")]
    return []


def check_below(collective: Collective, day: date, draws: Sequence[Draw], stand: BooksBefore) -> list[Fault]:
    """Money and earmarked funds as they would stand at the end of each day from this one on."""
    changes: dict[str, int] = defaultdict(int)
    for draw in draws:
        if rules.compute_first_level(draw.account) in rules.NEVER_BELOW:
            changes[draw.account] += draw.fen
    found: list[Finding] = []
    for account, fen in changes.items():
        key = collective.pk, account
        found += rules.check_never_below(account, stand.before.get(key, 0), stand.later.get(key, {}), {day: fen})
    return [as_fault(finding) for finding in found]
