"""Writes of vouchers: made, agreed to, signed by the cashier, checked and posted, or sent back, dropped, reversed.

Who wants a number or a balance holds the row of the holder: eight writers take turns, and no number is burnt.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.audit.types import OpenEntry
from heli.files.services import take_given
from heli.kernel.access import Actor, require
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.ledger.catalogues import account_classes, approval_tiers, chart
from heli.ledger.models import (
    Collective,
    SubAccount,
    Voucher,
    VoucherKind,
    VoucherLine,
    VoucherState,
)
from heli.ledger.queries.books import balances, last_closed, sub_accounts
from heli.ledger.queries.clearing import right_under_lock
from heli.ledger.queries.standing import check_day, check_moves, check_posting, check_reconciled, standing_of
from heli.ledger.rules import books as rules
from heli.ledger.rules.books import Draw
from heli.ledger.texts import as_fault
from heli.records.fields import check_values
from heli.records.services import hold, refuse_oneself

BOOKS, CASH, CHECK, READ = "ledger.books", "ledger.cash", "ledger.check", "ledger.read"
OPEN_STATES = (VoucherState.MADE, VoucherState.RETURNED)
REVERSIBLE = (VoucherKind.ORDINARY, VoucherKind.YEAR_END)
LONGEST_TEXT = 120
UNSIGNED: Mapping[str, Any] = {
    f"{step}_{part}": None for step in ("approved", "paid", "checked") for part in ("by_id", "on")
}


@dataclass(frozen=True, slots=True)
class VoucherDraft:
    """A voucher as it was typed: its day, what happened, its lines, how many papers, and one of them as a file."""

    on: date
    text: str
    draws: Sequence[Draw]
    papers: int = 1
    paper: Any = None


def add_account(
    *, actor: Actor, collective: Collective, code: str, name: str, at: datetime | None = None
) -> SubAccount:
    """Add a level below an account. Refused: outside the chart, below nothing, not two digits more, there already, no name."""
    known = sub_accounts(collective)
    above = code[:-2]
    found = check_values(SubAccount, {"name": name}, date.min)
    if not (code.isascii() and code.isdigit()) or rules.compute_first_level(code) not in chart().entries:
        found.append(Fault("outside_the_chart", _("Begin with an account of the chart of 2024."), field="code"))
    elif len(code) <= rules.LEVEL or (len(above) > rules.LEVEL and above not in known) or len(above) < rules.LEVEL:
        text = _("Each level has two digits more than the account above it, which must be there.")
        found.append(Fault("level_wrong", text, field="code"))
    elif code in known:
        found.append(Fault("account_exists", _("This account is there already."), field="code"))
    if found:
        raise Refused(found)
    with writing(actor, "ledger.add_account", action=BOOKS, place_id=collective.body.place_id, at=at) as act:
        made = SubAccount.objects.create(collective=collective, code=code, name=name.strip())
        act.subject, act.after = f"collective {collective.pk}", {"code": code, "name": made.name}
    return made


def make_voucher(
    *,
    actor: Actor,
    collective: Collective,
    draft: VoucherDraft,
    voucher: Voucher | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Voucher:
    """Make a voucher, or make one again that waits or was sent back: what was signed is signed anew.

    Raises `Refused` for lines that do not balance or lie outside the chart, a day in a closed month, before the books or to
    come, no paper.
    """
    return _made(actor, collective, draft, VoucherKind.ORDINARY, voucher=voucher, on=on, at=at)


def make_openings(
    *,
    actor: Actor,
    collective: Collective,
    balances_fen: Mapping[str, int],
    text: str,
    papers: int = 1,
    paper: Any = None,
    at: datetime | None = None,
) -> Voucher:
    """A voucher that brings the opening balances to these: {account: fen}. Refused after the first close, and for no change."""
    if last_closed(collective) is not None:
        told = _("The first month is closed: opening balances stand. Book what is wrong as a voucher of today.")
        raise Refused(Fault("openings_stand", told))
    day = collective.begins_on - timedelta(days=1)
    draws = rules.compute_difference(balances_fen, balances(collective, day))
    if not draws:
        raise Refused(Fault("nothing_changes", _("The opening balances stand like this already.")))
    draft = VoucherDraft(day, text, draws, papers, paper)
    return _made(actor, collective, draft, VoucherKind.OPENING, at=at)


def make_year_end(
    *, actor: Actor, collective: Collective, year: int, on: date | None = None, at: datetime | None = None
) -> Voucher:
    """The next of the two vouchers that end a year: income and expenses to 321, then 321 to 322. Refused when both are done."""
    day = date(year, rules.DECEMBER, 31)
    stand = balances(collective, day)
    draws = rules.compute_income_carried(stand, account_classes())
    with translation.override("zh-hans"):
        text = _("Income and expenses of %(year)s carried to the income of the year")
        if not draws:
            draws, text = rules.compute_result_carried(stand), _("Income of %(year)s carried to its distribution")
    if not draws:
        raise Refused(Fault("year_ended", _("The year is carried already, or nothing was earned or spent.")))
    draft = VoucherDraft(day, text % {"year": year}, draws, 0)
    return _made(actor, collective, draft, VoucherKind.YEAR_END, on=on, at=at)


def reverse_voucher(
    *, actor: Actor, voucher: Voucher, reason: str, on: date, today: date | None = None, at: datetime | None = None
) -> Voucher:
    """The one voucher that takes back a posted one, line by line, on a day of an open month; checked like any other."""
    require(actor, BOOKS, voucher.collective.body.place_id)
    found = []
    if voucher.status != VoucherState.POSTED or voucher.kind not in REVERSIBLE:
        text = _(
            "Only a posted voucher is reversed; a reversal is not, nor opening balances: enter them anew. What was carried is "
            "taken back on the page of its transfer."
        )
        found.append(Fault("not_reversible", text))
    if not reason.strip():
        found.append(Fault("reason_empty", _("Say why."), field="reason"))
    if on < voucher.on:
        found.append(Fault("before_it", _("It cannot be taken back before its day."), field="on"))
    if found:
        raise Refused(found)
    draws = [Draw(line.account, -line.fen, line.text) for line in voucher.lines.all()]
    text = _("Takes back voucher %(number)s: %(reason)s") % {"number": voucher, "reason": reason.strip()}
    draft = VoucherDraft(on, text[:LONGEST_TEXT], draws, 0)
    return _made(actor, voucher.collective, draft, VoucherKind.REVERSAL, on=today, at=at, reverses=voucher)


def agree_to_voucher(*, actor: Actor, voucher: Voucher, on: date | None = None, at: datetime | None = None) -> Voucher:
    """Agree to a large sum, before the cashier pays; whoever holds the right of its tier, not its maker."""
    with _step(actor, "agree_to_voucher", voucher, voucher.right or CHECK, at) as (act, held):
        refuse_oneself(actor=actor, first_id=held.made_by_id)
        return _signed(act, held, "approved", on)


def sign_voucher(*, actor: Actor, voucher: Voucher, on: date | None = None, at: datetime | None = None) -> Voucher:
    """The cashier signs that the money came in or went out; what needs somebody's agreement has it first."""
    with _step(actor, "sign_voucher", voucher, CASH, at) as (act, held):
        refuse_oneself(actor=actor, first_id=held.made_by_id)
        refuse_oneself(actor=actor, first_id=held.approved_by_id)
        if not held.moves_money:
            raise Refused(Fault("no_money", _("No money moves with this voucher: nothing to sign.")))
        _refuse_not_agreed(held)
        return _signed(act, held, "paid", on)


