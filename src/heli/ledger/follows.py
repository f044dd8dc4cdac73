"""What follows steps elsewhere: of a clearance (assets led along, the result posted, the place locked), of a transfer (books)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from heli.consultation.queries.notices import notice_by_address
from heli.consultation.services.notices import post_notice
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Fault, Finding, Refused
from heli.kernel.quantities import YUAN
from heli.ledger.ledger import ASSETS, READ
from heli.ledger.models import AssetState, CollectiveAsset
from heli.ledger.queries.clearing import totals_at
from heli.ledger.queries.holders import collectives_at
from heli.ledger.queries.transfers import items_of
from heli.ledger.rules.carrying import WHOLE_BP
from heli.ledger.rules.property import POSTED_DAYS
from heli.ledger.rules.transfers import read_pairs
from heli.ledger.services.locking import lock_property
from heli.ledger.services.transfers import carry_on, take_back
from heli.ledger.texts import as_fault, said_blocked
from heli.ledger.types import CarryBlocked
from heli.places import queries as places
from heli.records.abouts import find_about
from heli.records.ledgers import Follow, Values
from heli.records.services import move_all

MOST_NAMED = 12
"""Faults of a division told at once."""


def _at(row: Any, state: AssetState) -> dict[str, Any]:
    """The assets of the clearance's place that stand in a state, as `move_all` takes them."""
    return {"ledger": ASSETS, "rows": CollectiveAsset.objects.filter(place=row.place_id, status=state)}


def post(actor: Actor, row: Any, _values: Values, on: date, at: datetime) -> Values:
    """The totals hang for seven days as a notice of the consultation, on the wall and online."""
    held = totals_at([row.place_id])
    with translation.override("zh-hans"):
        text = _(
            "%(title)s, as of %(day)s: %(assets)s assets, in the books %(book)s yuan, as counted %(counted)s yuan, difference "
            "%(difference)s yuan; %(contracts)s contracts in force. Who sees it otherwise says so while it hangs."
        ) % {
            "title": row.title, "day": row.cleared_on.isoformat(), "assets": held.assets, "book": YUAN.typed(held.book_fen),
            "counted": YUAN.typed(held.counted_fen), "difference": YUAN.typed(held.difference_fen),
            "contracts": held.contracts,
        }  # fmt: skip
    about = find_about(row.about, SYSTEM, READ)
    if about is None:
        raise Refused(Fault("not_now", _("What it is about is not there any more.")))
    notice = post_notice(
        actor=actor, about=about, kind="clearance", title=row.title, text=text,
        place_ids=[row.place_id], first_on=on, last_on=on + timedelta(days=POSTED_DAYS), on=on, at=at,
    )  # fmt: skip
    move_all(actor=actor, **_at(row, AssetState.VERIFIED), name="post", note=row.title, on=on, at=at)
    totals = {
        "assets": held.assets,
        "book_fen": held.book_fen,
        "counted_fen": held.counted_fen,
        "contracts": held.contracts,
    }
    return {"notice": notice.public_id, "totals": totals}


def confirm(actor: Actor, row: Any, _values: Values, on: date, at: datetime) -> Values:
    """The notice still hung at its end, and nothing was counted otherwise meanwhile; the assets are confirmed with it."""
    notice = notice_by_address(row.notice)
    if notice is not None and notice.taken_down_on is not None and notice.taken_down_on < notice.last_on:
        raise Refused(Fault("taken_down", _("The notice was taken down before its time. Post it again.")))
    held = totals_at([row.place_id])
    if {"assets": held.assets, "counted_fen": held.counted_fen} != {
        k: row.totals.get(k) for k in ("assets", "counted_fen")
    }:
        raise Refused(
            Fault("not_as_posted", _("The registers are not as they were posted. Count again and post it anew."))
        )
    move_all(actor=actor, **_at(row, AssetState.POSTED), name="confirm", on=on, at=at)
    return {}


def lock(actor: Actor, row: Any, _values: Values, on: date, at: datetime) -> Values:
    """The assets are locked, and the place with them."""
    move_all(actor=actor, **_at(row, AssetState.CONFIRMED), name="lock", on=on, at=at)
    lock_property(actor=actor, place_id=row.place_id, district_id=row.district_id, on=on, at=at)
    return {}


