"""Reading tables: CSV (UTF-8, GBK/GB18030, UTF-16) and Excel. Pure: bytes in, a `Table` or an `Unreadable` out.

Nothing is guessed silently: an encoding, a header row and a sheet are told with the table.
"""

import csv
import io
import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from heli.files.sheets import Broken, Unreadable, is_excel, read_book
from heli.places.imports.types import Cell, Row, Table
from heli.places.types import Finding

MAX_BYTES = 100 * 1024 * 1024 - 1
"""Uploads of 100 MB and more are refused: national lists go by command."""

MAX_ROWS = 1_000_000
HEADER_WITHIN = 12
"""Titles and notes may stand above the header: it is looked for in so many rows."""


def read_table(data: bytes, name: str, *, known: Collection[str] = (), sheet: str = "") -> Table:
    """The table in a file; `known` are header words by which the header row is found. Raises `Unreadable`."""
    check_size(len(data))
    if not data.strip(b"\x00 \r\n\t"):
        raise Unreadable("file_empty", name=name)
    if is_excel(data):
        return read_excel(data, name, known=known, sheet=sheet)
    return read_csv(data, name, known=known)


def check_size(size: int) -> None:
    """Refuse what is too large to be read within a request. Raises `Unreadable`."""
    if size > MAX_BYTES:
        raise Unreadable("file_too_large", size=f"{size / 1024 / 1024:.0f}", limit=f"{(MAX_BYTES + 1) // 1024 // 1024}")


# -- text ------------------------------------------------------------------------------------------------------------


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text and the encoding it was in. Raises `Unreadable`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        attempts = ["utf-16"]
    else:
        attempts = ["utf-8-sig", "gb18030"]
        if b"\x00" in data[:4096]:
            raise Unreadable("file_not_a_table", name=name)
    for encoding in attempts:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Latin-1 or Big5 read as GB18030 gives letters of the private use area.
        if encoding == "gb18030" and any("\ue000" <= letter <= "\uf8ff" for letter in text):
            break
        return text, "utf-8" if encoding == "utf-8-sig" else encoding
    raise Unreadable("encoding_unknown", name=name)


def read_csv(data: bytes, name: str, *, known: Collection[str] = ()) -> Table:
    """A CSV file. Raises `Unreadable`."""
    text, encoding = decode(data, name)
    head = text[:20_000].splitlines()[:HEADER_WITHIN]
    separator = max(",\t;，", key=lambda mark: sum(line.count(mark) for line in head))
    try:
        rows = [
            Row(number, tuple(cell or None for cell in cells))
            for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1)
            if number <= MAX_ROWS + 1
        ]
    except csv.Error as wrong:
        raise Unreadable("csv_broken", name=name, reason=str(wrong)) from wrong
    return _table(rows, name, known, format="csv", encoding=encoding)


# -- Excel -----------------------------------------------------------------------------------------------------------


def read_excel(data: bytes, name: str, *, known: Collection[str] = (), sheet: str = "") -> Table:
    """A sheet of an Excel file (the first with rows, unless named). Raises `Unreadable`."""
    book = read_book(data, name)
    names = tuple(one.name for one in book.sheets)
    chosen = next((one for one in book.sheets if one.name == sheet), None)
    chosen = chosen or next((one for one in book.sheets if one.rows or one.reaches), None)
    if chosen is None:
        raise Unreadable("file_empty", name=name)
    chosen.require_rows(name)
    table = _table(chosen.rows, name, known, format="excel", sheet=chosen.name, sheets=names)
    return replace(table, findings=tuple(_said(one) for one in chosen.broken if one.row > table.header_row))


def _said(broken: Broken) -> Finding:
    """A formula that gives nothing to read: taking its cell as empty would lose a figure."""
    code = "formula_error" if broken.error else "formula_without_value"
    facts = {"cell": f"{broken.column}{broken.row}", "value": broken.error}
    return Finding(code, facts, broken.column, str(broken.row))


# -- tables ----------------------------------------------------------------------------------------------------------


def plain_header(header: object) -> str:
    """A header without spaces, brackets and letter width: 面积（平方公里） gives 面积."""
    text = unicodedata.normalize("NFKC", str(header or "")).lower()
    text = re.sub(r"[(\[【〔].*?[)\]】〕]", "", text)
    return re.sub(r"[\s*_:：、/\-]+", "", text)


def _table(
    rows: Sequence[Row], name: str, known: Collection[str], *, format: str, encoding: str = "", sheet: str = "",
    sheets: tuple[str, ...] = (),
) -> Table:  # fmt: skip
    filled = [row for row in rows if any(cell is not None and str(cell).strip() for cell in row.cells)]
    if not filled:
        raise Unreadable("file_empty", name=name)
    words = set(known)
    best = max(
        filled[:HEADER_WITHIN],
        key=lambda row: (sum(plain_header(cell) in words for cell in row.cells if cell is not None), -row.number),
    )
    if not any(plain_header(cell) in words for cell in best.cells if cell is not None):
        several = (row for row in filled[:HEADER_WITHIN] if sum(cell is not None for cell in row.cells) > 1)
        best = next(several, filled[0])
    width = max(len(row.cells) for row in filled)
    headers = [str(cell).strip() if cell is not None else "" for cell in best.cells]
    headers += [""] * (width - len(headers))
    while (
        headers
        and not headers[-1]
        and all(len(r.cells) < len(headers) or r.cells[len(headers) - 1] is None for r in filled)
    ):
        headers.pop()
    body = tuple(row for row in filled if row.number > best.number)
    return Table(tuple(headers), body, format, encoding, sheet, sheets, best.number)


# -- cells -----------------------------------------------------------------------------------------------------------


def text_of(cell: Cell) -> str:
    """The cell as trimmed text; whole numbers without a decimal point, full-width letters made plain."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return unicodedata.normalize("NFKC", str(cell)).strip()


UNITS = re.compile(r"(人|户|个|组|亩|公顷|平方公里|平方千米|平方米|km2|km²|m2|m²|ha|元|米|m)$", re.IGNORECASE)


def number_of(cell: Cell) -> Decimal | None:
    """The cell as an exact number; None when it is none. Reads １２３, 1,234, 12。5 and 345人."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        return Decimal(str(cell)) if math.isfinite(cell) else None
    if isinstance(cell, date):
        return None
    text = unicodedata.normalize("NFKC", cell).strip().replace("。", ".").replace(" ", "")
    text = UNITS.sub("", text)
    text = re.sub(r"(?<=\d),(?=\d{3}(\D|$))", "", text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")


def date_of(cell: Cell) -> date | None:
    """The cell as a day; None when it is none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell).replace("。", ".")
    for pattern in DATES:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None
