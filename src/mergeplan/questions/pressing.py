"""The least greatest pressure at which organisations can be shared out: a packing problem.

A pressure that the programme solves at once is lessened by swapping and moving organisations, now and then for the worse: annealing
with a fixed seed and number of steps, so that everybody finds the same.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import exp

STEPS = 400
"""Moves per pair that are tried for one pressure."""
FINER = (0.9, 0.97, 0.99, 0.997)
"""What part of the found pressure is tried next; the next one when nothing is found."""

Pair = tuple[int, int]
"""Organisation and area by place."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """Weights of the areas against staff; how many organisations an area may have, and how many strong ones it needs."""

    staff: list[int]
    strong: list[bool]
    weight: list[int]
    window: list[tuple[int, int]]
    strong_least: list[int]
    forbidden: frozenset[Pair]

    def pressure(self, pairs: frozenset[Pair]) -> int:
        """The greatest one, ⌈1000 · weight / staff⌉."""
        total = [0] * len(self.weight)
        for o, a in pairs:
            total[a] += self.staff[o]
        return max((-(-1000 * w // s) for w, s in zip(self.weight, total, strict=True) if w), default=0)


def lessen(pressed: Pressed, pairs: frozenset[Pair], low: int) -> frozenset[Pair]:
    """Pairs with a pressure not above that of these, which keep all other rules, and not sought below `low`."""
    rng, found = random.Random(1), pressed.pressure(pairs)
    for part in FINER:
        while found > low:
            tried = _Annealing(pressed, pairs, max(low, min(found - 1, int(found * part))), rng).run()
            if tried is None:
                break
            pairs, found = tried, pressed.pressure(tried)
    return pairs


class _Annealing:
    def __init__(self, pressed: Pressed, pairs: frozenset[Pair], cap: int, rng: random.Random) -> None:
        self.pressed, self.pairs, self.rng = pressed, sorted(pairs), rng
        self.taken = set(pairs)
        self.need = [-(-1000 * weight // cap) if cap else 10**12 for weight in pressed.weight]
        areas = range(len(pressed.weight))
        self.total = [sum(pressed.staff[o] for o, a in pairs if a == area) for area in areas]
        self.count = [sum(a == area for _, a in pairs) for area in areas]
        self.strong = [sum(pressed.strong[o] for o, a in pairs if a == area) for area in areas]
        self.short = sum(max(0, need - total) for need, total in zip(self.need, self.total, strict=True))

    def run(self) -> frozenset[Pair] | None:
        """Pairs that keep the pressure; None when none were found."""
        heat = 1.0 + max(self.pressed.staff) / 4
        steps = STEPS * max(1, len(self.pairs))
        cooling = (0.05 / heat) ** (1 / steps)
        for _ in range(steps):
            if not self.short:
                return frozenset(self.taken)
            heat *= cooling
            first = int(self.rng.random() * len(self.pairs))
            if self.rng.random() < 0.2:
                self._move(first, int(self.rng.random() * len(self.need)), heat)
            else:
                self._swap(first, int(self.rng.random() * len(self.pairs)), heat)
        return None if self.short else frozenset(self.taken)

    def _move(self, first: int, there: int, heat: float) -> None:
        o, here = self.pairs[first]
        low, high = self.pressed.window[here][0], self.pressed.window[there][1]
        if there == here or self.count[here] <= low or self.count[there] >= high or not self._may(o, there):
            return
        staff, strong = self.pressed.staff[o], int(self.pressed.strong[o])
        if self._accept(here, there, staff, strong, heat):
            self._put(first, (o, there))
            self.count[here] -= 1
            self.count[there] += 1

    def _swap(self, first: int, second: int, heat: float) -> None:
        (one, here), (other, there) = self.pairs[first], self.pairs[second]
        if here == there or one == other or not self._may(one, there) or not self._may(other, here):
            return
        staff = self.pressed.staff[one] - self.pressed.staff[other]
        if self._accept(here, there, staff, self.pressed.strong[one] - self.pressed.strong[other], heat):
            self._put(first, (one, there))
            self._put(second, (other, here))

    def _may(self, o: int, a: int) -> bool:
        return (o, a) not in self.taken and (o, a) not in self.pressed.forbidden

    def _put(self, place: int, pair: Pair) -> None:
        self.taken.remove(self.pairs[place])
        self.taken.add(pair)
        self.pairs[place] = pair

    def _accept(self, here: int, there: int, staff: int, strong: int, heat: float) -> bool:
        """Take staff (and strong ones) from here to there if that keeps the rules and lessens what is short, or nearly."""
        least = self.pressed.strong_least
        if self.strong[here] - strong < least[here] or self.strong[there] + strong < least[there]:
            return False
        before = max(0, self.need[here] - self.total[here]) + max(0, self.need[there] - self.total[there])
        after = max(0, self.need[here] - self.total[here] + staff) + max(
            0, self.need[there] - self.total[there] - staff
        )
        if after > before and self.rng.random() >= exp((before - after) / heat):
            return False
        self.total[here] -= staff
        self.total[there] += staff
        self.strong[here] -= strong
        self.strong[there] += strong
        self.short += after - before
        return True
