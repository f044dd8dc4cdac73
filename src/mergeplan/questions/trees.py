"""The cheapest grid of every centre at given prices: a knapsack on the centre's tree of shortest ways, exact in whole numbers.

By the walking rule a grid of centre c is a subtree at the root of c's tree. In preorder every node is taken, or skipped with all
that hangs on it; what is still to come depends on the households taken so far and on nothing else. That makes n · Hi steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mergeplan.questions.ways import ways_to
from mergeplan.towns import IntArray

FINE = 1024
"""Prices are whole numbers of 1/1024 of a household-metre."""
FAR = 1 << 60


@dataclass(frozen=True, slots=True)
class Grid:
    """Nodes by place in their community, the centre among them; household-metres with what the balance costs."""

    centre: int
    members: tuple[int, ...]
    households: int
    cost: int


@dataclass(frozen=True, slots=True)
class _Tree:
    """Nodes in preorder: how many hang on each with itself, its way to the centre, what it costs, its households."""

    order: list[int]
    size: list[int]
    metres: list[int]
    cost: list[int]
    households: list[int]


class GridTrees:
    """The trees of a community's nodes, and what may be a grid in them."""

    def __init__(
        self,
        households: Sequence[int],
        near: Mapping[int, Mapping[int, int]],
        window: tuple[int, int],
        target: int,
        balance: int,
    ) -> None:
        self.households, self.n, self.near = households, len(households), near
        (self.low, self.high), self.target, self.balance = window, target, balance
        self.trees = [self._tree(c, near) for c in range(self.n)]
        weights = np.arange(self.high + 1, dtype=np.int64)
        balanced = np.abs(weights - target) * balance * FINE
        self._end = np.where(weights >= self.low, balanced, FAR)

    def _tree(self, centre: int, near: Mapping[int, Mapping[int, int]]) -> _Tree:
        metres, following = ways_to(centre, near, lambda _node: True)
        children: dict[int, list[int]] = {node: [] for node in metres}
        for node in sorted(following, reverse=True):
            children[following[node]].append(node)
        order, stack = [], [centre]
        while stack:
            order.append(stack.pop())
            stack += children[order[-1]]
        size = dict.fromkeys(order, 1)
        for node in reversed(order[1:]):
            size[following[node]] += size[node]
        people = [self.households[node] for node in order]
        cost = [metres[node] * households for node, households in zip(order, people, strict=True)]
        return _Tree(order, [size[node] for node in order], [metres[node] for node in order], cost, people)

    def around(self, centre: int, members: frozenset[int]) -> Grid | None:
        """These members as a grid of this centre; None where a way leaves them (households are not looked at)."""
        tree = self.trees[centre]
        taken, at = [0], 1
        while at < self.n:
            if tree.order[at] in members:
                taken.append(at)
                at += 1
            else:
                at += tree.size[at]
        return self._grid(centre, taken) if centre in members and len(taken) == len(members) else None

    def cheapest(self, members: frozenset[int]) -> Grid | None:
        """The best centre of these members; None where every centre's ways leave them."""
        grids = [grid for centre in sorted(members) if (grid := self.around(centre, members)) is not None]
        return min(grids, key=lambda grid: (grid.cost, grid.centre), default=None)

    def dearest(self) -> int:
        """More than any division into grids can cost."""
        ways = [0] * self.n
        for tree in self.trees:
            for node, cost in zip(tree.order, tree.cost, strict=True):
                ways[node] = max(ways[node], cost)
        return sum(ways) + self.n * self.balance * max(abs(self.high - self.target), abs(self.low - self.target)) + 1

    def best(self, centre: int, prices: Sequence[int], banned: frozenset[int]) -> tuple[int, Grid | None]:
        """What the cheapest grid of this centre costs when every node gives back its price (in 1/FINE), and the grid."""
        tables, values = self._tables(centre, prices, banned)
        if tables is None:
            return FAR, None
        tree = self.trees[centre]
        people = tree.households[0]
        least = values[0] + int(tables[1][people])
        if least >= FAR // 2:
            return FAR, None
        at, taken = 1, [0]
        while at < self.n:
            with_it = people + tree.households[at]
            skipped = int(tables[at + tree.size[at]][people])
            if (
                with_it <= self.high
                and tree.order[at] not in banned
                and values[at] + int(tables[at + 1][with_it]) <= skipped
            ):
                taken.append(at)
                people, at = with_it, at + 1
            else:
                at += tree.size[at]
        return least, self._grid(centre, taken)

    def within(self, centre: int, prices: Sequence[int], banned: frozenset[int], limit: int) -> Iterator[Grid]:
        """Every grid of this centre that costs at most `limit` at these prices."""
        tables, values = self._tables(centre, prices, banned)
        if tables is None:
            return
        tree = self.trees[centre]
        stack: list[tuple[int, int, int, tuple[int, ...]]] = [(1, tree.households[0], values[0], (0,))]
        while stack:
            at, people, cost, taken = stack.pop()
            if cost + int(tables[at][people]) > limit:
                continue
            if at == self.n:
                yield self._grid(centre, taken)
                continue
            stack.append((at + tree.size[at], people, cost, taken))
            with_it = people + tree.households[at]
            if with_it <= self.high and tree.order[at] not in banned:
                stack.append((at + 1, with_it, cost + values[at], (*taken, at)))

    def _tables(
        self, centre: int, prices: Sequence[int], banned: frozenset[int]
    ) -> tuple[list[IntArray] | None, list[int]]:
        """Per position in preorder and households taken so far what the rest costs at least; and every node's own value."""
        tree = self.trees[centre]
        values = [cost * FINE - prices[node] for node, cost in zip(tree.order, tree.cost, strict=True)]
        if centre in banned or tree.households[0] > self.high:
            return None, values
        tables: list[IntArray] = [self._end] * (self.n + 1)
        for at in range(self.n - 1, 0, -1):
            people, skipped = tree.households[at], tables[at + tree.size[at]]
            if people > self.high or tree.order[at] in banned:
                tables[at] = skipped
                continue
            table = skipped.copy()
            part = table[: self.high + 1 - people]
            np.minimum(part, tables[at + 1][people:] + values[at], out=part)
            tables[at] = table
        return tables, values

    def _grid(self, centre: int, taken: Sequence[int]) -> Grid:
        tree = self.trees[centre]
        people = sum(tree.households[at] for at in taken)
        cost = sum(tree.cost[at] for at in taken) + self.balance * abs(people - self.target)
        return Grid(centre, tuple(sorted(tree.order[at] for at in taken)), people, cost)
