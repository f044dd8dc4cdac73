"""A community into exactly p grids, proven: columns by pricing, a bound in whole numbers, and branches on who has which centre.

Prices of the relaxation are rounded to whole numbers. Whatever they are, p grids of different centres cost at least all prices
together and the p cheapest centres at these prices. A branch says that a node has a centre, or has not: both only ban nodes from
trees, so that pricing stays what it is. Where few grids lie within the gap, all of them are listed and chosen from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice
from typing import Any

import highspy
import numpy as np

from mergeplan.questions.improving import Improver
from mergeplan.questions.programme import Programme, quiet_highs
from mergeplan.questions.trees import FAR, FINE, Grid, GridTrees
from mergeplan.types import MergeplanError

LISTED = 2_000
"""Grids within the gap up to which they are listed and chosen from; beyond, it is branched."""
BRANCHES = 400
"""Branches after which the best division is told with its bound."""
NEAR = 100
"""As long as the gap is more than a hundredth, starts are grown, and from a quarter more grids known it is chosen anew."""
STARTS = 12
"""Divisions that are grown and bettered to start from."""
TINY = 1e-6

Bans = Mapping[int, frozenset[int]]
"""Per centre the nodes that may not be in its grid."""


@dataclass(frozen=True, slots=True)
class Division:
    """The grids found (None: none), and what no division can beat; a bound of FAR proves that there is none."""

    grids: tuple[Grid, ...] | None
    bound: int

    @property
    def cost(self) -> int | None:
        """The sum, None without grids."""
        return None if self.grids is None else sum(grid.cost for grid in self.grids)


@dataclass(frozen=True, slots=True)
class _Relaxed:
    bound: int
    prices: list[int]
    least: dict[int, int]
    weights: dict[Grid, float]


def divide(trees: GridTrees, count: int, *, any_will_do: bool = False) -> Division:
    """The cheapest division into so many grids; with `any_will_do` the first one found."""
    return _Search(trees, count).run(any_will_do=any_will_do)


class _Search:
    def __init__(self, trees: GridTrees, count: int) -> None:
        self.trees, self.count = trees, count
        self.dearest = trees.dearest()
        self.master = _Master(trees.n, count, self.dearest)
        self.best: tuple[Grid, ...] | None = None
        self.cost = self.dearest
        self.improver = Improver(trees)
        self._chosen_from = 0
        self._starts: set[tuple[int, ...]] = set()

    def run(self, *, any_will_do: bool) -> Division:
        """Best bound first."""
        total = sum(self.trees.households)
        if not self.count * self.trees.low <= total <= self.count * self.trees.high:
            return Division(None, FAR)
        heap: list[tuple[int, int, Bans]] = [(0, 0, {})]
        number = 0
        while heap:
            bound, place, bans = heappop(heap)
            if bound >= self.cost or (any_will_do and self.best) or number > BRANCHES:
                heappush(heap, (bound, place, bans))
                break
            relaxed = self._relax(bans)
            if relaxed is None or relaxed.bound >= self.cost or self._is_whole(relaxed) or self._settle(relaxed, bans):
                continue
            for branch in self._branches(relaxed, bans):
                number += 1
                heappush(heap, (max(bound, relaxed.bound), number, branch))
        open_ = heap[0][0] if heap else FAR
        return Division(self.best, min(open_, self.cost) if self.best else open_)

    def _relax(self, bans: Bans) -> _Relaxed | None:
        """Price until the bound is the relaxation's; None when it is proven that there is nothing below the best."""
        found: _Relaxed | None = None
        self.master.allow(bans)
        while True:
            values, prices, reduced = self.master.solve()
            least, new = {}, []
            for centre in range(self.trees.n):
                cost, grid = self.trees.best(centre, prices, bans.get(centre, frozenset()))
                least[centre] = cost
                if grid is not None and cost < reduced[centre] - 1:
                    new.append(grid)
            bound = self._bound(prices, least.values())
            if found is None or bound > found.bound:
                found = _Relaxed(bound, prices, least, {})
            if found.bound >= self.cost:
                return None
            if not new or not self.master.add(new) or self.master.value <= found.bound + TINY:
                return _Relaxed(found.bound, found.prices, found.least, values)

    def _bound(self, prices: list[int], least: Iterable[int]) -> int:
        chosen = sorted(least)[: self.count]
        if not chosen or chosen[-1] >= FAR or len(chosen) < self.count:
            return FAR
        return -(-(sum(prices) + sum(chosen)) // FINE)

    def _is_whole(self, relaxed: _Relaxed) -> bool:
        """Whether the relaxation has chosen grids; then they are the best of this branch."""
        chosen = [grid for grid, weight in relaxed.weights.items() if weight > 1 - 1e-5]
        if len(chosen) != self.count or sum(len(grid.members) for grid in chosen) != self.trees.n:
            return False
        self._keep(chosen)
        return relaxed.bound >= sum(grid.cost for grid in chosen)

    def _settle(self, relaxed: _Relaxed, bans: Bans) -> bool:
        """Choose from what is known; then, if few enough grids lie within the gap, from all of these: the branch is done."""
        if self.cost > relaxed.bound + relaxed.bound // NEAR:
            self._start(relaxed)
            if len(self.master.grids) * 4 > self._chosen_from * 5:
                self._chosen_from = len(self.master.grids)
                self._choose(self.master.grids, nodes=200)
        if relaxed.bound >= self.cost:
            return True
        listed: list[Grid] = []
        for centre, cost in relaxed.least.items():
            others = sorted(least for other, least in relaxed.least.items() if other != centre)[: self.count - 1]
            limit = (self.cost - 1) * FINE - sum(relaxed.prices) - sum(others)
            if cost > limit:
                continue
            banned = bans.get(centre, frozenset())
            listed += islice(self.trees.within(centre, relaxed.prices, banned, limit), LISTED + 1 - len(listed))
            if len(listed) > LISTED:
                return False
        return self._choose(listed)

    def _start(self, relaxed: _Relaxed) -> None:
        """Grow a division around the centres that the relaxation likes best, once for the same ones."""
        liked: dict[int, float] = {}
        for grid, weight in relaxed.weights.items():
            liked[grid.centre] = liked.get(grid.centre, 0.0) + weight
        best = sorted(liked, key=lambda centre: (-round(liked[centre], 6), centre))[: self.count]
        centres = tuple(sorted(best))
        if len(centres) < self.count or centres in self._starts or len(self._starts) >= STARTS:
            return
        self._starts.add(centres)
        if (grids := self.improver.start(centres)) is not None:
            self.master.add(grids)
            self._keep(list(grids))

    def _choose(self, grids: Iterable[Grid], nodes: int | None = None) -> bool:
        """Keep the best choice from these grids; whether it is proven to be the best of them."""
        cheapest: dict[tuple[int, ...], Grid] = {}
        for grid in sorted(grids, key=lambda grid: (grid.cost, grid.centre, grid.members)):
            cheapest.setdefault(grid.members, grid)
        known, model = list(cheapest.values()), Programme()
        of_node: list[list[tuple[int, float]]] = [[] for _ in range(self.trees.n)]
        for grid in known:
            column = model.column(grid.cost)
            for node in grid.members:
                of_node[node].append((column, 1))
        for terms in of_node:
            if not terms:
                return True
            model.row(terms, 1, 1)
        model.row([(column, 1) for column in range(len(known))], self.count, self.count)
        try:
            found = model.minimise(nodes=nodes)
        except MergeplanError:
            return False
        if found is not None:
            chosen = [grid for grid, value in zip(known, found.values, strict=True) if value]
            if sum(grid.cost for grid in chosen) < self.cost:
                self._keep(chosen)
                self._keep(list(self.improver.bettered(chosen) or chosen))
        return found is None or found.bound >= found.objective

    def _keep(self, grids: list[Grid]) -> None:
        cost = sum(grid.cost for grid in grids)
        if cost < self.cost:
            self.best, self.cost = tuple(sorted(grids, key=lambda grid: grid.centre)), cost

    def _branches(self, relaxed: _Relaxed, bans: Bans) -> tuple[Bans, Bans]:
        """The pair of node and centre that is most in doubt, centres themselves first: the node has it, or has it not."""
        share: dict[tuple[int, int], float] = {}
        for grid, weight in relaxed.weights.items():
            for node in grid.members:
                share[node, grid.centre] = share.get((node, grid.centre), 0) + weight
        doubts = {pair: abs(weight - 0.5) for pair, weight in share.items() if TINY * 10 < weight < 1 - TINY * 10}
        if not doubts:  # one division in two pieces of equal cost: any pair that is not decided yet
            doubts = {pair: 0.5 for pair in share if pair[0] not in bans.get(pair[1], frozenset())}
        node, centre = min(doubts, key=lambda pair: (pair[0] != pair[1], round(doubts[pair], 6), pair))
        others = {c: bans.get(c, frozenset()) | {node} for c in range(self.trees.n) if c != centre}
        has = {**bans, **others}
        has_not = {**bans, centre: bans.get(centre, frozenset()) | {node}}
        return has, has_not


class _Master:
    """The relaxation over the grids known so far: every node once, so many grids, no centre twice."""

    def __init__(self, n: int, count: int, dearest: int) -> None:
        self.n, self.grids = n, list[Grid]()
        self.value = 0.0
        self._known: set[tuple[int, tuple[int, ...]]] = set()
        self._highs: Any = quiet_highs(presolve="off", solver="simplex")
        for _ in range(n):
            self._highs.addRow(1.0, 1.0, 0, [], [])
        self._highs.addRow(float(count), float(count), 0, [], [])
        for _ in range(n):
            self._highs.addRow(-highspy.kHighsInf, 1.0, 0, [], [])
        for row in range(n + 1):
            self._highs.addCol(float(dearest), 0.0, highspy.kHighsInf, 1, [row], [1.0])
        self._highs.addCol(float(dearest), 0.0, highspy.kHighsInf, 1, [n], [-1.0])
        self._first = n + 2

    def add(self, grids: Iterable[Grid]) -> int:
        """Add grids; how many of them were new."""
        before = len(self.grids)
        for grid in grids:
            if (grid.centre, grid.members) not in self._known:
                self._known.add((grid.centre, grid.members))
                self.grids.append(grid)
                rows = [*grid.members, self.n, self.n + 1 + grid.centre]
                self._highs.addCol(float(grid.cost), 0.0, highspy.kHighsInf, len(rows), rows, [1.0] * len(rows))
        return len(self.grids) - before

    def allow(self, bans: Bans) -> None:
        """Let only grids stay that no ban touches."""
        for place, grid in enumerate(self.grids, self._first):
            is_out = not bans.get(grid.centre, frozenset()).isdisjoint(grid.members)
            self._highs.changeColBounds(place, 0.0, 0.0 if is_out else highspy.kHighsInf)

    def solve(self) -> tuple[dict[Grid, float], list[int], list[float]]:
        """Weights of the grids, prices of the nodes in 1/FINE, and per centre the value that a new grid must stay below."""
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise MergeplanError(f"HiGHS stopped with {self._highs.modelStatusToString(status)}")
        solution = self._highs.getSolution()
        self.value = float(self._highs.getObjectiveValue())
        duals = np.asarray(solution.row_dual) * FINE
        values = np.asarray(solution.col_value)[self._first :]
        weights = {grid: float(value) for grid, value in zip(self.grids, values, strict=True) if value > TINY}
        reduced = (duals[self.n] + duals[self.n + 1 :]).tolist()
        return weights, np.rint(duals[: self.n]).astype(np.int64).tolist(), reduced
