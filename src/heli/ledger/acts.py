"""What the registers do when a step is accepted: the property of the place is locked."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.kernel.access import Actor
from heli.kernel.declare import Act, Subject
from heli.kernel.faults import Fault, Refused
from heli.ledger.ledger import TRANSFERS
from heli.ledger.models import TransferState
from heli.ledger.queries.transfers import into_place
from heli.ledger.services.locking import lock_property
from heli.records.services import move


def lock(*, actor: Actor, subject: Subject, on: date) -> str:
    """Lock what the place's collective holds, from a day on; the public id of the lock. Locked already: nothing happens."""
    if subject.place is None:
        raise Refused(Fault("no_place", _("Only the property of a place is locked.")))
    return lock_property(actor=actor, place_id=subject.place, district_id=subject.district, on=on).public_id


def tell_lock(_subject: Subject) -> str:
    """What locking would change."""
    return _(
        "From {act_on} on: no voucher but what the bank did, no contract, no disposal without the town's second signature."
    )


def transfer(*, actor: Actor, subject: Subject, on: date) -> str:
    """Carry the books that go into the place and are signed by all three; those carried already stay as they are."""
    carried = []
    rows = into_place(subject.place) if subject.place is not None else []
    for one in rows:
        one.refresh_from_db()
        if one.status == TransferState.SIGNED:
            move(actor=actor, ledger=TRANSFERS, row=one, name="post", on=on)
            carried.append(one.public_id)
    return " ".join(carried)


def tell_transfer(_subject: Subject) -> str:
    """What carrying would change."""
    return _(
        "From {act_on} on the successor keeps what its villages had and owed; a proof shows that nothing was lost."
    )


ACTS = (
    Act("ledger.transfer", gettext_noop("Carry the books to the successor"), transfer, tell_transfer),
    Act("ledger.lock", gettext_noop("Lock the property of the place"), lock, tell_lock),
)
