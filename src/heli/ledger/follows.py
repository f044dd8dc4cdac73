"""What follows the steps of a clearance: its assets are led along, the result is posted, what the place holds is locked."""

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
from heli.ledger.rules.property import POSTED_DAYS
from heli.ledger.services.locking import lock_property
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


FOLLOWS = (
    Follow("clearances", "post", post),
    Follow("clearances", "confirm", confirm),
    Follow("clearances", "lock", lock),
)