def check_voucher(*, actor: Actor, voucher: Voucher, on: date | None = None, at: datetime | None = None) -> Voucher:
    """Check it as another person than maker and cashier: it gets its number and stands in the books.

    Raises `Refused` where the cashier or an agreement is missing, the month was closed, or money or a fund would fall below zero.
    """
    with _step(actor, "check_voucher", voucher, CHECK, at) as (act, held):
        for first in (held.made_by_id, held.paid_by_id, held.approved_by_id):
            refuse_oneself(actor=actor, first_id=first)
        _refuse_not_agreed(held)
        if held.moves_money and held.paid_on is None:
            raise Refused(Fault("not_signed", _("The cashier signs first that the money came in or went out.")))
        post(held, act=act, on=on or timezone.localdate())
    return held


def return_voucher(*, actor: Actor, voucher: Voucher, reason: str, at: datetime | None = None) -> Voucher:
    """Send it back to its maker, with the reason."""
    if not reason.strip():
        raise Refused(Fault("reason_empty", _("Say why."), field="reason"))
    with _step(actor, "return_voucher", voucher, CHECK, at) as (act, held):
        refuse_oneself(actor=actor, first_id=held.made_by_id)
        held.status, held.reason, act.reason = VoucherState.RETURNED, reason.strip()[:300], reason.strip()
        _unsign(held)
        held.save()
    return held


