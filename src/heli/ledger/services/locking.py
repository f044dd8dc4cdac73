"""Writes about locks: what a place's collective holds stays as it is, until the lock is lifted."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.ledger.models import PropertyLock
from heli.ledger.queries.clearing import kept_at, lock_at
from heli.records.services import hold

APPROVE, LIFT = "ledger.approve", "ledger.lock"


def lock_property(
    *, actor: Actor, place_id: int, district_id: int, on: date | None = None, at: datetime | None = None
) -> PropertyLock:
    """Lock what a place's collective holds, from a day on; how contracts and public facilities stand is kept. Locked already:
    nothing happens.
    """
    with writing(actor, "ledger.lock_property", action=APPROVE, place_id=place_id, at=at) as act:
        found = lock_at(place_id)
        if found is None:
            found = PropertyLock.objects.create(
                public_id=new_public_id(), place_id=place_id, district_id=district_id, by_id=actor.id,
                since_on=on or timezone.localdate(), kept=kept_at([place_id]),
            )  # fmt: skip
        act.subject = f"lock:{found.public_id}"
        act.after = {"since": found.since_on, "contracts": len(found.kept["contracts"])}
    return found


def lift_lock(
    *, actor: Actor, lock: PropertyLock, reason: str, on: date | None = None, at: datetime | None = None
) -> PropertyLock:
    """End a lock on a day; it says why."""
    if not reason.strip():
        raise Refused(Fault("reason_empty", _("Say why."), field="reason"))
    with writing(actor, "ledger.lift_lock", action=LIFT, place_id=lock.place_id, reason=reason.strip(), at=at) as act:
        held: PropertyLock = hold(PropertyLock.objects, pk=lock.pk)
        if held.lifted_on is not None:
            raise Refused(Fault("not_now", _("It is lifted already.")))
        held.lifted_on, held.reason = on or timezone.localdate(), reason.strip()[:300]
        held.save(update_fields=["lifted_on", "reason"])
        act.subject = f"lock:{held.public_id}"
    return held
