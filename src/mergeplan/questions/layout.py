"""Urban villages join a community of their town or found a new one: mergeplan.layout/1.

Towns do not touch each other, so each is a programme of its own: x(i, j) village i has the seat j, y(j) village j opens one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mergeplan.questions.answers import Solved, infeasible, proof
from mergeplan.questions.programme import Programme
from mergeplan.questions.reading import FormReader, in_order, moved
from mergeplan.questions.ways import neighbours, ways_to
from mergeplan.types import Number

LAYOUT_FORM = "mergeplan.layout/1"
KEYS = (
    *("id", "name", "town", "host", "x", "y", "households", "edges", "Lo", "Hi", "T", "reach", "open_cost", "balance"),
    *("locks", "forbidden"),
)


@dataclass(frozen=True, slots=True)
class LayoutQuestion:
    """Communities that stay (hosts) and villages, sorted by id; edges in metres."""

    id: tuple[str, ...]
    name: tuple[str, ...]
    town: tuple[str, ...]
    host: tuple[bool, ...]
    place: tuple[tuple[Number, Number], ...]
    households: tuple[int, ...]
    edges: tuple[tuple[int, int, int], ...]
    low: int
    high: int
    target: int
    reach: int
    open_cost: int
    balance: int
    locks: frozenset[tuple[int, int]] = frozenset()
    forbidden: frozenset[tuple[int, int]] = frozenset()

    def label(self, i: int) -> str:
        """Name and id, as a sentence calls it."""
        return self.id[i] if self.name[i] == self.id[i] else f"{self.name[i]} ({self.id[i]})"


@dataclass(frozen=True, slots=True)
class _Town:
    """The best seats of a town's villages; `cost` of all its hosts too."""

    seat_of: Mapping[int, int]
    cost: int
    bound: int


def read_layout(raw: Mapping[str, Any]) -> LayoutQuestion:
    """A file of the form. Raises `InstanceError` with every flaw by field and entry."""
    r = FormReader(raw, KEYS)
    ids = r.ids()
    n = len(ids)
    names, towns, hosts = r.texts("name", n, ids), r.texts("town", n), r.flags("host", n)
    places = list(zip(r.numbers("x", n), r.numbers("y", n), strict=True)) if "x" in raw else [(0, 0)] * n
    households = r.wholes("households", n)
    edges, (low, high) = r.edges(n), r.window()
    settings: dict[str, Any] = {
        key: r.setting("T" if key == "target" else key) for key in ("target", "reach", "open_cost", "balance")
    }
    for i in range(min(n, len(households))):
        if not households[i] and not hosts[i]:
            r.wrong(
                "no-households", "nobody lives here", "households", i, "leave the village out, or give its households"
            )
    r.done()
    order, place = in_order(ids)
    lists: dict[str, Any] = {
        "id": ids,
        "name": names,
        "town": towns,
        "host": hosts,
        "place": places,
        "households": households,
    }
    columns: dict[str, Any] = {key: tuple(values[i] for i in order) for key, values in lists.items()}
    at = {ids[i]: new for i, new in place.items()}
    settings |= {field: r.id_pairs(field, at, at) for field in ("locks", "forbidden")}
    r.done()
    return LayoutQuestion(**columns, edges=moved(edges, place), low=low, high=high, **settings)


def solve_layout(layout: LayoutQuestion, *, explain: bool = False) -> Solved:
    """Everybody's seat at the least cost; `explain` adds each village's runner-up and its price."""
    towns = [_Model(layout, town) for town in sorted(set(layout.town))]
    found = [town.solve() for town in towns]
    if any(one is None for one in found):
        stuck = [town for town, one in zip(towns, found, strict=True) if one is None]
        return infeasible(LAYOUT_FORM, *(reason for town in stuck for reason in town.why_not()))
    seat_of: dict[int, int] = {}
    cost = bound = 0
    for one in found:
        assert one is not None
        seat_of.update(one.seat_of)
        cost, bound = cost + one.cost, bound + one.bound
    new = sorted(i for i, seat in seat_of.items() if i == seat)
    said = [
        f"{len(seat_of)} villages join {len(set(seat_of.values()) - set(new))} communities and found {len(new)} new ones."
    ]
    lines = tuple(
        line for town, one in zip(towns, found, strict=True) if one for line in town.lines(one, explain=explain)
    )
    parts: dict[str, object] = {
        "seat_of": {layout.id[i]: layout.id[j] for i, j in sorted(seat_of.items())},
        "new": [layout.id[i] for i in new],
    }
    if explain:
        parts["rows"] = [{k: v for k, v in line.items() if k not in ("x", "y", "name")} for line in lines]
    return Solved(LAYOUT_FORM, proof(cost, bound), cost, bound, tuple(said), parts, lines)