def drop_voucher(*, actor: Actor, voucher: Voucher, at: datetime | None = None) -> Voucher:
    """Put a voucher away that was not posted; it never had a number."""
    with _step(actor, "drop_voucher", voucher, BOOKS, at, *OPEN_STATES) as (_act, held):
        held.status = VoucherState.DROPPED
        held.save(update_fields=["status"])
    return held


def post(held: Voucher, *, act: OpenEntry, on: date) -> None:
    """Give a voucher its number and write its lines; the holder's row is locked, inside an open `writing` block."""
    if found := check_moves(held.collective, held.kind, [Draw(*line) for line in held.draft], on, held.reverses):
        raise Refused(found)
    post_all([held], act=act, on=on)
    act.after = {"voucher": str(held), "fen": held.debit_fen}


def post_all(vouchers: Sequence[Voucher], *, act: OpenEntry, on: date) -> None:
    """The same of vouchers of one day, one of each holder, kept already or new; a constant number of queries for new ones."""
    day, draws = vouchers[0].on, [[Draw(*line) for line in one.draft] for one in vouchers]
    keys = [one.collective_id for one in vouchers]
    stand = standing_of(keys, day, {draw.account for some in draws for draw in some})
    found = [fault for one, some in zip(vouchers, draws, strict=True)
             for fault in check_posting(one.collective, one.kind, day, on, draws=some, stand=stand)]  # fmt: skip
    if found:
        raise Refused(found)
    series = Voucher.objects.filter(collective__in=keys, year=day.year).order_by().values_list("collective")
    last = dict(series.annotate(last=Max("number")))
    for one in vouchers:
        one.number = (last.get(one.collective_id) or 0) + 1
        one.status, one.checked_by_id, one.checked_on = VoucherState.POSTED, act.actor.id, on
        if one.pk is not None:
            one.save(update_fields=["number", "status", "checked_by", "checked_on"])
    Voucher.objects.bulk_create([one for one in vouchers if one.pk is None])
    VoucherLine.objects.bulk_create(
        VoucherLine(voucher=one, collective_id=one.collective_id, on=day, account=d.account, fen=d.fen, text=d.text)
        for one, some in zip(vouchers, draws, strict=True)
        for d in some
    )


# -- parts -------------------------------------------------------------------------------------------------------------


