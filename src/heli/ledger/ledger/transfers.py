"""Transfers of books, declared: decided by the members, signed by giver, receiver and supervisor, carried, or voided."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.assemblies.queries.sittings import DecidedSitting, decision_about
from heli.kernel.access import Actor
from heli.kernel.faults import Fault
from heli.ledger.ledger.registers import ENTRY, KEEP, LOCK, READ
from heli.ledger.models import CarryingWay, Transfer, TransferState
from heli.ledger.rules.transfers import check_told
from heli.ledger.texts import as_fault, said_sitting
from heli.records.ledgers import Ledger, Move, Values, Wording
from heli.records.services import refuse_oneself
from heli.records.words import MATTERS_ONLY

CHECK, APPROVE = "ledger.check", "ledger.approve"
S = TransferState
PENDING = (S.OPEN, S.DECIDED, S.GIVEN, S.RECEIVED, S.SIGNED)


def decided_by_members(_actor: Actor, row: Any, _values: Values, on: date) -> Iterable[Fault]:
    """A recorded sitting of the members about this very transfer passed the merger; delegates cannot (Art. 28)."""
    return said_sitting(_sitting(row, on))


def is_carried(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Only what is carried is signed; what is kept apart stays."""
    if row.way == CarryingWay.APART:
        yield Fault("kept_apart", now("The members decided to keep their books apart: nothing is signed."))
    if row.receiver_id is None and not row.parts:
        yield Fault("no_receiver", now("The successor keeps no books yet, or nobody said who gets how much."))


def third_person(actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Giver, receiver and supervisor are three people."""
    refuse_oneself(actor=actor, first_id=row.given_by_id, source="supervise")
    return ()


def creditors_counted(_actor: Actor, row: Any, values: Values, _on: date) -> Iterable[Fault]:
    """No more were told than there are, and not before the approval."""
    told, on = values["creditors_told"], values["told_on"]
    yield from map(as_fault, check_told(row.creditors or 0, told or 0, values["approved_on"], on))


def resolved(row: Any, values: Values, on: date) -> Values:
    """The sitting that decided and its votes; what is kept apart is resolved with the decision."""
    found, status = _sitting(row, on), {"status": S.KEPT_APART.value} if values["way"] == CarryingWay.APART else {}
    if found is None:
        return status
    decided = {"decision": str(found.held_on), "votes_for": found.votes_for}
    return {**status, **decided, "votes_entitled": found.entitled}


def _sitting(row: Any, on: date) -> DecidedSitting | None:
    return decision_about(row.public_id, "merge_coop", ("coop_members",), on)


TRANSFERS = Ledger(
    name="transfers", model=Transfer, states=TransferState, reads=READ, enters="", title="title", done=S.POSTED,
    icon="paper", groups=("way",), entry=ENTRY, row_template="ledger/transfer.html",
    words=Wording(
        tab=_("Transfers"), caption=_("Transfers of books in mergers and divisions"), one=_("Transfer"), new="", take_in="",
        empty=_("No books have to be carried"), groups=_("By way, town and age"),
        empty_text=_("A merger or a division in the register opens a transfer for each holder whose place goes on elsewhere."),
        replaces=_("handover ledger of merged villages (资产移交台账)"), replaces_row=_("handover register (移交清册)"),
    ),
    moves=(
        Move(
            name="decide", did="decided", right=KEEP, sources=(S.OPEN, S.DECIDED), to=S.DECIDED, stamp="decided",
            asks=("way", "on"), needs=("way", "on"), guard=decided_by_members, sets=resolved,
            help=_("Of the recorded sitting of the members about this transfer."), start=lambda row, _on: {"on": row.on},
            card=_("What did the members decide?"), button=_("Enter the decision"), is_main=True,
            happened=pgettext_lazy("transfer", "decided by the members"),
        ),
        Move(
            name="divide", did="divided", right=KEEP, sources=(S.OPEN, S.DECIDED), to=None,
            asks=("parts_text", "assign_text"), needs=("parts_text",), card=_("Who gets what?"),
            button=_("Divide it like this"), is_folded=True,
            start=lambda row, _on: {"parts_text": row.parts_text, "assign_text": row.assign_text},
            happened=pgettext_lazy("transfer", "said who gets what"),
        ),
        Move(
            name="give", did="given", right=KEEP, sources=(S.DECIDED,), to=S.GIVEN, stamp="given", guard=is_carried,
            card=_("Sign for the giver"), button=_("The giver hands over"), is_main=True,
            happened=pgettext_lazy("transfer", "signed by the giver"),
        ),
        Move(
            name="receive", did="received", right=KEEP, sources=(S.GIVEN,), to=S.RECEIVED, stamp="received", never="given",
            card=_("Sign for the receiver"), button=_("The receiver takes over"), is_main=True,
            waits=_("You signed for the giver; another person signs for the receiver."),
            happened=pgettext_lazy("transfer", "signed by the receiver"),
        ),
        Move(
            name="supervise", did="supervised", right=CHECK, sources=(S.RECEIVED,), to=S.SIGNED, stamp="supervised",
            never="received", guard=third_person, card=_("Sign as supervisor"), button=_("It was handed over as listed"),
            icon="check", is_main=True, waits=_("You signed for the receiver; a third person supervises it."),
            happened=pgettext_lazy("transfer", "signed by the supervisor"),
        ),
        Move(
            name="post", did="posted", right=APPROVE, sources=(S.SIGNED,), to=S.POSTED, stamp="closed", never="given",
            card=_("Carry it"), button=_("Carry it with the others of the event"), icon="check", is_main=True,
            waits=_("You signed for the giver; another person carries it."), happened=pgettext_lazy("transfer", "carried"),
        ),
        Move(
            name="void", did="voided", right=APPROVE, sources=PENDING, to=S.VOIDED, reason=_("Reason"), card=_("Void it"),
            button=_("Void it"), icon="undo", is_folded=True, happened=pgettext_lazy("transfer", "voided"),
        ),
        Move(
            name="reverse", did="reversed", right=LOCK, sources=(S.POSTED,), to=S.REVERSED, reason=_("Reason"),
            card=_("Take it back"), button=_("Take it back"), icon="undo", is_folded=True,
            happened=pgettext_lazy("transfer", "taken back"),
        ),
        Move(
            name="tell", did="told", right=KEEP, sources=(S.POSTED,), to=S.POSTED,
            asks=("approved_on", "creditors_told", "told_on"), needs=("approved_on", "creditors_told", "told_on"),
            guard=creditors_counted, evidence=_("How they were told (numbers only)"), help=MATTERS_ONLY,
            card=_("Tell the creditors"), button=_("They were told"), happened=pgettext_lazy("transfer", "creditors told"),
        ),
    ),
)  # fmt: skip
