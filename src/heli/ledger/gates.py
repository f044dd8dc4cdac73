"""The gates that the registers answer: locked, cleared, confirmed, and nothing changed since the lock."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.kernel.declare import Gate, Subject
from heli.kernel.faults import Fault
from heli.ledger.models import ClearanceState, DividendState, TransferState
from heli.ledger.queries.clearing import (
    CLEARED,
    CONFIRMED,
    changed_since_lock,
    lock_at,
    newest_clearance,
    with_predecessors,
)
from heli.ledger.queries.dividends import newest_at
from heli.ledger.queries.holders import collectives_at
from heli.ledger.queries.transfers import into_place

TRANSFERRED, CREDITORS_TOLD = "ledger.transferred", "ledger.creditors_told"
DIVIDEND_DECIDED = "ledger.dividend_decided"
RESOLVED = (TransferState.POSTED, TransferState.KEPT_APART)
LOCKED, ASSETS_CLEARED, CLEARANCE_CONFIRMED, UNCHANGED = (
    "ledger.locked", "ledger.assets_cleared", "ledger.clearance_confirmed", "ledger.unchanged",
)  # fmt: skip


def locked(*, subject: Subject, on: date) -> Iterable[Fault]:
    """What the place's collective holds is locked by the day."""
    lock = lock_at(subject.place) if subject.place is not None else None
    if lock is None or lock.since_on > on:
        yield Fault("not_locked", _("The property of this place is not locked yet."), source=LOCKED)


def cleared(gate: str, states: Iterable[str], *, subject: Subject, on: date) -> Iterable[Fault]:
    """The newest clearance of the place is that far."""
    found = newest_clearance(subject.place, on) if subject.place is not None else None
    if found is None:
        yield Fault("no_clearance", _("No clearance of this place has begun."), source=gate)
    elif found.status not in states:
        text = _("The clearance “%(title)s” is not that far: %(state)s.")
        given = {"title": found.title, "state": ClearanceState(found.status).label}
        yield Fault("clearance_not_there", text % given, source=gate)


def assets_cleared(*, subject: Subject, on: date) -> Iterable[Fault]:
    """Counted, entered and verified by another person."""
    return cleared(ASSETS_CLEARED, CLEARED, subject=subject, on=on)


def clearance_confirmed(*, subject: Subject, on: date) -> Iterable[Fault]:
    """Posted seven days and confirmed by the members."""
    return cleared(CLEARANCE_CONFIRMED, CONFIRMED, subject=subject, on=on)


def unchanged(*, subject: Subject, on: date) -> Iterable[Fault]:
    """Contracts and public facilities are as on the day of the lock, here and in what went into the place."""
    differs = changed_since_lock(with_predecessors(subject.place), on) if subject.place is not None else []
    if differs:
        text = _("%(count)s contracts or facilities differ from the day of the lock: %(codes)s.")
        codes = _(", ").join(code for _sort, code in differs[:5])
        yield Fault("differs_from_lock", text % {"count": len(differs), "codes": codes}, source=UNCHANGED)


def transferred(*, subject: Subject, on: date) -> Iterable[Fault]:
    """All books that go into the place are carried or kept apart."""
    rows = into_place(subject.place) if subject.place is not None else []
    waiting = [one.title for one in rows if one.status not in RESOLVED or one.on > on]
    if waiting:
        text = _("Not carried yet: %(names)s.")
        yield Fault("not_carried", text % {"names": _(", ").join(waiting)}, source=TRANSFERRED)


def creditors_told(*, subject: Subject, on: date) -> Iterable[Fault]:
    """The creditors of all that was carried into the place were told, each of them."""
    rows = into_place(subject.place) if subject.place is not None else []
    for one in rows:
        if one.status == TransferState.POSTED and (one.creditors or 0) > (one.creditors_told or 0):
            text = _("%(name)s: %(told)s of %(due)s creditors were told.")
            given = {"name": one.title, "told": one.creditors_told or 0, "due": one.creditors}
            yield Fault("creditors_untold", text % given, source=CREDITORS_TOLD)


def dividend_decided(*, subject: Subject, on: date) -> Iterable[Fault]:
    """The newest dividend of the holders of the place was decided by their members."""
    held = [] if subject.place is None else collectives_at([subject.place], on).get(subject.place, [])
    plan = newest_at([one.pk for one in held])
    if plan is None or plan.status != DividendState.DECIDED:
        yield Fault("dividend_undecided", _("No dividend was decided by the members yet."), source=DIVIDEND_DECIDED)


GATES = (
    Gate(DIVIDEND_DECIDED, gettext_noop("The members decided the dividend"), dividend_decided),
    Gate(TRANSFERRED, gettext_noop("All books are carried or kept apart"), transferred),
    Gate(CREDITORS_TOLD, gettext_noop("The creditors were told"), creditors_told),
    Gate(LOCKED, gettext_noop("The property is locked"), locked),
    Gate(ASSETS_CLEARED, gettext_noop("The assets are cleared and registered"), assets_cleared),
    Gate(CLEARANCE_CONFIRMED, gettext_noop("The clearance was posted and confirmed"), clearance_confirmed),
    Gate(UNCHANGED, gettext_noop("Contracts and facilities are as on the day of the lock"), unchanged),
)
