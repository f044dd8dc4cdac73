"""What a workbook becomes on its way in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

Cell = str | int | float | bool | date | datetime | None


class Unreadable(Exception):
    """The file as a whole cannot be read; `code` of `texts.TEXTS` and `facts` say why."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet with the number a spreadsheet shows beside it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A formula that gives nothing to read: its cell (`column` letters, `row`), and the error it shows, if any."""

    column: str
    row: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows that hold anything, merged ranges as (first row, first column, last row, last column) from 1.

    `reaches` names the last cell where the sheet is too large to be laid out; it has no rows then.
    """

    name: str
    rows: tuple[Row, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    is_hidden: bool = False
    broken: tuple[Broken, ...] = ()
    reaches: str = ""

    def require_rows(self, name: str) -> None:
        """Raise `Unreadable` for a sheet that was too large to be laid out; `name` is the file's."""
        if self.reaches:
            raise Unreadable("sheet_reaches_far", name=name, sheet=self.name, cell=self.reaches)


@dataclass(frozen=True, slots=True)
class ReaderChoice:
    """One choice that the reader made: a code of `texts.DECISIONS` and what its sentence needs."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as read."""

    sheets: tuple[Sheet, ...] = field(default_factory=tuple)
    encoding: str = ""
