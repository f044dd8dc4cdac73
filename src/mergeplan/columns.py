"""Turn a town into columns: every unit the rules allow, with its cost and the villages it covers.

A column covers positions (and, for some absorptions, artificial rows) exactly once in a plan and counts 1 village or, for
conversion and absorption, 0. What a unit may be is decided here and nowhere else; `verify` decides it again on its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from mergeplan.enumeration import COLUMN_LIMIT, connected_sets
from mergeplan.scoring import Scoring
from mergeplan.towns import Town
from mergeplan.types import Kind, MergeplanError

LARGEST_CONFLICT = 12
"""Most villages in one knot of cannot-links around one host; their subsets are listed one by one."""
LARGEST_COST, LARGEST_TOTAL = 4 * 10**14, 10**18
"""Millionths of a unit and of a whole plan that keep every sum inside 64 bits."""


@dataclass(frozen=True, slots=True)
class Column:
    """One possible unit. `rows` is the bit set it covers; positions first, artificial rows above them."""

    members: tuple[int, ...]
    kind: Kind
    centre: int
    """Position of the centre; for absorption the host's place in `Town.hosts`."""
    cost: int
    rows: int
    counted: int


@dataclass(frozen=True)
class Columns:
    """All columns of a town in canonical order: by members in reading order, then kept, merged, converted, absorbed."""

    columns: tuple[Column, ...]
    rows: int
    """Number of rows to cover: positions plus artificial ones."""
    rows_by_id: tuple[int, ...]
    """Positions in order of id, then artificial rows."""
    preference: tuple[int, ...]
    """Place of each column when units are ordered by their ids; decides between equal plans."""

    @cached_property
    def by_first(self) -> list[list[int]]:
        """Row → columns whose lowest row it is."""
        lists: list[list[int]] = [[] for _ in range(self.rows)]
        for j, c in enumerate(self.columns):
            lists[(c.rows & -c.rows).bit_length() - 1].append(j)
        return lists

    @cached_property
    def coverable(self) -> int:
        """Rows that at least one column covers."""
        bits = 0
        for c in self.columns:
            bits |= c.rows
        return bits


def build_columns(town: Town, scoring: Scoring, limit: int = COLUMN_LIMIT) -> Columns:
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
    order = {Kind.FIXED: 0, Kind.KEPT: 0, Kind.MERGED: 1, Kind.CONVERTED: 2, Kind.ABSORBED: 3}
    columns.sort(key=lambda c: (c.members or (town.size,), order[c.kind], c.centre, c.rows))

    def by_id(j: int) -> tuple[bool, list[int], int, int, int]:
        c = columns[j]
        host = c.centre if c.kind is Kind.ABSORBED else 0
        return not c.members, sorted(town.rank[p] for p in c.members), order[c.kind], host, c.rows

    preference = [0] * len(columns)
    for place, j in enumerate(sorted(range(len(columns)), key=by_id)):
        preference[j] = place
    rows_by_id = [*sorted(range(town.size), key=town.rank.__getitem__), *range(town.size, rows)]
    return Columns(tuple(columns), rows, tuple(rows_by_id), tuple(preference))


def _units(town: Town, scoring: Scoring, limit: int) -> Iterable[Column]:
    barred = town.stuck | town.tied
    sets = sorted(_allowed_sets(town, connected_sets(town, limit)), key=lambda s: (len(s), s))
    for size, group in groupby(sets, key=len):
        members = np.array(list(group), dtype=np.int64)
        centres, scores = scoring.score_sets(town, members)
        people = np.asarray(town.pop, dtype=np.int64)[members].sum(axis=1)
        lows = np.array([w[0] for w in town.windows], dtype=np.int64)[centres]
        highs = np.array([w[1] for w in town.windows], dtype=np.int64)[centres]
        rows = zip(members.tolist(), centres.tolist(), scores.tolist(), (people >= lows).tolist(), strict=True)
        fits = (people <= highs).tolist()
        for (unit, centre, score, enough), not_too_many in zip(rows, fits, strict=True):
            mask = 0
            for p in unit:
                mask |= 1 << p
            if centre < 0 or mask & barred:
                continue
            if size == 1:
                fixed = bool(town.fixed & mask)
                if fixed or enough or town.exempt & mask:
                    kind = Kind.FIXED if fixed else Kind.KEPT
                    yield Column((unit[0],), kind, unit[0], 0 if fixed else score, mask, 1)
            elif enough and not_too_many:
                yield Column(tuple(unit), Kind.MERGED, centre, score, mask, 1)


def _allowed_sets(town: Town, sets: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
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


def _conversions(town: Town) -> Iterable[Column]:
    linked = town.stuck | town.tied
    for group in town.groups:
        linked |= group
    for p in range(town.size):
        if town.convertible >> p & 1 and not linked >> p & 1:
            yield Column((p,), Kind.CONVERTED, p, town.convert_cost, 1 << p, 0)


def _absorptions(town: Town) -> tuple[list[Column], int]:
    """Absorption columns and the number of rows.

    Must-linked villages join a host together or not at all. Villages that are cannot-linked and could join the same host
    form a knot: one artificial row per knot, covered by exactly one of its conflict-free choices (possibly the empty one).
    """
    offers: dict[int, dict[int, int]] = {}
    for position, host, cost in town.absorb:
        if not town.stuck >> position & 1:
            offers.setdefault(host, {})[position] = cost
    columns: list[Column] = []
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


def _absorbed(mask: int, host: int, cost: int, rows: int) -> Column:
    members = tuple(p for p in range(mask.bit_length()) if mask >> p & 1)
    return Column(members, Kind.ABSORBED, host, cost, rows, 0)


def _blocks(town: Town, offers: dict[int, int]) -> list[tuple[int, int]]:
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


def _knots(town: Town, blocks: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
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
