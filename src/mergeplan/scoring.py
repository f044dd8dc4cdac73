"""The default score of a new unit, in integer millionths, exactly rounded; and the protocol for scores of one's own.

Formula (S the unit, c its centre, P its people, T the target):

    balance·((P−T)/T)² + travel·Σ p_i·d(i,c)/(p̄·1000 m) + disrupt·(P−p_c)/T
      + compact·(1−4πA/L²) + affinity·(|S|−1)·(1−mean affinity of inner borders/1000)

Sums run in float64 for whole tables at once; every value nearer to a rounding boundary, and every pair of centres nearer to a
tie, than float64 can tell apart is computed again in rational numbers with 40 digits of π. The result is the exact one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor, pi
from typing import Protocol

import numpy as np

from mergeplan.towns import IntArray, TownInstance
from mergeplan.types import MILLION, WEIGHT_SCALE, ScoreParts

PI = Fraction(31415926535897932384626433832795028841971, 10**40)
HALF = Fraction(1, 2)
LARGEST = 9e17
DOUBT = 1e-5
"""Millionths: rounding decisions nearer than this are made in rational numbers."""


class Scoring(Protocol):
    """A way to score units of a town. Must be picklable to be used on several cores or a cluster."""

    def score_sets(self, town: TownInstance, members: IntArray) -> tuple[IntArray, IntArray]:
        """For sets of one size (rows of positions, ascending): centre position or −1 (not allowed), and millionths."""
        ...

    def parts(self, town: TownInstance, members: Sequence[int], centre: int) -> ScoreParts | None:
        """How the score of one set is made up; None when the score has no such parts."""
        ...


class DefaultScoring:
    """The score described above. Stateless."""

    def score_sets(self, town: TownInstance, members: IntArray) -> tuple[IntArray, IntArray]:
        centre = self._centres(town, members)
        rows = np.arange(len(members))
        d, w = town.district, town.district.weights
        pop = town.numbers.pop.astype(np.float64)
        people = pop[members].sum(axis=1)
        c = np.where(centre < 0, members[:, 0], centre)
        per_head = _per_head(town)
        target = float(d.target_pop)
        balance = w.balance * ((people - target) / target) ** 2
        road = town.distance[members, c[:, None]]
        travel = w.travel * ((pop[members] * road).sum(axis=1) * float(per_head))
        disrupt = w.disrupt * ((people - pop[c]) / target)
        area, length, borders, friendship = self._shape(town, members)
        with np.errstate(divide="ignore", invalid="ignore"):
            compact = w.compact * np.where(length > 0, 1 - 4 * np.pi * area / length**2, 0.0)
            mean = np.where(borders > 0, friendship / borders, 1000.0)
        affinity = w.affinity * (members.shape[1] - 1) * (1 - mean / 1000)
        # Weights are in 1/10,000, so ×100 gives millionths.
        total = (balance + travel + disrupt + compact + affinity) * 100
        score = np.floor(total + 0.5)
        size = (
            balance + travel + disrupt + np.abs(compact) + w.compact + affinity + w.affinity * members.shape[1]
        ) * 100
        doubtful = np.abs(total + 0.5 - np.rint(total + 0.5)) <= 1e-7 + size * 1e-13
        # What is too large for 64 bits is refused by `columns`; it only must not overflow here.
        result = np.clip(score, -LARGEST, LARGEST).astype(np.int64)
        doubtful &= np.abs(score) < LARGEST
        for r in rows[doubtful & (centre >= 0)]:
            result[r] = exact_score(town, members[r].tolist(), int(centre[r]))
        return centre, result

    def parts(self, town: TownInstance, members: Sequence[int], centre: int) -> ScoreParts:
        """Parts rounded so that they add up to the score: down, then the largest remainders up."""
        split = _split_parts(town, members, centre)
        total = sum(rest for _, rest in split) + 0.5
        up = floor(total)
        order = sorted(range(5), key=lambda p: (-split[p][1], p))
        edge = split[order[up - 1]][1] - split[order[up]][1] if 0 < up < 5 else 1.0
        compact, rest = split[3]
        is_compact_clear = compact == rest == 0 or (DOUBT < rest < 1 - DOUBT and abs(compact) < 10**9)
        if abs(total - round(total)) < DOUBT or edge < DOUBT or not is_compact_clear:
            return self._exact_parts(town, members, centre)
        whole = [value for value, _ in split]
        for p in order[:up]:
            whole[p] += 1
        return ScoreParts(*whole)

    @staticmethod
    def _exact_parts(town: TownInstance, members: Sequence[int], centre: int) -> ScoreParts:
        exact = exact_parts(town, members, centre)
        total = floor(sum(exact, Fraction(0)) + HALF)
        whole = [floor(v) for v in exact]
        by_remainder = sorted(range(5), key=lambda p: (whole[p] - exact[p], p))
        for p in by_remainder[: total - sum(whole)]:
            whole[p] += 1
        return ScoreParts(*whole)

    def _centres(self, town: TownInstance, members: IntArray) -> IntArray:
        size = members.shape[1]
        if size == 1:
            return members[:, 0]
        d, w = town.district, town.district.weights
        pop = town.numbers.pop[members].astype(np.float64)
        road = town.distance[members[:, :, None], members[:, None, :]]  # [set, member, centre]
        reachable = road.max(axis=1) <= d.radius_m
        cost = w.travel * np.einsum("si,sic->sc", pop, road.astype(np.float64)) * float(_per_head(town))
        cost += w.disrupt * (pop.sum(axis=1, keepdims=True) - pop) / float(d.target_pop)
        cost = np.where(reachable, cost, np.inf)
        # Lowest id on a tie: walk the members in order of id and take a later one only when it is clearly cheaper.
        rank = town.numbers.rank[members]
        order = np.argsort(rank, axis=1)
        cost = np.take_along_axis(cost, order, axis=1)
        ordered = np.take_along_axis(members, order, axis=1)
        best = cost.argmin(axis=1)
        rows = np.arange(len(members))
        lowest = cost[rows, best]
        centre = np.where(np.isfinite(lowest), ordered[rows, best], -1)
        close = cost <= (lowest + 1e-9 + np.abs(lowest) * 1e-11)[:, None]
        for r in rows[(close.sum(axis=1) > 1) & np.isfinite(lowest)]:
            rivals = ordered[r][close[r]].tolist()
            whole = members[r].tolist()
            centre[r] = min(rivals, key=lambda c: (exact_centre_cost(town, whole, c), town.rank[c]))
        return centre

    @staticmethod
    def _shape(town: TownInstance, members: IntArray) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
        """Area and perimeter of the union, number of inner borders and the sum of their affinities."""
        known = town.numbers
        left, right = np.triu_indices(members.shape[1], 1)
        a, b = members[:, left], members[:, right]
        length = known.perim[members].sum(axis=1) - 2 * known.length[a, b].sum(axis=1)
        borders, friendship = known.border[a, b].sum(axis=1), known.friendship[a, b].sum(axis=1)
        return known.area[members].sum(axis=1), length, borders, friendship


def _per_head(town: TownInstance) -> Fraction:
    """1/(p̄·1000 m): what a person's metre costs before weighting. 0 where nobody lives at all."""
    d = town.district
    return Fraction(d.villages, d.population * 1000) if d.population else Fraction(0)


