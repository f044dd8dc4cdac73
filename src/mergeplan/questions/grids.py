"""Buildings of communities into grids of even load: mergeplan.grids/1. Every community is a question of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mergeplan.questions.answers import Solved, proof
from mergeplan.questions.branching import Division, divide
from mergeplan.questions.reading import FormReader, in_order, moved
from mergeplan.questions.splitting import split_estates
from mergeplan.questions.trees import FAR, Grid, GridTrees
from mergeplan.questions.ways import neighbours
from mergeplan.types import Number, Status

GRIDS_FORM = "mergeplan.grids/1"
KEYS = ("id", "community", "name", "buildings", "x", "y", "households", "edges", "Lo", "Hi", "T", "balance", "count")
LARGEST_GRID = 100_000
EdgeList = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class GridCommunity:
    """A community's nodes sorted by id, and how many grids it shall have."""

    id: str
    nodes: tuple[str, ...]
    names: tuple[str, ...]
    place: tuple[tuple[Number, Number], ...]
    households: tuple[int, ...]
    edges: tuple[tuple[int, int, int], ...]
    count: int


@dataclass(frozen=True, slots=True)
class GridsQuestion:
    """The communities by id and what holds for every grid; `large` are estates that were split."""

    communities: tuple[GridCommunity, ...]
    low: int
    high: int
    target: int
    balance: int
    large: tuple[str, ...] = ()


def read_grids(raw: Mapping[str, Any]) -> GridsQuestion:
    """A file of the form. Raises `InstanceError` with every flaw by field and entry."""
    r = FormReader(raw, KEYS)
    ids = r.ids()
    n = len(ids)
    communities, names, households = r.texts("community", n), r.texts("name", n, ids), r.wholes("households", n)
    places = list(zip(r.numbers("x", n), r.numbers("y", n), strict=True)) if "x" in raw else [(0, 0)] * n
    edges, (low, high) = r.edges(n), r.window()
    target, balance = r.setting("T"), r.setting("balance")
    if high > LARGEST_GRID:
        r.wrong("too-large", f"{high} is above {LARGEST_GRID}", "Hi", None, "give the households of one grid")
    counts = raw.get("count")
    counted = FormReader(counts if isinstance(counts, Mapping) else {}, tuple(set(communities)), "count.")
    given = {key: counted.setting(key, low=1) for key in sorted(set(communities))}
    r.flaws += counted.flaws
    r.done()
    for i, number in enumerate(households):
        if not number:
            r.wrong(
                "no-households", "nobody lives here", "households", i, "leave the building out, or give its households"
            )
    large = tuple(sorted(key for key, number in zip(ids, households, strict=True) if number > high))
    ids, households, edges, wider = split_estates(ids, households, edges, high, (communities, names, places))
    r.unique(ids, "id")  # a part may not be called as another building is
    communities, names, places = wider
    found = tuple(_communities(r, given, communities, edges, [ids, names, places, households]))
    r.done()
    return GridsQuestion(found, low, high, target, balance, large)


