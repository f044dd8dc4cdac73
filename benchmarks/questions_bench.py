"""Measure questions written as files: how long each takes, what it costs, whether it is proven. CPU seconds.

    python benchmarks/questions_bench.py [FILE …]

Without files three drawn communities of 30, 45 and 60 buildings are divided into grids.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from mergeplan.questions import solve_question
from mergeplan.tests.questions.drawing import drawn_edges


def drawn(n: int, count: int) -> dict[str, Any]:
    """A community of so many buildings."""
    rng = random.Random(n)
    edges = drawn_edges(rng, n, 0.7) + [[i, i + 1, 300] for i in range(n - 1)]
    households = [rng.randint(20, 90) for _ in range(n)]
    lists = {"id": [f"b{i:03}" for i in range(n)], "community": ["k"] * n, "households": households, "edges": edges}
    limits = {"Lo": 300, "Hi": 500, "T": 400, "balance": 50, "count": {"k": count}}
    return {"form": "mergeplan.grids/1", **lists, **limits}


def main() -> None:
    """Print what was measured."""
    asked = {path: json.loads(Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:]}
    for name, raw in (asked or {f"{n} buildings": drawn(n, n // 8) for n in (30, 45, 60)}).items():
        begun = time.process_time()
        solved = solve_question(raw)
        print(
            f"{name}: {solved.status}, {solved.objective}, bound {solved.bound}, {time.process_time() - begun:.2f} s CPU"
        )


if __name__ == "__main__":
    main()