def _made(
    actor: Actor,
    collective: Collective,
    draft: VoucherDraft,
    kind: VoucherKind,
    *,
    on: date | None = None,
    at: datetime | None = None,
    voucher: Voucher | None = None,
    reverses: Voucher | None = None,
) -> Voucher:
    on = on or timezone.localdate()
    banks = {draw.account for draw in draft.draws if rules.compute_first_level(draw.account) == rules.BANK}
    stand = standing_of([collective.pk], draft.on, banks)
    found = [
        *check_values(Voucher, {"text": draft.text}, on),
        *map(as_fault, rules.check_draws(draft.draws, chart().entries, sub_accounts(collective))),
        *check_day(collective, kind, draft.on, on, stand.closed.get(collective.pk)),
        *check_reconciled(draft.draws, stand.settled.get(collective.pk, ())),
        *check_moves(collective, kind, draft.draws, on, reverses),
    ]
    if draft.papers < 1 and kind in (VoucherKind.ORDINARY, VoucherKind.OPENING):
        found.append(
            Fault("paper_missing", _("A voucher has paper: say how many pieces, or add a photo."), field="papers")
        )
    if found:
        raise Refused(found)
    place_id = collective.body.place_id
    with writing(actor, "ledger.make_voucher", action=BOOKS, place_id=place_id, at=at) as act:
        if kind != VoucherKind.ORDINARY:
            hold(Collective.objects, pk=collective.pk)
            _refuse_second(collective, kind, reverses)
        held = hold(Voucher.objects, pk=voucher.pk) if voucher else Voucher(public_id=new_public_id(), kind=kind)
        if voucher and held.status not in OPEN_STATES:
            raise _not_now()
        money_out = 0 if kind in (VoucherKind.OPENING, VoucherKind.YEAR_END) else rules.compute_money_out(draft.draws)
        held.collective, held.reverses, held.status, held.reason = collective, reverses, VoucherState.MADE, ""
        held.year, held.on, held.text, held.papers = draft.on.year, draft.on, draft.text.strip(), draft.papers
        held.draft = [[draw.account, draw.fen, draw.text.strip()[:LONGEST_TEXT]] for draw in draft.draws]
        held.debit_fen = held.credit_fen = rules.compute_debit(draft.draws)
        held.money_out_fen = money_out
        held.moves_money = kind not in (VoucherKind.OPENING, VoucherKind.YEAR_END) and rules.moves_money(draft.draws)
        held.right = rules.compute_right(money_out, approval_tiers()) or right_under_lock(collective, draft.draws, kind)
        held.made_by_id, held.made_on = actor.id, on
        _unsign(held)
        if draft.paper is not None:
            held.paper = take_given(
                actor=actor, given=draft.paper, purpose=BOOKS, action=READ, place_id=place_id, at=act.at
            )
        held.save()
        act.subject, act.after = f"voucher:{held.public_id}", {"kind": str(kind), "fen": held.debit_fen}
    return held


@contextmanager
def _step(
    actor: Actor, name: str, voucher: Voucher, right: str, at: datetime | None, *states: VoucherState
) -> Iterator[tuple[OpenEntry, Voucher]]:
    """A `writing` block about a voucher that waits (or is in `states`): holder and voucher locked, looked at again."""
    place_id = voucher.collective.body.place_id
    with writing(actor, f"ledger.{name}", action=right, place_id=place_id, at=at) as act:
        collective = hold(Collective.objects, pk=voucher.collective_id)
        held: Voucher = hold(Voucher.objects, pk=voucher.pk)
        if held.status not in (states or (VoucherState.MADE,)):
            raise _not_now()
        held.collective = collective
        act.subject = f"voucher:{held.public_id}"
        yield act, held


def _signed(act: OpenEntry, held: Voucher, step: str, on: date | None) -> Voucher:
    if getattr(held, f"{step}_on") is not None:
        raise _not_now()
    setattr(held, f"{step}_by_id", act.actor.id)
    setattr(held, f"{step}_on", on or timezone.localdate())
    held.save(update_fields=[f"{step}_by", f"{step}_on"])
    return held


def _unsign(held: Voucher) -> None:
    for column, empty in UNSIGNED.items():
        setattr(held, column, empty)


def _refuse_second(collective: Collective, kind: VoucherKind, reverses: Voucher | None) -> None:
    """Of what the house works out one voucher waits at a time, and a voucher is taken back once; the holder's row is held."""
    if reverses is not None:
        if Voucher.objects.filter(reverses=reverses).exclude(status=VoucherState.DROPPED).exists():
            raise Refused(Fault("reversed_already", _("This voucher is taken back already.")))
    elif Voucher.objects.filter(collective=collective, kind=kind, status__in=OPEN_STATES).exists():
        told = _("One such voucher waits already. Have it checked, or drop it.")
        raise Refused(Fault("waits_already", told))


def _refuse_not_agreed(held: Voucher) -> None:
    if held.right and held.approved_on is None:
        raise Refused(Fault("not_agreed", _("So much goes out only when another person has agreed to it.")))


def _not_now() -> Refused:
    return Refused(Fault("not_now", _("This cannot be done now: somebody else has moved the matter on.")))
