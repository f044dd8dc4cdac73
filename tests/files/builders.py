"""Builders of files: workbooks written cell by cell, pictures, outlines. No file is kept, every one is made."""

import csv
import io
import json
import math
import random
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

import xlsxwriter
from PIL import Image

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def cell(reference: str, value: object = None) -> str:
    """A cell as it stands in a sheet's XML; None is a blank cell that only carries a format."""
    if value is None:
        return f'<c r="{reference}" s="0"/>'
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def rows_xml(rows: Iterable[Sequence[object]], *, after: Mapping[int, Sequence[str]] | None = None) -> str:
    """Rows of a sheet from A1 on; `after` are further cells by row number."""
    lines = {
        number: "".join(cell(f"{chr(65 + column)}{number}", value) for column, value in enumerate(row))
        for number, row in enumerate(rows, 1)
    }
    for number, cells in (after or {}).items():
        lines[number] = lines.get(number, "") + "".join(cells)
    return "".join(f'<row r="{number}">{lines[number]}</row>' for number in sorted(lines))


def workbook(*sheets: str, dimension: str = "A1:C3") -> bytes:
    """A workbook from the XML of its sheets' rows, written by hand."""
    stream = io.BytesIO()
    names = [f"Sheet{number}" for number in range(1, len(sheets) + 1)]
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"/>' for i, name in enumerate(names, 1))
        archive.writestr("xl/workbook.xml", f"<workbook {MAIN} {REL}><sheets>{listed}</sheets></workbook>")
        links = "".join(
            f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(names) + 1)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
        )
        for i, rows in enumerate(sheets, 1):
            archive.writestr(
                f"xl/worksheets/sheet{i}.xml",
                f'<worksheet {MAIN}><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>',
            )
    return stream.getvalue()


def far_cell(rows: Sequence[Sequence[object]], reference: str = "XFD999999", value: object = 1) -> bytes:
    """A workbook of less than 2 kB with one cell so far away that the rectangle to it has 16,000,000,000 cells."""
    number = int("".join(letter for letter in reference if letter.isdigit()))
    return workbook(rows_xml(rows, after={number: [cell(reference, value)]}))


def ods(rows: Sequence[Sequence[object]], *, repeated: int = 1, columns: int = 1) -> bytes:
    """An OpenDocument sheet whose last row and cell are repeated."""
    lines = []
    for row in rows:
        cells = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'
            for value in row
        )
        lines.append(f"<table:table-row>{cells}</table:table-row>")
    lines.append(
        f'<table:table-row table:number-rows-repeated="{repeated}"><table:table-cell '
        f'table:number-columns-repeated="{columns}" office:value-type="string"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>"
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Sheet1">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return stream.getvalue()


def geojson(*features: tuple[Mapping[str, Any], Mapping[str, Any]]) -> bytes:
    """A collection from (properties, geometry)."""
    made = [{"type": "Feature", "properties": given, "geometry": shape} for given, shape in features]
    return json.dumps({"type": "FeatureCollection", "features": made}, ensure_ascii=False).encode()


def knot(corners: int, seed: int = 1) -> dict[str, Any]:
    """A polygon through random corners: about a fifth of all pairs of its sides cross."""
    draw = random.Random(seed)
    ring = [[106.8 + draw.random() / 100, 30.5 + draw.random() / 100] for _one in range(corners)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def star(corners: int) -> dict[str, Any]:
    """A ring of so many corners in which two sides have changed places: it crosses itself once."""
    turn = [2 * math.pi * number / corners for number in range(corners)]
    ring = [[106.8 + math.cos(angle) / 200, 30.5 + math.sin(angle) / 200] for angle in turn]
    ring[1], ring[2] = ring[2], ring[1]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def blank_picture(width: int, height: int, *, kind: str = "PNG", mode: str = "RGB") -> bytes:
    """A picture of one colour: millions of pixels in a few kilobytes."""
    stream = io.BytesIO()
    Image.new(mode, (width, height), 0).save(stream, kind, **({"lossless": True} if kind == "WEBP" else {}))
    return stream.getvalue()


# -- tables as offices write them ------------------------------------------------------------------------------------


def book(*sheets: Mapping[str, Any] | Sequence[Sequence[Any]]) -> bytes:
    """A workbook by a spreadsheet library: each sheet is rows, or {name, rows, merged, hidden}.

    `merged` are ranges as (first row, first column, last row, last column) from 1, of cells that hold the same value.
    """
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    visible = None
    for number, given in enumerate(sheets, 1):
        about = given if isinstance(given, Mapping) else {"rows": given}
        sheet = made.add_worksheet(about.get("name", f"表{number}"))
        for row, cells in enumerate(about["rows"]):
            for column, value in enumerate(cells):
                if isinstance(value, datetime | date):
                    sheet.write_datetime(row, column, value, made.add_format({"num_format": "yyyy-mm-dd"}))
                elif value is not None:
                    sheet.write(row, column, value)
        for top, left, bottom, right in about.get("merged", ()):
            sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, about["rows"][top - 1][left - 1])
        if about.get("hidden"):
            sheet.hide()
        elif visible is None:
            visible = sheet
            sheet.activate()
            sheet.set_first_sheet()
    made.close()
    return stream.getvalue()


def csv_of(rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> bytes:
    """The same rows as text."""
    text = io.StringIO()
    csv.writer(text).writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue().encode(encoding)
