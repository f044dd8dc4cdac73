"""Turn a town into columns: every unit the rules allow, with its cost and the villages it covers.

A column covers positions (and, for some absorptions, artificial rows) exactly once in a plan and counts 1 village or, for
conversion and absorption, 0. What a unit may be is decided here and nowhere else; `verify` decides it again on its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from mergeplan.enumeration import COLUMN_LIMIT, connected_sets
from mergeplan.scoring import Scoring
from mergeplan.towns import IntArray, TownInstance
from mergeplan.types import Kind, MergeplanError

LARGEST_CONFLICT = 12
"""Most villages in one knot of cannot-links around one host; their subsets are listed one by one."""
ORDER = {Kind.FIXED: 0, Kind.KEPT: 0, Kind.MERGED: 1, Kind.CONVERTED: 2, Kind.ABSORBED: 3}
LARGEST_COST, LARGEST_TOTAL = 4 * 10**14, 10**18
"""Millionths of a unit and of a whole plan that keep every sum inside 64 bits."""


class UnitColumn(NamedTuple):
    """One possible unit. `rows` is the bit set it covers; positions first, artificial rows above them."""

    members: tuple[int, ...]
    kind: Kind
    centre: int
    """Position of the centre; for absorption the host's place in `TownInstance.hosts`."""
    cost: int
    rows: int
    counted: int


class ColumnArrays(NamedTuple):
    """The columns as numbers: rows of column j are `rows[starts[j] : starts[j + 1]]`."""

    starts: IntArray
    rows: IntArray
    cost: IntArray
    counted: IntArray


@dataclass(frozen=True)
class Columns:
    """All columns of a town in canonical order: by members in reading order, then kept, merged, converted, absorbed."""

    columns: tuple[UnitColumn, ...]
    rows: int
    """Number of rows to cover: positions plus artificial ones."""
    rank: tuple[int, ...]
    """Place of each position in the order of ids."""

    @cached_property
    def rows_by_id(self) -> tuple[int, ...]:
        """Positions in order of id, then artificial rows."""
        size = len(self.rank)
        return (*sorted(range(size), key=self.rank.__getitem__), *range(size, self.rows))

    @cached_property
    def preference(self) -> list[int]:
        """Place of each column when units are ordered by their ids; decides between equal plans."""

        def by_id(j: int) -> tuple[bool, list[int], int, int, int]:
            c = self.columns[j]
            host = c.centre if c.kind is Kind.ABSORBED else 0
            return not c.members, sorted(self.rank[p] for p in c.members), ORDER[c.kind], host, c.rows

        preference = [0] * len(self.columns)
        for place, j in enumerate(sorted(range(len(self.columns)), key=by_id)):
            preference[j] = place
        return preference

    @cached_property
    def arrays(self) -> ColumnArrays:
        """The same for numpy and HiGHS."""
        size = len(self.rank)
        lists: list[tuple[int, ...]] = [c.members for c in self.columns]
        if self.rows > size:
            lists = [tuple(r for r in range(c.rows.bit_length()) if c.rows >> r & 1) for c in self.columns]
        starts = np.fromiter(accumulate(map(len, lists), initial=0), dtype=np.int64, count=len(lists) + 1)
        rows = np.fromiter(chain.from_iterable(lists), dtype=np.int64, count=int(starts[-1]))
        cost = np.array([c.cost for c in self.columns], dtype=np.int64)
        return ColumnArrays(starts, rows, cost, np.array([c.counted for c in self.columns], dtype=np.int64))

    @cached_property
    def coverable(self) -> int:
        """Rows that at least one column covers."""
        bits = 0
        for c in self.columns:
            bits |= c.rows
        return bits


