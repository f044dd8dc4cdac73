"""Dijkstra's search for all cheapest exact covers of a town's rows, and the choice among them by id.

Works on integers only: reduced costs, bit sets, counts. Where they come from is told in `partition`.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

from mergeplan.columns import Columns


class SearchTooLargeError(Exception):
    """The exact search visited more states than allowed."""


Step = tuple[int, int, int, int, int, int]
"""Reduced cost, rows, counted, column, and what it wastes of the fewest and of the most units."""


Optima = dict[int, list[tuple[int, int]]]
"""All optimal plans as a graph: state → (state before, column taken); the goal is the first key, the start is 0."""


def over(rows: int, prices: Sequence[int]) -> int:
    """Sum of prices over a bit set."""
    total = 0
    while rows:
        low = rows & -rows
        total += prices[low.bit_length() - 1]
        rows ^= low
    return total


def shortest(
    steps: Sequence[Sequence[Step]], count: int, allowance: int, spare: tuple[int, int], limit: int
) -> tuple[Optima | None, bool]:
    """All cheapest exact covers with `count` counted columns and Σ reduced cost ≤ allowance; whether anything was cut off.

    States leave the queue by (cost, first uncovered row), so every equally cheap way into a state is known before it
    leaves. Raises `SearchTooLargeError` past `limit` states.
    """
    rows = len(steps)
    full = (1 << rows) - 1
    spare_under, spare_over = spare
    # state → (cost, wasted of the fewest, wasted of the most); the last two depend on the state alone
    best: dict[int, tuple[int, int, int]] = {0: (0, 0, 0)}
    before: Optima = {0: []}
    queue: list[tuple[int, int, int]] = [(0, 0, 0)]
    done: set[int] = set()
    cut = False
    while queue:
        _, row, state = heappop(queue)
        if state in done:
            continue
        done.add(state)
        if len(done) > limit:
            raise SearchTooLargeError
        covered, used = state & full, state >> rows
        spent, wasted_under, wasted_over = best[state]
        if covered == full:
            if used == count:
                return _ways_to(state, before), cut
            continue
        for reduced, mask, counted, j, under, over in steps[row]:
            total = spent + reduced
            if total > allowance:
                cut = True
                break
            if mask & covered or used + counted > count:
                continue
            if wasted_under + under > spare_under or wasted_over + over > spare_over:
                continue
            grown = covered | mask
            after = grown | (used + counted) << rows
            known = best.get(after)
            if known is None or total < known[0]:
                best[after] = (total, wasted_under + under, wasted_over + over)
                before[after] = [(state, j)]
                free = ~grown & (grown + 1)
                heappush(queue, (total, free.bit_length() - 1, after))
            elif total == known[0]:
                before[after].append((state, j))
    return None, cut


def _ways_to(goal: int, before: Optima) -> Optima:
    """The part of the search that lies on some cheapest way; the goal comes first."""
    ways: Optima = {goal: before[goal]}
    pending = [goal]
    while pending:
        for state, _ in ways[pending.pop()]:
            if state not in ways:
                ways[state] = before[state]
                pending.append(state)
    return ways


def first_by_id(optima: Optima, columns: Columns) -> tuple[int, ...]:
    """Of all optimal plans the one whose units, listed by lowest id, come first.

    Villages are taken by id; each gets the first of its possible units with which an optimal plan is still left.
    """
    allowed = {j for ways in optima.values() for _, j in ways}
    if all(len(ways) <= 1 for ways in optima.values()):
        return tuple(sorted(allowed))
    masks = {j: columns.columns[j].rows for j in allowed}
    picked: set[int] = set()
    for row in columns.rows_by_id:
        rivals = sorted((j for j in allowed if masks[j] >> row & 1), key=columns.preference.__getitem__)
        for j in rivals:
            kept = {i for i in allowed if i == j or not masks[i] & masks[j]}
            if len(rivals) == 1 or _is_passable(optima, kept):
                allowed = kept
                picked.add(j)
                break
    return tuple(sorted(picked))


def _is_passable(optima: Optima, allowed: set[int]) -> bool:
    """Whether an optimal plan of allowed columns exists."""
    goal = next(iter(optima))
    seen, pending = {goal}, [goal]
    while pending:
        for state, j in optima[pending.pop()]:
            if j in allowed and state not in seen:
                if state == 0:
                    return True
                seen.add(state)
                pending.append(state)
    return False
