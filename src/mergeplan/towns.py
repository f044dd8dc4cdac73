"""Cut an instance into its towns: small, self-contained, picklable problems in canonical order.

Everything downstream works on positions inside one town. Positions follow the *reading order*: breadth-first from an end of the
town, neighbours by id. It depends on ids and borders only, never on the order of the input, and keeps neighbours close
together, which keeps the exact search small. No rule is judged and nothing is scored here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import floor, isqrt
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt

from mergeplan.types import Absorption, Edge, Instance, Number, Rules, TownId, Weights, label_key, town_order

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class District:
    """What a score needs to know beyond one town: totals of the whole instance and the rules' numbers."""

    population: int
    villages: int
    target_pop: int
    detour: int
    radius_m: Number
    weights: Weights


class TownNumbers(NamedTuple):
    """A town's figures by position; what belongs to a border by pair (p, q) with p < q, 0 where there is none."""

    pop: IntArray
    rank: IntArray
    area: FloatArray
    perim: FloatArray
    windows: IntArray
    length: FloatArray
    friendship: FloatArray
    border: FloatArray


@dataclass(frozen=True)
class TownInstance:
    """One town. `index[p]` is the village's place in the instance, `rank[p]` its place in the order of all ids.

    `near[p]` is the bit set of positions that p may merge with; `borders` maps (p, q), p < q, to (length_m, affinity).
    `groups` must stay in one unit, `apart` pairs may not share one. Hosts have no position: they are not planned.
    """

    label: TownId
    district: District
    index: tuple[int, ...]
    rank: tuple[int, ...]
    x: tuple[Number, ...]
    y: tuple[Number, ...]
    pop: tuple[int, ...]
    area: tuple[Number, ...]
    perim: tuple[Number, ...]
    near: tuple[int, ...]
    borders: Mapping[tuple[int, int], tuple[Number, int]]
    k: int
    windows: tuple[tuple[int, int], ...]
    fixed: int
    exempt: int
    convertible: int
    convert_cost: int
    hosts: tuple[int, ...]
    """Host communities of the town as indices into the instance, in order of id."""
    absorb: tuple[tuple[int, int, int], ...]
    """(position, place in `hosts`, cost), only where the host is a neighbour in the same town."""
    groups: tuple[int, ...]
    apart: tuple[int, ...]
    stuck: int
    """Positions whose must-links cannot be met at all: partners in another town, or a host that may not take them."""
    is_torn: bool
    """Whether such a must-link exists, be it between hosts alone: then the town has no plan."""
    tied: int
    """Positions must-linked to one host: only that host's absorption will do."""

    @property
    def size(self) -> int:
        return len(self.index)

    @cached_property
    def numbers(self) -> TownNumbers:
        """What units are scored from, as arrays."""
        length, friendship = np.zeros((self.size, self.size)), np.zeros((self.size, self.size))
        border = np.zeros((self.size, self.size))
        for (p, q), (metres, affinity) in self.borders.items():
            length[p, q], friendship[p, q], border[p, q] = metres, affinity, 1
        return TownNumbers(
            pop=np.array(self.pop, dtype=np.int64),
            rank=np.array(self.rank, dtype=np.int64),
            area=np.array(self.area, dtype=np.float64),
            perim=np.array(self.perim, dtype=np.float64),
            windows=np.array(self.windows, dtype=np.int64).reshape(-1, 2),
            length=length,
            friendship=friendship,
            border=border,
        )

    @cached_property
    def distance(self) -> IntArray:
        """Road distance ⌊detour·euclid + ½⌋ between positions, metres."""
        return road_distances(self.x, self.y, self.district.detour)


def road_distances(x: Sequence[Number], y: Sequence[Number], detour: int) -> IntArray:
    """⌊detour/10,000 · euclid + ½⌋ for all pairs, exact: doubtful roundings are redone in integers."""
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    raw = np.hypot(xs[:, None] - xs[None, :], ys[:, None] - ys[None, :]) * (detour / 10_000) + 0.5
    result = np.floor(raw).astype(np.int64)
    doubtful = np.abs(raw - np.rint(raw)) <= 1e-6 + raw * 1e-12
    for i, j in zip(*np.nonzero(np.triu(doubtful, 1)), strict=True):
        result[i, j] = result[j, i] = exact_distance(x[i], y[i], x[j], y[j], detour)
    return result


