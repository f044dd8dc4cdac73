"""Find service points beside spopt, in one run: points opened, household-metres, CPU seconds.

    python benchmarks/points_bench.py [FILE]

Asked are the fewest further points within reach (spopt: LSCP), and as many points wherever they are nearest, without reach
(spopt: P-median). spopt gets the same matrix of metres with what is open predefined; its solver is the CBC that comes with PuLP.
Where spopt is not installed its lines are left out, so that it may be measured from an environment of its own. Without a file
300 groups in 30 villages are drawn, with a counter in every second village.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from mergeplan.questions import solve_question
from mergeplan.questions.points import PointsQuestion, read_points

try:
    import pulp
    from spopt.locate import LSCP, PMedian
except ImportError:
    pulp = None


def drawn() -> dict[str, Any]:
    """300 groups of 30 villages on 20 by 20 km."""
    rng = random.Random(30)
    groups: dict[str, list[Any]] = {key: [] for key in ("id", "village", "x", "y", "households")}
    sites: dict[str, list[Any]] = {key: [] for key in ("id", "x", "y", "open")}
    for village in range(30):
        x, y = rng.randrange(20_000), rng.randrange(20_000)
        for group in range(10):
            at = {"x": x + rng.randrange(-1500, 1500), "y": y + rng.randrange(-1500, 1500)}
            name = f"{village:02}-{group}"
            for key, value in {"id": name, "village": str(village), "households": rng.randint(20, 60), **at}.items():
                groups[key].append(value)
            for key, value in {"id": name, "open": int(group == 0 and village % 2 == 0), **at}.items():
                sites[key].append(value)
    return {"form": "mergeplan.points/1", "demand": groups, "sites": sites, "detour": 1.3, "reach": 2000}


def cpu() -> float:
    """Seconds of this process and of the solvers it has started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(what: str, do: Callable[[], tuple[int, int]]) -> None:
    """Print further points, household-metres and seconds of one way to answer."""
    begun = cpu()
    further, cost = do()
    print(f"  {what}: {further} further points, {cost:,} household-metres, {cpu() - begun:.2f} s CPU")


def costs(question: PointsQuestion, chosen: list[int]) -> int:
    """Household-metres when every group goes to its nearest of these sites."""
    nearest = question.metres[:, chosen].min(axis=1)
    return int((nearest * np.array(question.households)).sum())


def by_spopt(question: PointsQuestion, model: Any) -> tuple[int, int]:
    """Further points and cost of a solved model of spopt."""
    chosen = [j for j, one in enumerate(model.fac_vars) if one.value() is not None and one.value() > 0.5]
    return len(chosen) - len(question.opened), costs(question, chosen)


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?")
    given = parser.parse_args()
    raw = json.loads(Path(given.file).read_text(encoding="utf-8")) if given.file else drawn()
    question = read_points(raw)
    # What no site reaches is left out by both.
    reached = question.metres.min(axis=1) <= question.reach
    matrix, weights = question.metres.astype(float), np.array(question.households)
    kept = np.array(question.is_open, dtype=int)
    print(
        f"{len(question.group)} groups, {len(question.site)} sites, {len(question.opened)} open, reach {question.reach} m"
    )

    def ours(**more: Any) -> tuple[int, int]:
        solved = solve_question({**raw, **more})
        further: Any = solved.parts["sites"]
        return len(further), solved.objective or 0

    print("within reach:")
    timed("mergeplan", ours)
    if pulp is not None:

        def cover() -> tuple[int, int]:
            model = LSCP.from_cost_matrix(matrix[reached], question.reach, predefined_facilities_arr=kept)
            return by_spopt(question, model.solve(pulp.PULP_CBC_CMD(msg=False)))

        timed("spopt LSCP (then nearest)", cover)
    count = ours()[0]
    print(f"{count} further, wherever they are nearest:")
    timed("mergeplan", lambda: ours(reach=10**7, p=count))
    if pulp is not None:

        def median() -> tuple[int, int]:
            model = PMedian.from_cost_matrix(
                matrix, weights, p_facilities=count + len(question.opened), predefined_facilities_arr=kept
            )
            return by_spopt(question, model.solve(pulp.PULP_CBC_CMD(msg=False)))

        timed("spopt P-median", median)


if __name__ == "__main__":
    main()