class _Model:
    """A town: which seats its villages can reach, and the programme of choosing them."""

    def __init__(self, layout: LayoutQuestion, town: str) -> None:
        self.layout, self.town = layout, town
        self.villages = [i for i, other in enumerate(layout.town) if other == town and not layout.host[i]]
        self.hosts = [i for i, other in enumerate(layout.town) if other == town and layout.host[i]]
        near = neighbours(len(layout.id), layout.edges)
        ways = {seat: ways_to(seat, near, lambda i: not layout.host[i]) for seat in (*self.hosts, *self.villages)}
        self.ways = {seat: self._inside(*found) for seat, found in ways.items()}

    def _inside(self, metres: dict[int, int], following: dict[int, int]) -> tuple[dict[int, int], dict[int, int]]:
        """The ways of the town's own villages that do not lead through another town: the next must join the same seat."""
        ours = {
            i: far for i, far in sorted(metres.items(), key=lambda item: item[1]) if self.layout.town[i] == self.town
        }
        for i in list(ours):
            if i in following and following[i] not in ours:
                del ours[i]
        return ours, {i: following[i] for i in ours if i in following}

    def solve(self, forbidden: tuple[int, int] | None = None, layout: LayoutQuestion | None = None) -> _Town | None:
        """The best seats, without one of them if so wished, or under other limits."""
        layout = layout or self.layout
        model, households = Programme(), layout.households
        x = {
            (i, seat): model.column(layout.open_cost if i == seat else households[i] * self.ways[seat][0][i])
            for i in self.villages
            for seat in self.ways
            if self.ways[seat][0].get(i, layout.reach + 1) <= layout.reach
            and not (layout.host[seat] and households[seat] > layout.high)
        }
        if not self._settle(model, x, layout, forbidden):
            return None
        for i in self.villages:
            model.row([(x[i, seat], 1) for seat in self.ways if (i, seat) in x], 1, 1)
        for (i, seat), column in x.items():
            following = self.ways[seat][1].get(i, seat)
            if i != seat and not (following == seat and layout.host[seat]):
                model.row([(column, 1), (x[following, seat], -1)], high=0)
        for seat in self.ways:
            members = [(x[i, seat], households[i]) for i in self.villages if (i, seat) in x]
            own = households[seat] if layout.host[seat] else 0
            off = model.column(layout.balance, high=float("inf"), whole=False)
            if layout.host[seat]:
                if members:
                    model.row(members, high=layout.high - own)
                missing = [(off, 1.0)]
            else:
                opened = x[seat, seat]
                model.row([*members, (opened, -layout.low)], low=0)
                model.row([*members, (opened, -layout.high)], high=0)
                missing = [(off, 1.0), (opened, -layout.target)]
            aim = layout.target if layout.host[seat] else 0
            model.row([*missing, *members], low=aim - own)
            model.row([(c, -f if c != off else f) for c, f in [*missing, *members]], low=own - aim)
        best = model.minimise()
        if best is None:
            return None
        seat_of = {i: seat for (i, seat), column in x.items() if best.values[column]}
        cost = self._cost(seat_of)
        return _Town(seat_of, cost, min(best.bound, cost))

    def _cost(self, seat_of: Mapping[int, int]) -> int:
        layout, cost = self.layout, 0
        total = {seat: layout.households[seat] for seat in self.hosts}
        for i, seat in seat_of.items():
            cost += layout.open_cost if i == seat else layout.households[i] * self.ways[seat][0][i]
            total[seat] = total.get(seat, 0) + layout.households[i]
        return cost + layout.balance * sum(abs(households - layout.target) for households in total.values())

    def _settle(
        self,
        model: Programme,
        x: Mapping[tuple[int, int], int],
        layout: LayoutQuestion,
        forbidden: tuple[int, int] | None,
    ) -> bool:
        """Hold what is locked and forbidden; False where a lock cannot be kept."""
        for pair in layout.forbidden | ({forbidden} if forbidden else frozenset()):
            if pair in x:
                model.fix(x[pair], 0)
        locks = [pair for pair in layout.locks if pair[0] in self.villages]
        for pair in locks:
            if pair in x:
                model.fix(x[pair], 1)
        return all(pair in x for pair in locks)

    def lines(self, found: _Town, *, explain: bool) -> list[dict[str, object]]:
        """A line per village."""
        layout, lines = self.layout, []
        for i in self.villages:
            seat = found.seat_of[i]
            line: dict[str, object] = {
                "id": layout.id[i], "name": layout.name[i], "town": self.town, "seat": layout.id[seat], "new": i == seat,
                "households": layout.households[i], "way_m": self.ways[seat][0][i],
            }  # fmt: skip
            if explain:
                other = self.solve(forbidden=(i, seat))
                line |= {
                    "runner_up": layout.id[other.seat_of[i]] if other else None,
                    "price": other.cost - found.cost if other else None,
                }
            lines.append({**line, "x": layout.place[i][0], "y": layout.place[i][1]})
        return lines

    def why_not(self) -> list[str]:
        """Which village finds no seat, and which limit, loosened alone and least, would help."""
        layout, said = self.layout, [f"{self.town}: no choice of seats keeps all rules."]
        most = max((way for metres, _next in self.ways.values() for way in metres.values()), default=0)
        everybody = sum(layout.households[i] for i in (*self.hosts, *self.villages))
        ways: list[tuple[str, int | None]] = [
            ("Raise the reach to %s m", self._least(lambda v: replace(layout, reach=v), layout.reach, most)),
            ("Raise Hi to %s households", self._least(lambda v: replace(layout, high=v), layout.high, everybody)),
            ("Lower Lo to %s households", self._least(lambda v: replace(layout, low=-v), -layout.low, 0)),
        ]
        helping = [
            f"{words % f'{abs(value):,}'}: this alone would be enough." for words, value in ways if value is not None
        ]
        return said + [f"{self.town}: {one}" for one in helping or ["No limit loosened alone helps; loosen several."]]

    def _least(self, loosened: Callable[[int], LayoutQuestion], low: int, high: int) -> int | None:
        """The least value in low … high at which there is a choice."""
        if high <= low or self.solve(layout=loosened(high)) is None:
            return None
        while low + 1 < high:
            middle = (low + high) // 2
            if self.solve(layout=loosened(middle)) is None:
                low = middle
            else:
                high = middle
        return high
