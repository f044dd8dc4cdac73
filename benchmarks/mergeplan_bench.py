"""Measure `mergeplan` against its goals and against named peers, in one run.

    python benchmarks/mergeplan_bench.py [county254.json] [--no-peers] [--repeat 3] [--max-p-seconds 400]

Peers solve the same county and are scored by the same function; every broken rule is counted. spopt comes with the dependency
group `bench`; where it is missing the table says so. Times are wall clock without process start; medians of `--repeat` runs.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from math import log
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from mergeplan import Instance, Plan, Planner, read_json, regret
from mergeplan.scoring import DEFAULT, exact_centre_cost, exact_score
from mergeplan.testing import county
from mergeplan.towns import TownInstance, split_towns

COUNTY = Path(__file__).resolve().parents[1] / "src" / "mergeplan" / "tests" / "county254.json"
SCALE = """
import resource, time
import mergeplan, mergeplan.testing
instance = mergeplan.testing.county({n}, {towns}, 1, Pmin=800)
before = time.process_time()
start = time.perf_counter()
plan = mergeplan.Planner(instance, workers={workers}).solve()
seconds = time.perf_counter() - start
used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
memory = used[0].ru_maxrss + {workers} * used[1].ru_maxrss
print(seconds, memory, plan.status, plan.count, sum(u.ru_utime + u.ru_stime for u in used) - before)
"""
console = Console(width=120, highlight=False)


def timed(work: Callable[[], Any], repeat: int = 1) -> tuple[float, Any]:
    """Median seconds and the last result."""
    seconds, result = [], None
    for _ in range(repeat):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def _solved(instance: Instance, k: int) -> Plan:
    return Planner(instance, k=k).solve(at_most=116, explain=False)


def measure_goals(instance: Instance, repeat: int) -> None:
    table = Table("what", "seconds", "goal", "", title="mergeplan against its goals")

    def row(what: str, seconds: float, goal: float, note: str = "") -> None:
        table.add_row(what, f"{seconds:.3f}", f"≤ {goal:g}", ("met" if seconds <= goal else "MISSED") + note)

    for k, goal in ((3, 0.5), (5, 1.0)):
        seconds, plan = timed(partial(_solved, instance, k), repeat)
        row(f"254/9, k = {k}: optimum at 116, whole curve bounded", seconds, goal, f"  ({plan.objective:,})")
    seconds, points = timed(lambda: Planner(instance).curve(exact=True), repeat)
    row(f"254/9, k = 3: all {len(points)} points of the curve exact", seconds, 2)
    planner = Planner(instance)
    best = planner.solve(at_most=116, explain=False)
    mergers = [u.members for u in best.units if len(u.members) > 1]
    again = sorted(timed(partial(planner.solve, at_most=116, forbid=[m], explain=False))[0] for m in mergers)
    again += [timed(partial(planner.solve, at_most=116, lock=[m], explain=False))[0] for m in mergers]
    row(f"re-solve after a lock or ban, p95 of {len(again)}", sorted(again)[int(0.95 * len(again))], 0.2)
    seconds, prices = timed(lambda: regret(Planner(instance), at_most=116), repeat)
    row(f"regret of all {len(prices)} mergers", seconds, 3)
    seconds, _ = timed(lambda: Planner(instance).solve(at_most=80), repeat)
    row("diagnosis of an infeasible request (at most 80)", seconds, 2)
    seconds, plan = timed(lambda: Planner(county(1_000, 30, 1, k=4, Pmin=800)).solve(), repeat)
    row(f"1,000/30, k = 4 ({plan.status} at {plan.count})", seconds, 2)
    workers = os.cpu_count() or 1
    cpu = {}
    for n, towns in ((2_000, 70), (6_300, 220), (20_000, 700)):
        code = SCALE.format(n=n, towns=towns, workers=workers)
        words = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        cpu[n] = float(words[4])
        memory = float(words[1]) / 1024
        if n == 20_000:
            row(
                f"20,000/700, k = 3 ({words[2]} at {words[3]})",
                float(words[0]),
                20,
                f"  ({memory:,.0f} MB in all processes, goal ≤ 1,000)",
            )
    exponent = log(cpu[20_000] / cpu[2_000]) / log(10)
    table.add_row(
        "exponent of processor time in n, 2,000 → 20,000 villages",
        f"{exponent:.2f}",
        "≤ 1.1",
        "met" if exponent <= 1.1 else "MISSED",
    )
    console.print(table)


# -- peers ------------------------------------------------------------------------------------------------------------


def judge(instance: Instance, units: list[list[int]]) -> tuple[int, dict[str, int]]:
    """Total score of any partition and how often it breaks each rule. A unit without an allowed centre takes the cheapest."""
    towns = {t.label: t for t in split_towns(instance)}
    one_town = _as_one_town(instance)
    broken = {"k": 0, "Pmin": 0, "Pmax": 0, "R": 0, "town": 0}
    total = 0
    rules = instance.rules
    for unit in units:
        labels = {instance.town[i] for i in unit}
        town = towns[next(iter(labels))] if len(labels) == 1 else one_town
        members = sorted(town.index.index(i) for i in unit)
        people = sum(instance.pop[i] for i in unit)
        centre = min(members, key=lambda c: (exact_centre_cost(town, members, c), town.rank[c]))
        reach = min(int(town.distance[members, c].max()) for c in members)
        broken["k"] += len(unit) > rules.k
        broken["Pmin"] += people < rules.pmin
        broken["Pmax"] += len(unit) > 1 and people > rules.pmax
        broken["R"] += reach > rules.radius_m
        broken["town"] += len(labels) > 1
        if reach <= rules.radius_m:
            allowed = [c for c in members if town.distance[members, c].max() <= rules.radius_m]
            centre = min(allowed, key=lambda c: (exact_centre_cost(town, members, c), town.rank[c]))
        total += exact_score(town, members, centre)
    return total, {rule: times for rule, times in broken.items() if times}


def _as_one_town(instance: Instance) -> TownInstance:
    from dataclasses import replace

    return split_towns(replace(instance, town=(0,) * instance.n))[0]


def greedy(instance: Instance, at_most: int) -> list[list[int]]:
    """Merge the pair of neighbouring units that costs least, Pmin offenders first, until the count is met."""
    towns = split_towns(instance)
    units = {(t, p): [p] for t, town in enumerate(towns) for p in range(town.size)}
    cost: dict[tuple[int, tuple[int, ...]], int | None] = {}

    def price(t: int, members: list[int]) -> int | None:
        import numpy as np

        key = (t, tuple(sorted(members)))
        if key not in cost:
            town = towns[t]
            people = sum(town.pop[p] for p in members)
            fits = len(members) <= town.k and (len(members) == 1 or people <= instance.rules.pmax)
            centre, score = DEFAULT.score_sets(town, np.array([key[1]])) if fits else ([-1], [0])
            cost[key] = int(score[0]) if centre[0] >= 0 else None
        return cost[key]

    def offends(t: int, members: list[int]) -> bool:
        return sum(towns[t].pop[p] for p in members) < instance.rules.pmin

    while True:
        best: tuple[bool, int, tuple[int, int], tuple[int, int]] | None = None
        for (t, p), members in units.items():
            around = 0
            for q in members:
                around |= towns[t].near[q]
            for (u, q), others in units.items():
                if u != t or q <= p or not any(around >> o & 1 for o in others):
                    continue
                joined = price(t, members + others)
                alone, other = price(t, members), price(t, others)
                if joined is None or alone is None or other is None:
                    continue
                rank = (not (offends(t, members) or offends(t, others)), joined - alone - other, (t, p), (u, q))
                best = rank if best is None or rank < best else best
        if best is None or (len(units) <= at_most and best[0]):
            break
        units[best[2]] += units.pop(best[3])
    return [[towns[t].index[p] for p in members] for (t, _), members in units.items()]


def by_spopt(instance: Instance, method: str, counts: dict[Any, int], seconds: float) -> list[list[int]]:
    """Regions of spopt, town by town so that towns are kept; `counts` are wished counts per town (Ward)."""
    import geopandas
    import numpy as np
    import spopt.region
    from libpysal.weights import W
    from shapely.geometry import Point

    units: list[list[int]] = []
    start = time.perf_counter()
    for town in split_towns(instance):
        data = {"x": town.x, "y": town.y, "pop": town.pop, "one": [1] * town.size}
        frame = geopandas.GeoDataFrame(data, geometry=[Point(x, y) for x, y in zip(town.x, town.y, strict=True)])
        near = {p: [q for q in range(town.size) if town.near[p] >> q & 1] for p in range(town.size)}
        weights = W(near, silence_warnings=True)
        np.random.seed(0)  # spopt takes its randomness from the global state
        if method == "max-p":
            left = seconds - (time.perf_counter() - start)
            if left <= 0:
                raise TimeoutError
            # The threshold that gives about the wished number of regions of at least that many people.
            threshold = 0.74 * sum(town.pop) / counts[town.label]
            model = spopt.region.MaxPHeuristic(frame, weights, ["x", "y"], "pop", threshold, 2, policy="single")
        else:
            model = spopt.region.WardSpatial(frame, weights, ["x", "y"], counts[town.label])
        model.solve()
        labels = np.asarray(model.labels_)
        units += [[town.index[p] for p in np.nonzero(labels == label)[0]] for label in np.unique(labels)]
    return units


def compare_peers(instance: Instance, max_p_seconds: float) -> None:
    planner = Planner(instance)
    seconds, best = timed(lambda: Planner(instance).solve(at_most=116, explain=False))
    curve = {p.count: p.cost for p in planner.curve(exact=True)}
    table = Table(
        "solver",
        "units",
        "objective",
        "of the optimum at its count",
        "rules broken",
        "seconds",
        title="Peers on county254",
    )
    assert best.objective is not None
    table.add_row("mergeplan (proven)", str(best.count), f"{best.objective:,}", "1.000", "none", f"{seconds:.2f}")
    counts = {t.town: t.count for t in best.towns}
    peers: list[tuple[str, Callable[[], list[list[int]]]]] = [
        ("greedy merge (our own)", lambda: greedy(instance, 116)),
        ("spopt WardSpatial, our town counts", lambda: by_spopt(instance, "ward", counts, max_p_seconds)),
        ("spopt MaxPHeuristic, by town", lambda: by_spopt(instance, "max-p", counts, max_p_seconds)),
    ]
    for name, work in peers:
        try:
            seconds, units = timed(work)
        except ImportError as error:
            table.add_row(name, "—", "—", "—", f"not installed ({error.name}): group `bench`", "—")
            continue
        except TimeoutError:
            table.add_row(name, "—", "—", "—", f"stopped after {max_p_seconds:g} s", "—")
            continue
        total, broken = judge(instance, units)
        optimum = curve.get(len(units))
        ratio = f"{total / optimum:.3f}" if optimum else "no valid plan has this count"
        said = ", ".join(f"{rule} ×{times}" for rule, times in broken.items()) or "none"
        table.add_row(name, str(len(units)), f"{total:,}", ratio, said, f"{seconds:.2f}")
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("instance", nargs="?", type=Path, default=COUNTY)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--max-p-seconds", type=float, default=400)
    options = parser.parse_args()
    instance = read_json(options.instance)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    console.print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {peak} MB at start")
    measure_goals(instance, options.repeat)
    if not options.no_peers:
        compare_peers(instance, options.max_p_seconds)


if __name__ == "__main__":
    main()
