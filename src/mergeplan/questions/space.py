"""Whether places suffice, and who lacks them: a greatest flow from villages to the blocks within their reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Space:
    """Units that find a place, village by block; `short` do not: the smallest set of villages that lacks them, and its blocks."""

    units: tuple[tuple[int, ...], ...]
    short: int
    villages: tuple[int, ...]
    blocks: tuple[int, ...]


def find_space(quota: Sequence[int], capacity: Sequence[int], reach: Sequence[Sequence[int]]) -> Space:
    """As many units as possible placed within reach; what is short is what the smallest tight set of villages lacks."""
    units = [[0] * len(capacity) for _ in quota]
    left, free = list(quota), list(capacity)
    while True:
        came_from = _search(units, left, reach)
        end = next((b for kind, b in came_from if kind == "block" and free[b]), None)
        if end is None:
            break
        way: list[tuple[int, int, int]] = []
        at = ("block", end)
        while (before := came_from[at]) is not None:
            way.append((before[1], at[1], 1) if at[0] == "block" else (at[1], before[1], -1))
            at = before
        most = min([left[at[1]], free[end], *(units[i][b] for i, b, sign in way if sign < 0)])
        for i, b, sign in way:
            units[i][b] += sign * most
        left[at[1]] -= most
        free[end] -= most
    short = sum(left)
    villages = tuple(sorted(i for kind, i in came_from if kind == "village")) if short else ()
    blocks = tuple(sorted(b for kind, b in came_from if kind == "block")) if short else ()
    return Space(tuple(map(tuple, units)), short, villages, blocks)


_Node = tuple[str, int]


def _search(
    units: Sequence[Sequence[int]], left: Sequence[int], reach: Sequence[Sequence[int]]
) -> dict[_Node, _Node | None]:
    """Everything that a unit without a place can come to by moving others, with the step before; the nearest first."""
    came_from: dict[_Node, _Node | None] = {("village", i): None for i, number in enumerate(left) if number}
    queue = list(came_from)
    for node in queue:
        kind, here = node
        if kind == "village":
            onwards = [("block", b) for b in reach[here]]
        else:
            onwards = [("village", i) for i, row in enumerate(units) if row[here]]
        for other in onwards:
            if other not in came_from:
                came_from[other] = node
                queue.append(other)
    return came_from
