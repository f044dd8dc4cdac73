"""How far the cells of a sheet of an .xlsx really reach, told from its XML before anything is laid out.

A spreadsheet program writes where each cell stands; a reader that lays out the rectangle they span asks for half a terabyte
where one cell stands at XFD999999. What the sheet declares as its dimension is not believed in either direction.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from heli.files.sheets.types import Broken

CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""Of any sheet."""
MOST_BROKEN = 1_000


@dataclass(slots=True)
class Extent:
    """The last row and column of cells that hold anything at all, and of those that hold more than blanks."""

    laid_row: int = 0
    laid_column: int = 0
    row: int = 0
    column: int = 0
    broken: list[Broken] = field(default_factory=list)

    @property
    def laid(self) -> int:
        """Cells of the rectangle that a reader would lay out."""
        return self.laid_row * self.laid_column

    @property
    def filled(self) -> int:
        """Cells of the rectangle that holds all there is to read."""
        return self.row * self.column


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """{sheet: its part}. Sheets whose part cannot be told are missing."""
    try:
        book = ET.fromstring(archive.read("xl/workbook.xml"))
        links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ET.ParseError):
        return {}
    names = {name.lower(): name for name in archive.namelist()}
    target = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for entry in book.iter():
        if entry.tag.rpartition("}")[2] != "sheet":
            continue
        link = next((value for key, value in entry.attrib.items() if key.endswith("}id")), "")
        path = target.get(link, "")
        path = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
        if path.lower() in names:
            found[entry.get("name", "")] = names[path.lower()]
    return found


def blank_strings(archive: zipfile.ZipFile) -> frozenset[int]:
    """Which of the shared strings hold nothing but blanks."""
    part = next((name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
    if part is None:
        return frozenset()
    blank: set[int] = set()
    number, text, within = -1, "", False

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal number, text, within
        local = name.rpartition(":")[2]
        if local == "si":
            number, text = number + 1, ""
        within = local == "t"

    def end(name: str) -> None:
        nonlocal within
        within = False
        if name.rpartition(":")[2] == "si" and not text.strip():
            blank.add(number)

    def said(data: str) -> None:
        nonlocal text
        if within and len(text) < 64:
            text += data

    _parse(archive, part, start, end, said)
    return frozenset(blank)


def scan(archive: zipfile.ZipFile, part: str, blank: frozenset[int]) -> Extent:
    """How far the cells of a sheet reach, and its broken formulas. Raises expat.ExpatError for what is no XML."""
    found = Extent()
    row = column = 0
    kind, where, value, within, formula, laid = "", "", "", False, False, False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, where, value, within, formula, laid
        local = name.rpartition(":")[2]
        if local == "c":
            row, column = _place(attributes.get("r", ""), row, column)
            kind, where, value, formula = attributes.get("t", "n"), attributes.get("r", ""), "", False
            laid = False
        elif local == "row":
            said = attributes.get("r", "")
            row, column = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else row + 1, 0
        else:
            # Even an empty text is a cell that is laid out.
            laid, formula = True, formula or local == "f"
        within = local in ("v", "t")

    def said(data: str) -> None:
        nonlocal value
        if within and len(value) < 64:
            value += data

    def end(name: str) -> None:
        nonlocal within
        within = False
        if name.rpartition(":")[2] != "c":
            return
        if kind == "e" or (formula and not value):
            _note(found, where, value if kind == "e" else "")
        if not laid:
            return
        found.laid_row, found.laid_column = max(found.laid_row, row), max(found.laid_column, column)
        is_blank = int(value) in blank if kind == "s" and value.isdigit() else not value.strip()
        if not is_blank:
            found.row, found.column = max(found.row, row), max(found.column, column)

    _parse(archive, part, start, end, said)
    return found


def without_strays(data: bytes, extents: dict[str, Extent]) -> bytes:
    """The workbook without the blank cells beyond what its sheets hold: {part: extent} of the sheets to be cut."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            extent = extents.get(entry.filename)
            if extent is not None:
                content = _cut(content, list(_strays(content, extent)))
            new.writestr(entry.filename, content)
    return stream.getvalue()


def letters(column: int) -> str:
    """A column as a spreadsheet names it: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _place(reference: str, row: int, column: int) -> tuple[int, int]:
    """Row and column of a cell; one that does not say stands after the one before."""
    match = CELL.fullmatch(reference)
    if match is None:
        return row, column + 1
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - 64
    return int(match[2]), number


def _note(found: Extent, where: str, error: str) -> None:
    match = CELL.fullmatch(where)
    if match and len(found.broken) < MOST_BROKEN:
        found.broken.append(Broken(match[1], int(match[2]), error))


def _parse(archive: zipfile.ZipFile, part: str, start: Any, end: Any, said: Any) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = said
    with archive.open(part) as stream:
        while block := stream.read(1 << 18):
            parser.Parse(block, False)
        parser.Parse(b"", True)


def _strays(content: bytes, extent: Extent) -> Iterator[tuple[int, int]]:
    """Where in the part the cells beyond the extent stand."""
    parser = expat.ParserCreate()
    spans: list[tuple[int, int]] = []
    row = column = begun = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, begun
        local = name.rpartition(":")[2]
        if local == "c":
            row, column = _place(attributes.get("r", ""), row, column)
            begun = parser.CurrentByteIndex
        elif local == "row":
            said = attributes.get("r", "")
            row, column = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else row + 1, 0

    def end(name: str) -> None:
        if name.rpartition(":")[2] == "c" and (row > extent.row or column > extent.column):
            spans.append((begun, content.find(b">", parser.CurrentByteIndex) + 1))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(content, True)
    yield from spans


def _cut(content: bytes, spans: list[tuple[int, int]]) -> bytes:
    pieces, at = [], 0
    for first, last in spans:
        pieces.append(content[at:first])
        at = last
    return b"".join([*pieces, content[at:]])
