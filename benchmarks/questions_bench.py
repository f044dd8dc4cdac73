"""Measure questions written as files: how long each takes, what it costs, whether it is proven. CPU seconds.

    python benchmarks/questions_bench.py [FILE …] [--copies N]

Without files three drawn communities of 30, 45 and 60 buildings are divided into grids. With copies every community of the files
(grids only) is there N times, its households drawn anew within a tenth, to see how a whole city behaves; peers are not asked.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from mergeplan.questions import Solved, solve_question
from mergeplan.tests.questions.drawing import drawn_edges


def drawn(n: int, count: int) -> dict[str, Any]:
    """A community of so many buildings."""
    rng = random.Random(n)
    edges = drawn_edges(rng, n, 0.7) + [[i, i + 1, 300] for i in range(n - 1)]
    households = [rng.randint(20, 90) for _ in range(n)]
    lists = {"id": [f"b{i:03}" for i in range(n)], "community": ["k"] * n, "households": households, "edges": edges}
    limits = {"Lo": 300, "Hi": 500, "T": 400, "balance": 50, "count": {"k": count}}
    return {"form": "mergeplan.grids/1", **lists, **limits}


def copied(raw: dict[str, Any], copies: int) -> dict[str, Any]:
    """The communities of a file of grids so many times, households drawn anew within a tenth."""
    rng, n = random.Random(20_000), len(raw["id"])
    lists: dict[str, list[Any]] = {"id": [], "community": [], "households": [], "edges": []}
    for copy in range(copies):
        lists["id"] += [f"{copy:02}-{key}" for key in raw["id"]]
        lists["community"] += [f"{copy:02}-{key}" for key in raw["community"]]
        lists["households"] += [max(1, h + rng.randint(-h // 10, h // 10)) for h in raw["households"]]
        lists["edges"] += [[i + copy * n, j + copy * n, metres] for i, j, metres in raw["edges"]]
    count = {f"{copy:02}-{key}": p for copy in range(copies) for key, p in raw["count"].items()}
    return {**{key: raw[key] for key in ("form", "Lo", "Hi", "T", "balance")}, **lists, "count": count}


def communities_of(solved: Solved) -> list[dict[str, Any]]:
    """How each community of an answer about grids stands; empty for other forms."""
    found: Any = solved.parts.get("communities", [])
    return list(found)


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--copies", type=int, default=0)
    given = parser.parse_args()
    asked = {path: json.loads(Path(path).read_text(encoding="utf-8")) for path in given.files}
    if given.copies:
        asked = {f"{path}, {given.copies} times": copied(raw, given.copies) for path, raw in asked.items()}
    for name, raw in (asked or {f"{n} buildings": drawn(n, n // 8) for n in (30, 45, 60)}).items():
        begun = time.process_time()
        solved = solve_question(raw)
        print(
            f"{name}: {solved.status}, {solved.objective}, bound {solved.bound}, {time.process_time() - begun:.2f} s CPU, "
            f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
        )
        states = Counter(one["status"] for one in communities_of(solved))
        if states:
            print("  communities:", ", ".join(f"{number} {state}" for state, number in sorted(states.items())))


if __name__ == "__main__":
    main()
