"""The one reader of tables: lists, figures, forms and ledgers of every context come through here.

`open_table` gives the sheets of a file, `lay_out` the table in them with every choice it made. Pure: bytes in, plain values
out, to be called in a child process (`heli.files.apart`).
"""

from heli.files.sheets.delimited import ENCODINGS
from heli.files.sheets.excel import is_excel, read_book
from heli.files.sheets.headings import UNITS, SheetHeading, plain, read_heading, read_headings
from heli.files.sheets.layout import SHEET_COLUMN, Choices, Laid, lay_out, row_place
from heli.files.sheets.opening import open_table
from heli.files.sheets.texts import DECISIONS, TEXTS, fault
from heli.files.sheets.types import Book, Broken, Cell, ReaderChoice, Row, Sheet, Unreadable
from heli.files.sheets.zips import MAX_UNPACKED, ZIP_MAGIC, check_zip

__all__ = [
    "DECISIONS",
    "ENCODINGS",
    "MAX_UNPACKED",
    "SHEET_COLUMN",
    "TEXTS",
    "UNITS",
    "ZIP_MAGIC",
    "Book",
    "Broken",
    "Cell",
    "Choices",
    "Laid",
    "ReaderChoice",
    "Row",
    "Sheet",
    "SheetHeading",
    "Unreadable",
    "check_zip",
    "fault",
    "is_excel",
    "lay_out",
    "open_table",
    "plain",
    "read_book",
    "read_heading",
    "read_headings",
    "row_place",
]
