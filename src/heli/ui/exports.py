"""Rows as files that open well in Excel and WPS: xlsx by XlsxWriter, csv in UTF-8 with a byte-order mark.

Text stays text: nothing a person typed can start a formula. Sample data carry their mark on every row, so that it
survives copying.
"""

import csv
import io
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAMPLE = "示例数据 / sample"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for a formula, full-width forms included (OWASP, CSV injection)."""
MOST_ROWS = 1_048_575
"""Rows below the heading of one Excel sheet."""
WIDTHS = {"integer": 12, "decimal": 12, "ratio": 10, "date": 12, "datetime": 18}
"""Widths of columns by their kind, in characters."""


def harmless(value: Any) -> Any:
    """A CSV cell that no spreadsheet runs: text that looks like a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        return "'" + value
    return value


def attachment(name: str, suffix: str, content: bytes, content_type: str) -> HttpResponse:
    """A download with a file name in any script."""
    response = HttpResponse(content, content_type=content_type)
    clean = "".join(c if c.isprintable() and c not in '\\/:*?"<>|' else "_" for c in name).strip() or "heli"
    response["Content-Disposition"] = (
        f"attachment; filename=\"heli.{suffix}\"; filename*=UTF-8''{quote(clean)}.{suffix}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def csv_response(title: str, heads: Sequence[str], lines: Iterable[Sequence[Any]], *, sample: bool) -> HttpResponse:
    """The lines as CSV with a byte-order mark, so that Excel reads Chinese."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([*(harmless(head) for head in heads), *([_("mark")] if sample else [])])
    for line in lines:
        cells = [value.isoformat(sep=" ") if isinstance(value, datetime) else harmless(value) for value in line]
        writer.writerow([*cells, *([SAMPLE] if sample else [])])
    return attachment(title, "csv", stream.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8")


@dataclass(frozen=True, slots=True)
class SheetNote:
    """What stands around a list that leaves the house: the day it shows, where it was taken from, what it is measured in."""

    day: date
    source: str
    unit: str = ""

    @property
    def above(self) -> str:
        """The line between title and heading."""
        parts = [_("Day: %(day)s") % {"day": self.day.isoformat()}]
        if self.unit:
            parts.append(_("Unit: %(unit)s") % {"unit": self.unit})
        return "　　".join(parts)

    @property
    def below(self) -> str:
        """The line after the last row."""
        return _("Source: %(source)s") % {"source": self.source}


def note_of(request: HttpRequest, *more: str, unit: str = "") -> SheetNote:
    """The note of a list as it is now, taken from the page of the request; `more` says how it was narrowed."""
    address = _("Heli, %(address)s") % {"address": request.build_absolute_uri(request.path)}
    return SheetNote(timezone.localdate(), "; ".join([address, *more]), unit)


def xlsx_response(
    title: str,
    heads: Sequence[str],
    lines: Iterable[Sequence[Any]],
    *,
    kinds: Sequence[str],
    sample: bool,
    note: SheetNote,
    hidden: Collection[int] = (),
) -> HttpResponse:
    """The lines as one Excel sheet that can be printed and handed on."""
    book = Workbook(title, sample=sample, note=note)
    book.sheet(title, heads, lines, kinds=kinds, hidden=hidden)
    return attachment(title, "xlsx", book.content(), XLSX)


def template_xlsx(title: str, heads: Sequence[str], lines: Iterable[Sequence[Any]] = ()) -> bytes:
    """A list to be filled in: its headings in the first row, every cell text."""
    book = Workbook(title, sample=False)
    book.sheet(title, heads, lines)
    return book.content()


class Workbook:
    """Sheets that officials print and hand on: title, day, unit and source, frozen heading, whole borders, one page wide.

    Rows are written as they come, so memory does not grow with them. Of a sample every row says so. Without a note a
    sheet begins with its heading: a list to be filled in.
    """

    def __init__(self, title: str, *, sample: bool, note: SheetNote | None = None) -> None:
        self._note, self._sample = note, sample
        self._stream = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `content`
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(self._stream, options)
        self._book.set_properties({"title": title, "comments": SAMPLE if sample else ""})
        add, cell = self._book.add_format, {"border": 1, "border_color": "#999999", "valign": "top"}
        self._plain = {
            "title": add({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
            "note": add({"font_size": 10}),
        }
        self._formats = {
            "head": add({**cell, "bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E6F0EF"}),
            "integer": add({**cell, "num_format": "#,##0"}),
            "decimal": add({**cell, "num_format": "#,##0.00"}),
            "ratio": add({**cell, "num_format": "0.00%"}),
            "date": add({**cell, "num_format": "yyyy-mm-dd"}),
            "datetime": add({**cell, "num_format": "yyyy-mm-dd hh:mm"}),
            "text": add({**cell, "num_format": "@", "text_wrap": True}),
        }

    def sheet(
        self,
        title: str,
        heads: Sequence[str],
        lines: Iterable[Sequence[Any]],
        *,
        kinds: Sequence[str] = (),
        hidden: Collection[int] = (),
    ) -> None:
        """Add a sheet; None stays an empty cell.

        `kinds` of columns as in `heli.ui.columns`, text where none is given; `hidden`: columns for machines.
        """
        heads = [*heads, *([_("mark")] if self._sample else [])]
        page, top, last_column = self._book.add_worksheet(sheet_name(title)), 2 if self._note else 0, len(heads) - 1
        for at in range(len(heads)):
            width = WIDTHS.get(kinds[at] if at < len(kinds) else "text", 22)
            page.set_column(at, at, width, None, {"hidden": True} if at in hidden else {})
        if self._note:
            self._above(page, title, self._note, last_column)
        for at, head in enumerate(heads):
            page.write_string(top, at, head, self._formats["head"])
        self._set_up(page, title, top)
        last = top
        for last, line in enumerate(lines, start=top + 1):
            if last > MOST_ROWS:
                raise ValueError(f"a sheet holds at most {MOST_ROWS} rows; narrow the list or take CSV")
            for at, value in enumerate([*line, *([SAMPLE] if self._sample else [])]):
                write_cell(page, (last, at), value, kinds[at] if at < len(kinds) else "", self._formats)
        page.autofilter(top, 0, last, last_column)
        if self._note:
            page.write_string(last + 1, 0, self._note.below, self._plain["note"])

    def _above(self, page: Any, title: str, note: SheetNote, last_column: int) -> None:
        page.set_row(0, 30)
        if last_column:
            page.merge_range(0, 0, 0, last_column, "", self._plain["title"])
        page.write_string(0, 0, title, self._plain["title"])
        page.write_string(1, 0, note.above, self._plain["note"])

    def _set_up(self, page: Any, title: str, top: int) -> None:
        page.freeze_panes(top + 1, 0)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(top)
        if self._sample:
            page.set_header(f"&R{SAMPLE}")
        # "&" starts a code in Excel's page footers.
        page.set_footer(f"&L{title.replace('&', '&&')[:100]}&R&P / &N")

    def content(self) -> bytes:
        """The finished file."""
        self._book.close()
        with self._stream as stream:
            stream.seek(0)
            return stream.read()


def write_cell(sheet: Any, at: tuple[int, int], value: Any, kind: str, formats: dict[str, Any]) -> None:
    """One cell by its type; anything that is not a number or a date is written as text."""
    if value is None or value == "":
        sheet.write_blank(*at, None, formats["text"])
    elif isinstance(value, datetime):
        sheet.write_datetime(*at, value, formats["datetime"])
    elif isinstance(value, date):
        sheet.write_datetime(*at, datetime(value.year, value.month, value.day), formats["date"])
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        sheet.write_number(*at, value, formats.get(kind, formats["integer" if isinstance(value, int) else "decimal"]))
    else:
        sheet.write_string(*at, str(value), formats["text"])


def sheet_name(title: str) -> str:
    """A name Excel accepts: at most 31 characters, none of []:*?/\\, no apostrophe at either end."""
    clean = "".join("_" if c in "[]:*?/\\" else c for c in title).strip().strip("'")
    return clean[:31] or "Heli"
