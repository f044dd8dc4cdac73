"""Plan a province or the whole country: county254 repeated with other populations, its optimum for a count proven.

    python benchmarks/country_bench.py [villages …] [--workers N] [--scheduler ADDRESS]
    python benchmarks/country_bench.py --cluster     one process, processes and a local Dask cluster side by side

Each size runs in a process of its own. Time is that of `Planner(instance).solve()`: wall clock, and processor time of all processes
(what a busy machine disturbs least). Memory is the largest sum over all processes at once of what each has for itself and its part
of what it shares (PSS). The plan is then recomputed from scratch by `verify`, outside the measured time.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import time
from math import log
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from mergeplan import Edge, Instance, Planner, Rules, dump_json, read_json
from mergeplan.plan_io import plan_to_json
from mergeplan.verification import verify

COUNTY = Path(__file__).resolve().parents[1] / "src" / "mergeplan" / "tests" / "county254.json"
GOALS = {101_600: (12.0, 1_000.0), 599_948: (300.0, 4_000.0)}
"""Villages → seconds and megabytes, on two cores."""


def country(villages: int, seed: int = 1) -> Instance:
    """`villages` villages in counties like county254 (9 towns of 254), each with other populations; K keeps its share."""
    base = read_json(COUNTY)
    rng = np.random.default_rng(seed)
    times = -(-villages // base.n)
    pop = np.array(base.pop)
    people = [np.maximum(rng.permutation(pop) * rng.uniform(0.9, 1.1, base.n), 300).astype(int) for _ in range(times)]
    labels = {town: place for place, town in enumerate(sorted(set(base.town), key=str))}
    last = villages - (times - 1) * base.n
    kept = [base.n] * (times - 1) + [last]
    edges = tuple(
        Edge(e.i + c * base.n, e.j + c * base.n, e.length_m, e.affinity)
        for c in range(times)
        for e in base.edges
        if max(e.i, e.j) < kept[c]
    )
    share = (base.rules.at_most or base.n) / base.n
    rules = Rules(
        k=base.rules.k,
        pmin=base.rules.pmin,
        pmax=base.rules.pmax,
        radius_m=base.rules.radius_m,
        target_pop=base.rules.target_pop,
        at_most=round(share * villages),
        detour=base.rules.detour,
    )

    def repeat(values: tuple[float, ...]) -> tuple[float, ...]:
        return (values * times)[:villages]

    return Instance(
        id=tuple(range(villages)),
        name=tuple(map(str, range(villages))),
        x=repeat(base.x),
        y=repeat(base.y),
        pop=tuple(np.concatenate(people)[:villages].tolist()),
        area=repeat(base.area),
        perim=repeat(base.perim),
        town=tuple(c * len(labels) + labels[t] for c in range(times) for t in base.town)[:villages],
        edges=edges,
        rules=rules,
        weights=base.weights,
    )


class Memory:
    """The largest memory of this process and all below it at once, in megabytes."""

    def __init__(self) -> None:
        self._watch = subprocess.Popen(
            [sys.executable, "-c", WATCH, str(os.getpid())], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def stop(self) -> float:
        out, _ = self._watch.communicate("stop\n")
        return float(out)


WATCH = """
import os, select, sys
top = int(sys.argv[1])
def below(pid):
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in open(f"/proc/{pid}/task/{task}/children").read().split():
                if int(child) != os.getpid():
                    found += below(int(child))
    except OSError:
        pass
    return found
def pss(pid):
    try:
        return sum(int(line.split()[1]) for line in open(f"/proc/{pid}/smaps_rollup") if line.startswith("Pss:"))
    except OSError:
        return 0
peak = 0
while not select.select([sys.stdin], [], [], 0.3)[0]:
    peak = max(peak, sum(map(pss, below(top))))
print(peak / 1024)
"""


def measure(villages: int, workers: int | None, scheduler: str | None, *, check: bool) -> dict[str, object]:
    """One size in this process."""
    instance = country(villages)
    memory = Memory()
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    before = sum(u.ru_utime + u.ru_stime for u in used)
    start = time.perf_counter()
    planner = Planner(instance, workers=workers, scheduler=scheduler)
    prepared = time.perf_counter() - start
    plan = planner.solve()
    seconds = time.perf_counter() - start
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(u.ru_utime + u.ru_stime for u in used) - before
    found: dict[str, object] = {"villages": villages, "towns": len(planner.states), "seconds": seconds, "cpu": cpu}
    found["prepared"] = prepared
    found |= {"megabytes": memory.stop(), "status": str(plan.status), "count": plan.count, "objective": plan.objective}
    found["corners"] = len(plan.curve)
    if check:
        del planner
        found["problems"] = len(verify(instance, plan_to_json(plan)))
    return found


def compare_cluster(console: Console, workers: int) -> None:
    """From how many towns a Dask cluster is worth its messages: its workers are on this machine, so nothing else differs."""
    from distributed import LocalCluster

    table = Table(
        "villages", "towns", "one process s", f"{workers} processes s", f"Dask, {workers} workers s", "same bytes"
    )
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as cluster:  # type: ignore[no-untyped-call]  # distributed has no types
        for counties in (1, 4, 12, 40, 160):
            instance = country(counties * 254)
            seconds, plans = [], []
            for how in ({"workers": 1}, {"workers": workers}, {"scheduler": cluster.scheduler_address}):
                start = time.perf_counter()
                plans.append(dump_json(Planner(instance, **how).solve()))
                seconds.append(f"{time.perf_counter() - start:.2f}")
            same = "yes" if len(set(plans)) == 1 else "NO"
            table.add_row(f"{instance.n:,}", str(counties * 9), *seconds, same)
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("villages", nargs="*", type=int, default=[10_160, 101_600, 599_948])
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--scheduler")
    parser.add_argument("--no-check", action="store_true", help="leave out recomputing the plans")
    parser.add_argument("--cluster", action="store_true", help="compare with a Dask cluster on this machine")
    parser.add_argument("--here", action="store_true", help="measure the one size in this process and print JSON")
    options = parser.parse_args()
    if options.here:
        for villages in options.villages:
            print(json.dumps(measure(villages, options.workers, options.scheduler, check=not options.no_check)))
        return
    console = Console(width=140, highlight=False)
    if options.cluster:
        compare_cluster(console, options.workers)
        return
    table = Table(
        "villages", "towns", "seconds", "goal", "processor s", "MB", "goal", "status", "units", "wrong in the plan"
    )
    rows = []
    for villages in options.villages:
        arguments = [sys.executable, __file__, str(villages), "--here", "--workers", str(options.workers)]
        arguments += ["--scheduler", options.scheduler] if options.scheduler else []
        arguments += ["--no-check"] if options.no_check else []
        rows.append(json.loads(subprocess.run(arguments, capture_output=True, text=True, check=True).stdout))
        r = rows[-1]
        goal = GOALS.get(villages, ("", ""))
        figures = (f"{r['seconds']:.1f}", str(goal[0]), f"{r['cpu']:.1f}", f"{r['megabytes']:,.0f}", str(goal[1]))
        table.add_row(
            str(villages), str(r["towns"]), *figures, r["status"], str(r["count"]), str(r.get("problems", "–"))
        )
    console.print(table)
    for a, b in itertools.pairwise(rows):
        exponent = log(b["cpu"] / a["cpu"]) / log(b["villages"] / a["villages"])
        console.print(f"exponent of processor time, {a['villages']:,} → {b['villages']:,}: {exponent:.2f} (goal ≤ 1.1)")


if __name__ == "__main__":
    main()
