"""Rows as files that open well in Excel and WPS: xlsx by XlsxWriter, csv in UTF-8 with a byte-order mark.

Text stays text: nothing a person typed can start a formula. Sample data carry their mark on every row, so that it
survives copying.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAMPLE = "示例数据 / sample"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for a formula, full-width forms included (OWASP, CSV injection)."""
MOST_ROWS = 1_048_575
"""Rows below the heading of one Excel sheet."""


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


def xlsx_response(
    title: str, heads: Sequence[str], lines: Iterable[Sequence[Any]], *, kinds: Sequence[str], sample: bool
) -> HttpResponse:
    """The lines as one Excel sheet: heading frozen, autofilter on, ready to print in landscape."""
    with tempfile.TemporaryFile() as stream:
        write_xlsx(stream, title, heads, lines, kinds=kinds, sample=sample)
        stream.seek(0)
        return attachment(title, "xlsx", stream.read(), XLSX)


def write_xlsx(
    stream: Any, title: str, heads: Sequence[str], lines: Iterable[Sequence[Any]], *, kinds: Sequence[str], sample: bool
) -> None:
    """Write the sheet into a binary stream; rows are written as they come, so memory does not grow with them."""
    book = xlsxwriter.Workbook(
        stream,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": title, "comments": SAMPLE if sample else ""})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E6F0EF"}),
        "integer": book.add_format({"num_format": "#,##0"}),
        "decimal": book.add_format({"num_format": "#,##0.00"}),
        "ratio": book.add_format({"num_format": "0.00%"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "text": book.add_format({"num_format": "@"}),
    }
    all_heads = [*heads, *([_("mark")] if sample else [])]
    sheet = book.add_worksheet(sheet_name(title))
    for at, head in enumerate(all_heads):
        kind = kinds[at] if at < len(kinds) else "text"
        sheet.set_column(at, at, {"integer": 12, "decimal": 12, "ratio": 10, "date": 12, "datetime": 18}.get(kind, 22))
        sheet.write_string(0, at, head, formats["head"])
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    # "&" starts a code in Excel's page headers.
    sheet.set_header(f"&L{title.replace('&', '&&')}" + (f"&R{SAMPLE}" if sample else ""))
    sheet.set_footer("&L&D&R&P / &N")
    last = 0
    for last, line in enumerate(lines, start=1):
        if last > MOST_ROWS:
            raise ValueError(f"a sheet holds at most {MOST_ROWS} rows; narrow the list or take CSV")
        for at, value in enumerate(line):
            write_cell(sheet, (last, at), value, kinds[at], formats)
        if sample:
            sheet.write_string(last, len(line), SAMPLE, formats["text"])
    sheet.autofilter(0, 0, last, len(all_heads) - 1)
    book.close()


def write_cell(sheet: Any, at: tuple[int, int], value: Any, kind: str, formats: dict[str, Any]) -> None:
    """One cell by its type; anything that is not a number or a date is written as text."""
    if value is None or value == "":
        sheet.write_blank(*at, None)
    elif isinstance(value, datetime):
        sheet.write_datetime(*at, value, formats["datetime"])
    elif isinstance(value, date):
        sheet.write_datetime(*at, datetime(value.year, value.month, value.day), formats["date"])
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        sheet.write_number(*at, value, formats.get(kind, formats["integer"] if isinstance(value, int) else None))
    else:
        sheet.write_string(*at, str(value), formats["text"])


def sheet_name(title: str) -> str:
    """A name Excel accepts: at most 31 characters, none of []:*?/\\, no apostrophe at either end."""
    clean = "".join("_" if c in "[]:*?/\\" else c for c in title).strip().strip("'")
    return clean[:31] or "Heli"
