"""What every check of an answer needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mergeplan.types import Flaw

Raw = Mapping[str, Any]


def flaw(code: str, message: str, field: str, index: int | None = None) -> Flaw:
    """Something that does not stand."""
    return Flaw(code, message, field, index)


def check_head(answer: Raw, objective: int | None) -> list[Flaw]:
    """Whether objective, bound and status say the same as what was recomputed (None: it could not be)."""
    found = []
    said, bound = answer.get("objective"), answer.get("bound")
    if objective is not None and said != objective:
        found.append(flaw("objective", f"is {said}, recomputed {objective}", "objective"))
    if not isinstance(said, int) or not isinstance(bound, int) or bound > said:
        found.append(flaw("bound", f"{bound} proves nothing of {said}", "bound"))
    elif answer.get("status") not in ({"optimal"} if bound == said else {"feasible"}):
        found.append(flaw("status", f"is {answer.get('status')!r} with objective {said} and bound {bound}", "status"))
    return found


def metres_between(edges: list[list[int]], within: set[int], goal: int) -> dict[int, int]:
    """Everybody's shortest way to the goal over these nodes: all edges again and again until nothing gets shorter."""
    far = {goal: 0}
    changed = True
    while changed:
        changed = False
        for i, j, metres in edges:
            for here, there in ((i, j), (j, i)):
                is_shorter = there in far and far[there] + metres < far.get(here, 1 << 60)
                if is_shorter and (there in within or there == goal) and (here in within or here == goal):
                    far[here] = far[there] + metres
                    changed = True
    return far


def next_towards(goal: int, node: int, edges: list[list[int]], far: Mapping[int, int], ids: list[str]) -> int | None:
    """The node that follows on the shortest way, of equal ones the smaller id; None where no way leads there."""
    if node not in far or node == goal:
        return None
    ends = [(b if a == node else a, metres) for a, b, metres in edges if node in (a, b)]
    fitting = [other for other, metres in ends if other in far and far[other] + metres == far[node]]
    return min(fitting, key=lambda other: ids[other], default=None)
