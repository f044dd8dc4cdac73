"""Service points so that everybody is within reach, then near, then how near for every number of points: mergeplan.points/1.

Open sites stay, so of them only the nearest matters to a group; closed ones only if they are nearer still. That leaves a few
thousand ways of 426,000. Prices of the linear relaxation, rounded to whole numbers, give a bound without floating point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import isqrt
from typing import Any

import numpy as np

from mergeplan.questions.answers import Solved, infeasible, proof
from mergeplan.questions.programme import Programme, ProgrammeRelaxation
from mergeplan.questions.reading import FormReader, in_order
from mergeplan.towns import FloatArray, IntArray
from mergeplan.types import WEIGHT_SCALE

POINTS_FORM = "mergeplan.points/1"
FINE = 1024
"""Prices are rounded to 1/1024 of a household-metre."""
FARTHEST = 10**8
MANY = 12


@dataclass(frozen=True)
class PointsQuestion:
    """Groups and sites, each sorted by id; `detour` in 1/10,000; `wanted` further points, None for as few as will do."""

    group: tuple[str, ...]
    village: tuple[str, ...]
    group_at: tuple[tuple[int, int], ...]
    households: tuple[int, ...]
    site: tuple[str, ...]
    site_at: tuple[tuple[int, int], ...]
    is_open: tuple[bool, ...]
    detour: int
    reach: int
    wanted: int | None

    @cached_property
    def metres(self) -> IntArray:
        """Group by site: ⌊detour · distance + ½⌋, exactly."""
        groups, sites = np.array(self.group_at, dtype=np.int64), np.array(self.site_at, dtype=np.int64)
        squares: IntArray = ((groups[:, None, :] - sites[None, :, :]) ** 2).sum(axis=2)
        exact = np.sqrt(squares.astype(np.float64)) * self.detour / WEIGHT_SCALE + 0.5
        metres: IntArray = np.floor(exact).astype(np.int64)
        for i, j in np.argwhere(np.abs(exact - np.rint(exact)) < 1e-4).tolist():
            whole = isqrt(4 * self.detour**2 * int(squares[i, j]))
            metres[i, j] = (whole + WEIGHT_SCALE) // (2 * WEIGHT_SCALE)
        return metres

    @cached_property
    def opened(self) -> list[int]:
        """Sites that are open already."""
        return [j for j, is_open in enumerate(self.is_open) if is_open]

    @cached_property
    def closed(self) -> list[int]:
        """Sites that could be opened."""
        return [j for j, is_open in enumerate(self.is_open) if not is_open]

    @cached_property
    def nearest_open(self) -> IntArray:
        """Metres of every group to the nearest open site."""
        nearest: IntArray = self.metres[:, self.opened].min(axis=1, initial=FARTHEST)
        return nearest


def read_points(raw: Mapping[str, Any]) -> PointsQuestion:
    """A file of the form. Raises `InstanceError` with every flaw by field and entry."""
    r = FormReader(raw, ("demand", "sites", "detour", "reach", "p"))
    parts = {}
    for name, keys in (
        ("demand", ("id", "village", "x", "y", "households", "name")),
        ("sites", ("id", "x", "y", "open", "name")),
    ):
        given = raw.get(name)
        if not isinstance(given, Mapping):
            r.wrong("missing", "is missing", name, None, "give an object with lists")
        parts[name] = FormReader(given if isinstance(given, Mapping) else {}, keys, f"{name}.")
    r.done()
    demand, sites = parts["demand"], parts["sites"]
    groups, places = demand.ids(), sites.ids()
    n, m = len(groups), len(places)
    villages, households, is_open = (
        demand.texts("village", n, groups),
        demand.wholes("households", n),
        sites.flags("open", m),
    )
    group_at, site_at = _places(demand, n), _places(sites, m)
    detour, reach = r.decimal(raw.get("detour"), "detour", "1.0"), r.setting("reach", high=FARTHEST)
    wanted = r.setting("p", high=m) if raw.get("p") is not None else None
    r.flaws += demand.flaws + sites.flaws
    r.done()
    if wanted is not None and wanted > is_open.count(False):
        r.wrong("too-many", f"{wanted} is more than the {is_open.count(False)} closed sites", "p", None, "lower it")
    r.done()
    order, site_order = in_order(groups)[0], in_order(places)[0]
    lists: dict[str, Any] = {"group": groups, "village": villages, "group_at": group_at, "households": households}
    site_lists: dict[str, Any] = {"site": places, "site_at": site_at, "is_open": is_open}
    columns: dict[str, Any] = {key: tuple(values[i] for i in order) for key, values in lists.items()}
    columns |= {key: tuple(values[j] for j in site_order) for key, values in site_lists.items()}
    return PointsQuestion(**columns, detour=detour, reach=reach, wanted=wanted)


def solve_points(asked: PointsQuestion, *, explain: bool = False, curve: bool = False) -> Solved:
    """The fewest further points, then the nearest ones of that number; `curve`: the least sum for every number, without reach."""
    beyond = asked.nearest_open > asked.reach
    can = (asked.metres <= asked.reach).any(axis=1)
    lost = [asked.group[i] for i in np.nonzero(~can)[0].tolist()]
    fewest = cover(asked)
    cover_told = {"further": fewest, "beyond_seats": int(beyond.sum()), "unreachable": lost}
    wanted = fewest if asked.wanted is None else asked.wanted
    said = [
        f"{beyond.sum()} of {len(asked.group)} groups are beyond {asked.reach:,} m of an open site: "
        f"{fewest} further points reach them."
    ]
    if lost:
        more = f" and {len(lost) - MANY} more" if len(lost) > MANY else ""
        needed = int(asked.metres.min(axis=1).max())
        said.append(
            f"No site reaches {', '.join(lost[:MANY])}{more}: left out. With a reach of {needed:,} m nobody would be."
        )
    if wanted < fewest:
        enough = _least_reach(asked, wanted)
        helps = f"; {wanted} are enough with a reach of {enough:,} m" if enough is not None else ""
        return infeasible(
            POINTS_FORM, *said, f"{wanted} further points are asked for, {fewest} are needed: ask for {fewest}{helps}."
        )
    median = Median(asked, can, asked.reach)
    chosen, cost, bound = median.solve(wanted)
    sites = sorted([*asked.opened, *chosen])
    lines = _lines(asked, np.nonzero(can)[0].tolist(), sites, set(chosen))
    parts: dict[str, object] = {
        "cover": cover_told,
        "further": wanted,
        "sites": [asked.site[j] for j in sorted(chosen)],
        "site_of": {str(line["id"]): line["site"] for line in lines if line["kind"] == "group"},
    }
    if curve:
        whole = Median(asked, np.ones(len(asked.group), dtype=bool), FARTHEST)
        points = [whole.solve(p) for p in range(0 if asked.opened else 1, len(asked.closed) + 1)]
        numbers = [str(len(point[0])) for point in points]
        parts["curve"] = dict(zip(numbers, (point[1] for point in points), strict=True))
        parts["curve_bound"] = dict(zip(numbers, (point[2] for point in points), strict=True))
    return Solved(POINTS_FORM, proof(cost, bound), cost, bound, tuple(said), parts, tuple(lines))


def cover(asked: PointsQuestion) -> int:
    """The fewest closed sites that reach every group that some site reaches."""
    model = Programme()
    column = {j: model.column(1) for j in asked.closed}
    near = asked.metres <= asked.reach
    rows = {
        tuple(j for j in asked.closed if near[i, j]) for i in np.nonzero(asked.nearest_open > asked.reach)[0].tolist()
    }
    for sites in sorted(rows - {()}):
        model.row([(column[j], 1) for j in sites], low=1)
    best = model.minimise()
    assert best is not None  # opening all of them does
    return best.objective


def _least_reach(asked: PointsQuestion, wanted: int) -> int | None:
    """The least reach at which so many further points reach everybody who is reached now."""
    kept = np.nonzero((asked.metres <= asked.reach).any(axis=1))[0].tolist()
    keys = ("group", "village", "group_at", "households")
    columns: dict[str, Any] = {key: tuple(getattr(asked, key)[i] for i in kept) for key in keys}
    asked = replace(asked, **columns)
    low, high = asked.reach, int(asked.metres.max(initial=0))
    if high <= low or cover(replace(asked, reach=high)) > wanted:
        return None
    while low + 1 < high:
        middle = (low + high) // 2
        if cover(replace(asked, reach=middle)) > wanted:
            low = middle
        else:
            high = middle
    return high


class Median:
    """The least sum of household-metres for a number of further sites; groups that are not in are left out."""

    def __init__(self, asked: PointsQuestion, is_in: Any, reach: int) -> None:
        self.asked = asked
        self.groups: list[int] = np.nonzero(is_in)[0].tolist()
        seat = np.where(asked.nearest_open <= reach, asked.nearest_open, FARTHEST)
        near = (asked.metres <= reach) & (asked.metres < seat[:, None])
        self.seat_cost: list[int | None] = []
        self.ways: list[tuple[int, int, int]] = []
        for row, i in enumerate(self.groups):
            people = asked.households[i]
            self.seat_cost.append(people * int(seat[i]) if seat[i] < FARTHEST else None)
            self.ways += [(row, j, people * int(asked.metres[i, j])) for j in asked.closed if near[i, j]]
        self.model = Programme()
        self.site = {j: self.model.column() for j in asked.closed}
        terms: list[list[tuple[int, float]]] = [[] for _ in self.groups]
        for row, cost in enumerate(self.seat_cost):
            if cost is not None:
                terms[row].append((self.model.column(cost, whole=False), 1))
        for row, j, cost in self.ways:
            way = self.model.column(cost, whole=False)
            terms[row].append((way, 1))
            self.model.row([(way, 1), (self.site[j], -1)], high=0)
        self.first = self.model.rows
        for term in terms:
            self.model.row(term, 1, 1)
        self.number = self.model.row([(column, 1) for column in self.site.values()], 0, len(self.site))
        self.relaxed = ProgrammeRelaxation(self.model)

    def solve(self, number: int) -> tuple[list[int], int, int]:
        """The sites to open, the sum, and its bound. There are enough of them for everybody."""
        values, duals = self.relaxed.solve(self.number, number)
        weights = {j: values[column] for j, column in self.site.items()}
        chosen = sorted(sorted(weights, key=lambda j: (-weights[j], j))[:number])
        cost, bound = self.cost(chosen), self.bound(number, duals[self.first : self.first + len(self.groups)])
        if cost is not None and bound >= cost:
            return chosen, cost, bound
        self.model.bounds(self.number, number, number)
        best = self.model.minimise()
        assert best is not None  # the cover is one
        chosen = [j for j, column in self.site.items() if best.values[column]]
        cost = self.cost(chosen)
        assert cost is not None
        return chosen, cost, min(cost, max(bound, best.bound))

    def cost(self, chosen: Iterable[int]) -> int | None:
        """The sum when everybody goes to the nearest; None when somebody reaches none of them."""
        chosen, least = set(chosen), list(self.seat_cost)
        for row, j, cost in self.ways:
            known = least[row]
            if j in chosen and (known is None or cost < known):
                least[row] = cost
        return None if None in least else sum(cost for cost in least if cost is not None)

    def bound(self, number: int, prices: FloatArray) -> int:
        """What no choice can beat, in whole numbers: every group pays its price, and the best sites give back what they save."""
        price: list[int] = np.rint(prices * FINE).astype(np.int64).tolist()
        saved = dict.fromkeys(self.site, 0)
        for row, j, cost in self.ways:
            saved[j] += min(0, cost * FINE - price[row])
        seats = sum(min(0, cost * FINE - price[row]) for row, cost in enumerate(self.seat_cost) if cost is not None)
        return -(-(sum(price) + seats + sum(sorted(saved.values())[:number])) // FINE)


def _places(r: FormReader, n: int) -> list[tuple[int, int]]:
    x, y = (r.wholes(key, n, low=-FARTHEST, high=FARTHEST) for key in ("x", "y"))
    return list(zip(x, y, strict=True))


def _lines(asked: PointsQuestion, groups: list[int], sites: list[int], new: set[int]) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = [
        {"id": asked.site[j], "kind": "new" if j in new else "open", "x": asked.site_at[j][0], "y": asked.site_at[j][1]}
        for j in sorted(sites, key=lambda j: (j not in new, j))
    ]
    nearest = asked.metres[:, sites].argmin(axis=1) if sites else []
    for i in groups:
        j = sites[int(nearest[i])]
        x, y = asked.group_at[i]
        more = {"households": asked.households[i], "way_m": int(asked.metres[i, j]), "x": x, "y": y}
        lines.append(
            {"id": asked.group[i], "kind": "group", "village": asked.village[i], "site": asked.site[j], **more}
        )
    return lines
