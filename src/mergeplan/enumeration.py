"""List every connected set of at most k villages of a town, each exactly once, as bit sets.

The walk is Wernicke's ESU (2006): a set grows only by positions above its lowest one and not yet seen from it, so no set is
met twice and nothing needs to be remembered. Populations are never negative, so a set past the largest Pmax is not extended.
"""

from __future__ import annotations

from collections.abc import Sequence

from mergeplan.towns import TownInstance
from mergeplan.types import TooManyColumnsError

COLUMN_LIMIT = 200_000


def connected_sets(town: TownInstance, limit: int = COLUMN_LIMIT) -> list[tuple[int, ...]]:
    """All connected sets as sorted tuples of positions, in lexicographic order.

    Raises `TooManyColumnsError` naming the k that fits when there are more than `limit`.
    """
    ceiling = max((high for _, high in town.windows), default=0)
    found = _grow(town.near, town.pop, town.k, ceiling, limit)
    if found is None:
        fitting = next((k for k in range(town.k - 1, 0, -1) if _grow(town.near, town.pop, k, ceiling, limit)), 0)
        raise TooManyColumnsError(town.label, town.k, limit, fitting)
    return found


def _grow(near: Sequence[int], pop: Sequence[int], k: int, ceiling: int, limit: int) -> list[tuple[int, ...]] | None:
    """Connected sets of 1 … k positions; None past the limit."""
    found: list[tuple[int, ...]] = []
    for root, root_near in enumerate(near):
        found.append((root,))
        above = -1 << (root + 1)
        # (members, border still to try, everything seen from the set, people)
        stack: list[tuple[tuple[int, ...], int, int, int]] = [
            ((root,), root_near & above, root_near | (1 << root), pop[root])
        ]
        while stack:
            members, border, seen, people = stack.pop()
            deeper = len(members) + 1 < k
            if len(members) >= k:
                continue
            while border:
                bit = border & -border
                border ^= bit
                w = bit.bit_length() - 1
                total = people + pop[w]
                if total > ceiling:
                    continue
                grown = (*members, w)
                found.append(grown)
                if len(found) > limit:
                    return None
                if deeper:
                    stack.append((grown, border | (near[w] & ~seen & above), seen | near[w], total))
    if len(found) > limit:
        return None
    return sorted(tuple(sorted(s)) for s in found)
