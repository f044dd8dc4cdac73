"""The head of the trail, kept outside the database: a small keyed file beside the backups.

A tail that is cut, or a history that is written anew with fresh hashes, no longer meets it. The file is replaced whole after
every commit and never goes back; writers of several processes take turns by a lock beside it.
"""

import fcntl
import hashlib
import hmac
import json
import logging
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import connection

from heli.audit.types import Head

logger = logging.getLogger("heli.audit")


class AnchorForged(Exception):
    """The anchor file was changed, or the key is another one."""


def is_kept() -> bool:
    """Whether this database is the installation's own: test databases and restored copies do not move its anchor."""
    return str(connection.settings_dict["NAME"]) == settings.TRAIL_ANCHOR_DATABASE


def write(head: Head) -> None:
    """Move the anchor to the head; a later one stays. A failure is logged, for the rows are committed already."""
    if not is_kept():
        return
    try:
        _move(Path(settings.TRAIL_ANCHOR), head)
    except (OSError, AnchorForged) as problem:
        logger.error("anchor not written", extra={"entry": head.seq, "problem": repr(problem)})


def _move(path: Path, head: Head) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = read(path)
        if kept is None or kept.seq < head.seq:
            _replace(path, head)


def reset(head: Head) -> None:
    """Set the anchor to a head whatever it was: after a restore, or when a person has accepted what was lost."""
    path = Path(settings.TRAIL_ANCHOR)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _replace(path, head)


def _replace(path: Path, head: Head) -> None:
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps({"seq": head.seq, "hash": head.hash, "seal": seal(head)}) + "\n", encoding="ascii")
    os.replace(fresh, path)


def read(path: Path | None = None) -> Head | None:
    """The anchored head, None where none was written yet. Raises AnchorForged when the seal does not fit."""
    path = path or Path(settings.TRAIL_ANCHOR)
    try:
        kept = json.loads(path.read_text(encoding="ascii"))
        head, given = Head(int(kept["seq"]), str(kept["hash"])), str(kept["seal"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as problem:
        raise AnchorForged(f"{path} cannot be read: {problem}") from problem
    if not hmac.compare_digest(given, seal(head)):
        raise AnchorForged(f"{path} was not sealed with this installation's key")
    return head


def seal(head: Head) -> str:
    """HMAC-SHA-256 over the head: also printed on signed reports and in backups."""
    return keyed_digest(f"{head.seq}:{head.hash}")


def keyed_digest(value: str) -> str:
    """A digest that only the holder of the key can recompute; stands in the trail for a personal value."""
    return hmac.new(key(), value.encode(), hashlib.sha256).hexdigest()


def key() -> bytes:
    """From HELI_ANCHOR_KEY (settings); otherwise generated once and kept readable by this account only."""
    if settings.ANCHOR_KEY:
        return str(settings.ANCHOR_KEY).encode()
    kept = Path(settings.ANCHOR_KEY_FILE)
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, kept)  # never over a key that another process made meanwhile
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        return kept.read_bytes()
