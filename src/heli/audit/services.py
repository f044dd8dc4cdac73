"""The way of a write: one transaction, one permission question, one audit entry (DESIGN §2)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction

from heli.audit import anchor, guard
from heli.audit.models import Entry
from heli.audit.rules import GENESIS, canonical, compute_hash, text
from heli.audit.types import Act, Head
from heli.kernel.access import Actor, require

CHAIN_LOCK = 0x4845_4C49  # "HELI": the advisory lock under which PostgreSQL writers take their turn at the head


@dataclass(slots=True)
class _Frame:
    """An open `writing` block and the acts that were finished inside it."""

    act: Act
    finished: list[Act] = field(default_factory=list)


_frames: ContextVar[tuple[_Frame, ...]] = ContextVar("open_acts", default=())


@contextmanager
def writing(
    actor: Actor,
    what: str,
    *,
    place_id: int | None = None,
    reason: str = "",
    at: datetime | None = None,
    action: str | None = None,
) -> Iterator[Act]:
    """Open the one transaction of a service and write its audit entry when the block succeeds.

    `what` is the name in the trail ("places.import") and, unless `action` names another, the action asked of `may`.
    Nested blocks join the outer transaction; their entries follow the outer one's when that ends, so that the turn at
    the head of the chain is short. A nested block that fails and is caught leaves neither rows nor an entry. Raises
    `Forbidden` before anything is written.
    """
    require(actor, action or what, place_id)
    with _act(actor, what, place_id, reason, at) as act:
        yield act


def record(
    actor: Actor,
    what: str,
    *,
    place_id: int | None = None,
    subject: str = "",
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> None:
    """Write an entry about something that happened and needs no permission: a sign-in, a refused password."""
    with _act(actor, what, place_id, reason, at) as act:
        act.subject, act.after = subject, after or {}


@contextmanager
def counting() -> Iterator[None]:
    """Let a bare counter go up (how often a public notice was opened): no author, no decision, no entry.

    An entry per step would tell when somebody read; that is why there is none. Nothing else may be changed inside.
    """
    with transaction.atomic(), guard.allowed():
        yield


@contextmanager
def _act(actor: Actor, what: str, place_id: int | None, reason: str, at: datetime | None) -> Iterator[Act]:
    if at is not None and at.tzinfo is None:
        raise ValueError("`at` needs a time zone")
    frame = _Frame(Act(actor, what, place_id, reason, at or datetime.now(UTC)))
    outer = _frames.get()
    token = _frames.set((*outer, frame))
    try:
        with transaction.atomic(), guard.allowed():
            yield frame.act
            acts = [frame.act, *frame.finished]
            if not outer:
                head = append(acts)
                transaction.on_commit(lambda: anchor.write(head))
    finally:
        _frames.reset(token)
    if outer:
        outer[-1].finished.extend(acts)


def append(acts: list[Act]) -> Head:
    """Chain entries to the trail's head and return the new one; inside a transaction.

    Writers take turns: SQLite's transaction holds the write lock from its start (IMMEDIATE), PostgreSQL waits here.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    head = Head(*last) if last else Head(0, GENESIS)
    for act in acts:
        entry = _entry(act, head)
        entry.save(force_insert=True, using=DEFAULT_DB_ALIAS)
        head = Head(entry.seq, entry.hash)
    return head


def _entry(act: Act, head: Head) -> Entry:
    entry = Entry(
        seq=head.seq + 1,
        at=act.at,
        actor_id=act.actor.id,
        actor_name=text(act.actor.name)[:150],
        what=act.what,
        place_id=act.place_id,
        subject=text(str(act.subject))[:120],
        before=canonical(act.before),
        after=canonical(act.after),
        reason=text(str(act.reason)),
        previous_hash=head.hash,
    )
    entry.hash = digest(entry)
    return entry


def digest(entry: Entry) -> str:
    """The hash that an entry must carry."""
    return compute_hash(
        seq=entry.seq,
        at=entry.at,
        actor_id=entry.actor_id,
        actor_name=entry.actor_name,
        what=entry.what,
        place_id=entry.place_id,
        subject=entry.subject,
        before=entry.before,
        after=entry.after,
        reason=entry.reason,
        previous_hash=entry.previous_hash,
    )


def accept_anchor(actor: Actor, *, reason: str) -> Head:
    """Anchor the trail as it stands, after a person has looked into a break at its end; the entry says what was met.

    Asks `audit.anchor`, which no role has: only the command line may.
    """
    try:
        anchored = anchor.read()
        met = {"seq": anchored.seq, "hash": anchored.hash} if anchored else {}
    except anchor.AnchorForged:
        met = {"forged": True}
    with writing(actor, "audit.anchor", reason=reason) as act:
        act.before = {"anchored": met}
    last = Entry.objects.order_by("-seq").values_list("seq", "hash")[0]
    head = Head(*last)
    anchor.reset(head)
    return head
