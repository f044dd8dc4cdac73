"""What files become on their way into the register. No Django here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from heli.files.sheets.types import Cell, Row
from heli.kernel.faults import Finding
from heli.places.imports.cells import text_of
from heli.places.types import Level, PlaceKind

__all__ = [
    "Cell",
    "Change",
    "CodeListDraft",
    "FactDraft",
    "ImportKind",
    "ImportStage",
    "KnownPlace",
    "ListedUnit",
    "OutlineDraft",
    "PartDraft",
    "PlannedChange",
    "ReadTable",
    "Record",
    "Row",
]  # fmt: skip


class ImportKind(StrEnum):
    """What is imported."""

    CODES = "codes"
    FACTS = "facts"
    OUTLINES = "outlines"
    POINTS = "points"
    MERGERS = "mergers"
    GRIDS = "grids"
    BUILDINGS = "buildings"


PART_LEVELS: Mapping[ImportKind, Level] = {ImportKind.GRIDS: Level.GRID, ImportKind.BUILDINGS: Level.BUILDING}
"""Kinds that found places below villages, one a row, from a table or from geodata."""


class ImportStage(StrEnum):
    """How far an import has come. Nothing is in the register before `APPLIED`."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    ABANDONED = "abandoned"


class Change(StrEnum):
    """What an import would do to one unit."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A sheet or file as read: headers, rows, what was noticed while reading, and what was decided.

    `units` are those that a line above the header names, `totals` the rows left out because they add others up; `sheet` is
    empty where several were read together.
    """

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    format: str
    encoding: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_row: int = 1
    findings: tuple[Finding, ...] = ()
    header_rows: int = 1
    units: tuple[str, ...] = ()
    decisions: tuple[Finding, ...] = ()
    totals: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A row by field, after the columns were mapped and cells mended."""

    number: int
    values: Mapping[str, Cell]

    def text(self, name: str) -> str:
        """The field as trimmed text; empty when missing."""
        return text_of(self.values.get(name))


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit of an official list: a village-level unit, or a town or district that stands above some."""

    number: int
    code: str
    name: str
    level: Level
    kind: PlaceKind
    urban_rural_class: str = ""


@dataclass(frozen=True, slots=True)
class CodeListDraft:
    """A code list as checked: units above villages, villages, and everything that was noticed."""

    above: tuple[ListedUnit, ...]
    units: tuple[ListedUnit, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A line of the preview."""

    change: Change
    code: str
    name: str
    town: str = ""
    before: str = ""
    row: int = 0
    place_id: int | None = None


@dataclass(frozen=True, slots=True)
class FactDraft:
    """A figure read from a row, matched to a place; `said` is the figure and its unit as the file gives them."""

    number: int
    place_id: int
    place_name: str
    measure: str
    on: date
    value: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class OutlineDraft:
    """A point or outline read from a row, in EPSG:4490, matched to a place."""

    number: int
    place_id: int
    place_name: str
    wkb: bytes | None
    lon: float
    lat: float
    area_dm2: int | None = None
    perimeter_m: int | None = None
    is_converted: bool = False
    is_repaired: bool = False


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place of the register as matching needs it."""

    id: int
    code: str
    name: str
    town: str
    town_code: str = ""
    kind: PlaceKind = PlaceKind.VILLAGE
    parent_id: int | None = None
    outline_id: int | None = None
    urban_rural_class: str = ""


@dataclass(frozen=True, slots=True)
class PartDraft:
    """A grid or building read from a row: under which place it is founded, or which one it is (`place_id`).

    `draft` is where it lies, where the row says it.
    """

    number: int
    name: str
    village: KnownPlace
    parent_id: int
    place_id: int | None = None
    draft: OutlineDraft | None = None
