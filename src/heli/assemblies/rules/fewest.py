"""The fewest servers with which polling day keeps a target of waiting, searched exactly over the crowds that were drawn.

What is proven, for these crowds: no way of placing fewer servers altogether keeps the target. Two facts make the search exact.
At one stage nobody waits longer when servers are added, for arrivals and needs stay what they were; and who has waited at the
first stages has waited at least as long at the end. Over several stages at once neither holds: more desks may lengthen the
queue at the booths, so every choice at the earlier stages is looked at that could still be better. Of other crowds nothing is
proven: how far those drawn may be off is said by `half95`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from heli.assemblies.rules.rehearsing import Minutes, PollingSetup, draw, serve

Crowd = tuple[Minutes, Minutes]
"""Of one replication: when each voter comes to the next stage, and how long each has waited so far."""


@dataclass(frozen=True, slots=True)
class FewestServers:
    """Servers per stage, fewest altogether; of equals the one with the fewest at the first stages.

    `wait_p95` is what nineteen in twenty voters stay below, in minutes, as the mean of the replications; `half95` half a
    95 % interval of it; `looked_at` how many settings of a stage were walked through.
    """

    servers: tuple[int, ...]
    wait_p95: float
    half95: float
    looked_at: int


def find_fewest(setup: PollingSetup, target_min: float, most: int) -> FewestServers | None:
    """The fewest servers that keep `wait_p95` at or below the target, at most `most` at a stage; None where none do."""
    drawn = [draw(setup, number) for number in range(setup.replications)]
    needs = [[crowd[1][stage] for crowd in drawn] for stage in range(len(setup.stages))]
    rank = setup.voters * 95 // 100
    best: tuple[int, ...] | None = None
    best_waits = np.zeros(0)
    looked_at = 0

    def serve_all(crowds: list[Crowd], stage: int, servers: int) -> list[Crowd]:
        nonlocal looked_at
        looked_at += 1
        found = []
        for (at, waited), need in zip(crowds, needs[stage], strict=True):
            wait, left, _queue = serve(at, need, servers)
            found.append((left, waited + wait))
        return found

    def p95s(crowds: list[Crowd]) -> Minutes:
        return np.array([np.partition(waited, rank)[rank] for _at, waited in crowds])

    def search(crowds: list[Crowd], chosen: tuple[int, ...]) -> None:
        nonlocal best, best_waits
        stage = len(chosen)

        def top() -> int:
            """As many as may stand here when the whole is to be less than the best, one at least at each later stage."""
            spare = most if best is None else sum(best) - 1 - sum(chosen) - (len(setup.stages) - stage - 1)
            return min(most, spare)

        after: dict[int, list[Crowd]] = {}

        def keeps(servers: int) -> bool:
            after[servers] = serve_all(crowds, stage, servers)
            return bool(p95s(after[servers]).mean() <= target_min)

        least = _least(keeps, top())
        if least is None:
            return
        if stage == len(setup.stages) - 1:
            best, best_waits = (*chosen, least), p95s(after[least])
            return
        servers = least
        while servers <= top():
            here = after.pop(servers, None) or serve_all(crowds, stage, servers)
            search(here, (*chosen, servers))
            if all((new[1] == old[1]).all() for new, old in zip(here, crowds, strict=True)):
                return  # nobody waits here any more: further servers change nothing
            servers += 1

    search([(crowd[0], np.zeros(setup.voters)) for crowd in drawn], ())
    if best is None:
        return None
    half = 1.96 * best_waits.std(ddof=min(1, len(drawn) - 1)) / np.sqrt(len(drawn))
    return FewestServers(best, round(float(best_waits.mean()), 3), round(float(half), 3), looked_at)


def _least(keeps: Callable[[int], bool], top: int) -> int | None:
    """The least number from 1 to `top` that keeps the target, which every greater one then does; None where none does."""
    if top < 1 or not keeps(top):
        return None
    low, high = 1, top
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(middle) else (middle + 1, high)
    return low
