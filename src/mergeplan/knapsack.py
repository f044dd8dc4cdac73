"""Join the towns' cost-by-count curves: the district's whole curve, and the town counts of its cheapest plan.

A curve is an array over counts from an offset; `NONE` marks counts that cannot be had. The joined curve is the min-plus
convolution of all towns, built from the last town to the first so that a plan can be read off from the first to the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from mergeplan.towns import IntArray

NONE = np.int64(2**61)
"""Larger than any cost; two of them still fit into 64 bits."""


@dataclass(frozen=True, slots=True)
class CostTable:
    """Cost by count: `values[i]` is the cost of `offset + i` units."""

    offset: int
    values: IntArray

    @staticmethod
    def of(points: Mapping[int, int]) -> CostTable:
        """From count → cost; an empty mapping gives an empty table: no plan at all."""
        if not points:
            return CostTable(0, np.empty(0, dtype=np.int64))
        low, high = min(points), max(points)
        values = np.full(high - low + 1, NONE, dtype=np.int64)
        for count, cost in points.items():
            values[count - low] = cost
        return CostTable(low, values)

    def at(self, count: int) -> int | None:
        """Cost at a count, None when it cannot be had."""
        place = count - self.offset
        if not 0 <= place < len(self.values) or self.values[place] >= NONE:
            return None
        return int(self.values[place])

    def joined(self, other: CostTable) -> CostTable:
        """Min-plus convolution."""
        if not len(self.values) or not len(other.values):
            return CostTable(0, np.empty(0, dtype=np.int64))
        short, long = sorted((self.values, other.values), key=len)
        result = np.full(len(short) + len(long) - 1, NONE, dtype=np.int64)
        for i, cost in enumerate(short.tolist()):
            if cost < NONE:
                window = result[i : i + len(long)]
                np.minimum(window, np.where(long < NONE, long + cost, NONE), out=window)  # costs may be negative
        return CostTable(self.offset + other.offset, result)

    def counts(self) -> list[int]:
        """Counts that can be had, ascending."""
        return (np.nonzero(self.values < NONE)[0] + self.offset).tolist()


def joined(towns: Iterable[CostTable]) -> CostTable:
    """The curve of all towns together, joined in pairs, so that most joins are short."""
    tables = list(towns) or [CostTable.of({0: 0})]
    while len(tables) > 1:
        pairs = zip(tables[::2], tables[1::2], strict=False)
        tables = [a.joined(b) for a, b in pairs] + tables[len(tables) // 2 * 2 :]
    return tables[0]
