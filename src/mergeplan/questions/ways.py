"""Shortest ways over a graph whose edges are metres, as trees whose branches are the same for everybody who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from heapq import heappop, heappush

Neighbours = Mapping[int, Mapping[int, int]]
"""Per node its neighbours and the metres to them."""


def neighbours(n: int, edges: tuple[tuple[int, int, int], ...]) -> dict[int, dict[int, int]]:
    """Both directions of every edge; of two between the same nodes the shorter one."""
    near: dict[int, dict[int, int]] = {i: {} for i in range(n)}
    for i, j, metres in edges:
        near[i][j] = near[j][i] = min(metres, near[i].get(j, metres))
    return near


def ways_to(seat: int, near: Neighbours, may_pass: Callable[[int], bool]) -> tuple[dict[int, int], dict[int, int]]:
    """Metres of everybody's shortest way to the seat over nodes that may be passed, and the next node on it.

    Of equal ways the one whose next node has the smaller number. Edges are at least one metre long.
    """
    metres = {seat: 0}
    queue = [(0, seat)]
    while queue:
        far, node = heappop(queue)
        if far > metres[node]:
            continue
        for other, length in near[node].items():
            if may_pass(other) and far + length < metres.get(other, far + length + 1):
                metres[other] = far + length
                heappush(queue, (far + length, other))
    following = {
        node: min(other for other, length in near[node].items() if metres.get(other, far + 1) + length == far)
        for node, far in metres.items()
        if node != seat
    }
    return metres, following
