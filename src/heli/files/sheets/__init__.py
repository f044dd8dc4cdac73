"""The one reader of spreadsheets: lists, figures, forms and ledgers of every context come through here.

Pure: bytes in, plain values out, to be called in a child process (`heli.files.apart`).
"""

from heli.files.sheets.excel import is_excel, read_book
from heli.files.sheets.texts import TEXTS, Unreadable, problem
from heli.files.sheets.types import Book, Broken, Cell, Row, Sheet
from heli.files.sheets.zips import MAX_UNPACKED, ZIP_MAGIC, check_zip

__all__ = [
    "MAX_UNPACKED",
    "TEXTS",
    "ZIP_MAGIC",
    "Book",
    "Broken",
    "Cell",
    "Row",
    "Sheet",
    "Unreadable",
    "check_zip",
    "is_excel",
    "problem",
    "read_book",
]
