"""Pure rules of the trail: the canonical form of a value, and the hash that chains entries."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence, Set
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

GENESIS = "0" * 64
"""The previous hash of the first entry."""


def canonical(value: Any) -> Any:  # noqa: PLR0911 - one line per type reads best
    """The value as JSON that comes back the same from every database.

    Keys and dates become text, tuples and sets lists. Raises TypeError for floats (money, areas and ratios are integers;
    their text differs between databases) and for anything without a plain form.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {text(str(key)): canonical(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted((canonical(item) for item in value), key=repr)
    if isinstance(value, Sequence):
        return [canonical(item) for item in value]
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float; the trail keeps integers with their unit in the name, or text")
    raise TypeError(f"{type(value).__name__} has no plain form for the trail; write its id or its fields")


def text(value: str) -> str:
    """The text without what a database cannot keep: NUL and half surrogates become question marks."""
    return value.replace("\x00", "?").encode("utf-8", "replace").decode()


def compute_hash(body: Mapping[str, Any], key: bytes | None) -> str:
    """The chained hash of an entry over its canonical JSON (`compute_body`): HMAC-SHA-256 under the installation's key.

    Without a key the plain SHA-256 of entries written before they were keyed.
    """
    serial = compute_serial(body)
    return hmac.digest(key, serial, "sha256").hex() if key else hashlib.sha256(serial).hexdigest()


def compute_serial(body: Mapping[str, Any]) -> bytes:
    """The one text of a body."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def compute_body(
    *,
    seq: int,
    at: datetime,
    actor_id: int | None,
    actor_name: str,
    what: str,
    place_id: int | None,
    subject: str,
    before: Any,
    after: Any,
    reason: str,
    previous_hash: str,
) -> dict[str, Any]:
    """What the hash of an entry covers, the hash of the entry before it included."""
    return {
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(),
        "actor": [actor_id, actor_name],
        "what": what,
        "place": place_id,
        "subject": subject,
        "before": before,
        "after": after,
        "reason": reason,
        "previous": previous_hash,
    }
