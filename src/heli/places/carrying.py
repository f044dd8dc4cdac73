"""Carrying values along the lineage: integers in, integers out, the total conserved exactly. Pure numpy, no database.

Events are taken in order; within one event every source gives its whole value to its targets at once, shared by
largest remainder (the earlier arrow on a tie). Independent events are carried together in one vectorised wave.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heli.places.types import WHOLE

Ints = NDArray[np.int64]

LIMIT = 2**63 // (2 * WHOLE)
"""Values stay below this, so that value times share fits 64 bits."""


@dataclass(frozen=True, slots=True)
class Arrows:
    """Arrows in the order of their events: parallel arrays; `target` 0 means no successor. Sources are never 0."""

    event: Ints
    source: Ints
    target: Ints
    share: Ints


@dataclass(frozen=True, slots=True)
class Carried:
    """Values after the events: parallel arrays by ascending place; `gone` is what ended without a successor."""

    places: Ints
    values: Ints
    gone: int


def carry(places: Ints, values: Ints, arrows: Arrows) -> Carried:
    """Carry values of places (ascending, no doubles) through the events. Raises ValueError for a value past `LIMIT`.

    Conserves: sum(values) == sum(carried.values) + carried.gone, provided the shares of every source in an event are whole.
    """
    if len(values) and float(np.abs(values).astype(np.float64).sum()) >= LIMIT:
        raise ValueError("values are too large to be shared exactly")
    if not len(arrows.source):
        return Carried(places, values, 0)
    named = _distinct(np.concatenate([arrows.source, arrows.target[arrows.target > 0]]))
    new = named[~_among(named, places)]
    # One slot behind all places collects what is gone.
    size = len(places) + len(new)
    held = np.zeros(size + 1, np.int64)
    held[: len(places)] = values
    known = np.zeros(size + 1, bool)
    known[: len(places)] = True
    source = _slots(arrows.source, places, new)
    target = np.where(arrows.target > 0, _slots(arrows.target, places, new), size)
    for chosen in waves(arrows.event, source, target, size):
        _carry_wave(held, known, source[chosen], target[chosen], arrows.share[chosen])
    gone = int(held[size])
    keys, left = np.concatenate([places, new])[known[:size]], held[:size][known[:size]]
    if len(new) and len(places) and new[0] < places[-1]:
        order = np.argsort(keys, kind="stable")
        keys, left = keys[order], left[order]
    return Carried(keys, left, gone)


def waves(event: Ints, source: Ints, target: Ints, sink: int) -> list[Ints]:
    """Indices of arrows grouped so that events of one group touch no common place, later groups later events."""
    number = np.cumsum(np.r_[0, event[1:] != event[:-1]])
    both, of_event = np.concatenate([source, target]), np.concatenate([number, number])
    real = both != sink
    # Each place once per event; a place that comes twice is shared by events.
    place = _distinct(both[real] * (len(event) + 1) + of_event[real]) // (len(event) + 1)
    shared = _distinct(place[1:][place[1:] == place[:-1]])
    if not len(shared):
        return [np.arange(len(event))]
    depth_at: dict[int, int] = {}
    busy = set(shared.tolist())
    depths = np.zeros(len(event), np.int64)
    touched = np.isin(source, shared) | np.isin(target, shared)
    entangled = np.isin(event, event[touched])
    rows = np.flatnonzero(entangled)
    # The arrows of an event stand together; walk event by event over the entangled ones only.
    starts = np.flatnonzero(np.r_[True, event[rows][1:] != event[rows][:-1]]) if len(rows) else np.array([], np.int64)
    for begin, end in zip(starts.tolist(), [*starts[1:].tolist(), len(rows)], strict=True):
        mine = rows[begin:end]
        near = {key for key in (*source[mine].tolist(), *target[mine].tolist()) if key in busy}
        depth = max((depth_at.get(key, 0) for key in near), default=0)
        depths[mine] = depth
        for key in near:
            depth_at[key] = depth + 1
    return [np.flatnonzero(depths == depth) for depth in range(int(depths.max()) + 1)]


def _distinct(keys: Ints) -> Ints:
    """Ascending, without doubles: by sorting, which is six times faster here than numpy's hashing."""
    ordered = np.sort(keys)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if len(ordered) else ordered


def _among(keys: Ints, places: Ints) -> NDArray[np.bool_]:
    """Which keys are among the (ascending) places."""
    if not len(places):
        return np.zeros(len(keys), bool)
    at = np.minimum(np.searchsorted(places, keys), len(places) - 1)
    return np.asarray(places[at] == keys)


def _slots(keys: Ints, places: Ints, new: Ints) -> Ints:
    return np.where(
        _among(keys, places), np.searchsorted(places, keys), len(places) + np.searchsorted(new, keys)
    ).astype(np.int64)


def _carry_wave(held: Ints, known: NDArray[np.bool_], source: Ints, target: Ints, share: Ints) -> None:
    # A source nobody knows a value of passes nothing on, and leaves its targets as unknown as before.
    give = known[source]
    source, target, share = source[give], target[give], share[give]
    if not len(source):
        return
    by_source = np.lexsort((np.arange(len(source)), source))
    source, target, share = source[by_source], target[by_source], share[by_source]
    sign = np.sign(held[source])
    amount = np.abs(held[source])
    part, remainder = np.divmod(amount * share, WHOLE)
    first = np.flatnonzero(np.r_[True, source[1:] != source[:-1]])
    group = np.repeat(np.arange(len(first)), np.diff(np.r_[first, len(source)]))
    left = amount[first] - np.add.reduceat(part, first)
    ranked = np.lexsort((np.arange(len(source)), -remainder, group))
    rank = np.empty(len(source), np.int64)
    rank[ranked] = np.arange(len(source)) - first[group[ranked]]
    part += rank < left[group]
    held[source[first]] = 0
    known[source[first]] = False
    np.add.at(held, target, part * sign)
    # An arrow that carries nothing (share 0) tells nothing about its target.
    known[target[share > 0]] = True


def override(places: Ints, values: Ints, newer: Ints, figures: Ints) -> tuple[Ints, Ints]:
    """The newer figures in place of what was carried to the same places."""
    if not len(places):
        return newer, figures
    keep = ~np.isin(places, newer, assume_unique=True)
    keys = np.concatenate([places[keep], newer])
    order = np.argsort(keys, kind="stable")
    return keys[order], np.concatenate([values[keep], figures])[order]


def share_whole(amount: int, shares: list[int]) -> list[int]:
    """The same sharing for one amount, written plainly: the reference the vectorised one is tested against."""
    parts = [abs(amount) * share // WHOLE for share in shares]
    order = sorted(range(len(shares)), key=lambda i: (-(abs(amount) * shares[i] % WHOLE), i))
    for i in order[: abs(amount) - sum(parts)]:
        parts[i] += 1
    return [-part for part in parts] if amount < 0 else parts