def solve_grids(asked: GridsQuestion, *, explain: bool = False, curve: bool = False) -> Solved:
    """Every community's grids; those that cannot be drawn are told with what would help. `curve`: every possible count."""
    told: list[dict[str, object]] = []
    said: list[str] = []
    lines: list[dict[str, object]] = []
    cost = bound = 0
    for community in asked.communities:
        trees = _trees(asked, community)
        found = divide(trees, community.count)
        one = _told(community, found)
        if found.grids is None:
            said += _why_not(asked, community, found)
        else:
            cost, bound = cost + (found.cost or 0), bound + found.bound
            lines += _lines(community, trees, found)
        if curve:
            total = sum(community.households)
            counts = range(max(1, -(-total // asked.high)), total // max(asked.low, 1) + 1)
            divisions = {str(p): divide(trees, p) for p in counts if p <= len(community.nodes)}
            one["curve"] = {p: division.cost for p, division in divisions.items()}
            one["curve_bound"] = {
                p: division.bound if division.bound < FAR else None for p, division in divisions.items()
            }
        told.append(one)
    drawn = sum(one["objective"] is not None for one in told)
    said.insert(0, f"{drawn} of {len(told)} communities are divided.")
    said += [f"{key} is above Hi: split into parts." for key in asked.large]
    if not drawn:
        return Solved(GRIDS_FORM, Status.INFEASIBLE, None, None, tuple(said), {"communities": told})
    return Solved(GRIDS_FORM, proof(cost, bound), cost, bound, tuple(said), {"communities": told}, tuple(lines))


@dataclass(frozen=True, slots=True)
class Regrid:
    """What moving buildings by hand makes of a community's grids: the new ones, their cost, and what is not right with them.

    `wrong` holds (code, node, households): "walking" when no centre keeps the ways inside, "window" when households are too few
    or too many, "empty" when nothing is left.
    """

    grids: tuple[Grid, ...]
    cost: int
    wrong: tuple[tuple[str, str, int], ...]


def regrid(asked: GridsQuestion, community: str, groups: Sequence[Collection[str]]) -> Regrid:
    """Price the grids of a community as they stand after moves by hand; every node in one of the groups."""
    one = next(c for c in asked.communities if c.id == community)
    trees, place = _trees(asked, one), {node: i for i, node in enumerate(one.nodes)}
    grids, wrong = [], []
    for group in groups:
        if not group:
            wrong.append(("empty", "", 0))
            continue
        first = min(group)
        grid = trees.cheapest(frozenset(place[node] for node in group))
        people = sum(one.households[place[node]] for node in group)
        if not asked.low <= people <= asked.high:
            wrong.append(("window", first, people))
        if grid is None:
            wrong.append(("walking", first, people))
        else:
            grids.append(grid)
    return Regrid(tuple(grids), sum(grid.cost for grid in grids), tuple(wrong))


def _trees(asked: GridsQuestion, community: GridCommunity) -> GridTrees:
    near = neighbours(len(community.nodes), community.edges)
    return GridTrees(community.households, near, (asked.low, asked.high), asked.target, asked.balance)


def _told(community: GridCommunity, found: Division) -> dict[str, object]:
    status = (
        Status.INFEASIBLE
        if found.bound >= FAR
        else Status.FEASIBLE
        if found.cost is None
        else proof(found.cost, found.bound)
    )
    grids = [
        {
            "centre": community.nodes[grid.centre],
            "members": [community.nodes[node] for node in grid.members],
            "households": grid.households,
            "cost": grid.cost,
        }
        for grid in found.grids or ()
    ]
    bound = None if found.bound >= FAR else found.bound
    head = {"community": community.id, "count": community.count, "status": status.value}
    return {**head, "objective": found.cost, "bound": bound, "grids": grids}


def _why_not(asked: GridsQuestion, community: GridCommunity, found: Division) -> Iterator[str]:
    """Why there are not so many grids, and what comes nearest."""
    total, count = sum(community.households), community.count
    name = f"{community.id}: {len(community.nodes)} buildings with {total:,} households"
    if found.bound < FAR:
        yield f"{name}: whether {count} grids can be had was not decided."
        return
    fewest, most = max(1, -(-total // asked.high)), total // max(asked.low, 1)
    if not fewest <= count <= most:
        yield f"{name} cannot be {count} grids of {asked.low:,} to {asked.high:,}: {fewest} to {most} are possible at best."
    else:
        yield f"{name} cannot be {count} grids of {asked.low:,} to {asked.high:,} by the walking rule."
    others = sorted(range(fewest, min(most, len(community.nodes)) + 1), key=lambda p: (abs(p - count), p))
    trees = _trees(asked, community)
    for other in others[:4]:
        if other != count and divide(trees, other, any_will_do=True).grids:
            yield f"{community.id}: with {other} grids it can be divided."
            break
    wider = _least_slack(asked, community)
    if wider is not None:
        yield f"{community.id}: {count} grids of {max(0, asked.low - wider):,} to {asked.high + wider:,} are possible."


def _least_slack(asked: GridsQuestion, community: GridCommunity) -> int | None:
    """By how many households the window must be wider on both sides."""

    def fits(slack: int) -> bool:
        wider = replace(asked, low=max(0, asked.low - slack), high=asked.high + slack)
        return bool(divide(_trees(wider, community), community.count, any_will_do=True).grids)

    low, high = 0, 1
    total = sum(community.households)
    while not fits(high):
        low, high = high, 2 * high
        if low > total:
            return None
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


def _lines(community: GridCommunity, trees: GridTrees, found: Division) -> Iterator[dict[str, object]]:
    for grid in found.grids or ():
        tree = trees.trees[grid.centre]
        ways = dict(zip(tree.order, tree.metres, strict=True))
        for node in grid.members:
            x, y = community.place[node]
            yield {
                "community": community.id, "grid": community.nodes[grid.centre], "id": community.nodes[node],
                "name": community.names[node], "centre": node == grid.centre, "households": community.households[node],
                "way_m": ways[node], "x": x, "y": y,
            }  # fmt: skip


def _communities(
    r: FormReader,
    counts: Mapping[str, int],
    communities: list[str],
    edges: tuple[tuple[int, int, int], ...],
    lists: list[list[Any]],
) -> Iterator[GridCommunity]:
    ids = lists[0]
    order, _place = in_order(ids)
    inside: dict[str, list[int]] = {key: [] for key in counts}
    for i in order:
        inside[communities[i]].append(i)
    for key, nodes in inside.items():
        place = {i: at for at, i in enumerate(nodes)}
        ours = moved(tuple(edge for edge in edges if edge[0] in place and edge[1] in place), place)
        near = neighbours(len(nodes), ours)
        reached, todo = {0}, [0]
        while todo:
            new = set(near[todo.pop()]) - reached
            reached |= new
            todo += new
        for at, i in enumerate(nodes):
            if at not in reached:
                message = f"no way leads from {ids[i]} to {ids[nodes[0]]} inside {key}"
                r.wrong("in-pieces", message, "community", i, "add the way, or part the community")
        texts: list[Any] = [tuple(column[i] for i in nodes) for column in lists]
        yield GridCommunity(key, texts[0], texts[1], texts[2], texts[3], ours, counts[key])
