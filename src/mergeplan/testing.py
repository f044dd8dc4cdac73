"""Instances to test and measure with: synthetic counties of any size, and small ones full of random rules.

Everything is drawn from a seed. These are not real places.
"""

from __future__ import annotations

import random
from math import ceil, pi, sqrt
from typing import Any

import numpy as np

from mergeplan.io import instance_from_json
from mergeplan.types import Instance

CELL_M = 1_900


def county(n: int, towns: int, seed: int, **rules: Any) -> Instance:
    """A county of `n` villages in `towns` contiguous towns on a jittered, staggered grid; `rules` override JSON fields.

    Populations are log-normal around 1,300, borders hexagon-like; K is 0.457·n as in the merger of Qianfeng.
    """
    return instance_from_json({**_county(n, towns, seed), **rules})


def _county(n: int, towns: int, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    width = ceil(sqrt(n))
    row, col = np.arange(n) // width, np.arange(n) % width
    jitter = rng.uniform(-0.3, 0.3, (2, n))
    x = (((col + 0.5 * (row % 2)) + jitter[0]) * CELL_M).round().astype(int)
    y = ((row * 0.9 + jitter[1]) * CELL_M).round().astype(int)
    town = np.zeros(n, dtype=int)
    _divide(town, np.arange(n), towns, 0, (row, col))
    pop = np.maximum(rng.lognormal(7.1, 0.38, n).round().astype(int), 300)
    area = (CELL_M * CELL_M * rng.uniform(0.7, 1.3, n)).round().astype(int)
    perim = (np.sqrt(area) * rng.uniform(3.7, 4.6, n)).round().astype(int)
    edges = []
    for i in range(n):
        right, below = i + 1, i + width
        slant = below + (1 if row[i] % 2 else -1)
        inside = 0 <= col[i] + (1 if row[i] % 2 else -1) < width
        for j, exists in ((right, col[i] + 1 < width), (below, True), (slant, inside)):
            if exists and j < n:
                length = int(rng.uniform(0.09, 0.16) * (perim[i] + perim[j]) / 2) + 1
                edges.append([i, j, length, int(rng.integers(200, 1001))])
    rules = {"k": 3, "Pmin": 1000, "Pmax": 6000, "R": 6000, "K": round(0.457 * n), "detour": 1.3}
    lists = {"x": x, "y": y, "pop": pop, "area": area, "perim": perim, "town": town}
    return {"n": n, **{key: value.tolist() for key, value in lists.items()}, "edges": edges, **rules}


def _divide(town: Any, cells: Any, parts: int, first: int, place: tuple[Any, Any]) -> None:
    """Cut a block of cells into `parts` towns, always across its longer side."""
    row, col = place
    if parts <= 1:
        town[cells] = first
        return
    tall = np.ptp(row[cells]) >= np.ptp(col[cells])
    order = cells[np.lexsort((col[cells], row[cells]) if tall else (row[cells], col[cells]))]
    half = parts // 2
    cut = len(cells) * half // parts
    _divide(town, order[:cut], half, first, place)
    _divide(town, order[cut:], parts - half, first + half, place)


def town_curves(towns: int, seed: int) -> list[dict[int, int]]:
    """Invented cost-by-count curves: convex ones, ones with gaps, and ones with many equal costs."""
    r = random.Random(seed)
    curves = []
    for _ in range(towns):
        low, width, kind = r.randint(0, 9), r.randint(1, 12), r.choice(["any", "convex", "equal"])
        costs = {
            "any": [r.randint(-50, 50) for _ in range(width)],
            "convex": [(i - width // 2) ** 2 * r.randint(1, 9) - i * r.randint(0, 100) for i in range(width)],
            "equal": [10 * r.randint(0, 3) for _ in range(width)],
        }[kind]
        curve = {low + i: cost for i, cost in enumerate(costs) if i == 0 or r.random() < 0.85}
        curves.append(curve)
    return curves


def odd_county(seed: int, largest: int = 10) -> Instance:
    """A small county with every kind of rule, islands and empty villages among it; often infeasible."""
    r = random.Random(seed)
    n = r.randint(1, largest)
    towns = r.randint(1, 2 if n < 8 else 3)
    town = [r.randrange(towns) for _ in range(n)] if r.random() < 0.3 else [i * towns // n for i in range(n)]
    uniform = r.random() < 0.25  # many ties
    pop = [1000 if uniform else r.choice([0, 300, 800, 1000, 1500, 2600]) for _ in range(n)]
    side = max(1, round(sqrt(n)))
    x = [(i % side) * 1000 + (0 if uniform else r.randint(-300, 300)) for i in range(n)]
    y = [(i // side) * 1000 + (0 if uniform else r.randint(-300, 300)) for i in range(n)]
    area = [1_000_000 if uniform else r.randint(500_000, 2_000_000) for _ in range(n)]
    perim = [4000 if uniform else round(sqrt(4 * pi * a) * r.uniform(1.05, 1.5)) for a in area]
    edges = [
        [i, j, 1000 if uniform else r.randint(1, 900), 500 if uniform else r.randint(0, 1000)]
        for i in range(n)
        for j in range(i + 1, n)
        if (j == i + side or (j == i + 1 and j % side) or r.random() < 0.08) and r.random() < 0.92
    ]
    raw: dict[str, Any] = {"n": n, "x": x, "y": y, "pop": pop, "area": area, "perim": perim, "town": town}
    raw |= {
        "edges": edges,
        "k": r.randint(1, 4),
        "Pmin": r.choice([0, 0, 500, 1000]),
        "R": r.choice([1200, 2500, 9000]),
    }
    raw |= {"Pmax": r.choice([2500, 4000, 9000]), "K": r.randint(max(1, n // 3), n), "T": r.randint(800, 3000)}
    raw |= {"id": r.sample(range(100, 999), n) if r.random() < 0.5 else [f"v{v}" for v in r.sample(range(100, 999), n)]}
    everyone = list(range(n))

    def some(most: int) -> list[int]:
        return r.sample(everyone, r.randint(0, min(most, n))) if r.random() < 0.4 else []

    def pairs(most: int) -> list[list[int]]:
        return [r.sample(everyone, 2) for _ in range(r.randint(0, most))] if n > 1 and r.random() < 0.4 else []

    hosts = some(2)
    raw |= {"fixed": some(2), "exempt": some(3), "convertible": some(2), "convert_cost": r.randint(0, 900_000)}
    raw |= {"must": pairs(2), "cannot": pairs(3), "hosts": hosts}
    offers = {(v, h) for h in hosts for v in everyone if v not in hosts and r.random() < 0.7}
    raw["absorb"] = [[v, h, r.randint(0, 900_000)] for v, h in sorted(offers)]
    if r.random() < 0.3:
        raw["type"] = [r.choice([None, "centre", "special"]) for _ in everyone]
        windows = {"centre": [1500, 6000], "special": [0, 3000]}
        raw["windows"] = {name: window for name, window in windows.items() if name in raw["type"]}
    if r.random() < 0.2 and n > 2:
        raw["zones"] = [r.sample(everyone, r.randint(2, 3))]
    if r.random() < 0.2:
        raw["Kmin"] = max(0, raw["K"] - r.randint(0, 3))
    return instance_from_json(raw)
