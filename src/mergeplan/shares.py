"""Share a total number of units among many towns at the lowest cost, proven, in time that grows with the number of towns.

With a price λ per unit every town by itself takes its cheapest cost − λ·count. What another count would cost more is its *detour*

    d_t(n) = c_t(n) − λ·n − min_m (c_t(m) − λ·m)  ≥  0,

and every plan of N units costs exactly Σ_t min_m (c_t(m) − λ·m) + λ·N + Σ_t d_t(n_t). So the detours alone decide. λ is the
critical price, at which the towns' own choices come to about the wanted total; then few towns have to leave their choice, by
little. The core of all counts with a detour of at most G is solved exactly (a knapsack over sums of counts). When its answer's
detour is at most G no plan outside the core can be cheaper, for that has a detour above G. Else G grows to that answer, and the
next time proves it. All in integers, with λ in 1/840 so that steps over up to eight counts have whole prices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt

import numpy as np

from mergeplan.towns import IntArray

PRICE_SCALE = 840
"""λ is held in 1/840: lcm(1…8)."""
FIRST_CORE = 96
"""Counts beside the towns' own choices that the first core takes in."""
SMALL, NO_SMALL = 2**60, 2**61
"""Products up to `SMALL` are computed in 64 bits, larger ones in Python's integers; and what stands for "cannot be had"."""


@dataclass(frozen=True, slots=True)
class Shares:
    """The cheapest way to share a total: each town's count, in order, and what they cost together."""

    counts: tuple[int, ...]
    cost: int

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class HullStep:
    """A corner of the joined curve's lower convex hull, reached from the corner before by moving one town to `count`."""

    total: int
    cost: int
    town: int
    count: int
    is_corner: bool
    """False inside a run of equal slopes: the point lies on the hull, but is no corner."""


