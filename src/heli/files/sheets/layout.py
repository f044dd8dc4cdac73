"""The table in a workbook: which sheets, which rows are its header, what stands above and below, what merged cells mean.

Nothing here decides in silence: every choice comes back as a `ReaderChoice` and can be made otherwise by `Choices`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from heli.files.sheets.cleaning import clean_cell
from heli.files.sheets.header_rows import filled_across, find_header, joined_headers
from heli.files.sheets.headings import score, units_in
from heli.files.sheets.rowkinds import kind_of_row
from heli.files.sheets.types import Book, Broken, Cell, ReaderChoice, Row, Sheet, Unreadable

SHEET_STEP = 10_000_000
"""Rows of the second sheet read together are numbered from here on, of the third from twice that."""
SHEET_COLUMN = "工作表"
"""The header of the column that says from which of several sheets a row comes."""

CODE_FROM = 10**8
"""A number this large in a merged cell is a code and stands for every row; a smaller one is a figure and stands once."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose otherwise: sheets, the first row and number of rows of the header, and whether merged or blank
    cells are filled from above and rows that add up, explain or sign are left out.
    """

    sheets: tuple[str, ...] = ()
    header_row: int = 0
    header_rows: int = 0
    fill_merged: bool = True
    fill_blank: bool = False
    leave_out: bool = True
    encoding: str = ""

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Choices":
        """As kept with an import."""
        known = {name: given[name] for name in cls.__dataclass_fields__ if name in given}
        return cls(**{**known, "sheets": tuple(known.get("sheets", ()))})


@dataclass(frozen=True, slots=True)
class Laid:
    """A table: headers, rows, what was decided, the units that a line above the header names, and the rows that were left out
    because they add others up.
    """

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    header_row: int
    header_rows: int
    sheets: tuple[str, ...]
    offered: tuple[str, ...]
    units: tuple[str, ...] = ()
    decisions: tuple[ReaderChoice, ...] = ()
    broken: tuple[Broken, ...] = ()
    totals: tuple[Row, ...] = ()


@dataclass(slots=True)
class _Part:
    """The table of one sheet."""

    sheet: Sheet
    headers: tuple[str, ...]
    first: int
    last: int
    rows: list[Row]
    above: list[list[str]] = field(default_factory=list)
    filled: int = 0
    once: list[str] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    added: list[Row] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)


def lay_out(book: Book, name: str, *, known: Collection[str] = (), choices: Choices | None = None) -> Laid:
    """The table of a workbook; `known` are header words by which its header is found. Raises `Unreadable`."""
    chosen = choices or Choices()
    words = frozenset(known)
    cleaned: dict[str, list[int | str]] = {}
    sheets = [_clean(sheet, cleaned) for sheet in book.sheets]
    parts = _parts(sheets, name, words, chosen)
    first = parts[0]
    several = len(parts) > 1
    rows = [
        replace(row, number=row.number + SHEET_STEP * position, cells=_widened(row.cells, part, several))
        for position, part in enumerate(parts)
        for row in part.rows
    ]
    if not rows and not any(first.headers):
        raise Unreadable("file_empty", name=name)
    units = tuple(
        dict.fromkeys(unit for part in parts for row in part.above for text in row for unit in units_in(text))
    )
    return Laid(
        (*first.headers, SHEET_COLUMN) if several else first.headers,
        tuple(rows),
        first.first,
        first.last - first.first + 1,
        tuple(part.sheet.name for part in parts),
        tuple(sheet.name for sheet in sheets),
        units,
        tuple(_decisions(sheets, parts, units, cleaned)),
        tuple(
            replace(one, row=one.row + SHEET_STEP * position)
            for position, part in enumerate(parts)
            for one in part.sheet.broken
            if one.row > part.last
        ),
        tuple(
            replace(row, number=row.number + SHEET_STEP * position)
            for position, part in enumerate(parts)
            for row in part.added
        ),
    )


def row_place(number: int) -> tuple[int, int]:
    """Which of the sheets read together (from 1), and the row there."""
    return number // SHEET_STEP + 1, number % SHEET_STEP


def _widened(cells: tuple[Cell, ...], part: _Part, several: bool) -> tuple[Cell, ...]:
    if not several:
        return cells
    return (*cells, *([None] * (len(part.headers) - len(cells))), part.sheet.name)


# -- sheets ----------------------------------------------------------------------------------------------------------


def _clean(sheet: Sheet, cleaned: dict[str, list[int | str]]) -> Sheet:
    rows = []
    for row in sheet.rows:
        cells: list[Cell] = []
        for cell in row.cells:
            plain, kind = clean_cell(cell)
            if kind:
                about = cleaned.setdefault(kind, [0, row.number, str(plain)[:30]])
                about[0] = int(about[0]) + 1
            cells.append(plain)
        if any(cell is not None and str(cell).strip() for cell in cells):
            rows.append(Row(row.number, tuple(cells)))
    return replace(sheet, rows=tuple(rows))


def _parts(sheets: Sequence[Sheet], name: str, words: frozenset[str], choices: Choices) -> list[_Part]:
    """The sheets to be read, laid out: those chosen; else the first visible one that has a known header, and its likes."""
    by_name = {sheet.name: sheet for sheet in sheets}
    if any(one in by_name for one in choices.sheets):
        wanted = [by_name[one] for one in choices.sheets if one in by_name]
        for sheet in wanted:
            sheet.require_rows(name)
        parts = [_part(sheet, words, choices) for sheet in wanted if sheet.rows]
        if not parts:
            raise Unreadable("file_empty", name=name)
        return [part for part in parts if _alike(part, parts[0])]
    seen = [sheet for sheet in sheets if not sheet.is_hidden and (sheet.rows or sheet.reaches)]
    seen = seen or [sheet for sheet in sheets if sheet.rows or sheet.reaches]
    if not seen:
        raise Unreadable("file_empty", name=name)
    tried = [_part(sheet, words, choices) for sheet in seen if sheet.rows]
    best = next((part for part in tried if score(part.headers, words) > 1), None)
    best = best or next((part for part in tried if score(part.headers, words)), None)
    if best is None or seen[0].reaches:
        seen[0].require_rows(name)
        best = tried[0]
    return [best, *(part for part in tried if part is not best and _alike(part, best) and words)]


def _alike(part: _Part, other: _Part) -> bool:
    return [header.strip() for header in part.headers] == [header.strip() for header in other.headers]


# -- one sheet -------------------------------------------------------------------------------------------------------


def _part(sheet: Sheet, words: frozenset[str], choices: Choices) -> _Part:
    across = filled_across(sheet)
    if choices.header_row:
        first, last = choices.header_row, choices.header_row + max(choices.header_rows, 1) - 1
    else:
        first, last = find_header(sheet.rows, across, words)
    width = max((len(row.cells) for row in sheet.rows), default=0)
    headers = list(joined_headers([across[row.number] for row in sheet.rows if first <= row.number <= last], width))
    part = _Part(sheet, (), first, last, [], [_texts(row) for row in sheet.rows if row.number < first])
    rows = [row for row in sheet.rows if row.number > last]
    rows = _fill(rows, part, choices)
    for row in rows:
        kind = kind_of_row(row, is_first=row.number == last + 1) if choices.leave_out else ""
        if kind:
            getattr(part, kind).append(row.number)
            part.added += [row] if kind == "totals" else []
        else:
            part.rows.append(row)
    used = max((len(row.cells) for row in part.rows), default=0)
    while headers and not headers[-1] and len(headers) > used:
        headers.pop()
    part.headers = tuple(headers)
    return part


def _texts(row: Row) -> list[str]:
    return [str(cell).strip() for cell in row.cells if cell is not None]


# -- rows ------------------------------------------------------------------------------------------------------------


def _fill(rows: list[Row], part: _Part, choices: Choices) -> list[Row]:
    """Cells merged over several rows, and on demand blanks, filled from above; a figure stands once."""
    cells = {row.number: list(row.cells) for row in rows}
    if choices.fill_merged:
        _fill_merged(cells, part)
    if choices.fill_blank:
        _fill_blank(cells, part)
    return [Row(number, tuple(cells[number])) for number in sorted(cells)]


def _fill_merged(cells: dict[int, list[Cell]], part: _Part) -> None:
    for top, left, bottom, _right in part.sheet.merged:
        value = cells[top][left - 1] if top in cells and left <= len(cells[top]) else None
        if bottom <= top or value is None:
            continue
        if not _stands_for_all(value):
            part.once.append(f"{top}–{bottom}")
            continue
        for number in range(top + 1, bottom + 1):
            if number in cells:
                _put(cells[number], left - 1, value)
                part.filled += 1


def _fill_blank(cells: dict[int, list[Cell]], part: _Part) -> None:
    above: dict[int, str] = {}
    for number in sorted(cells):
        if kind_of_row(Row(number, tuple(cells[number]))):
            continue
        for column in range(max(len(cells[number]), max(above, default=-1) + 1)):
            here = cells[number][column] if column < len(cells[number]) else None
            if isinstance(here, str) and not _is_number(here):
                above[column] = here
            elif here is not None:
                above.pop(column, None)
            elif column in above:
                _put(cells[number], column, above[column])
                part.filled += 1


def _put(cells: list[Cell], column: int, value: Cell) -> None:
    cells += [None] * (column + 1 - len(cells))
    cells[column] = value


def _stands_for_all(value: Cell) -> bool:
    """Words, days and codes stand for every merged row; a figure would be counted several times."""
    if isinstance(value, str):
        return not _is_number(value) or len(value.strip()) >= 9
    return isinstance(value, date) or (isinstance(value, int | float) and value >= CODE_FROM)


def _is_number(value: Cell) -> bool:
    return isinstance(value, str) and bool(
        re.fullmatch(r"[\d.,]+\D{0,2}", unicodedata.normalize("NFKC", value).strip())
    )


# -- what was decided ------------------------------------------------------------------------------------------------


def _decisions(
    sheets: Sequence[Sheet], parts: Sequence[_Part], units: Sequence[str], cleaned: Mapping[str, Sequence[int | str]]
) -> Iterable[ReaderChoice]:
    yield from _of_sheets(sheets, [part.sheet.name for part in parts])
    first = parts[0]
    if first.last > first.first:
        yield ReaderChoice("read_header_rows", {"first": first.first, "last": first.last})
    elif first.first > 1:
        yield ReaderChoice("read_header_row", {"row": first.first})
    if said := "；".join(" ".join(row) for row in first.above)[:80]:
        yield ReaderChoice("read_above", {"text": said})
    if units:
        yield ReaderChoice("read_unit_line", {"units": "、".join(units)})
    yield from _of_rows(parts)
    for kind, (count, row, example) in cleaned.items():
        yield ReaderChoice(f"read_cleaned_{kind}", {"count": count, "row": row, "example": example})


def _of_sheets(sheets: Sequence[Sheet], read: Sequence[str]) -> Iterable[ReaderChoice]:
    hidden = [sheet.name for sheet in sheets if sheet.is_hidden]
    others = [sheet.name for sheet in sheets if sheet.name not in read and not sheet.is_hidden and sheet.rows]
    if len(read) > 1:
        yield ReaderChoice("read_sheets", {"sheets": "、".join(read), "count": len(read)})
    elif len(sheets) > 1:
        yield ReaderChoice("read_sheet", {"sheet": read[0]})
    if others:
        yield ReaderChoice("read_other_sheets", {"sheets": "、".join(others)})
    if hidden:
        code = "read_hidden_taken" if set(hidden) & set(read) else "read_hidden"
        yield ReaderChoice(code, {"sheets": "、".join(hidden)})


def _of_rows(parts: Sequence[_Part]) -> Iterable[ReaderChoice]:
    if filled := sum(part.filled for part in parts):
        yield ReaderChoice("read_filled", {"count": filled})
    for code, kind in (("read_figure_once", "once"), ("read_totals", "totals"), ("read_notes", "notes")):
        named = [f"{_of(at, len(parts))}{row}" for at, part in enumerate(parts) for row in getattr(part, kind)]
        if named:
            yield ReaderChoice(code, {"rows": "、".join(named[:12]), "count": len(named)})


def _of(position: int, many: int) -> str:
    """Which sheet a row stands in, where several are read together."""
    return f"{position + 1}/" if many > 1 else ""
