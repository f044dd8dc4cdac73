"""The heads the trail has reached, kept outside the database: an append-only log of sealed lines beside the backups.

A tail that is cut, or a history that is written anew, no longer meets it. Every act adds a line after its commit, and only
when the line before it is still true of the database; otherwise the alarm is raised and the log stays as it is. The same
lines go to a second file (HELI_WITNESS), best on another machine: there yesterday's database with yesterday's log is seen.
"""

import fcntl
import hmac
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from heli.audit import alarms, queries
from heli.audit.chain import refuse_unless_chained
from heli.audit.keys import KeyMissing, keyed_digest
from heli.audit.rules import GENESIS
from heli.audit.types import AnchorMark, Head
from heli.kernel.faults import Fault, Refused

__all__ = ["AnchorForged", "keyed_digest"]
logger = logging.getLogger("heli.audit")

MOVED, ACCEPTED, RESTORED = "moved", "accepted", "restored"
LINES = 2_048
"""So many bytes hold the last two lines."""


class AnchorForged(Exception):
    """The log was changed, or the key is another one."""


def is_kept() -> bool:
    """Whether this database is the installation's own: test databases and restored copies do not move its anchor."""
    return str(connection.settings_dict["NAME"]) == settings.TRAIL_ANCHOR_DATABASE


def begin() -> None:
    """Start the log of an empty trail. Later a missing log is an alarm, not a beginning."""
    path = Path(settings.TRAIL_ANCHOR)
    if is_kept() and not path.exists():
        with _turn(path):
            if not path.exists():
                _append(path, None, Head(0, GENESIS), MOVED)


def move(base: Head, head: Head) -> None:
    """Add the head, which continues `base`; when a later one stands there already, that one must be in the trail.

    Nothing is raised, for the rows are committed: a failing disk is logged, a trail that does not fit raises the alarm.
    """
    if not is_kept() or alarms.raised() is not None:
        return
    try:
        _move(Path(settings.TRAIL_ANCHOR), base, head)
    except Refused as refused:
        alarms.sound(refused.faults[0])
    except AnchorForged as forged:
        alarms.sound(Fault("anchor_forged", str(forged), source="anchor"))
    except (OSError, DatabaseError, KeyMissing) as fault:
        logger.error("anchor not written", extra={"entry": head.seq, "fault": repr(fault)})


def _move(path: Path, base: Head, head: Head) -> None:
    with _turn(path):
        kept = read(path)
        if kept is None or kept.head != base:
            refuse_unless_chained(kept.head if kept else None, head)
        if kept is not None and kept.head.seq < head.seq:
            _append(path, kept, head, MOVED)


def reset(head: Head, kind: str) -> None:
    """Go on from a head whatever the log says: after a restore, or when a person has accepted what was met."""
    path = Path(settings.TRAIL_ANCHOR)
    with _turn(path):
        try:
            kept = read(path)
        except AnchorForged:
            kept = None
        _append(path, kept, head, kind)
    alarms.clear()


def catch_up() -> Head | None:
    """At start-up: anchor what was committed before the process was killed; the head it stands at, if it moved.

    Raises `KeyMissing` when the key of the trail is not here.
    """
    if not is_kept():
        return None
    keyed_digest("")
    head = queries.head()
    try:
        kept = read()
    except AnchorForged:
        kept = None
    if head.seq and (kept is None or kept.head.seq != head.seq):
        move(Head(-1, GENESIS), head)
        return head
    return None


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    """Writers of several processes take turns by a lock beside the log."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _append(path: Path, kept: AnchorMark | None, head: Head, kind: str) -> None:
    at, after = timezone.now().isoformat(timespec="seconds"), kept.seal if kept else ""
    mark = AnchorMark(head, at, kind, after, _seal(head, at, kind, after))
    row = {"at": at, "seq": head.seq, "hash": head.hash, "kind": kind, "after": after, "seal": mark.seal}
    line = json.dumps(row, separators=(",", ":")).encode("ascii") + b"\n"
    _add_line(path, line)
    if settings.TRAIL_WITNESS:
        try:
            _add_line(Path(settings.TRAIL_WITNESS), line)
        except OSError as fault:
            logger.error("witness not written", extra={"entry": head.seq, "fault": repr(fault)})


def _add_line(path: Path, line: bytes) -> None:
    """One write to the end; what a power cut left of a line ends there. Opened so that `chattr +a` allows it."""
    torn = not _tail(path, 1).endswith(b"\n")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as stream:
        stream.write(b"\n" + line if torn and stream.tell() else line)


def _tail(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - size))
            return stream.read()
    except FileNotFoundError:
        return b""


def read(path: Path | None = None) -> AnchorMark | None:
    """The last line, None where there is no log. Raises AnchorForged when its seal does not fit, or the one before is another."""
    path = path or Path(settings.TRAIL_ANCHOR)
    if not path.exists():
        return None
    whole = _whole(_tail(path, LINES))
    if not whole:
        raise AnchorForged(f"{path} is empty")
    last = _mark(path, whole[-1])
    if len(whole) > 1 and last.after and json.loads(whole[-2])["seal"] != last.after:
        raise AnchorForged(f"{path}: a line is missing before entry {last.head.seq}")
    return last


def marks(path: Path) -> list[AnchorMark]:
    """The lines from the last one a person has set on. Raises AnchorForged, FileNotFoundError, or another OSError."""
    found: list[AnchorMark] = []
    for line in reversed(_whole(path.read_bytes())):
        found.append(_mark(path, line))
        if found[-1].kind != MOVED:
            break
    return found[::-1]


def refuse_gaps(path: Path, found: list[AnchorMark]) -> None:
    """Raise AnchorForged when a line of the log was taken out. The witness may have gaps: it is not always reached."""
    for before, after in pairwise(found):
        if after.after != before.seal:
            raise AnchorForged(f"{path}: a line is missing before entry {after.head.seq}")


def _mark(path: Path, line: bytes) -> AnchorMark:
    try:
        row = json.loads(line)
        head, at, kind = Head(int(row["seq"]), str(row["hash"])), str(row["at"]), str(row["kind"])
        mark = AnchorMark(head, at, kind, str(row["after"]), str(row["seal"]))
    except (ValueError, KeyError, TypeError) as fault:
        raise AnchorForged(f"{path} cannot be read: {fault!r}") from fault
    if not hmac.compare_digest(mark.seal, _seal(head, at, kind, mark.after)):
        raise AnchorForged(f"{path} was not sealed with this installation's key, or was changed (entry {head.seq})")
    return mark


def _whole(content: bytes) -> list[bytes]:
    """The lines written to their end. What a power cut tore is left out; a line taken out breaks the chain of seals."""
    return [line for line in content.split(b"\n")[:-1] if line.startswith(b"{") and line.endswith(b"}")]


def _seal(head: Head, at: str, kind: str, after: str) -> str:
    return keyed_digest(f"anchor:{head.seq}:{head.hash}:{at}:{kind}:{after}")[:32]
