"""Estates with more households than a grid may have: split into parts a metre apart, each with all ways of the whole."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

PART = "#"
"""Stands between the id of an estate and the number of its part; the first part keeps the id."""
Edges = Sequence[tuple[int, int, int]]


def split_size(size: int, high: int) -> list[int]:
    """A size in as few nearly equal parts as fit, the larger first: 1,201 by 500 → 401, 400, 400."""
    parts = -(-size // max(high, 1)) or 1
    return [size // parts + (number < size % parts) for number in range(parts)]


def split_estates(
    ids: Sequence[str], households: Sequence[int], edges: Edges, high: int, columns: Sequence[Sequence[Any]]
) -> tuple[list[str], list[int], tuple[tuple[int, int, int], ...], list[list[Any]]]:
    """Ids, households, edges and further columns with every estate above `high` in parts."""
    new_ids: list[str] = []
    sizes: list[int] = []
    parts: list[list[int]] = []
    for key, number in zip(ids, households, strict=True):
        split = split_size(number, high)
        parts.append(list(range(len(new_ids), len(new_ids) + len(split))))
        new_ids += [key, *(f"{key}{PART}{part}" for part in range(2, len(split) + 1))]
        sizes += split
    inside = [(a, b, 1) for group in parts for a, b in itertools.pairwise(group)]
    between = [(a, b, metres) for i, j, metres in edges for a in parts[i] for b in parts[j]]
    wider = [[value for i, value in enumerate(column) for _part in parts[i]] for column in columns]
    return new_ids, sizes, tuple(inside + between), wider