def exact_distance(x1: Number, y1: Number, x2: Number, y2: Number, detour: int) -> int:
    """The same for one pair in integers: ⌊s + ½⌋ = (⌊2s⌋ + 1) div 2 and ⌊2s⌋ = isqrt(⌊4s²⌋)."""
    dx, dy = Fraction(x1) - Fraction(x2), Fraction(y1) - Fraction(y2)
    square = (dx * dx + dy * dy) * Fraction(detour, 10_000) ** 2
    return (isqrt(floor(4 * square)) + 1) // 2


def split_towns(instance: Instance) -> Towns:
    """All towns, in order of their labels."""
    rules = instance.rules
    district = District(
        population=sum(instance.pop),
        villages=instance.n,
        target_pop=rules.target_pop,
        detour=rules.detour,
        radius_m=rules.radius_m,
        weights=instance.weights,
    )
    by_id = sorted(range(instance.n), key=lambda i: label_key(instance.id[i]))
    rank = [0] * instance.n
    for place, i in enumerate(by_id):
        rank[i] = place
    parts: dict[TownId, _Part] = {}
    for i in by_id:
        parts.setdefault(instance.town[i], _Part()).members.append(i)
    for e in instance.edges:
        if instance.town[e.i] == instance.town[e.j]:
            parts[instance.town[e.i]].edges.append(e)
    for group in _linked_groups(rules):
        for label in {instance.town[i] for i in group}:
            parts[label].linked.append(group)
    for i, j in rules.cannot:
        if instance.town[i] == instance.town[j]:
            parts[instance.town[i]].cannot.append((i, j))
    for a in rules.absorb:
        parts[instance.town[a.village]].absorb.append(a)
    return Towns(instance, district, parts, rank)


class Towns(Sequence[TownInstance]):
    """The towns of an instance, each cut out when it is first asked for: the first are worked on while others are still cut."""

    def __init__(
        self, instance: Instance, district: District, parts: Mapping[TownId, _Part], rank: Sequence[int]
    ) -> None:
        self._instance, self._district, self._parts, self._rank = instance, district, parts, rank
        self._labels = town_order(parts)
        self._cut: list[TownInstance | None] = [None] * len(self._labels)

    def __len__(self) -> int:
        return len(self._labels)

    @overload
    def __getitem__(self, place: int) -> TownInstance: ...
    @overload
    def __getitem__(self, place: slice) -> list[TownInstance]: ...
    def __getitem__(self, place: int | slice) -> TownInstance | list[TownInstance]:
        if isinstance(place, slice):
            return [self[p] for p in range(*place.indices(len(self)))]
        town = self._cut[place]
        if town is None:
            label = self._labels[place]
            town = _town(self._instance, self._district, label, self._parts[label], self._rank)
            self._cut[place] = town
        return town


@dataclass
class _Part:
    """What of the instance belongs to one town, in instance numbering."""

    members: list[int] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    linked: list[frozenset[int]] = field(default_factory=list)
    cannot: list[tuple[int, int]] = field(default_factory=list)
    absorb: list[Absorption] = field(default_factory=list)


def _linked_groups(rules: Rules) -> list[frozenset[int]]:
    """Must-links and zones joined into disjoint groups."""
    parent: dict[int, int] = {}

    def root(v: int) -> int:
        while parent.setdefault(v, v) != v:
            parent[v] = parent[parent[v]]
            v = parent[v]
        return v

    for group in (*rules.must, *rules.zones):
        for v in group[1:]:
            parent[root(v)] = root(group[0])
    groups: dict[int, set[int]] = {}
    for v in parent:
        groups.setdefault(root(v), set()).add(v)
    return [frozenset(g) for g in groups.values()]