class CostCurves:
    """The cost-by-count curves of many towns in flat arrays; a town's points can be raised or struck out later."""

    def __init__(self, curves: Iterable[Mapping[int, int]]) -> None:
        counts: list[int] = []
        costs: list[int] = []
        starts = [0]
        for curve in curves:
            for count in sorted(curve):
                counts.append(count)
                costs.append(curve[count])
            starts.append(len(counts))
        furthest = sum(max(map(abs, costs[a:b]), default=0) for a, b in pairwise(starts))
        furthest *= 4 * max(counts, default=0) + 4
        self._scale = PRICE_SCALE if furthest * PRICE_SCALE < SMALL else 1
        kind = np.int64 if furthest * self._scale < SMALL else np.object_
        self._count = np.array(counts, dtype=np.int64)
        self._cost: IntArray = np.array(costs, dtype=kind)
        self._start = np.array(starts, dtype=np.int64)
        self._there = np.ones(len(counts), dtype=bool)
        self._price = 1

    def __len__(self) -> int:
        return len(self._start) - 1

    def put(self, town: int, curve: Mapping[int, int]) -> None:
        """Change a town's curve: costs of counts that it had from the start; those not named cannot be had after all."""
        for place in range(int(self._start[town]), int(self._start[town + 1])):
            cost = curve.get(int(self._count[place]))
            self._there[place] = cost is not None
            if cost is not None:
                self._cost[place] = cost

    def range(self) -> tuple[int, int] | None:
        """Fewest and most units in all; None when a town has no count at all."""
        held = self._held()
        return None if held is None else (int(held.count[held.first].sum()), int(held.count[held.end - 1].sum()))

    def cheapest(self, at_least: int, at_most: int) -> Shares | None:
        """The cheapest shares whose total lies in the range; None when there are none.

        Of equally cheap ones the smallest total, then the smallest counts from the first town on.
        """
        held, limits = self._held(), self.range()
        if held is None or limits is None:
            return None
        low, high = max(at_least, limits[0]), min(at_most, limits[1])
        if low > high:
            return None
        if not len(self):
            return Shares((), 0)
        price, goal = held.critical(low, high, self._price)
        self._price = abs(price) or 1
        detour = held.detours(price)
        sizes = np.sort(detour)
        furthest = int(np.maximum.reduceat(detour, held.first).sum()) + abs(price) * (high - low)
        if detour.dtype == np.int64:
            furthest = min(furthest, NO_SMALL - 1)
        reach = int(sizes[min(len(self) + FIRST_CORE, len(sizes) - 1)])
        while True:
            core = _Core(held, detour, reach)
            found = core.solve(low, high, price, goal)
            if found is not None and found[1] <= reach:
                places = core.places(found[0])
                return Shares(tuple(held.count[places].tolist()), sum(held.cost[places].tolist()) // self._scale)
            if found is not None:
                reach = found[1]
            elif reach >= furthest:
                return None
            elif reach >= int(sizes[-1]):
                reach = furthest
            else:
                inside = int(np.searchsorted(sizes, reach, side="right")) - len(self)
                reach = max(int(sizes[min(len(self) + 3 * inside + FIRST_CORE, len(sizes) - 1)]), reach)

    def price_of(self, at_least: int, at_most: int) -> int | None:
        """The critical price of a range in 1/840; None where no total lies in it."""
        held, limits = self._held(), self.range()
        if held is None or limits is None or not len(self):
            return None
        low, high = max(at_least, limits[0]), min(at_most, limits[1])
        if low > high:
            return None
        return held.critical(low, high, self._price)[0] * (PRICE_SCALE // self._scale)

    def hull(self) -> list[HullStep]:
        """The joined curve's lower convex hull, exactly: the towns' hulls merged by slope, from the fewest units on.

        The first step moves no town: its `town` is −1 and every town has its fewest units. Empty when a town has no count.
        """
        held = self._held()
        if held is None:
            return []
        counts, costs = held.count.tolist(), (held.cost // self._scale).tolist()
        edges: list[tuple[int, float, int, int, int, int]] = []
        total = cost = 0
        for town, (first, end) in enumerate(zip(held.first.tolist(), held.end.tolist(), strict=True)):
            corners = lower_hull(counts[first:end], costs[first:end])
            total, cost = total + corners[0][0], cost + corners[0][1]
            for (n, c), (m, d) in pairwise(corners):
                whole, left = divmod(d - c, m - n)
                # Fractions with denominators below a thousand are told apart by a float, and equal ones are equal.
                edges.append((whole, left / (m - n), town, m, m - n, d - c))
        edges.sort()
        steps = [HullStep(total, cost, -1, 0, True)]
        for place, (whole, rest, town, count, more, dearer) in enumerate(edges):
            total, cost = total + more, cost + dearer
            is_corner = place + 1 == len(edges) or edges[place + 1][:2] != (whole, rest)
            steps.append(HullStep(total, cost, town, count, is_corner))
        return steps

    def _held(self) -> _Held | None:
        """The points that are there; None when some town has none."""
        bounds = np.concatenate(([0], np.cumsum(self._there)))[self._start]
        first, end = bounds[:-1], bounds[1:]
        if np.any(first == end):
            return None
        cost: IntArray = self._cost[self._there] * self._scale
        return _Held(self._count[self._there], cost, first, end)


@dataclass(frozen=True, slots=True)
class _Held:
    """Points of all towns in a row; town t has those from `first[t]` to before `end[t]`, by ascending count."""

    count: IntArray
    cost: IntArray
    """Times the scale of prices."""
    first: IntArray
    end: IntArray

    def detours(self, price: int) -> IntArray:
        """Per point what it costs above its town's own choice at this price."""
        priced = self.cost - self.count.astype(self.cost.dtype) * price
        lowest = np.minimum.reduceat(priced, self.first)
        detours: IntArray = priced - np.repeat(lowest, self.end - self.first)
        return detours

    def _own_total(self, price: int, *, fewest: bool) -> int:
        """Σ of the towns' own choices, the fewest or most units of equally cheap ones."""
        own = self.detours(price) == 0
        if fewest:
            return int(np.minimum.reduceat(np.where(own, self.count, 2**40), self.first).sum())
        return int(np.maximum.reduceat(np.where(own, self.count, -1), self.first).sum())

    def critical(self, low: int, high: int, start: int) -> tuple[int, int]:
        """The critical price and the total it aims at; 0 when the cheapest plan of all is in the range.

        `start` is where the search begins: the size of the price that was found last time.
        """
        if self._own_total(0, fewest=True) > high:
            return -_least(lambda size: self._own_total(-size, fewest=True) <= high, start), high
        if self._own_total(0, fewest=False) < low:
            return _least(lambda size: self._own_total(size, fewest=False) >= low, start), low
        return 0, low


def _least(holds: Callable[[int], bool], start: int) -> int:
    """The smallest positive number for which a monotone statement holds, looked for from `start` on."""
    step = max(start // 64, 1)
    above = start
    while not holds(above):
        above, step = above + step, 2 * step
    step = max(start // 64, 1)
    below = above - step
    while below > 0 and holds(below):
        above, step = below, 2 * step
        below = above - step
    below = max(below, 0)
    while above - below > 1:
        middle = (above + below) // 2
        if holds(middle):
            above = middle
        else:
            below = middle
    return above


class _Core:
    """The points with a detour of at most `reach`: towns with one such point are fixed, the others make a knapsack."""

    def __init__(self, held: _Held, detour: IntArray, reach: int) -> None:
        inside = np.nonzero(detour <= reach)[0]
        town = np.searchsorted(held.end, inside, side="right")
        several = np.bincount(town, minlength=len(held.first))[town] > 1
        self._reach = reach
        self._fixed = inside[~several]
        self._base = int(held.count[self._fixed].sum())
        self._none = NO_SMALL if detour.dtype == np.int64 else reach + 1
        self._kind = detour.dtype
        open_places, open_towns = inside[several], town[several]
        cuts = np.nonzero(np.diff(open_towns))[0] + 1
        rows = zip(open_places.tolist(), held.count[open_places].tolist(), detour[open_places].tolist(), strict=True)
        self._choices: list[list[tuple[int, int, int]]] = []
        """Per open town (place, count, detour), by ascending count."""
        listed = list(rows)
        if listed:
            ends = [0, *cuts.tolist(), len(listed)]
            self._choices = [listed[a:b] for a, b in pairwise(ends)]
        size = len(self._choices)
        self._before = [(0, 0)] * (size + 1)
        self._after = [(0, 0)] * (size + 1)
        for i, choice in enumerate(self._choices):
            few, many = self._before[i]
            self._before[i + 1] = few + choice[0][1], many + choice[-1][1]
        for i in range(size - 1, -1, -1):
            few, many = self._after[i + 1]
            self._after[i] = few + self._choices[i][0][1], many + self._choices[i][-1][1]
        self._stored: dict[int, IntArray] = {}
        self._low = self._high = 0

    def solve(self, low: int, high: int, price: int, goal: int) -> tuple[int, int] | None:
        """(sum of the open towns' counts, detour) of the best choice with a total in the range; None when there is none.

        A total other than `goal` costs price·(total − goal) more, which is never negative in the range.
        """
        few, many = self._after[0]
        self._low, self._high = max(low - self._base, few), min(high - self._base, many)
        if price > 0:
            self._high = min(self._high, goal - self._base + self._reach // price)
        if price < 0:
            self._low = max(self._low, goal - self._base - self._reach // -price)
        if self._low > self._high:
            return None
        size = len(self._choices)
        stride = isqrt(size) + 1
        table = self._last()
        self._stored = {size: table}
        for i in range(size - 1, -1, -1):
            table = self._joined(i, table)
            if i % stride == 0:
                self._stored[i] = table
        totals = np.arange(self._low, self._high + 1) + (self._base - goal)
        values = np.where(table < self._none, table + totals.astype(self._kind) * price, self._none)
        best = int(values.argmin())
        value = int(values[best])
        return None if value >= self._none else (self._low + best, value)

    def places(self, total: int) -> IntArray:
        """The points taken by that choice, fixed towns included; the smallest counts from the first town on."""
        taken = []
        size = len(self._choices)
        ends = sorted(self._stored)
        for first, end in pairwise(ends):
            tables = {end: self._stored[end]}
            for i in range(end - 1, first, -1):
                tables[i] = self._joined(i, tables[i + 1])
            tables[first] = self._stored[first]
            for i in range(first, end):
                goal = self._at(tables[i], i, total)
                for place, count, detour in self._choices[i]:
                    rest = self._at(tables[i + 1], i + 1, total - count)
                    if rest < self._none and detour + rest == goal:
                        taken.append(place)
                        total -= count
                        break
        assert len(taken) == size, "a knapsack that cannot be read back"
        return np.sort(np.concatenate((self._fixed, np.array(taken, dtype=np.int64))))

    def _window(self, i: int) -> tuple[int, int]:
        """Sums of the towns from i on that can still come to a total in the range."""
        (few_before, many_before), (few, many) = self._before[i], self._after[i]
        return max(few, self._low - many_before), min(many, self._high - few_before)

    def _at(self, table: IntArray, i: int, total: int) -> int:
        place = total - self._window(i)[0]
        return int(table[place]) if 0 <= place < len(table) else self._none

    def _last(self) -> IntArray:
        low, high = self._window(len(self._choices))
        return np.zeros(max(high - low + 1, 0), dtype=self._kind)

    def _joined(self, i: int, rest: IntArray) -> IntArray:
        """The table of the towns from i on: for each sum the least detour, from the table of those after i."""
        low, high = self._window(i)
        rest_low = self._window(i + 1)[0]
        table = np.full(max(high - low + 1, 0), self._none, dtype=self._kind)
        for _, count, detour in self._choices[i]:
            # rest[s − count − rest_low] adds to table[s − low]
            shift = rest_low + count - low
            first, end = max(shift, 0), min(shift + len(rest), len(table))
            if first < end:
                window = table[first:end]
                np.minimum(window, rest[first - shift : end - shift] + detour, out=window)
        table[table > self._reach] = self._none
        return table


def lower_hull(counts: list[int], costs: list[int]) -> list[tuple[int, int]]:
    """Corners of the lower convex hull of (count, cost), counts ascending; points on an edge are left out."""
    corners: list[tuple[int, int]] = []
    for n, c in zip(counts, costs, strict=True):
        while len(corners) > 1:
            (a, x), (b, y) = corners[-2:]
            if (y - x) * (n - a) < (c - x) * (b - a):
                break
            corners.pop()
        corners.append((n, c))
    return corners
