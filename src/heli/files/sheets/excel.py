"""Workbooks (.xlsx, .xls, .xlsb, .ods) as rows of plain values, with what a reader must be told about each sheet."""

import io
import zipfile
from datetime import date, datetime, time
from xml.parsers import expat

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from heli.files.sheets.scanning import Extent, blank_strings, letters, scan, sheet_parts, without_strays
from heli.files.sheets.types import Book, Cell, Row, Sheet, Unreadable
from heli.files.sheets.zips import ZIP_MAGIC, check_zip

OLE_MAGIC = b"\xd0\xcf\x11\xe0"
MAX_ROWS = 1_000_000
MAX_CELLS = 6_000_000
"""Rows × columns of a sheet: 300,000 villages with twenty figures."""
WORTH_CUTTING = 100_000
"""Cells a reader would lay out for nothing: below, stray blanks do no harm."""


def is_excel(data: bytes) -> bool:
    """Whether the content may be a workbook."""
    return data.startswith((ZIP_MAGIC, OLE_MAGIC))


def read_book(data: bytes, name: str) -> Book:
    """All sheets of a workbook. Raises `Unreadable` for what is none, is damaged or locked, or would burst."""
    extents: dict[str, Extent] = {}
    if data.startswith(ZIP_MAGIC):
        check_zip(data, name)
        data, extents = _measured(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return Book(
            tuple(
                _sheet(book, about.name, about.visible is not SheetVisibleEnum.Visible, extents.get(about.name))
                for about in book.sheets_metadata
                if about.typ is SheetTypeEnum.WorkSheet
            )
        )
    except PasswordError as wrong:
        raise Unreadable("excel_locked", name=name) from wrong
    except MemoryError:
        raise
    except Exception as wrong:  # the reader raises its own kinds for every way in which a file may be broken
        raise Unreadable("excel_broken", name=name, reason=str(wrong)[:120]) from wrong


def _measured(data: bytes, name: str) -> tuple[bytes, dict[str, Extent]]:
    """The workbook without stray blanks, and how far each of its sheets reaches. Raises `Unreadable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = sheet_parts(archive)
            blank = blank_strings(archive) if parts else frozenset()
            extents = {sheet: scan(archive, part, blank) for sheet, part in parts.items() if part.endswith(".xml")}
    except (expat.ExpatError, zipfile.BadZipFile, KeyError, ValueError) as wrong:
        raise Unreadable("excel_broken", name=name, reason=str(wrong)[:120]) from wrong
    strays = {
        parts[sheet]: extent
        for sheet, extent in extents.items()
        if extent.laid - extent.filled > WORTH_CUTTING and _fits(extent)
    }
    if strays:
        data = without_strays(data, strays)
    return data, extents


def _fits(extent: Extent) -> bool:
    return extent.row <= MAX_ROWS and extent.filled <= MAX_CELLS


def _sheet(book: CalamineWorkbook, name: str, is_hidden: bool, extent: Extent | None) -> Sheet:
    if extent is not None and not _fits(extent):
        return Sheet(name, is_hidden=is_hidden, reaches=f"{letters(extent.column)}{extent.row}")
    page = book.get_sheet_by_name(name)
    if page.total_height > MAX_ROWS or page.total_height * page.total_width > MAX_CELLS:
        return Sheet(name, is_hidden=is_hidden, reaches=f"{letters(page.total_width)}{page.total_height}")
    return Sheet(name, _rows(page), _merged(page), is_hidden, tuple(extent.broken) if extent else ())


def _rows(page: CalamineSheet) -> tuple[Row, ...]:
    rows = []
    for number, cells in enumerate(page.to_python(skip_empty_area=False), 1):
        plain = [_plain(cell) for cell in cells]
        while plain and plain[-1] is None:
            plain.pop()
        if plain:
            rows.append(Row(number, tuple(plain)))
    return tuple(rows)


def _merged(page: CalamineSheet) -> tuple[tuple[int, int, int, int], ...]:
    ranges = page.merged_cell_ranges or []
    return tuple((first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1) for first, last in ranges)


def _plain(cell: object) -> Cell:
    if cell is None or cell == "":
        return None
    if isinstance(cell, str | bool | int | float | datetime | date):
        return cell
    return cell.isoformat() if isinstance(cell, time) else str(cell)
