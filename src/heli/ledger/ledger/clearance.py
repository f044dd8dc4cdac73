"""The clearance of what a village's collective holds 清产核资, declared: eight states, each step by whoever may."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.access import Actor
from heli.kernel.faults import Fault
from heli.ledger.ledger.registers import ENTRY, KEEP, LOCK, READ, VERIFY
from heli.ledger.models import (
    AssetState,
    Clearance,
    ClearanceState,
    CollectiveAsset,
    CollectiveContract,
    ContractState,
)
from heli.ledger.rules.property import check_posted
from heli.ledger.texts import as_fault
from heli.records.ledgers import Ledger, Move, Values, Wording
from heli.records.words import MATTERS_ONLY

S = ClearanceState
UNCOUNTED, UNVERIFIED = (AssetState.LISTED,), (AssetState.LISTED, AssetState.COUNTED)
UNREAD, UNCOMPARED = (ContractState.TAKEN_IN,), (ContractState.TAKEN_IN, ContractState.COMPARED)


def all_counted(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Every asset of the place was counted, every contract compared with its paper."""
    yield from _left(row, UNCOUNTED, UNREAD)


def all_verified(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Every asset and contract of the place was verified by another person."""
    yield from _left(row, UNVERIFIED, UNCOMPARED)


def has_hung(_actor: Actor, row: Any, _values: Values, on: date) -> Iterable[Fault]:
    """It was posted long enough."""
    yield from map(as_fault, check_posted(row.posted_on, on))


def _left(row: Any, assets: Iterable[str], contracts: Iterable[str]) -> Iterable[Fault]:
    counts = (
        CollectiveAsset.objects.filter(place=row.place_id, status__in=assets).count(),
        CollectiveContract.objects.filter(place=row.place_id, status__in=contracts).count(),
    )
    if any(counts):
        text = now("%(assets)s assets and %(contracts)s contracts of the place are not there yet. Lead them on first.")
        yield Fault("not_all_there", text % {"assets": counts[0], "contracts": counts[1]})


CLEARANCES = Ledger(
    name="clearances", model=Clearance, states=ClearanceState, reads=READ, enters=KEEP, title="title",
    done=S.HANDED_OVER, icon="list", entry=ENTRY, row_template="ledger/clearance.html",
    form=("title", "place", "cleared_on", "due_on"),
    words=Wording(
        tab=_("Clearances"), caption=_("Clearances of assets"), one=_("Clearance"), new=_("Begin a clearance"),
        take_in=_("Take in a list of clearances"), template=_("clearances template"), empty=_("No clearance has begun"),
        first=_("Begin the first clearance"),
        empty_text=_("Counted and entered, verified by another person, posted seven days, confirmed, locked, filed, handed over."),
        replaces=_("plan and ledger of the clearance (清产核资工作台账)"),
        replaces_row=_("summary sheets of the clearance (清产核资汇总表)"),
    ),
    moves=(
        Move(
            name="count", did="counted", right=KEEP, sources=(S.OPEN,), to=S.COUNTED, stamp="counted", guard=all_counted,
            card=_("All counted and entered?"), button=_("All is counted and entered"), icon="check", is_main=True,
            happened=pgettext_lazy("clearance", "all counted and entered"),
        ),
        Move(
            name="verify", did="verified", right=VERIFY, sources=(S.COUNTED,), to=S.VERIFIED, stamp="verified", never="counted",
            guard=all_verified, card=_("All verified?"), button=_("All is verified"), icon="check", is_main=True,
            waits=_("You said all is counted; another person verifies it."),
            happened=pgettext_lazy("clearance", "all verified"),
        ),
        Move(
            name="recount", did="sent_back", right=VERIFY, sources=(S.COUNTED, S.VERIFIED), to=S.OPEN,
            clears=("counted", "verified"), never="counted", card=_("All verified?"), button=_("Count again"), icon="undo",
            is_folded=True, reason=_("Reason"), happened=pgettext_lazy("clearance", "sent back to be counted again"),
        ),
        Move(
            name="post", did="posted", right=VERIFY, sources=(S.VERIFIED,), to=S.POSTED, stamp="posted",
            card=_("Post the result"), button=_("Post it for seven days"), is_main=True,
            happened=pgettext_lazy("clearance", "posted"),
        ),
        Move(
            name="confirm", did="confirmed", right=VERIFY, sources=(S.POSTED,), to=S.CONFIRMED, stamp="confirmed",
            asks=("decision",), needs=("decision",), evidence=_("Minutes of the members' assembly"), help=MATTERS_ONLY,
            guard=has_hung, card=_("Confirmed by the members?"), button=_("The members confirmed it"), icon="check",
            is_main=True, happened=pgettext_lazy("clearance", "confirmed"),
        ),
        Move(
            name="lock", did="locked", right=LOCK, sources=(S.CONFIRMED,), to=S.LOCKED, stamp="locked",
            card=_("Lock what was confirmed"), button=_("Lock it"), is_main=True,
            happened=pgettext_lazy("clearance", "locked"),
        ),
        Move(
            name="file", did="filed", right=VERIFY, sources=(S.LOCKED,), to=S.FILED, stamp="filed", asks=("filed_as",),
            needs=("filed_as",), card=_("File it"), button=_("It is filed"), is_main=True,
            happened=pgettext_lazy("clearance", "filed"),
        ),
        Move(
            name="hand_over", did="handed_over", right=KEEP, sources=(S.FILED,), to=S.HANDED_OVER, stamp="closed",
            evidence=_("Who handed over what to whom (offices)"), help=MATTERS_ONLY, card=_("Hand it over"),
            button=_("It is handed over"), is_main=True, happened=pgettext_lazy("clearance", "handed over"),
        ),
    ),
)  # fmt: skip
