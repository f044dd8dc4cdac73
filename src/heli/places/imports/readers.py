"""Reading tables: CSV (UTF-8, GBK/GB18030, UTF-16) and Excel. Pure: bytes in, a `ReadTable` or an `Unreadable` out.

Nothing is guessed silently: an encoding, a header row and a sheet are told with the table.
"""

from collections.abc import Collection
from dataclasses import replace

from heli.files.sheets import Broken, Choices, Unreadable, lay_out, open_table, row_place
from heli.kernel.faults import Finding
from heli.places.imports.types import ReadTable

MAX_BYTES = 100 * 1024 * 1024 - 1
"""Uploads of 100 MB and more are refused: national lists go by command."""


def read_table(
    data: bytes, name: str, *, known: Collection[str] = (), sheet: str = "", choices: Choices | None = None
) -> ReadTable:
    """The table in a file with every choice made in reading it; `known` are header words by which the header is found.

    `sheet` is read alone where it is there. Raises `Unreadable`.
    """
    check_size(len(data))
    chosen = choices or Choices()
    if sheet and not chosen.sheets:
        chosen = replace(chosen, sheets=(sheet,))
    book = open_table(data, name, chosen.encoding)
    laid = lay_out(book, name, known=known, choices=chosen)
    decisions = [Finding(one.code, one.facts, severity="note") for one in laid.decisions]
    if book.encoding:
        decisions.insert(0, Finding("read_encoding", {"encoding": book.encoding.upper()}, severity="note"))
    return ReadTable(
        laid.headers, laid.rows, "csv" if book.encoding else "excel", book.encoding,
        laid.sheets[0] if len(laid.sheets) == 1 else "", laid.offered, laid.header_row,
        tuple(_said(one) for one in laid.broken), laid.header_rows, laid.units, tuple(decisions),
        laid.totals,
    )  # fmt: skip


def check_size(size: int) -> None:
    """Refuse what is too large to be read within a request. Raises `Unreadable`."""
    if size > MAX_BYTES:
        raise Unreadable("file_too_large", size=f"{size / 1024 / 1024:.0f}", limit=f"{(MAX_BYTES + 1) // 1024 // 1024}")


def _said(broken: Broken) -> Finding:
    """A formula that gives nothing to read: taking its cell as empty would lose a figure."""
    code = "formula_error" if broken.error else "formula_without_value"
    facts = {"cell": f"{broken.column}{row_place(broken.row)[1]}", "value": broken.error}
    return Finding(code, facts, broken.column, str(broken.row))
