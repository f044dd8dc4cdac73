"""Pieces of Word's XML: runs, tables, parts of the file."""

import zipfile
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from heli.files.documents.layout import clean

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The moment written into the archive: the same document gives the same bytes."""


@cache
def part_template(name: str) -> Template:
    """A part of the file as kept in `parts`, its holes open."""
    return Template((Path(__file__).parent / "parts" / f"{name}.xml").read_text(encoding="utf-8").strip())


BREAK = '<w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>'
AFTER_TABLE = '<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>'


def run_xml(text: str, properties: str = "") -> str:
    """A run of text; line feeds and tabs become Word's."""
    inside = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    pieces = clean(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = "<w:br/>".join(
        "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(p, quote=False)}</w:t>' for p in piece.split("\t"))
        for piece in pieces
    )
    return f"<w:r>{inside}{shown}</w:r>"


def twips(length: int) -> int:
    """Millimetres in twentieths of a point, rounded down."""
    return length * 1440 * 10 // 254


def one_line(title: str) -> str:
    """A title without the breaks it has at the head of its page."""
    return title.replace("\n", "")


def attribute(text: str) -> str:
    """A text inside quotes."""
    return escape(clean(text))


def table_xml(widths: Sequence[int], rows: Iterable[str]) -> str:
    """A table of rows already written; `widths` in twentieths of a point."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return part_template("table").substitute(width=sum(widths), grid=grid, rows="".join(rows))


def add_part(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    """Put a part into the file, without the clock."""
    entry = zipfile.ZipInfo(path, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
