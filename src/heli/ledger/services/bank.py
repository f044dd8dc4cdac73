"""Writes about what the bank says: its lists are taken in, a person confirms what is the same money, another that both agree."""

import hashlib
from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.kernel.quantities import YUAN
from heli.ledger.bank_file import read_statement
from heli.ledger.models import BankLine, BankStatement, Collective, MatchedLine, Reconciliation, VoucherLine
from heli.ledger.queries.bank import (
    bank_accounts,
    bank_lines,
    last_reconciled,
    offers_of,
    postings_on,
    sides_on,
    unmatched,
)
from heli.ledger.rules.bank import BankRow, check_agreement, compute_new
from heli.ledger.services.vouchers import BOOKS, CHECK
from heli.ledger.texts import as_fault
from heli.places.imports.queries import ReadList
from heli.records.services import hold, refuse_oneself


def take_in_statement(
    *, actor: Actor, collective: Collective, account: str, content: bytes, name: str, at: datetime | None = None
) -> tuple[BankStatement, ReadList]:
    """Take in a bank's list: only lines that are not known yet; the list may be one taken in before or overlap it.

    Raises `Refused` for what cannot be read, a balance that does not follow from the line before it, lines to come, and new lines
    in what is reconciled.
    """
    if account not in bank_accounts(collective):
        raise Refused(
            Fault("no_bank_account", _("Choose an account of the bank at its lowest level."), field="account")
        )
    rows, listed = read_statement(content, name)
    with writing(actor, "ledger.take_in_statement", action=BOOKS, place_id=collective.body.place_id, at=at) as act:
        held: Collective = hold(Collective.objects, pk=collective.pk)
        within = bank_lines(held, account).filter(on__gte=rows[0].on, on__lte=rows[-1].on)
        known = [BankRow(one.row, one.on, one.fen, one.stands_fen, one.serial) for one in within]
        new = compute_new(rows, known)
        _refuse_lines(held, account, new, timezone.localdate(act.at))
        made = BankStatement(
            public_id=new_public_id(), collective=held, account=account, name=name[:120], rows=len(rows),
            known=len(rows) - len(new), sha256=hashlib.sha256(content).hexdigest(), taken_by_id=actor.id, taken_at=act.at,
        )  # fmt: skip
        made.save(force_insert=True)
        seen = Counter((one.on, one.fen) for one in known)
        lines = []
        for one in new:
            seen[one.on, one.fen] += 1
            lines.append(
                BankLine(
                    statement=made, collective=held, account=account, on=one.on, fen=one.fen, nth=seen[one.on, one.fen],
                    stands_fen=one.stands_fen, serial=one.serial, text=one.text, row=one.row,
                )
            )  # fmt: skip
        BankLine.objects.bulk_create(lines)
        act.subject = f"collective {held.pk}"
        act.after = {"account": account, "rows": len(rows), "new": len(new), "read": listed.recorded()}
    return made, listed


def confirm_match(
    *,
    actor: Actor,
    collective: Collective,
    account: str,
    line_ids: Collection[int],
    posting_ids: Collection[int],
    on: date | None = None,
    at: datetime | None = None,
) -> str:
    """Confirm that lines of the bank and postings are the same money; the group's id. Refused where they do not add up alike, and
    for what stands in another group.
    """
    with writing(actor, "ledger.confirm_match", action=BOOKS, place_id=collective.body.place_id, at=at) as act:
        held: Collective = hold(Collective.objects, pk=collective.pk)
        lines = list(unmatched(bank_lines(held, account), "bank_line").filter(pk__in=line_ids))
        postings = list(unmatched(postings_on(held, account), "posting").filter(pk__in=posting_ids))
        if len(lines) < len(set(line_ids)) or len(postings) < len(set(posting_ids)) or not lines or not postings:
            raise Refused(Fault("not_now", _("Choose lines of both sides that are not matched yet.")))
        bank, books = sum(one.fen for one in lines), sum(one.fen for one in postings)
        if bank != books:
            text = _(
                "The bank's lines add up to %(bank)s yuan, the postings to %(books)s yuan. Choose what is the same money."
            )
            raise Refused(Fault("sums_differ", text % {"bank": YUAN.typed(bank), "books": YUAN.typed(books)}))
        offers = {frozenset((one.row, *one.postings)): one.reasons for one in offers_of(lines, postings)}
        reasons = offers.get(frozenset((*line_ids, *posting_ids)), ()) if len(lines) == 1 else ()
        told = [[code, dict(facts)] for code, facts in reasons] or [["chosen", {}]]
        group, day = new_public_id(), on or timezone.localdate(act.at)
        given = {"group": group, "reasons": told, "confirmed_by_id": actor.id, "confirmed_on": day}
        MatchedLine.objects.bulk_create(
            [
                *(MatchedLine(bank_line=one, **given) for one in lines),
                *(MatchedLine(posting=one, **given) for one in postings),
            ]
        )
        act.subject, act.after = f"collective {held.pk}", {"account": account, "fen": bank, "reasons": told}
    return group


