"""Where the sample places its towns, and how a region is cut into a given number of pieces.

The seats are approximate and the regions synthetic: only names, codes and the district outline are real. What is
kept true is who adjoins whom where the lists of 2019 and 2020 tell it: 小井乡 lies between 龙塘街道 and 观阁镇, which
received its villages, 光辉乡 between 广兴镇 and 龙滩镇, and 大佛寺街道 beside 龙塘街道.
"""

from __future__ import annotations

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

    def divide(self, members: Sequence[int], seats: FloatArray, ground: FloatArray, *, drift: float) -> IntArray:
        """Cut `members` (one connected region) into a compact, connected piece per seat, of about its share of `ground`.

        A power diagram whose weights are tuned until the shares fit, while seats drift towards the middle of their
        piece; fragments that a bay cuts off go to a neighbour. Returns the seat of every cell, −1 outside.
        """
        inside = np.array(sorted(members))
        x, y, area = self.x[inside], self.y[inside], self.area[inside]
        share = ground / ground.sum() * area.sum()
        seats, bonus, reach = seats.copy(), np.zeros(len(seats)), float(area.sum()) / len(seats)
        nearest = np.zeros(len(inside), dtype=np.int64)
        for step in range(240):
            far = (x[:, None] - seats[:, 0]) ** 2 + (y[:, None] - seats[:, 1]) ** 2
            nearest = np.argmin(far - bonus, axis=1).astype(np.int64)
            held = np.bincount(nearest, weights=area, minlength=len(seats))
            bonus += 0.12 * reach * np.clip((share - held) / share, -1.0, 1.0)
            if step % 20 == 19 and step < 100:
                for t in np.flatnonzero(held > 0).tolist():
                    middle = np.array((x[nearest == t].mean(), y[nearest == t].mean()))
                    seats[t] += drift * (middle - seats[t])
        owner = np.full(len(self.near), -1, dtype=np.int64)
        owner[inside] = nearest
        self._join_fragments(owner, len(seats))
        ground_held: FloatArray = np.zeros(len(seats))
        np.add.at(ground_held, owner[inside], area)
        self._even_out(inside.tolist(), owner, ground_held, share)
        empty = sorted(set(range(len(seats))) - set(owner.tolist()))
        if empty:
            raise ValueError(f"no ground left for the pieces {empty}: cut the region into more cells")
        return owner

    def _join_fragments(self, owner: IntArray, count: int) -> None:
        """Give every fragment but the largest of each piece to the piece it touches most."""
        for t in range(count):
            waiting = set(np.flatnonzero(owner == t).tolist())
            fragments: list[set[int]] = []
            while waiting:
                stack = [min(waiting)]
                found = set(stack)
                while stack:
                    fresh = [o for o in self.near[stack.pop()] if o in waiting and o not in found]
                    found.update(fresh)
                    stack.extend(fresh)
                waiting -= found
                fragments.append(found)
            for fragment in sorted(fragments, key=len, reverse=True)[1:]:
                touched = [int(owner[o]) for c in sorted(fragment) for o in self.near[c] if owner[o] not in {t, -1}]
                if touched:
                    owner[sorted(fragment)] = max(sorted(set(touched)), key=touched.count)

    def _even_out(self, members: Sequence[int], owner: IntArray, held: FloatArray, share: FloatArray) -> None:
        for _ in range(20):
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
                if after < before - 1e-9 and ties >= 3 and self._stays_whole(cell, mine, owner):
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
