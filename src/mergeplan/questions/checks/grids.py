"""Whether an answer of mergeplan.grids/1 stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mergeplan.questions.checks.common import Raw, check_head, flaw, metres_between, next_towards
from mergeplan.types import Flaw


def check_grids(raw: Raw, answer: Raw) -> list[Flaw]:
    """Every rule that is broken in any community, and sums that are not right."""
    raw = in_parts(raw)
    place = {key: i for i, key in enumerate(raw["id"])}
    given = answer.get("communities")
    if not isinstance(given, list) or sorted(one.get("community", "") for one in given) != sorted(
        set(raw["community"])
    ):
        return [flaw("communities", "does not list every community once", "communities")]
    found: list[Flaw] = []
    cost = 0
    for one in given:
        key = one["community"]
        if one.get("objective") is None:
            continue
        nodes = {i for i, community in enumerate(raw["community"]) if community == key}
        grids = [
            (place.get(grid["centre"], -1), [place.get(member, -1) for member in grid["members"]])
            for grid in one["grids"]
        ]
        if sorted(node for _, members in grids for node in members) != sorted(nodes):
            found.append(flaw("nodes", "does not give every building one grid", f"communities.{key}"))
            continue
        if len(grids) != raw["count"][key]:
            found.append(flaw("count", f"has {len(grids)} grids instead of {raw['count'][key]}", f"communities.{key}"))
        total = 0
        for grid, (centre, members) in zip(one["grids"], grids, strict=True):
            flaws, value = recompute_grid(raw, nodes, centre, members)
            found += flaws
            total += value
            if (grid.get("cost"), grid.get("households")) != (value, sum(raw["households"][i] for i in members)):
                found.append(flaw("grid", f"recomputed a cost of {value}", f"communities.{key}.{grid['centre']}"))
        found += check_head(one, total)
        cost += total
    return found + check_head(answer, cost)


def in_parts(raw: Raw) -> Raw:
    """The file with every estate above Hi as its parts: #2, #3, … share its households, a metre from the one before."""
    nodes: list[tuple[str, str, int]] = []
    of: dict[int, list[int]] = {}
    for i, (key, community, people) in enumerate(zip(raw["id"], raw["community"], raw["households"], strict=True)):
        left, number = people, (people + raw["Hi"] - 1) // raw["Hi"]
        for part in range(number):
            share = -(-left // (number - part))
            of.setdefault(i, []).append(len(nodes))
            nodes.append((f"{key}#{part + 1}" if part else key, community, share))
            left -= share
    edges = [[a, b, metres] for i, j, metres in raw["edges"] for a in of[i] for b in of[j]]
    edges += [[one[at], one[at + 1], 1] for one in of.values() for at in range(len(one) - 1)]
    ids, communities, households = (list(column) for column in zip(*nodes, strict=True))
    return {**raw, "id": ids, "community": communities, "households": households, "edges": edges}


def recompute_grid(raw: Raw, nodes: set[int], centre: int, members: Iterable[int]) -> tuple[list[Flaw], int]:
    """What is wrong with these members of a community's nodes around this centre, all by place in the file, and what they cost."""
    members, ids = set(members), raw["id"]
    name = f"grid {ids[centre]}"
    if centre not in members:
        return [flaw("centre", "does not have its centre as a member", name)], 0
    edges: list[Any] = [edge for edge in raw["edges"] if edge[0] in nodes and edge[1] in nodes]
    far = metres_between(edges, nodes, centre)
    found = []
    for i in sorted(members - {centre}):
        following = next_towards(centre, i, edges, far, ids)
        if following not in members:
            found.append(flaw("walking", f"the way from {ids[i]} leaves the grid", name))
    households = sum(raw["households"][i] for i in members)
    if not raw["Lo"] <= households <= raw["Hi"]:
        found.append(flaw("window", f"has {households} households", name))
    return found, sum(raw["households"][i] * far.get(i, 0) for i in members) + raw["balance"] * abs(
        households - raw["T"]
    )
