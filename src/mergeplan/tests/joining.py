"""Town tables joined the plain way, one after the other: what the quicker ways must agree with."""

from collections.abc import Sequence

from mergeplan.knapsack import NONE, CostTable


class JoinedCurve:
    """The district's curve over a list of town tables."""

    def __init__(self, towns: Sequence[CostTable]) -> None:
        self._towns = towns
        tables = [CostTable.of({0: 0})]
        for town in reversed(towns):
            tables.append(tables[-1].joined(town))
        self._suffix = tables[::-1]

    @property
    def table(self) -> CostTable:
        return self._suffix[0]

    def cheapest(self, at_least: int, at_most: int) -> tuple[int, int] | None:
        """(count, cost) of the cheapest plan in the range; the smallest count on a tie; None when there is none."""
        table = self.table
        low, high = max(at_least - table.offset, 0), min(at_most - table.offset, len(table.values) - 1)
        if low > high:
            return None
        place = low + int(table.values[low : high + 1].argmin())
        cost = int(table.values[place])
        return None if cost >= NONE else (place + table.offset, cost)

    def town_counts(self, count: int) -> list[int]:
        """Counts of each town in the cheapest plan of `count` units; lexicographically smallest on a tie."""
        chosen = []
        for t, town in enumerate(self._towns):
            goal = self._suffix[t].at(count)
            rest = self._suffix[t + 1]
            for c in town.counts():
                cost, remaining = town.at(c), rest.at(count - c)
                if cost is not None and remaining is not None and cost + remaining == goal:
                    chosen.append(c)
                    count -= c
                    break
        return chosen
