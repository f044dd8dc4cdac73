"""The registers of collective property and of its contracts, declared: cleared step by step, each by whoever may."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.access import Actor, may
from heli.kernel.faults import Fault
from heli.ledger.catalogues import contract_law
from heli.ledger.models import AssetState, CollectiveAsset, CollectiveContract, ContractState, PropertyLock
from heli.ledger.rules.contracts import compute_void_from, read_steps
from heli.ledger.rules.property import check_difference, check_posted
from heli.ledger.texts import as_fault
from heli.records.ledgers import Ledger, Move, Values, Wording
from heli.records.words import MATTERS_ONLY

READ, KEEP, VERIFY, LOCK = "ledger.read", "ledger.keep", "ledger.verify", "ledger.lock"
ENTRY = "property:home"
S, C = AssetState, ContractState


def difference_has_cause(_actor: Actor, row: Any, values: Values, _on: date) -> Iterable[Fault]:
    """Counted otherwise than the books say: why."""
    yield from map(as_fault, check_difference(row.value_fen, values["counted_fen"], values["difference"] or ""))


def has_hung(_actor: Actor, row: Any, _values: Values, on: date) -> Iterable[Fault]:
    """It was posted long enough."""
    yield from map(as_fault, check_posted(row.posted_on, on))


def check_contract(values: Values, _on: date) -> Iterable[Fault]:
    """Nothing ends before it begins."""
    if values.get("begins_on") and values.get("due_on") and values["due_on"] < values["begins_on"]:
        yield Fault(
            "ends_before_it_begins", now("It cannot end before it begins. Correct one of the days."), field="due_on"
        )
    try:
        read_steps(values.get("price_steps") or "")
    except ValueError:
        text = now("Write each step as a day and yuan a year, such as: 2028-01-01 1200.00; 2030-01-01 1350.00")
        yield Fault("steps_unreadable", text, field="price_steps")
    votes, entitled = values.get("votes_for"), values.get("votes_entitled")
    if votes is not None and (entitled is None or votes > entitled):
        yield Fault("votes_of_entitled", now("Say of how many entitled; no more vote for it."), field="votes_entitled")


def check_asset(values: Values, _on: date) -> Iterable[Fault]:
    """What a list says was counted otherwise than the books say needs its cause; a value left is below what it cost."""
    if values.get("counted_fen") is not None:
        found = check_difference(values.get("value_fen") or 0, values["counted_fen"], values.get("difference") or "")
        yield from map(as_fault, found)
    if (values.get("residual_fen") or 0) > (values.get("value_fen") or 0):
        yield Fault(
            "residual_above_value", now("No more is left than it cost. Correct one of the two."), field="residual_fen"
        )


def may_be_signed(_actor: Actor, row: Any, values: Values, _on: date) -> Iterable[Fault]:
    """Under a lock a contract begun since then stands only with the town's approval; what is older was found."""
    lock = PropertyLock.objects.filter(place=row.place_id, lifted_on__isnull=True).first()
    if lock is not None and row.begins_on >= lock.since_on and not (values["approval"] or "").strip():
        text = now(
            "The property is locked since %(day)s: enter the approval of the town, or correct the day it begins."
        )
        yield Fault("locked_since", text % {"day": lock.since_on.isoformat()}, field="approval")