def undo_match(
    *, actor: Actor, collective: Collective, group: str, on: date | None = None, at: datetime | None = None
) -> None:
    """Take apart a group that was confirmed by mistake. Refused once its account is reconciled up to one of its days."""
    with writing(actor, "ledger.undo_match", action=BOOKS, place_id=collective.body.place_id, at=at) as act:
        held: Collective = hold(Collective.objects, pk=collective.pk)
        rows = MatchedLine.objects.filter(group=group, undone_on__isnull=True)
        lines = list(BankLine.objects.filter(collective=held, pk__in=rows.values("bank_line")))
        if not lines:
            raise Refused(Fault("not_now", _("It is taken apart already.")))
        last = last_reconciled(held, lines[0].account)
        days = [
            *(one.on for one in lines),
            *VoucherLine.objects.filter(pk__in=rows.values("posting")).values_list("on", flat=True),
        ]
        if last is not None and min(days) <= last.until:
            raise _reconciled(last)
        act.subject, act.before = (
            f"collective {held.pk}",
            {"account": lines[0].account, "fen": sum(x.fen for x in lines)},
        )
        rows.update(undone_by_id=actor.id, undone_on=on or timezone.localdate(act.at))


def reconcile(
    *,
    actor: Actor,
    collective: Collective,
    account: str,
    until: date,
    bank_fen: int,
    on: date | None = None,
    at: datetime | None = None,
) -> Reconciliation:
    """Say that an account agrees with the bank at a day's end, where `bank_fen` stand; from then on nothing is posted up to it.

    By another than took in the newest list or confirmed what is the same money. Raises `Refused` with both sides when they differ.
    """
    today = on or timezone.localdate()
    with writing(actor, "ledger.reconcile", action=CHECK, place_id=collective.body.place_id, at=at) as act:
        held: Collective = hold(Collective.objects, pk=collective.pk)
        newest = BankStatement.objects.filter(collective=held, account=account).last()
        if newest is None:
            raise Refused(Fault("no_statement", _("Take in a statement of the bank first."), field="until"))
        last = last_reconciled(held, account)
        if until > today or (last is not None and until <= last.until):
            raise Refused(
                Fault("day_unfit", _("Choose a day after the last reconciled one and not to come."), field="until")
            )
        hands = MatchedLine.objects.filter(
            bank_line__collective=held, bank_line__account=account, undone_on__isnull=True
        )
        since = hands.filter(bank_line__on__gt=last.until) if last else hands
        for first in {newest.taken_by_id, *since.values_list("confirmed_by", flat=True)}:
            refuse_oneself(actor=actor, first_id=first)
        sides = sides_on(held, account, until)
        found = [
            as_fault(one)
            for one in check_agreement(bank_fen, sides.books_fen, sides.only_books_fen, sides.only_bank_fen)
        ]
        if sides.bank_fen is not None and sides.bank_fen != bank_fen:
            text = _(
                "By its list the bank has %(said)s yuan on that day. Correct the amount, or take in the rest of the list."
            )
            found = [Fault("bank_says_else", text % {"said": YUAN.typed(sides.bank_fen)}, field="bank_fen")]
        if found:
            raise Refused(found)
        made = Reconciliation(
            public_id=new_public_id(), collective=held, account=account, until=until, bank_fen=bank_fen,
            books_fen=sides.books_fen, only_books_fen=sides.only_books_fen, only_bank_fen=sides.only_bank_fen,
            prepared_by_id=newest.taken_by_id, prepared_on=timezone.localdate(newest.taken_at), reconciled_by_id=actor.id,
            reconciled_on=today,
        )  # fmt: skip
        made.save(force_insert=True)
        act.subject = f"collective {held.pk}"
        act.after = {"account": account, "until": until, "bank": bank_fen, "books": sides.books_fen}
    return made


def _refuse_lines(held: Collective, account: str, new: Collection[BankRow], today: date) -> None:
    last = last_reconciled(held, account)
    for one in new:
        source = _("row %(row)s") % {"row": one.row}
        if one.on > today:
            raise Refused(Fault("day_in_future", _("This day has not come yet."), field="day", source=source))
        if last is not None and one.on <= last.until:
            raise Refused(
                Fault(_reconciled(last).faults[0].code, _reconciled(last).faults[0].message, field="day", source=source)
            )


def _reconciled(last: Reconciliation) -> Refused:
    text = _("The account is reconciled with the bank up to %(day)s: what stands there stays. Choose a later day.")
    return Refused(Fault("reconciled", text % {"day": last.until.isoformat()}))