def reading_order(members: Sequence[int], neighbours: Mapping[int, Sequence[int]]) -> list[int]:
    """Breadth-first order of members (given by id): each component from its far end as seen from its lowest id."""

    def walk(start: int) -> tuple[list[int], int]:
        order, level = [start], {start: 0}
        for v in order:
            for w in neighbours[v]:
                if w not in level:
                    level[w] = level[v] + 1
                    order.append(w)
        deepest = level[order[-1]]
        return order, next(v for v in members if level.get(v) == deepest)

    placed: set[int] = set()
    result: list[int] = []
    for v in members:
        if v not in placed:
            order, _ = walk(walk(v)[1])
            placed.update(order)
            result.extend(order)
    return result


def _town(instance: Instance, district: District, label: TownId, part: _Part, rank: Sequence[int]) -> TownInstance:
    rules = instance.rules
    planned = [i for i in part.members if i not in rules.hosts]
    around: dict[int, list[int]] = {i: [] for i in part.members}
    for e in part.edges:
        around[e.i].append(e.j)
        around[e.j].append(e.i)
    free = {i: [j for j in sorted(around[i], key=rank.__getitem__) if j not in rules.hosts] for i in planned}
    order = reading_order(planned, free)
    place = {i: p for p, i in enumerate(order)}
    near = [0] * len(order)
    borders: dict[tuple[int, int], tuple[Number, int]] = {}
    for e in part.edges:
        if e.i in place and e.j in place and e.i not in rules.fixed and e.j not in rules.fixed:
            p, q = sorted((place[e.i], place[e.j]))
            near[p] |= 1 << q
            near[q] |= 1 << p
            borders[p, q] = (e.length_m, e.affinity)
    town_set = set(part.members)
    host_of_group: dict[int, int] = {}
    groups: list[int] = []
    stuck = 0
    is_torn = False
    for group in part.linked:
        inside = _bits(place, group)
        hosts = [i for i in group if i in rules.hosts]
        if not group <= town_set or len(hosts) > 1:
            stuck |= inside
            is_torn = True
        elif hosts:
            host_of_group.update({place[i]: hosts[0] for i in group if i in place})
        if inside.bit_count() > 1:
            groups.append(inside)
    forbidden = {tuple(sorted(pair)) for pair in part.cannot}
    hosts_by_id = [i for i in part.members if i in rules.hosts]
    absorb = tuple(
        (place[a.village], hosts_by_id.index(a.host), a.cost)
        for a in sorted(part.absorb, key=lambda a: (rank[a.village], rank[a.host]))
        if a.village in place
        and a.village not in rules.fixed
        and a.host in around[a.village]
        and tuple(sorted((a.village, a.host))) not in forbidden
        and host_of_group.get(place[a.village], a.host) == a.host
    )
    types = rules.types or (None,) * instance.n
    return TownInstance(
        label=label,
        district=district,
        index=tuple(order),
        rank=tuple(rank[i] for i in order),
        x=tuple(instance.x[i] for i in order),
        y=tuple(instance.y[i] for i in order),
        pop=tuple(instance.pop[i] for i in order),
        area=tuple(instance.area[i] for i in order),
        perim=tuple(instance.perim[i] for i in order),
        near=tuple(near),
        borders=borders,
        k=min(rules.k, max(1, len(order))),
        windows=tuple(rules.window_of(types[i]) for i in order),
        fixed=_bits(place, rules.fixed),
        exempt=_bits(place, rules.exempt),
        convertible=_bits(place, rules.convertible - rules.fixed),
        convert_cost=rules.convert_cost,
        hosts=tuple(hosts_by_id),
        absorb=absorb,
        groups=tuple(sorted(groups)),
        apart=tuple(sorted(_bits(place, pair) for pair in part.cannot if pair[0] in place and pair[1] in place)),
        stuck=stuck,
        is_torn=is_torn,
        tied=sum(1 << p for p in host_of_group),
    )


def _bits(place: Mapping[int, int], members: Collection[int]) -> int:
    return sum(1 << p for i, p in place.items() if i in members)
