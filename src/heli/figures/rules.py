"""Canonical forms and hashes of stored figures. Pure: the same values give the same text for ever."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from heli.kernel.declare import Pair
from heli.kernel.pairs import Pairs


def canonical(values: Mapping[int, Pair], *, is_ratio: bool) -> str:
    """Values as text: {"12":5,"13":[5,7]} by ascending key; a count is written without its denominator."""
    pairs = Pairs.of(values)
    if is_ratio:
        lines = (
            f'"{key}":[{above},{below}]'
            for key, above, below in zip(
                pairs.places.tolist(), pairs.numerators.tolist(), pairs.denominators.tolist(), strict=True
            )
        )
    else:
        lines = (
            f'"{key}":{above}' for key, above in zip(pairs.places.tolist(), pairs.numerators.tolist(), strict=True)
        )
    return "{" + ",".join(lines) + "}"


def parsed(content: str) -> Pairs:
    """The values behind a canonical text."""
    raw = json.loads(content)
    places = np.array([int(key) for key in raw], np.int64)
    both = np.array([value if isinstance(value, list) else (value, 1) for value in raw.values()], np.int64)
    both = both.reshape(len(raw), 2)
    return Pairs(places, both[:, 0].copy(), both[:, 1].copy())


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def snapshot_digest(
    *, district: str, kind: str, on: date, previous: str, figures: Iterable[tuple[str, int, str]]
) -> str:
    """The hash of a snapshot: its district (public id), kind and day, the hash before it, and (figure, version, hash) of each."""
    return digest(json.dumps([district, kind, on.isoformat(), previous, sorted(map(list, figures))]))
