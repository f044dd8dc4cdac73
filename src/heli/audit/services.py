"""The way of a write: one transaction, one permission question, one audit entry (DESIGN §2)."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from heli.audit.models import Entry
from heli.kernel.access import Actor, require

GENESIS = "0" * 64


@dataclass(slots=True)
class Act:
    """The entry being written; a service fills in what it knows before its block ends."""

    actor: Actor
    what: str
    place_id: int | None
    reason: str
    at: datetime
    subject: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


_open: ContextVar[tuple[Act, ...]] = ContextVar("open_acts", default=())


@contextmanager
def writing(
    actor: Actor, what: str, *, place_id: int | None = None, reason: str = "", at: datetime | None = None
) -> Iterator[Act]:
    """Open the one transaction of a service and write its audit entry when the block succeeds.

    `what` is both the action asked of `may` and the name in the trail ("places.import"). Nested blocks join the outer
    transaction and leave an entry each. Raises `Forbidden` before anything is written.
    """
    require(actor, what, place_id)
    act = Act(actor, what, place_id, reason, at or datetime.now(UTC))
    token = _open.set((*_open.get(), act))
    try:
        with transaction.atomic():
            yield act
            append(act)
    finally:
        _open.reset(token)


def append(act: Act) -> Entry:
    """Chain one entry to the trail's head; call inside a transaction."""
    head = Entry.objects.order_by("-seq").first()
    entry = Entry(
        seq=head.seq + 1 if head else 1,
        at=act.at,
        actor_id=act.actor.id,
        actor_name=act.actor.name,
        what=act.what,
        place_id=act.place_id,
        subject=act.subject,
        before=dict(act.before),
        after=dict(act.after),
        reason=act.reason,
        previous_hash=head.hash if head else GENESIS,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry


def digest(entry: Entry) -> str:
    """The chained hash of an entry: SHA-256 over its canonical JSON, the previous hash included."""
    body = {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": [entry.actor_id, entry.actor_name],
        "what": entry.what,
        "place": entry.place_id,
        "subject": entry.subject,
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
        "previous": entry.previous_hash,
    }
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