def read_division(_actor: Actor, row: Any, values: Values, _on: date, _at: datetime) -> Values:
    """Who gets how much and which item, by names of holders that stand on the day; every item is asked.

    Raises `Refused` for a line that cannot be read, shares that are not all, an item that is not there, twice or nobody's.
    """
    known = {one.body.name: one for found in collectives_at(_targets(row), row.on).values() for one in found}
    shares, given = (
        _named(values["parts_text"], known, "parts_text"),
        _named(values["assign_text"], known, "assign_text"),
    )
    parts = {name: int(share) for name, share in shares if share.isascii() and share.isdigit()}
    found = []
    if len(parts) < len(shares) or sum(parts.values()) != WHOLE_BP or 0 in parts.values():
        total = sum(int(share) for _name, share in shares if share.isascii() and share.isdigit())
        found.append(replace(as_fault(Finding("share", {"holder": row.title, "sum": total})), field="parts_text"))
    items, said = dict(items_of(row)), Counter(code for code, _name in given)
    wrong = [Finding("unknown_item" if code not in items else "item_twice", {"item": code})
             for code, times in said.items() if code not in items or times > 1]  # fmt: skip
    found += [as_fault(one) for one in wrong]
    left = [code for code in items if code not in said or (len(parts) > 1 and dict(given)[code] not in parts)]
    if len(parts) > 1:
        found += said_blocked(CarryBlocked(tuple(left)), items)
    if found:
        raise Refused(replace(one, field=one.field or "assign_text") for one in found[:MOST_NAMED])
    return {
        "parts": {str(known[name].pk): share for name, share in parts.items()},
        "assign": {code: known[name].pk for code, name in given},
    }


def _named(text: str | None, known: Mapping[str, Any], field: str) -> list[tuple[str, str]]:
    """The lines that name a holder at their beginning (who gets how much) or at their end (which item goes to whom)."""
    try:
        lines = read_pairs(text or "")
        for line in lines:
            if line[field == "assign_text"] not in known:
                raise ValueError(" ".join(line))
    except ValueError as wrong:
        told = _("“%(what)s” cannot be read. Write the names as they stand here: %(names)s.")
        told %= {"what": wrong, "names": _(", ").join(sorted(known))}
        raise Refused(Fault("division_unreadable", told, field=field)) from wrong
    return lines


def _targets(row: Any) -> list[int]:
    found = places.events_of([row.place_id], only_in_force=True)
    event = next((one for one in found if one.public_id == row.event), None)
    links = event.links if event else ()
    return sorted({link.target_id for link in links if link.target_id is not None and link.source_id == row.place_id})


def find_receiver(_actor: Actor, row: Any, values: Values, _on: date, _at: datetime) -> Values:
    """The successor's holder, where it came to be since the transfer was opened; the decision is one of the members' assembly."""
    if row.receiver_id is not None or row.parts:
        return {}
    targets = _targets(row)
    held = [one for found in collectives_at(targets, row.on).values() for one in found if one.pk != row.giver_id]
    if len(held) != 1 or len(targets) > 1:
        return {}
    return {"receiver_id": held[0].pk, "goes_to": held[0].body.name[:120]}


def carry_books(actor: Actor, row: Any, _values: Values, on: date, at: datetime) -> Values:
    """The books of all that go together are carried, in the same transaction."""
    return carry_on(actor=actor, transfer=row, on=on, at=at)


def take_books_back(actor: Actor, row: Any, _values: Values, _on: date, at: datetime) -> Values:
    """What was carried goes back."""
    take_back(actor=actor, transfer=row, at=at)
    return {}


FOLLOWS = (
    Follow("transfers", "decide", find_receiver),
    Follow("transfers", "divide", read_division),
    Follow("transfers", "post", carry_books),
    Follow("transfers", "reverse", take_books_back),
    Follow("clearances", "post", post),
    Follow("clearances", "confirm", confirm),
    Follow("clearances", "lock", lock),
)
