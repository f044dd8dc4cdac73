"""What a file given as a table really is: a workbook, text, or something else, told as what it is with the way out."""

import io
import re
import zipfile

from heli.files.sheets.delimited import read_delimited
from heli.files.sheets.excel import OLE_MAGIC, read_book
from heli.files.sheets.types import Book, Unreadable
from heli.files.sheets.zips import ZIP_MAGIC, check_zip

STARTS = (
    (b"%PDF-", "file_is_pdf"),
    (b"\xff\xd8\xff", "file_is_picture"),
    (b"\x89PNG", "file_is_picture"),
    (b"GIF8", "file_is_picture"),
    (b"BM", "file_is_picture"),
    (b"II*\x00", "file_is_picture"),
    (b"MM\x00*", "file_is_picture"),
    (b"RIFF", "file_is_picture"),
    (b"Rar!", "file_is_archive"),
    (b"7z\xbc\xaf", "file_is_archive"),
    (b"\x1f\x8b", "file_is_archive"),
    (b"{\\rtf", "file_is_document"),
    (b"SQLite format 3", "file_not_a_table"),
)
WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
DOCUMENTS = ("word/document.xml", "ppt/presentation.xml", "ofd.xml")
HTML = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|table|div|style|title)\b", re.I | re.S
)
XML = re.compile(
    rb"^\s*<\?xml\b.*?(?:urn:schemas-microsoft-com:office:spreadsheet|mso-application|<(?:ss:)?Workbook\b)", re.S
)


def open_table(data: bytes, name: str, encoding: str = "") -> Book:
    """The workbook in a file, or its text as one. Raises `Unreadable`, which names what else it is."""
    if not data.strip(b"\x00 \r\n\t"):
        raise Unreadable("file_empty", name=name)
    if data.startswith(ZIP_MAGIC):
        check_zip(data, name)
        _check_package(data, name)
        return read_book(data, name)
    if data.startswith(OLE_MAGIC):
        return _open_ole(data, name)
    for start, code in STARTS:
        if data.startswith(start):
            raise Unreadable(code, name=name)
    head = _readable(data[:4_096])
    if HTML.match(head):
        raise Unreadable("file_is_html", name=name)
    if XML.match(head):
        raise Unreadable("file_is_xml", name=name)
    if head.lstrip()[:13].lower() == b"mime-version:":
        raise Unreadable("file_is_html", name=name)
    return read_delimited(data, name, encoding)


def _readable(head: bytes) -> bytes:
    """The beginning without a byte order mark; UTF-16 as plain bytes."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf")


def _check_package(data: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part.lower() for part in archive.namelist()}
    if parts & set(DOCUMENTS):
        raise Unreadable("file_is_document", name=name)
    if parts and not parts & set(WORKBOOKS):
        raise Unreadable("file_is_archive", name=name)


def _open_ole(data: bytes, name: str) -> Book:
    """An old workbook, a locked one, or another program's file in the same container, told by the names of its streams."""
    has = {
        stream: stream.encode("utf-16-le") in data
        for stream in ("EncryptedPackage", "WordDocument", "Workbook", "Book")
    }
    if has["EncryptedPackage"]:
        raise Unreadable("excel_locked", name=name)
    if has["WordDocument"] or "PowerPoint Document".encode("utf-16-le") in data:
        raise Unreadable("file_is_document", name=name)
    try:
        return read_book(data, name)
    except Unreadable as wrong:
        if wrong.code == "excel_broken" and name.lower().endswith((".et", ".ett")):
            raise Unreadable("file_is_et", name=name) from wrong
        raise
