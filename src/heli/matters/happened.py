"""What services of matters write into history and trail."""

from typing import Any

from heli.audit.types import OpenEntry
from heli.matters.ledger import MATTERS
from heli.matters.models import Matter
from heli.records.models import Event


def event_of(ledger: str, row: Any, did: str, act: OpenEntry, reason: str = "") -> Event:
    """An entry of the history of a row, not yet written."""
    return Event(
        ledger=ledger, row=row.public_id, about=row.about, district_id=row.district_id, at=act.at, did=did,
        status=row.status, due_on=row.due_on, by_id=act.actor.id, by_name=act.actor.name, reason=reason,
    )  # fmt: skip


def tell(matter: Matter, did: str, act: OpenEntry, reason: str = "") -> None:
    """Write that something happened to a matter."""
    event_of(MATTERS.name, matter, did, act, reason).save(force_insert=True)


def subject_of(matter: Matter) -> str:
    """How the trail names a matter."""
    return f"{MATTERS.name}:{matter.public_id}"
