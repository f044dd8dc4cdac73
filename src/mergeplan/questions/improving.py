"""A good division to start from: centres with the grids that grow around them, bettered by moving and swapping single nodes.

Nothing is proven here. A start near the best leaves the search little to look at. Same trees, same start: no randomness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mergeplan.questions.trees import FAR, Grid, GridTrees

LOOKS = 12_000
"""Sets of nodes that are looked at for one start; then it is as good as it is."""

Members = frozenset[int]


class Improver:
    """Divisions of one community; what a set of nodes costs is computed once."""

    def __init__(self, trees: GridTrees) -> None:
        self.trees = trees
        self.far = max(1, max((metres for tree in trees.trees for metres in tree.metres), default=1)) + trees.balance
        self._known: dict[Members, tuple[int, Grid | None]] = {}
        self._ways = [dict(zip(tree.order, tree.metres, strict=True)) for tree in trees.trees]

    def start(self, centres: Sequence[int]) -> tuple[Grid, ...] | None:
        """A division around as many centres, bettered until nothing betters it; None where the limits are not kept."""
        groups = [set[int]() for _ in centres]
        for node in range(self.trees.n):
            groups[min(range(len(centres)), key=lambda g: (self._ways[centres[g]][node], centres[g]))].add(node)
        return self._grown([frozenset(group) for group in groups])

    def bettered(self, grids: Iterable[Grid]) -> tuple[Grid, ...] | None:
        """A division bettered until nothing betters it."""
        return self._grown([frozenset(grid.members) for grid in grids])

    def _grown(self, groups: list[Members]) -> tuple[Grid, ...] | None:
        grids = [self._price(group)[1] for group in self._bettered(groups)]
        kept = [grid for grid in grids if grid is not None and self.trees.low <= grid.households <= self.trees.high]
        return tuple(kept) if len(kept) == len(grids) else None

    def _price(self, members: Members) -> tuple[int, Grid | None]:
        """The cost with a price on every household beyond the limits; FAR where no centre keeps the ways inside."""
        known = self._known.get(members)
        if known is None:
            grid = self.trees.cheapest(members) if members else None
            if grid is None:
                known = (FAR, None)
            else:
                beyond = max(0, self.trees.low - grid.households, grid.households - self.trees.high)
                known = (grid.cost + beyond * self.far, grid)
            self._known[members] = known
        return known

    def _bettered(self, groups: list[Members]) -> list[Members]:
        looks = len(self._known) + LOOKS
        while len(self._known) < looks:
            change = next(self._better(groups), None)
            if change is None:
                break
            for number, members in change.items():
                groups[number] = members
        return groups

    def _better(self, groups: Sequence[Members]) -> Iterator[Mapping[int, Members]]:
        """Changes of two groups that make them cheaper together: a node moves over, or two change places."""
        of = {node: number for number, group in enumerate(groups) for node in group}
        borders = sorted(
            (node, target) for node in of for target in {of[other] for other in self.trees.near[node]} - {of[node]}
        )
        for node, target in borders:
            home = of[node]
            if (change := self._cheaper(groups, home, target, {node}, set())) is not None:
                yield change
        across = set(borders)
        for node, target in borders:
            home = of[node]
            for other in sorted(groups[target]):
                if node >= other or (other, home) not in across:
                    continue
                if (change := self._cheaper(groups, home, target, {node}, {other})) is not None:
                    yield change

    def _cheaper(
        self, groups: Sequence[Members], home: int, target: int, going: set[int], coming: set[int]
    ) -> Mapping[int, Members] | None:
        ours, theirs = (groups[home] - going) | coming, (groups[target] - coming) | going
        before = self._price(groups[home])[0] + self._price(groups[target])[0]
        first = self._price(ours)[0]
        if first >= before or first + self._price(theirs)[0] >= before:
            return None
        return {home: ours, target: theirs}
