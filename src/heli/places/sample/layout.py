"""Where the sample places its towns, and how a region is cut into a given number of pieces.

The seats are approximate and the regions synthetic: only names, codes and the district outline are real. What is
kept true is who adjoins whom where the lists of 2019 and 2020 tell it: 小井乡 lies between 龙塘街道 and 观阁镇, which
received its villages, 光辉乡 between 广兴镇 and 龙滩镇, and 大佛寺街道 beside 龙塘街道.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Town code → (longitude, latitude) of its seat.
SEATS: Mapping[str, tuple[float, float]] = {
    "511603001": (106.663, 30.490),  # 奎阁街道
    "511603002": (106.893, 30.488),  # 大佛寺街道
    "511603003": (106.858, 30.508),  # 龙塘街道
    "511603004": (106.715, 30.481),  # 新桥街道
    "511603101": (107.005, 30.605),  # 桂兴镇
    "511603102": (106.893, 30.590),  # 观阁镇
    "511603103": (106.955, 30.520),  # 广兴镇
    "511603104": (106.785, 30.495),  # 代市镇
    "511603105": (106.782, 30.565),  # 观塘镇
    "511603106": (106.722, 30.525),  # 护安镇
    "511603107": (106.912, 30.440),  # 龙滩镇
    "511603108": (106.930, 30.635),  # 虎城镇
    "511603200": (106.868, 30.552),  # 小井乡
    "511603202": (106.942, 30.483),  # 光辉乡
}

# Communities are denser than villages: the share of a village's ground that one takes up.
COMMUNITY_GROUND = 0.35


class Mosaic:
    """A region cut into many small cells: their centres (metres), areas (m²) and neighbours."""

    def __init__(self, outline: BaseGeometry, count: int, rng: np.random.Generator) -> None:
        west, south, east, north = outline.bounds
        shapely.prepare(outline)
        points: list[tuple[float, float]] = []
        while len(points) < count:
            x, y = rng.uniform(west, east), rng.uniform(south, north)
            if shapely.contains_xy(outline, x, y):
                points.append((float(x), float(y)))
        sites = np.array(points)
        for _ in range(2):  # two rounds of Lloyd's relaxation: even cells, still irregular
            cells = _voronoi(sites, outline)
            centres = shapely.centroid(cells)
            sites = np.column_stack([shapely.get_x(centres), shapely.get_y(centres)])
        self.cells = _voronoi(sites, outline)
        centres = shapely.centroid(self.cells)
        self.x: FloatArray = shapely.get_x(centres)
        self.y: FloatArray = shapely.get_y(centres)
        self.area: FloatArray = shapely.area(self.cells)
        rims = shapely.boundary(self.cells)
        left, right = shapely.STRtree(self.cells).query(self.cells, predicate="intersects")
        shared = shapely.length(shapely.intersection(rims[left], rims[right]))
        self.near: list[list[int]] = [[] for _ in self.cells]
        for a, b, length in zip(left.tolist(), right.tolist(), shared.tolist(), strict=True):
            if a != b and length > 1.0:
                self.near[a].append(b)

    def grow(self, members: Sequence[int], seeds: FloatArray, ground: FloatArray) -> IntArray:
        """Deal `members` out to seeds, each seed one connected piece of about its share of `ground`.

        The piece that lacks most of its share takes its nearest free neighbour next; afterwards border cells change
        hands where that evens the shares out without cutting a piece. Returns the seed of every cell, −1 outside.
        """
        inside = set(members)
        owner = np.full(len(self.near), -1, dtype=np.int64)
        share = ground / ground.sum() * sum(self.area[m] for m in members)
        held = np.zeros(len(seeds))
        fronts: list[list[tuple[float, int]]] = [[] for _ in seeds]
        array = np.array(sorted(members))

        def take(cell: int, s: int) -> None:
            owner[cell] = s
            held[s] += self.area[cell]
            for other in self.near[cell]:
                if other in inside and owner[other] < 0:
                    distance = float(np.hypot(self.x[other] - seeds[s, 0], self.y[other] - seeds[s, 1]))
                    heapq.heappush(fronts[s], (distance, other))

        for s, (sx, sy) in enumerate(seeds.tolist()):
            order = array[np.argsort(np.hypot(self.x[array] - sx, self.y[array] - sy), kind="stable")]
            first = next(int(c) for c in order if owner[c] < 0)
            take(first, s)
        while True:
            open_seeds = [s for s in range(len(seeds)) if self._peek(fronts[s], owner)]
            if not open_seeds:
                break
            s = min(open_seeds, key=lambda t: (held[t] / share[t], t))
            take(heapq.heappop(fronts[s])[1], s)
        self._even_out(sorted(inside), owner, held, share)
        return owner

    @staticmethod
    def _peek(front: list[tuple[float, int]], owner: IntArray) -> bool:
        while front and owner[front[0][1]] >= 0:
            heapq.heappop(front)
        return bool(front)

    def _even_out(self, members: Sequence[int], owner: IntArray, held: FloatArray, share: FloatArray) -> None:
        for _ in range(60):
            moved = False
            for cell in members:
                mine = int(owner[cell])
                theirs = sorted({int(owner[o]) for o in self.near[cell] if owner[o] >= 0} - {mine})
                if not theirs:
                    continue
                best = min(theirs, key=lambda t: (held[t] / share[t], t))
                a = self.area[cell]
                before = abs(held[mine] / share[mine] - 1) + abs(held[best] / share[best] - 1)
                after = abs((held[mine] - a) / share[mine] - 1) + abs((held[best] + a) / share[best] - 1)
                ties = sum(1 for o in self.near[cell] if owner[o] == best)
                if after < before - 1e-9 and ties >= 2 and self._stays_whole(cell, mine, owner):
                    owner[cell] = best
                    held[mine] -= a
                    held[best] += a
                    moved = True
            if not moved:
                return

    def _stays_whole(self, cell: int, mine: int, owner: IntArray) -> bool:
        """Whether the neighbours of `cell` in its own piece hang together without it (within two steps)."""
        kin = [o for o in self.near[cell] if owner[o] == mine]
        if not kin:
            return False
        reach = {o for k in kin for o in [k, *self.near[k]] if owner[o] == mine and o != cell}
        seen, stack = {kin[0]}, [kin[0]]
        while stack:
            for other in self.near[stack.pop()]:
                if other in reach and other not in seen:
                    seen.add(other)
                    stack.append(other)
        return all(k in seen for k in kin)

    def union(self, owner: IntArray, seed: int) -> BaseGeometry:
        """The outline of one piece; neighbouring pieces keep identical vertices along their common border."""
        return shapely.coverage_union_all(self.cells[owner == seed])

    def spread(self, members: Sequence[int], count: int, rng: np.random.Generator) -> FloatArray:
        """`count` well-spread seed points among `members` (k-means, farthest-first start)."""
        where = np.column_stack([self.x[members], self.y[members]])
        weight = self.area[members]
        chosen = [int(rng.integers(len(members)))]
        gap = np.hypot(*(where - where[chosen[0]]).T)
        while len(chosen) < count:
            chosen.append(int(np.argmax(gap)))
            gap = np.minimum(gap, np.hypot(*(where - where[chosen[-1]]).T))
        seeds = where[chosen]
        for _ in range(12):
            nearest = np.argmin(np.hypot(where[:, None, 0] - seeds[:, 0], where[:, None, 1] - seeds[:, 1]), axis=1)
            for s in range(count):
                mine = nearest == s
                if mine.any():
                    seeds[s] = np.average(where[mine], axis=0, weights=weight[mine])
        return seeds


def _voronoi(sites: FloatArray, outline: BaseGeometry) -> npt.NDArray[np.object_]:
    raw = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=shapely.envelope(outline), ordered=True)
    )
    cut = shapely.intersection(raw, outline)
    # A bay of the outline may cut a cell in two; the larger part stays, the rest is dropped into the neighbours' gap.
    whole = [max(shapely.get_parts(c).tolist(), key=lambda p: p.area) for c in cut]
    return np.array(whole, dtype=object)
