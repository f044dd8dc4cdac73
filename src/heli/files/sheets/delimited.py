"""Text tables (CSV in UTF-8, GBK/GB18030, UTF-16) as a workbook of one sheet without a name."""

import csv
import io

from heli.files.sheets.excel import MAX_CELLS, MAX_ROWS
from heli.files.sheets.types import Book, Row, Sheet, Unreadable

ENCODINGS = ("utf-8", "gb18030", "utf-16", "big5")
"""What a text may be said to be in."""


def decode(data: bytes, name: str, encoding: str = "") -> tuple[str, str]:
    """The text and the encoding it was in, or is said to be in. Raises `Unreadable`."""
    if encoding in ENCODINGS:
        attempts = ["utf-8-sig" if encoding == "utf-8" else encoding]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        attempts = ["utf-16"]
    else:
        attempts = ["utf-8-sig", "gb18030"]
        if b"\x00" in data[:4096]:
            raise Unreadable("file_not_a_table", name=name)
    for attempt in attempts:
        try:
            text = data.decode(attempt)
        except UnicodeDecodeError:
            continue
        # Latin-1 or Big5 read as GB18030 gives letters of the private use area.
        if attempt == "gb18030" and not encoding and any("\ue000" <= letter <= "\uf8ff" for letter in text):
            break
        return text, "utf-8" if attempt == "utf-8-sig" else attempt
    raise Unreadable("encoding_unknown", name=name)


def read_delimited(data: bytes, name: str, encoding: str = "") -> Book:
    """A CSV file. Raises `Unreadable`."""
    text, taken = decode(data, name, encoding)
    head = text[:20_000].splitlines()[:15]
    separator = max(",\t;，", key=lambda mark: sum(line.count(mark) for line in head))
    rows: list[Row] = []
    size = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            size += len(cells)
            if number > MAX_ROWS or size > MAX_CELLS:
                raise Unreadable("too_many_rows", name=name, limit=MAX_ROWS)
            plain = [cell or None for cell in cells]
            while plain and plain[-1] is None:
                plain.pop()
            if plain:
                rows.append(Row(number, tuple(plain)))
    except csv.Error as wrong:
        raise Unreadable("csv_broken", name=name, reason=str(wrong)) from wrong
    return Book((Sheet("", tuple(rows)),), taken)
