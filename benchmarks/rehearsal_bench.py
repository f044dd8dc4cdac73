"""Rehearse polling day: the same crowd by Heli and by SimPy, every wait compared; then a district of villages. Processor time.

    python benchmarks/rehearsal_bench.py [--days 10] [--villages 116] [--replications 200] [--processes 2]

SimPy 4.1 belongs to the group `bench`; where it is missing the table says so. Both are given the same random numbers, drawn
beforehand; drawing is measured with the district.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from heli.assemblies.rules.rehearsing import Minutes, PollingSetup, PollingStage, draw, rehearse, walk

VILLAGE = PollingSetup(
    200, 1, 1500, 180, 63, (),
    (PollingStage("desk", 4, 0.5, 4), PollingStage("booth", 12, 1.6, 4), PollingStage("box", 2, 0.1, 4)),
)  # fmt: skip
GOAL_RATIO, GOAL_MINUTES = 3, 10


def by_simpy(
    simpy: Any, arrivals: list[float], needs: list[list[float]], servers: list[int]
) -> tuple[Minutes, Minutes]:
    """Minutes waited and minute of leaving per voter: a process for each voter, a resource for each stage."""
    env = simpy.Environment()
    stages = [simpy.Resource(env, capacity=number) for number in servers]
    waited, left = np.zeros(len(arrivals)), np.zeros(len(arrivals))

    def voter(who: int) -> Any:
        yield env.timeout(arrivals[who])
        for stage, need in zip(stages, needs, strict=True):
            came = env.now
            with stage.request() as turn:
                yield turn
                waited[who] += env.now - came
                yield env.timeout(need[who])
        left[who] = env.now

    for who in range(len(arrivals)):
        env.process(voter(who))
    env.run()
    return waited, left


def beside_simpy(days: int) -> str:
    """What a table says of so many days by both; a fault where a wait differs."""
    try:
        import simpy
    except ImportError:
        return "SimPy is missing: install the group `bench` to compare"
    servers = [stage.servers for stage in VILLAGE.stages]
    ours = theirs = 0.0
    for day in range(days):
        arrivals, needs = draw(VILLAGE, day)
        lists = arrivals.tolist(), [need.tolist() for need in needs]
        begun = time.process_time()
        waited, left, _longest = walk(arrivals, needs, servers)
        ours += time.process_time() - begun
        begun = time.process_time()
        peer = by_simpy(simpy, *lists, servers)
        theirs += time.process_time() - begun
        if not (np.array_equal(waited, peer[0]) and np.array_equal(left, peer[1])):
            raise SystemExit(f"day {day}: SimPy {simpy.__version__} says other waits")
    told = f"{days} days, every wait and leaving of {days * VILLAGE.voters} voters the same; a day by Heli"
    peer_told = f"by SimPy {simpy.__version__} {theirs / days * 1e3:.1f} ms: {theirs / ours:.1f} times faster"
    return f"{told} {ours / days * 1e3:.1f} ms, {peer_told} (goal {GOAL_RATIO})"


def one_village(number: int, replications: int) -> float:
    """Processor seconds of a village: its own seed and between 600 and 2,400 voters, 1,500 in the mean."""
    begun = time.process_time()
    rehearse(replace(VILLAGE, seed=number, replications=replications, voters=600 + number * 1800 // 115))
    return time.process_time() - begun


def main() -> None:
    """Print what was measured, with the load of the machine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--villages", type=int, default=116)
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(beside_simpy(given.days))
    begun = time.perf_counter()
    with ProcessPoolExecutor(given.processes) as pool:
        spent = sum(pool.map(one_village, range(given.villages), [given.replications] * given.villages))
    took = time.perf_counter() - begun
    print(
        f"{given.villages} villages, {given.replications} days each, {given.processes} processes: {took:.0f} s, "
        f"{spent:.0f} s of processor time (goal {GOAL_MINUTES * 60} s)"
    )


if __name__ == "__main__":
    main()
