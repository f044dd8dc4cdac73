"""What a district costs when one town alone changes: the other towns joined once, each question then a look into two tables.

Before every town and after it the proven lower bounds are joined; a town with other columns barred is laid between the two. What
is picked is settled, which can only raise it, and looked for again until everything picked is exact, as in `choosing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from mergeplan.choosing import WishedTown
from mergeplan.curves import CostCurve
from mergeplan.knapsack import NONE, CostTable
from mergeplan.towns import IntArray


class Rests:
    """The cheapest cost of low … high units when one of the towns has other columns barred."""

    def __init__(self, towns: Sequence[WishedTown], low: int, high: int) -> None:
        self._towns, self._low, self._high = towns, low, high
        self._curves = [solver.curve(barred) for solver, barred in towns]
        self._join()

    def cost(self, town: int, barred: frozenset[int]) -> tuple[int | None, bool]:
        """The cost, and whether it is proven: False where a town's optimum stays unproven."""
        solver, _ = self._towns[town]
        own = solver.curve(barred)
        while True:
            picked = self._pick(town, own)
            if picked is None:
                return None, True
            cost, counts = picked
            points = [(own if t == town else self._curves[t]).points[n] for t, n in enumerate(counts)]
            open_ = [t for t, point in enumerate(points) if not point.settled]
            if not open_:
                return cost, all(point.exact for point in points)
            for t in open_:
                if t == town:
                    solver.settle(counts[t], barred)
                else:
                    self._towns[t][0].settle(counts[t], self._towns[t][1])
            if open_ != [town]:
                self._join()

    def _join(self) -> None:
        self._tables = [CostTable.of({n: p.lower for n, p in curve.points.items()}) for curve in self._curves]
        nothing = CostTable.of({0: 0})
        self._before = list(accumulate(self._tables, CostTable.joined, initial=nothing))
        after = list(accumulate(reversed(self._tables), CostTable.joined, initial=nothing))
        self._after = after[::-1]
        self._rest: dict[int, CostTable] = {}
        self._cuts: dict[tuple[int, int], int] = {}

    def _pick(self, town: int, own: CostCurve) -> tuple[int, list[int]] | None:
        """The cheapest counts of all towns by what is proven, and their cost."""
        if not own.points:
            return None
        rest = self._rest_of(town)
        best = None
        for count, point in sorted(own.points.items()):
            values = _between(rest, self._low - count, self._high - count)
            if not len(values) or (least := int(values.min())) >= NONE:
                continue
            if best is None or point.lower + least < best[0]:
                others = max(self._low - count, rest.offset) + int(values.argmin())
                best = point.lower + least, count, others
        if best is None:
            return None
        cost, count, others = best
        first = _split(self._before[town], self._after[town + 1], others)
        counts, left, right = [count], first, others - first
        for t in range(town - 1, -1, -1):
            before = self._cut((t, left), self._before[t], self._tables[t])
            counts.insert(0, left - before)
            left = before
        for t in range(town + 1, len(self._tables)):
            after = self._cut((~t, right), self._after[t + 1], self._tables[t])
            counts.append(right - after)
            right = after
        return cost, counts

    def _cut(self, key: tuple[int, int], joined: CostTable, table: CostTable) -> int:
        """How many of the key's total are left to the towns joined; asked for the same totals again and again."""
        if key not in self._cuts:
            self._cuts[key] = _split(joined, table, key[1])
        return self._cuts[key]

    def _rest_of(self, town: int) -> CostTable:
        if town not in self._rest:
            self._rest[town] = self._joined_around(town)
        return self._rest[town]

    def _joined_around(self, town: int) -> CostTable:
        """All other towns together, at the counts that the range leaves to them."""
        left, right, own = self._before[town], self._after[town + 1], self._tables[town]
        most = own.offset + len(own.values)
        low = max(self._low - most, left.offset + right.offset)
        high = min(self._high, left.offset + right.offset + len(left.values) + len(right.values) - 2)
        short, long = sorted((left, right), key=lambda table: len(table.values))
        values = np.full(max(high - low + 1, 0), NONE, dtype=np.int64)
        for place, cost in enumerate(short.values.tolist()):
            first = long.offset + short.offset + place
            begin, end = max(low, first), min(high + 1, first + len(long.values))
            if cost < NONE and begin < end:
                window = values[begin - low : end - low]
                np.minimum(window, long.values[begin - first : end - first] + cost, out=window)
        return CostTable(low, values)


def _between(table: CostTable, low: int, high: int) -> IntArray:
    first = max(low - table.offset, 0)
    return table.values[first : max(high - table.offset + 1, first)]


def _split(left: CostTable, right: CostTable, total: int) -> int:
    """How many of the cheapest `total` lie to the left."""
    low = max(left.offset, total - right.offset - len(right.values) + 1)
    high = min(left.offset + len(left.values) - 1, total - right.offset)
    ours = left.values[low - left.offset : high - left.offset + 1]
    theirs = right.values[total - high - right.offset : total - low - right.offset + 1][::-1]
    return low + int((ours + theirs).argmin())
