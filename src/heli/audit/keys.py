"""The installation's anchor key: with it the rows of the trail, its anchor and its backups are sealed.

Whoever holds the key can write a trail that verifies. It is found, in this order: HELI_ANCHOR_KEY; the file that
HELI_ANCHOR_KEY_FILE names; the systemd credential `heli-anchor-key`; otherwise a file of the data folder, made once.
"""

import hashlib
import hmac
import os
import secrets
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings


class KeyMissing(Exception):
    """No key can be read although the trail was sealed with one."""


def keyed_digest(value: str) -> str:
    """A digest that only the holder of the key can recompute; stands in the trail for a personal value."""
    return hmac.new(key(), value.encode(), hashlib.sha256).hexdigest()


def derived_key(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, so that a digest made for one is worth nothing for another."""
    return _derived(key(), purpose)


@lru_cache(maxsize=100)
def _derived(whole: bytes, purpose: str) -> bytes:
    return hmac.digest(whole, f"heli:{purpose}".encode(), "sha256")


def key() -> bytes:
    """The key. Raises `KeyMissing` rather than make a second one beside a trail that is sealed already."""
    if settings.ANCHOR_KEY:
        return str(settings.ANCHOR_KEY).encode()
    return _kept(str(settings.ANCHOR_KEY_FILE), str(settings.TRAIL_ANCHOR))


@cache
def _kept(path: str, anchor: str) -> bytes:
    kept = Path(path)
    try:
        found = kept.read_bytes().strip()
    except FileNotFoundError:
        if Path(anchor).exists():
            raise KeyMissing(
                f"the audit trail is sealed with a key that is not here: {path} does not exist. "
                "Run this command where the key is (HELI_ANCHOR_KEY_FILE, or the unit's LoadCredential=)"
            ) from None
        found = _make(kept)
    except OSError as fault:
        raise KeyMissing(f"the key of the audit trail cannot be read: {fault}") from fault
    if not found:
        raise KeyMissing(f"the key of the audit trail is empty: {path}")
    return found


def _make(path: Path) -> bytes:
    """A new key, readable by this account only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(secrets.token_urlsafe(48))
    try:
        os.link(fresh, path)  # never over a key that another process made meanwhile
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_bytes().strip()
