"""Divide communities into grids beside named peers, in one run: seconds, cost against the proven optimum, rules broken.

    python benchmarks/grids_bench.py [FILE] [--first 5]

Peers get the same buildings, ways and number of grids and are scored by the same function: greedy growth with moves and
swaps, spopt (Ward, Skater), gerrychain (recursive tree partition). A peer that is not installed is left out, so that it may be
measured from an environment of its own. Without a file three drawn communities are divided.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from mergeplan.questions.branching import divide
from mergeplan.questions.grids import GridCommunity, GridsQuestion, read_grids
from mergeplan.questions.improving import Improver
from mergeplan.questions.trees import GridTrees
from mergeplan.questions.ways import neighbours
from mergeplan.tests.questions.drawing import drawn_edges

Labels = Sequence[int]
"""Per building the number of its grid."""
TRIES = 20_000
"""Attempts at one cut that gerrychain is given: impossible splits burn all of them."""


def drawn() -> dict[str, Any]:
    """Three communities of 30, 40 and 50 buildings."""
    rng = random.Random(7)
    raw: dict[str, Any] = {key: [] for key in ("id", "community", "households", "x", "y", "edges")}
    for number, n in enumerate((30, 40, 50)):
        first = len(raw["id"])
        side = round(n**0.5)
        for i in range(n):
            place = {"x": 100 * (i % side), "y": 100 * (i // side), "households": rng.randint(20, 90)}
            for key, value in {"id": f"k{number}-{i:02}", "community": f"k{number}", **place}.items():
                raw[key].append(value)
        inside = drawn_edges(rng, n, 0.7) + [[i, i + 1, 300] for i in range(n - 1)]
        raw["edges"] += [[i + first, j + first, metres] for i, j, metres in inside]
    count = {f"k{number}": p for number, p in enumerate((4, 5, 7))}
    return {"form": "mergeplan.grids/1", **raw, "Lo": 300, "Hi": 500, "T": 400, "balance": 50, "count": count}


def scored(trees: GridTrees, labels: Labels, count: int) -> tuple[int, int]:
    """(cost, rules broken): grids outside the limits, grids no centre of which keeps the ways inside, grids too many or too few."""
    groups: dict[int, set[int]] = {}
    for node, label in enumerate(labels):
        groups.setdefault(label, set()).add(node)
    cost, broken = 0, abs(len(groups) - count)
    for group in groups.values():
        people = sum(trees.households[node] for node in group)
        broken += not trees.low <= people <= trees.high
        grid = trees.cheapest(frozenset(group))
        broken += grid is None
        ways = [dict(zip(tree.order, tree.metres, strict=True)) for tree in (trees.trees[c] for c in group)]
        free = min(sum(trees.households[i] * way[i] for i in group) for way in ways)
        cost += grid.cost if grid else free + trees.balance * abs(people - trees.target)
    return cost, broken


def by_growth(trees: GridTrees, community: GridCommunity) -> Labels:
    """Grown around centres that lie far apart, bettered by moves and swaps."""
    ways = [dict(zip(tree.order, tree.metres, strict=True)) for tree in trees.trees]
    centres = [max(range(trees.n), key=lambda i: trees.households[i])]
    while len(centres) < community.count:
        centres.append(max(range(trees.n), key=lambda i: min(ways[c][i] for c in centres)))
    grids = Improver(trees).start(centres)
    if grids is None:
        raise RuntimeError("no division inside the limits")
    return _labels(trees.n, [grid.members for grid in grids])


def _labels(n: int, groups: Sequence[Sequence[int]]) -> Labels:
    found = {node: number for number, group in enumerate(groups) for node in group}
    return [found[node] for node in range(n)]


def by_spopt(method: str) -> Callable[[GridTrees, GridCommunity], Labels]:
    """Regions of spopt's Ward or Skater over the same neighbours."""

    def divided(trees: GridTrees, community: GridCommunity) -> Labels:
        import geopandas
        import libpysal
        import spopt.region
        from shapely import Point

        near = {i: list(trees.near[i]) for i in range(trees.n)}
        frame = geopandas.GeoDataFrame(
            {
                "x": [float(place[0]) for place in community.place],
                "y": [float(place[1]) for place in community.place],
                "households": list(community.households),
                "geometry": [Point(*map(float, place)) for place in community.place],
            }
        )
        weights = libpysal.weights.W(near, silence_warnings=True)
        if method == "ward":
            model = spopt.region.WardSpatial(frame, weights, ["x", "y"], community.count)
        else:
            floor = max(2, trees.n // community.count // 2)
            model = spopt.region.Skater(frame, weights, ["x", "y"], n_clusters=community.count, floor=floor)
        model.solve()
        return [int(label) for label in model.labels_]

    return divided


def by_trees(trees: GridTrees, community: GridCommunity) -> Labels:
    """gerrychain's recursive tree partition with the limits as its tolerance."""
    import networkx
    from gerrychain import Graph
    from gerrychain.tree import bipartition_tree, recursive_tree_part

    plain = networkx.Graph((i, j) for i, near in trees.near.items() for j in near)
    for node in plain:
        plain.nodes[node]["households"] = trees.households[node]
    target = sum(trees.households) / community.count
    random.seed(0)  # it takes its randomness from the global state
    found = recursive_tree_part(
        Graph.from_networkx(plain),
        list(range(community.count)),
        target,
        "households",
        min(trees.high / target - 1, 1 - trees.low / target),
        method=lambda *args, **more: bipartition_tree(*args, max_attempts=TRIES, **more),
    )
    return [int(found[node]) for node in range(trees.n)]


PEERS: Sequence[tuple[str, Callable[[GridTrees, GridCommunity], Labels]]] = (
    ("greedy growth, moves and swaps", by_growth),
    ("spopt Ward", by_spopt("ward")),
    ("spopt Skater", by_spopt("skater")),
    ("gerrychain trees", by_trees),
)


def main() -> None:
    """Print a table: who, seconds, cost against the optimum, rules broken, communities without an answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--first", type=int, default=5)
    given = parser.parse_args()
    asked: GridsQuestion = read_grids(json.loads(Path(given.file).read_text("utf-8")) if given.file else drawn())
    proven: list[tuple[GridTrees, GridCommunity, int]] = []
    begun = time.process_time()
    for community in asked.communities:
        near = neighbours(len(community.nodes), community.edges)
        trees = GridTrees(community.households, near, (asked.low, asked.high), asked.target, asked.balance)
        cost = divide(trees, community.count).cost
        if cost is not None:
            proven.append((trees, community, cost))
        if len(proven) == given.first:
            break
    best = sum(cost for _trees, _community, cost in proven)
    print(f"{len(proven)} communities, proven optimum {best:,}: {time.process_time() - begun:.2f} s CPU")
    for name, divided in PEERS:
        begun, total, against, broken, without = time.process_time(), 0, 0, 0, 0
        try:
            for trees, community, cost in proven:
                try:
                    found, wrong = scored(trees, divided(trees, community), community.count)
                except (RuntimeError, ValueError):
                    without += 1
                    continue
                total, against, broken = total + found, against + cost, broken + wrong
        except ImportError as missing:
            print(f"{name}: not installed ({missing.name})")
            continue
        ratio = f"{total / against:.3f}" if against else "-"
        spent = time.process_time() - begun
        print(
            f"{name}: {spent:.2f} s CPU, {ratio} times the optimum, {broken} rules broken, {without} without an answer"
        )


if __name__ == "__main__":
    main()
