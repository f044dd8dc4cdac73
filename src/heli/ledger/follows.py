"""What follows steps elsewhere: of a clearance (assets led along, the result posted, the place locked), of a transfer (books)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from heli.consultation.queries.notices import notice_by_address
from heli.consultation.services.notices import post_notice
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.quantities import YUAN
from heli.ledger.ledger import ASSETS, READ
from heli.ledger.models import AssetState, CollectiveAsset
from heli.ledger.queries.clearing import totals_at
from heli.ledger.queries.holders import collectives_at
from heli.ledger.rules.property import POSTED_DAYS
from heli.ledger.rules.transfers import read_pairs
from heli.ledger.services.locking import lock_property
from heli.ledger.services.transfers import carry_on, take_back
from heli.places import queries as places
from heli.records.abouts import find_about
from heli.records.ledgers import Follow, Values
from heli.records.services import move_all


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
    """Who gets how much and which item, by names of holders that stand on the day."""
    known = {one.body.name: one.pk for found in collectives_at(_targets(row), row.on).values() for one in found}
    try:
        shares = {known[name]: int(share) for name, share in read_pairs(values["parts_text"] or "")}
        assign = {code: known[name] for code, name in read_pairs(values["assign_text"] or "")}
    except (ValueError, KeyError) as wrong:
        text = _("“%(what)s” cannot be read. Write the names as they stand here: %(names)s.")
        told = text % {"what": str(wrong).strip("'\""), "names": _(", ").join(sorted(known))}
        raise Refused(Fault("division_unreadable", told, field="parts_text")) from wrong
    return {"parts": {str(key): share for key, share in shares.items()}, "assign": assign}


def _targets(row: Any) -> list[int]:
    found = places.events_of([row.place_id], only_in_force=True)
    event = next((one for one in found if one.public_id == row.event), None)
    return [link.target_id for link in event.links if link.target_id is not None] if event else []


def find_receiver(_actor: Actor, row: Any, values: Values, _on: date, _at: datetime) -> Values:
    """The successor's holder, where it came to be since the transfer was opened; the decision is one of the members' assembly."""
    if row.receiver_id is not None or row.parts:
        return {}
    held = [one for found in collectives_at(_targets(row), row.on).values() for one in found if one.pk != row.giver_id]
    return {"receiver_id": held[0].pk, "goes_to": held[0].body.name[:120]} if len(held) == 1 else {}


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
