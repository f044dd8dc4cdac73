"""The way of a write: one transaction, one permission question, one audit entry (DESIGN §2)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.utils import timezone

from heli.audit import alarms, anchor, capturing, guard, witnessing
from heli.audit.chain import digest
from heli.audit.models import Entry
from heli.audit.rules import GENESIS, canonical, text
from heli.audit.types import Head, OpenEntry
from heli.audit.verify import compute_vouching, verify_trail
from heli.kernel.access import Actor, require

ACCEPT = "audit.accept"
CHAIN_LOCK = 0x4845_4C49  # "HELI": the advisory lock under which PostgreSQL writers take their turn at the head


@dataclass(slots=True)
class _Frame:
    """An open `writing` block and the acts that were finished inside it."""

    act: OpenEntry
    finished: list[OpenEntry] = field(default_factory=list)
    afterwards: list[Callable[[], None]] = field(default_factory=list)


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
) -> Iterator[OpenEntry]:
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


def record_afterwards(
    actor: Actor, what: str, *, place_id: int | None = None, subject: str = "", after: Mapping[str, Any] | None = None
) -> None:
    """As `record`, for what stays true when the write around it fails: the entry follows when the outermost block has ended."""
    at = timezone.now()

    def write() -> None:
        record(actor, what, place_id=place_id, subject=subject, after=after, at=at)

    frames = _frames.get()
    if frames:
        frames[0].afterwards.append(write)
    else:
        write()


@contextmanager
def counting() -> Iterator[None]:
    """Let a bare counter go up (how often a public notice was opened): no author, no decision, no entry.

    An entry per step would tell when somebody read; that is why there is none. Nothing else may be changed inside.
    """
    with transaction.atomic(), guard.allowed():
        yield


@contextmanager
def _act(actor: Actor, what: str, place_id: int | None, reason: str, at: datetime | None) -> Iterator[OpenEntry]:
    if at is not None and at.tzinfo is None:
        raise ValueError("`at` needs a time zone")
    frame = _Frame(OpenEntry(actor, what, place_id, reason, at or timezone.now()))
    outer = _frames.get()
    token = _frames.set((*outer, frame))
    try:
        with transaction.atomic(), guard.allowed():
            if not outer:
                capturing.begin()
            yield frame.act
            acts = [frame.act, *frame.finished]
            if not outer:
                base, head = append(acts)
                transaction.on_commit(lambda: anchor.move(base, head))
    finally:
        _frames.reset(token)
        for write in frame.afterwards:
            write()
    if outer:
        outer[-1].finished.extend(acts)


def append(acts: list[OpenEntry]) -> tuple[Head, Head]:
    """Chain entries to the trail's head; the head before and the new one. Inside a transaction.

    Writers take turns: SQLite's transaction holds the write lock from its start (IMMEDIATE), PostgreSQL waits here.
    """
    take_turn()
    last = Entry.objects.order_by("-seq").values_list("seq", "hash", "state").first()
    if last is None:
        anchor.begin()
    base = head = Head(*last[:2]) if last else Head(0, GENESIS)
    state = _witness(acts, last[2] if last else None)
    for act in acts:
        entry = _entry(act, head, state)
        entry.save(force_insert=True, using=DEFAULT_DB_ALIAS)
        head = Head(entry.seq, entry.hash)
    return base, head


def _witness(acts: list[OpenEntry], state: str | None) -> str:
    """The state of all witnessed rows after the acts; what does not fit raises the alarm when they are committed."""
    if any(act.renews for act in acts):
        return witnessing.renew()
    settled = witnessing.settle(state or "", is_first=state is None)
    if settled.faults and anchor.is_kept():
        first = settled.faults[0]
        transaction.on_commit(lambda: alarms.sound(first))
    return settled.state


def take_turn() -> None:
    """Be the only writer at the head of the chain until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _entry(act: OpenEntry, head: Head, state: str) -> Entry:
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
        state=state,
        previous_hash=head.hash,
    )
    entry.hash = digest(entry)
    return entry


def accept(
    *,
    actor: Actor,
    reason: str,
    what: str = ACCEPT,
    subject: str = "",
    after: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Go on from the trail as it stands, after a person has looked into what was found; the entry says what that was.

    The entry vouches for all before it by a digest under this installation's key: a break that was accepted, a part written
    before entries were keyed, a backup of another installation (`what` says so). Asks `audit.accept`, which no role has:
    only the command line may.
    """
    found = verify_trail().fault
    with writing(actor, what, action=ACCEPT, reason=reason, at=at) as act:
        take_turn()
        head, digested = compute_vouching()
        act.subject, act.renews = subject, True
        act.before = {"found": {"code": found.code, "source": found.source}} if found else {}
        act.after = {**(after or {}), "vouched": {"entries": head.seq, "digest": digested}}
        if anchor.is_kept():
            anchor.reset(head, anchor.ACCEPTED)