def build_columns(town: TownInstance, scoring: Scoring, limit: int = COLUMN_LIMIT) -> Columns:
    """Enumerate, score and filter. Raises `TooManyColumnsError`."""
    columns = [*_units(town, scoring, limit), *_conversions(town)]
    absorbed, rows = _absorptions(town)
    rows += town.is_torn  # a row that nothing covers
    columns += absorbed
    limit_cost = min(LARGEST_COST, LARGEST_TOTAL // max(town.district.villages, 1))
    dearest = max(columns, key=lambda c: abs(c.cost), default=None)
    if dearest is not None and abs(dearest.cost) > limit_cost:
        raise MergeplanError(
            f"town {town.label}: a unit would cost {dearest.cost:,} millionths, more than the {limit_cost:,} that can be "
            "added up exactly; check T, the weights and the populations"
        )
    if len(absorbed) or town.convertible:
        columns.sort(key=lambda c: (c.members or (town.size,), ORDER[c.kind], c.centre, c.rows))
    else:
        columns.sort(key=itemgetter(0))  # the same, where no two columns have the same members
    return Columns(tuple(columns), rows, town.rank)


def _units(town: TownInstance, scoring: Scoring, limit: int) -> Iterable[UnitColumn]:
    barred = town.stuck | town.tied
    by_size: dict[int, list[tuple[int, ...]]] = {}
    for unit in _allowed_sets(town, connected_sets(town, limit)):
        by_size.setdefault(len(unit), []).append(unit)
    for size in sorted(by_size):
        members = np.array(by_size[size], dtype=np.int64)
        centres, scores = scoring.score_sets(town, members)
        people = town.numbers.pop[members].sum(axis=1)
        windows = town.numbers.windows[centres]
        enough, fits = people >= windows[:, 0], centres >= 0
        if size > 1:
            fits &= enough & (people <= windows[:, 1])
        kept = np.nonzero(fits)[0]
        rows = zip(kept.tolist(), centres[kept].tolist(), scores[kept].tolist(), enough[kept].tolist(), strict=True)
        units = by_size[size]
        for j, centre, score, is_enough in rows:
            unit = units[j]
            mask = 0
            for p in unit:
                mask |= 1 << p
            if mask & barred:
                continue
            if size > 1:
                yield UnitColumn(unit, Kind.MERGED, centre, score, mask, 1)
            elif town.fixed & mask:
                yield UnitColumn(unit, Kind.FIXED, centre, 0, mask, 1)
            elif is_enough or town.exempt & mask:
                yield UnitColumn(unit, Kind.KEPT, centre, score, mask, 1)


def _allowed_sets(town: TownInstance, sets: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Drop sets that cut a must-linked group or hold a cannot-linked pair."""
    if not town.groups and not town.apart:
        return sets
    needs = [0] * town.size
    for group in town.groups:
        for p in range(town.size):
            if group >> p & 1:
                needs[p] |= group
    allowed = []
    for s in sets:
        mask = needed = 0
        for p in s:
            mask |= 1 << p
            needed |= needs[p]
        if not needed & ~mask and not any(pair & mask == pair for pair in town.apart):
            allowed.append(s)
    return allowed


def _conversions(town: TownInstance) -> Iterable[UnitColumn]:
    linked = town.stuck | town.tied
    for group in town.groups:
        linked |= group
    for p in range(town.size):
        if town.convertible >> p & 1 and not linked >> p & 1:
            yield UnitColumn((p,), Kind.CONVERTED, p, town.convert_cost, 1 << p, 0)


def _absorptions(town: TownInstance) -> tuple[list[UnitColumn], int]:
    """Absorption columns and the number of rows.

    Must-linked villages join a host together or not at all. Villages that are cannot-linked and could join the same host
    form a knot: one artificial row per knot, covered by exactly one of its conflict-free choices (possibly the empty one).
    """
    offers: dict[int, dict[int, int]] = {}
    for position, host, cost in town.absorb:
        if not town.stuck >> position & 1:
            offers.setdefault(host, {})[position] = cost
    columns: list[UnitColumn] = []
    rows = town.size
    for host in sorted(offers):
        blocks = _blocks(town, offers[host])
        for knot in _knots(town, blocks):
            if len(knot) == 1:
                mask, cost = knot[0]
                columns.append(_absorbed(mask, host, cost, mask))
                continue
            if len(knot) > LARGEST_CONFLICT:
                raise MergeplanError(
                    f"town {town.label}: {len(knot)} cannot-linked villages could join one host community "
                    f"(at most {LARGEST_CONFLICT}): remove some absorb rows or cannot-links"
                )
            extra = 1 << rows
            rows += 1
            for choice in range(1 << len(knot)):
                picked = [knot[b] for b in range(len(knot)) if choice >> b & 1]
                mask = sum(m for m, _ in picked)
                if not any(pair & mask == pair for pair in town.apart):
                    columns.append(_absorbed(mask, host, sum(c for _, c in picked), mask | extra))
    return columns, rows


def _absorbed(mask: int, host: int, cost: int, rows: int) -> UnitColumn:
    members = tuple(p for p in range(mask.bit_length()) if mask >> p & 1)
    return UnitColumn(members, Kind.ABSORBED, host, cost, rows, 0)


def _blocks(town: TownInstance, offers: dict[int, int]) -> list[tuple[int, int]]:
    """(bit set, cost) of what may join a host as a whole: single villages and complete must-linked groups."""
    blocks: list[tuple[int, int]] = []
    grouped = 0
    for group in town.groups:
        grouped |= group
        inside = [p for p in range(group.bit_length()) if group >> p & 1]
        clash = any(pair & group == pair for pair in town.apart)
        if not clash and all(p in offers for p in inside):
            blocks.append((group, sum(offers[p] for p in inside)))
    blocks += [(1 << p, cost) for p, cost in offers.items() if not grouped >> p & 1]
    return sorted(blocks)


def _knots(town: TownInstance, blocks: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Blocks joined where a cannot-link runs between them."""
    knots: list[list[tuple[int, int]]] = []
    for block in blocks:
        touching = [k for k in knots if any(pair & block[0] and pair & other for pair in town.apart for other, _ in k)]
        merged = [block]
        for k in touching:
            merged = k + merged
            knots.remove(k)
        knots.append(merged)
    return knots
