"""A table of villages as a file has it: its columns, its cells, and what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from mergeplan.io import MAX_PROBLEMS
from mergeplan.types import InstanceError, Problem, Severity

DEFAULT_AFFINITY = 500
"""Affinity of a border about which nothing is known: the middle of 0 … 1000. The same value everywhere adds the same
cost for every village merged away, so for a given number of units it prefers no merger over another."""

ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "code", "编码", "代码", "村编码", "村代码", "统计用区划代码", "区划代码"),
    "name": ("name", "名称", "村名", "行政村", "村名称"),
    "town": ("town", "town_code", "乡镇", "镇", "乡镇街道", "乡镇代码", "所属乡镇"),
    "pop": ("population", "pop", "人口", "户籍人口", "总人口"),
    "x": ("x", "x_m"),
    "y": ("y", "y_m"),
    "lon": ("lon", "lng", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "area": ("area_m2", "area", "面积"),
    "perim": ("perimeter_m", "perim", "perimeter", "周长"),
    "type": ("type", "类型"),
    "zone": ("zone", "特色片区", "片区"),
    "fixed": ("fixed", "不动"),
    "exempt": ("exempt", "豁免"),
    "convertible": ("convertible", "可改社区"),
    "host": ("host", "接收社区"),
}
"""Column → headings it is known by, compared without case and blanks."""


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """A border given by hand, by village ids: metres and affinity where known; `line` in its file."""

    a: str
    b: str
    length_m: float | None
    affinity: int | None
    line: int


@dataclass(frozen=True)
class VillageTable:
    """Rows of villages as a file has them. `geometry` and `crs` only from geographic formats.

    `first_line` is the line (or feature number) of row 0, as a person counts it. `rules` are the fields of the JSON
    form that are not per village, with villages named by id.
    """

    source: str
    columns: Mapping[str, Sequence[Any]]
    count: int
    first_line: int = 1
    geometry: Sequence[BaseGeometry | None] | None = None
    crs: str | None = None
    edges: Sequence[EdgeRow] | None = None
    edges_source: str = ""
    rules: Mapping[str, Any] = field(default_factory=dict)


class Findings:
    """Errors and warnings of one table; an error names column, row, file line and remedy."""

    def __init__(self, table: VillageTable) -> None:
        self.table = table
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def wrong(self, code: str, message: str, column: str, row: int | None, remedy: str) -> None:
        if len(self.errors) < MAX_PROBLEMS:
            self.errors.append(Problem(code, self.where(message, row), column, row, remedy))

    def warn(self, code: str, message: str, column: str, row: int | None, remedy: str) -> None:
        if len(self.warnings) < MAX_PROBLEMS:
            self.warnings.append(Problem(code, self.where(message, row), column, row, remedy, Severity.WARNING))

    def where(self, message: str, row: int | None) -> str:
        word = "feature" if self.table.geometry is not None else "line"
        at = "" if row is None else f", {word} {row + self.table.first_line}"
        return f"{message} ({self.table.source}{at})"

    def stop_if_wrong(self) -> None:
        if self.errors:
            raise InstanceError(tuple(self.errors))


def known_columns(table: VillageTable) -> dict[str, Sequence[Any]]:
    by_heading = {str(name).strip().lower().replace(" ", ""): values for name, values in table.columns.items()}
    return {
        key: next(by_heading[name] for name in names if name in by_heading)
        for key, names in ALIASES.items()
        if any(name in by_heading for name in names)
    }


def cell_text(value: Any) -> str:
    """A cell as text; what means \"nothing\" becomes the empty text, 7.0 becomes 7."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def cell_number(value: Any, column: str, row: int, found: Findings) -> float:
    text = cell_text(value).replace(",", "")
    if not text:
        found.wrong("empty", "is empty", column, row, "give a number")
        return 0.0
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        found.wrong("not-a-number", f"{text!r:.40} is not a number", column, row, "give a number in digits")
        return 0.0
    return number


def cell_count(value: Any, column: str, row: int, found: Findings) -> int:
    number = cell_number(value, column, row, found)
    if number < 0 or not number.is_integer():
        found.wrong("not-a-count", f"{cell_text(value)} is no count", column, row, "give a whole number from 0")
        return 0
    return int(number)


def rounded(value: float) -> int:
    return math.floor(value + 0.5)
