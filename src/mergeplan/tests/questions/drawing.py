"""Small questions to solve by hand and by brute force, and the same ones written in another order."""

from __future__ import annotations

import random
from typing import Any


def shuffled(raw: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The same question with its entries, edges and the ends of edges in another order."""
    n = len(raw["id"])
    order = rng.sample(range(n), n)
    place = {old: new for new, old in enumerate(order)}
    moved = {
        key: [value[i] for i in order] if isinstance(value, list) and len(value) == n else value
        for key, value in raw.items()
    }
    edges = [[*rng.sample([place[i], place[j]], 2), metres] for i, j, metres in raw["edges"]]
    return {**moved, "edges": rng.sample(edges, len(edges))}


def drawn_edges(rng: random.Random, n: int, share: float = 0.6) -> list[list[int]]:
    """Edges between neighbours on a small grid, some missing, with lengths that often tie."""
    side = max(2, round(n**0.5))
    pairs = [(i, j) for i in range(n) for j in (i + 1, i + side) if j < n and (j != i + 1 or j % side)]
    return [[i, j, rng.choice([100, 100, 200, 300])] for i, j in pairs if rng.random() < share + 0.3]


def drawn_layout(rng: random.Random, largest: int = 7) -> dict[str, Any]:
    """Some villages and hosts of one or two towns."""
    n = rng.randint(2, largest)
    host = [int(rng.random() < 0.35) for _ in range(n)]
    return {
        "form": "mergeplan.layout/1",
        "id": rng.sample([f"v{i}" for i in range(20)], n),
        "town": [rng.choice("ab") if rng.random() < 0.3 else "a" for _ in range(n)],
        "host": host,
        "households": [rng.choice([10, 20, 30, 40]) for _ in range(n)],
        "edges": drawn_edges(rng, n),
        "Lo": rng.choice([20, 40]),
        "Hi": rng.choice([50, 80, 200]),
        "T": 60,
        "reach": rng.choice([200, 500]),
        "open_cost": rng.choice([0, 3000, 20_000]),
        "balance": rng.choice([0, 50]),
    }