def exact_centre_cost(town: TownInstance, members: Sequence[int], centre: int) -> Fraction:
    """Weighted travel + disrupt of a set with this centre, in 1/10,000."""
    w, d = town.district.weights, town.district
    road = sum(town.pop[i] * int(town.distance[i, centre]) for i in members)
    moved = sum(town.pop[i] for i in members) - town.pop[centre]
    return w.travel * road * _per_head(town) + Fraction(w.disrupt * moved, d.target_pop)


def exact_parts(town: TownInstance, members: Sequence[int], centre: int) -> tuple[Fraction, ...]:
    """Balance, travel, disrupt, compact and affinity in millionths, unrounded."""
    d, w = town.district, town.district.weights
    people = sum(town.pop[i] for i in members)
    road = sum(town.pop[i] * int(town.distance[i, centre]) for i in members)
    inner = [b for i in members for j in members if (b := town.borders.get((i, j)))]
    area = sum((Fraction(town.area[i]) for i in members), Fraction(0))
    length = sum((Fraction(town.perim[i]) for i in members), Fraction(0)) - 2 * sum(
        (Fraction(metres) for metres, _ in inner), Fraction(0)
    )
    mean = Fraction(sum(a for _, a in inner), len(inner)) if inner else Fraction(1000)
    parts = (
        w.balance * Fraction(people - d.target_pop, d.target_pop) ** 2,
        w.travel * road * _per_head(town),
        Fraction(w.disrupt * (people - town.pop[centre]), d.target_pop),
        w.compact * (1 - 4 * PI * area / length**2) if length > 0 else Fraction(0),
        w.affinity * (len(members) - 1) * (1 - mean / 1000),
    )
    scale = Fraction(MILLION, WEIGHT_SCALE)
    return tuple(p * scale for p in parts)


def _split_parts(town: TownInstance, members: Sequence[int], centre: int) -> list[tuple[int, float]]:
    """The five parts in millionths as (rounded down, what is left); whole numbers but for the compactness."""
    d, w, scale = town.district, town.district.weights, MILLION // WEIGHT_SCALE
    target, moved = d.target_pop, -town.pop[centre]
    people = road = 0
    area = length = 0.0
    for i in members:
        people += town.pop[i]
        road += town.pop[i] * int(town.distance[i, centre])
        area += town.area[i]
        length += town.perim[i]
    borders = friendship = 0
    for place, i in enumerate(members):
        for j in members[place + 1 :]:
            border = town.borders.get((i, j))
            if border is not None:
                length -= 2 * border[0]
                borders += 1
                friendship += border[1]
    ratios = [
        (w.balance * (people - target) ** 2, target * target),
        (w.travel * road * d.villages, d.population * 1000 or 1),
        (w.disrupt * (people + moved), target),
        (0, 1),
        (w.affinity * (len(members) - 1) * (1000 * borders - friendship), 1000 * borders or 1),
    ]
    split = []
    for value, over in ratios:
        whole, rest = divmod(value * scale, over)
        split.append((whole, rest / over))
    if length > 0 and w.compact:
        compact = w.compact * scale * (1 - 4 * pi * area / (length * length))
        split[3] = floor(compact), compact - floor(compact)
    return split


def exact_score(town: TownInstance, members: Sequence[int], centre: int) -> int:
    """The score of one set, rounded half up."""
    return floor(sum(exact_parts(town, members, centre), Fraction(0)) + HALF)


DEFAULT = DefaultScoring()
