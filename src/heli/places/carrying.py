"""Carrying values along the lineage: integers in, integers out, the total conserved exactly. Pure numpy, no database.

Events are taken in order; within one event every source gives its whole value to its targets at once, shared by
largest remainder (the earlier arrow on a tie). Independent events are carried together in one vectorised wave. Places
that an event with unknown shares reaches are carried by `joint`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heli.places.joint import GONE, Arrow, Holdings, Joint, share_whole

Ints = NDArray[np.int64]

LIMIT = 2**62
"""Values stay below this, so that sums fit 64 bits; products beyond it are shared by Python's own integers."""


@dataclass(frozen=True, slots=True)
class Arrows:
    """Arrows in the order of their events: parallel arrays; `target` 0 means no successor. Sources are never 0.

    An arrow carries `part` of `base`, both integers of what was counted; base 0: nobody knows how much. The arrows of one
    source in one event have one base, and where all are known their parts add up to it.
    """

    event: Ints
    source: Ints
    target: Ints
    part: Ints
    base: Ints

    def where(self, chosen: NDArray[np.bool_]) -> "Arrows":
        """The chosen arrows."""
        return Arrows(*(column[chosen] for column in (self.event, self.source, self.target, self.part, self.base)))


@dataclass(frozen=True, slots=True)
class Carried:
    """Values after the events: parallel arrays by ascending place; `gone` is what ended without a successor, `joint`
    what is known only of several places together (these are not among `places`)."""

    places: Ints
    values: Ints
    gone: int
    joint: tuple[Joint, ...] = ()


def carry(places: Ints, values: Ints, arrows: Arrows, joint: Sequence[Joint] = ()) -> Carried:
    """Carry values of places (ascending, no doubles), and what is known of several together, through the events.

    Conserves: the values, what is gone and the joint amounts add up to the values and joint amounts before. Raises
    ValueError for values past `LIMIT`.
    """
    if len(values) and float(np.abs(values).astype(np.float64).sum()) >= LIMIT:
        raise ValueError("values are too large to be shared exactly")
    if not len(arrows.source):
        return Carried(places, values, 0, tuple(joint))
    if joint or not arrows.base.all():
        return _carry_with_unknown(places, values, arrows, joint)
    return _carry_known(places, values, arrows)


def _carry_with_unknown(places: Ints, values: Ints, arrows: Arrows, joint: Sequence[Joint]) -> Carried:
    """Places that hang together with an unknown share go one by one, all others in waves."""
    unknown = arrows.base == 0
    seeds = [key for one in joint for key in one.places]
    reached = _distinct(np.concatenate([arrows.source[unknown], arrows.target[unknown], np.array(seeds, np.int64)]))
    while True:
        reached = reached[reached != GONE]
        near = _among(arrows.source, reached) | _among(arrows.target, reached)
        wider = _distinct(np.concatenate([reached, arrows.source[near], arrows.target[near]]))
        if len(wider[wider != GONE]) == len(reached):
            break
        reached = wider
    apart = _among(places, reached)
    holdings = Holdings.of(dict(zip(places[apart].tolist(), values[apart].tolist(), strict=True)), joint)
    slow = arrows.where(near)
    columns = (slow.event, slow.source, slow.target, slow.part, slow.base)
    holdings.play([Arrow(*row) for row in zip(*(column.tolist() for column in columns), strict=True)])
    gone = holdings.held.pop(GONE, 0)
    rest = Carried(places[~apart], values[~apart], 0)
    if not near.all():
        rest = _carry_known(rest.places, rest.values, arrows.where(~near))
    keys = np.concatenate([rest.places, np.fromiter(holdings.held.keys(), np.int64)])
    held = np.concatenate([rest.values, np.fromiter(holdings.held.values(), np.int64)])
    order = np.argsort(keys, kind="stable")
    return Carried(keys[order], held[order], rest.gone + gone, holdings.joint())


def _carry_known(places: Ints, values: Ints, arrows: Arrows) -> Carried:
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
        _carry_wave(held, known, source[chosen], target[chosen], arrows.part[chosen], arrows.base[chosen])
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


def _carry_wave(  # noqa: PLR0917 - what moves in one wave
    held: Ints, known: NDArray[np.bool_], source: Ints, target: Ints, part: Ints, base: Ints
) -> None:
    # A source nobody knows a value of passes nothing on, and leaves its targets as unknown as before.
    give = known[source]
    source, target, part, base = source[give], target[give], part[give], base[give]
    if not len(source):
        return
    by_source = np.argsort(source, kind="stable")
    source, target, part, base = source[by_source], target[by_source], part[by_source], base[by_source]
    first = np.flatnonzero(np.r_[True, source[1:] != source[:-1]])
    shared = _share(held[source], part, base, first)
    held[source[first]] = 0
    known[source[first]] = False
    np.add.at(held, target, shared)
    # An arrow that carries nothing (part 0) tells nothing about its target.
    known[target[part > 0]] = True


def _share(held: Ints, part: Ints, base: Ints, first: Ints) -> Ints:
    """What each arrow carries, arrows grouped by source (`first`: where each group begins), by largest remainder."""
    amount = np.abs(held)
    shared, remainder = np.divmod(amount * part, base)
    length = np.diff(np.r_[first, len(held)])
    group = np.repeat(np.arange(len(first)), length)
    left = amount[first] - np.add.reduceat(shared, first)
    ranked = np.lexsort((-remainder, group))
    rank = np.empty(len(held), np.int64)
    rank[ranked] = np.arange(len(held)) - first[group[ranked]]
    shared = (shared + (rank < left[group])) * np.sign(held)
    wide = amount.astype(np.float64) * part.astype(np.float64) >= LIMIT
    for number in np.unique(group[wide]).tolist():
        mine = slice(first[number], first[number] + length[number])
        shared[mine] = share_whole(int(held[first[number]]), part[mine].tolist(), int(base[first[number]]))
    return shared


def override(places: Ints, values: Ints, newer: Ints, figures: Ints) -> tuple[Ints, Ints]:
    """The newer figures in place of what was carried to the same places."""
    if not len(places):
        return newer, figures
    keep = ~np.isin(places, newer, assume_unique=True)
    keys = np.concatenate([places[keep], newer])
    order = np.argsort(keys, kind="stable")
    return keys[order], np.concatenate([values[keep], figures])[order]


def recounted(joint: Sequence[Joint], newer: Ints) -> tuple[Joint, ...]:
    """What is still known of places together once some were counted afresh: of the others no more than that it is unknown."""
    fresh = set(newer.tolist()) if joint else set()
    left = []
    for one in joint:
        others = tuple(key for key in one.places if key not in fresh)
        if len(others) == len(one.places):
            left.append(one)
        elif others and others != (GONE,):
            left.append(Joint(others, 0, is_whole=False))
    return tuple(left)