def may_be_disposed(actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Under a lock a contract ends by the hand of the town."""
    is_locked = PropertyLock.objects.filter(place=row.place_id, lifted_on__isnull=True).exists()
    if is_locked and not may(actor, VERIFY, row.place_id):
        yield Fault("locked", now("The property is locked: the town enters how a contract ended."))


def void_from(row: Any, _values: Values, _on: date) -> Values:
    """From when the law lets it stand no longer."""
    return {
        "void_from": compute_void_from(contract_law().limits.get(row.kind), row.begins_on, row.due_on, row.within_until)
    }


def counted_before(row: Any, _on: date) -> Values:
    """What a list said was counted; else what the books say."""
    return {"counted_fen": row.value_fen if row.counted_fen is None else row.counted_fen, "difference": row.difference}


ASSETS = Ledger(
    name="assets", model=CollectiveAsset, states=AssetState, reads=READ, enters=KEEP, title="title",
    done=S.LOCKED, closed="locked", icon="building", groups=("kind",), entry=ENTRY,
    form=("title", "place", "kind", "account", "value_fen", "area_dm2"), check=check_asset,
    row_template="ledger/asset.html",
    words=Wording(
        tab=_("Assets and resources"), caption=_("Register of assets and resources"), one=_("Asset or resource"),
        new=_("Enter an asset"), take_in=_("Take in a list of assets"), template=_("register of assets template"),
        empty=_("No asset in the register"), first=_("Enter the first asset"), groups=_("By what it serves, town and age"),
        empty_text=_("What the books say is listed here, counted on site, verified by another person, posted, confirmed, locked."),
        replaces=_("forms of the clearance (清产核资报表)"), replaces_row=_("clearance sheet of an asset (资产清查登记表)"),
    ),
    moves=(
        Move(
            name="count", did="counted", right=KEEP, sources=(S.LISTED,), to=S.COUNTED, stamp="counted",
            asks=("counted_fen", "difference"), needs=("counted_fen",), guard=difference_has_cause,
            start=counted_before, card=_("Count it on site"), button=_("It was counted"),
            icon="check", is_main=True, happened=pgettext_lazy("asset", "counted"),
        ),
        Move(
            name="verify", did="verified", right=VERIFY, sources=(S.COUNTED,), to=S.VERIFIED, stamp="verified",
            never="counted", card=_("Is it as counted?"), button=_("Verify it"), icon="check", is_main=True,
            waits=_("You counted it; another person verifies it."), happened=pgettext_lazy("asset", "verified"),
        ),
        Move(
            name="recount", did="sent_back", right=VERIFY, sources=(S.COUNTED,), to=S.LISTED, clears=("counted",),
            never="counted", card=_("Is it as counted?"), button=_("Have it counted again"), icon="undo", is_folded=True,
            reason=_("Reason"), sets=lambda _row, _values, _on: {"counted_fen": None, "difference": ""},
            happened=pgettext_lazy("asset", "sent back to be counted again"),
        ),
        Move(
            name="post", did="posted", right=KEEP, sources=(S.VERIFIED,), to=S.POSTED, stamp="posted",
            evidence=_("Where it hangs"), help=MATTERS_ONLY, card=_("Post it"), button=_("It hangs from today"),
            is_main=True, happened=pgettext_lazy("asset", "posted"),
        ),
        Move(
            name="object", did="objected", right=VERIFY, sources=(S.POSTED,), to=S.LISTED,
            clears=("posted", "verified", "counted"), card=_("Nobody objects?"), button=_("An objection holds"), icon="undo",
            is_folded=True, reason=_("Reason"), sets=lambda _row, _values, _on: {"counted_fen": None, "difference": ""},
            happened=pgettext_lazy("asset", "an objection holds"),
        ),
        Move(
            name="confirm", did="confirmed", right=VERIFY, sources=(S.POSTED,), to=S.CONFIRMED, stamp="confirmed",
            guard=has_hung, card=_("Nobody objects?"), button=_("Confirm it"), icon="check", is_main=True,
            happened=pgettext_lazy("asset", "confirmed"),
        ),
        Move(
            name="lock", did="locked", right=LOCK, sources=(S.CONFIRMED,), to=S.LOCKED, stamp="locked",
            card=_("Lock it"), button=_("Lock it"), is_main=True, happened=pgettext_lazy("asset", "locked"),
        ),
    ),
)  # fmt: skip
CONTRACTS = Ledger(
    name="contracts", model=CollectiveContract, states=ContractState, reads=READ, enters=KEEP, title="title",
    done=C.ENDED, icon="paper", groups=("kind",), entry=ENTRY, check=check_contract,
    form=(
        "title", "place", "kind", "party", "party_kind", "begins_on", "due_on", "rent_fen", "price_steps", "area_dm2",
        "object_code",
    ),
    row_template="ledger/contract.html",
    words=Wording(
        tab=_("Contracts"), caption=_("Register of contracts"), one=_("Contract"), new=_("Enter a contract"),
        take_in=_("Take in a list of contracts"), template=_("register of contracts template"),
        empty=_("No contract in the register"), first=_("Enter the first contract"), groups=_("By kind, town and age"),
        empty_text=_("Leases and land contracts of the collectives, with their last day: a merger leaves them as they are."),
        replaces=_("contract ledger (合同台账)"), replaces_row=_("contract registration sheet (合同登记表)"),
    ),
    moves=(
        Move(
            name="compare", did="compared", right=KEEP, asks=("approval",), guard=may_be_signed,
            start=lambda row, _on: {"approval": row.approval}, sources=(C.TAKEN_IN,), to=C.COMPARED, stamp="compared",
            evidence=_("What the paper says"), help=MATTERS_ONLY, card=_("Compare it with the paper"),
            button=_("It is as written"), icon="check", is_main=True, sets=void_from,
            happened=pgettext_lazy("contract", "compared with the paper"),
        ),
        Move(
            name="verify", did="verified", right=VERIFY, sources=(C.COMPARED,), to=C.VERIFIED, stamp="verified",
            never="compared", card=_("Is it as compared?"), button=_("Verify it"), icon="check", is_main=True,
            waits=_("You compared it; another person verifies it."), happened=pgettext_lazy("contract", "verified"),
        ),
        Move(
            name="return", did="returned", right=VERIFY, sources=(C.COMPARED,), to=C.TAKEN_IN, clears=("compared",),
            never="compared", card=_("Is it as compared?"), button=_("Send it back"), icon="undo", is_folded=True,
            reason=_("Reason"), happened=pgettext_lazy("contract", "sent back"),
        ),
        Move(
            name="arrears", did="noted", right=KEEP, sources=(C.VERIFIED,), to=C.VERIFIED, asks=("arrears_fen",),
            needs=("arrears_fen",), card=_("Note arrears"), button=_("Save"), is_folded=True,
            happened=pgettext_lazy("contract", "arrears noted"),
        ),
        Move(
            name="end", did="ended", right=KEEP, sources=(C.VERIFIED,), to=C.ENDED, stamp="closed", asks=("arrears_fen",),
            evidence=_("How it ended"), guard=may_be_disposed, help=_("Arrears stay here after the end."), card=_("It has ended"),
            button=_("It has ended"), is_folded=True, happened=pgettext_lazy("contract", "ended"),
        ),
    ),
)  # fmt: skip
