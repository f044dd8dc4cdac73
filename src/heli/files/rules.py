"""What a file really is, by its content, and whether it may be taken in. Pure: a stream and a name in, findings out."""

import zipfile
from typing import BinaryIO

from heli.files.types import LIMITS, MB, PHOTOS, FileKind
from heli.kernel.faults import Finding

SUFFIXES = {
    "jpg": FileKind.JPEG,
    "jpeg": FileKind.JPEG,
    "jpe": FileKind.JPEG,
    "heif": FileKind.HEIC,
    "wps": FileKind.DOC,
    "et": FileKind.XLS,
    "dps": FileKind.PPT,
    **{kind.value: kind for kind in FileKind},
}
"""What a suffix promises; wps, et and dps are WPS Office's names for the same containers."""

MOST_UNPACKED = 500 * MB
MOST_PARTS = 10_000
MOST_RATIO = 200
"""Bounds of a zipped document: bytes unpacked, parts, and how many times larger than the file (beyond 50 MB)."""

HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
STARTS = (
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"%PDF-", FileKind.PDF),
)
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS = (("WordDocument", FileKind.DOC), ("Workbook", FileKind.XLS), ("PowerPoint Document", FileKind.PPT))
ZIP_PARTS = (
    ("word/document.xml", FileKind.DOCX),
    ("xl/workbook.xml", FileKind.XLSX),
    ("ppt/presentation.xml", FileKind.PPTX),
    ("OFD.xml", FileKind.OFD),
)
BLOCK = 1 << 20


def promised_kind(name: str) -> FileKind | None:
    """The kind that a file's name promises; None for an unknown or missing suffix."""
    return SUFFIXES.get(name.strip().rpartition(".")[2].lower()) if "." in name else None


def check_name(name: str, *, photo: bool = False) -> list[Finding]:
    """What the name alone says against a file, before any of it has come.

    Phones and chat programs send pictures without a suffix or with an unknown one: their content decides.
    """
    promised = promised_kind(name)
    is_wrong = (promised is not None and promised not in PHOTOS) if photo else promised is None
    return [_wrong_kind(name, photo=photo)] if is_wrong else []


def _wrong_kind(name: str, *, photo: bool) -> Finding:
    return Finding("photo_kind" if photo else "file_kind", {"name": name}, "file")


def recognise(stream: BinaryIO) -> FileKind | None:
    """The kind of the content, whatever it is called; None for everything Heli does not take. The stream is seekable."""
    stream.seek(0)
    head = stream.read(64)
    for start, kind in STARTS:
        if head.startswith(start):
            return kind
    if head[4:8] == b"ftyp":
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4]), 64), 4))}
        return FileKind.HEIC if brands & HEIC_BRANDS and b"avif" not in brands else None
    if head[:4] == b"RIFF":
        return FileKind.WEBP if head[8:12] == b"WEBP" else None
    if head.startswith(OLE):
        return _recognise_ole(stream)
    if head.startswith(ZIP):
        return _recognise_zip(stream)
    return FileKind.TXT if _is_text(stream) else None


def _recognise_zip(stream: BinaryIO) -> FileKind | None:
    try:
        names = set(zipfile.ZipFile(stream).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    return next((kind for part, kind in ZIP_PARTS if part in names), None)


def _recognise_ole(stream: BinaryIO) -> FileKind | None:
    """By the names of its streams, which stand in the directory as UTF-16."""
    wanted = [(name.encode("utf-16-le"), kind) for name, kind in (*OLE_STREAMS, ("Book", FileKind.XLS))]
    stream.seek(0)
    before = b""
    found = set()
    while block := stream.read(BLOCK):
        found |= {name for name, _kind in wanted if name in before + block}
        before = block[-64:]
    return next((kind for name, kind in wanted if name in found), None)


def _is_text(stream: BinaryIO) -> bool:
    """Whether it reads as UTF-8 or GB 18030, without control characters."""
    stream.seek(0)
    sample = stream.read(BLOCK)
    if not sample or any(byte < 9 or 13 < byte < 27 for byte in sample):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # The block's end may cut a character in two.
            sample[: len(sample) - 4 if len(sample) == BLOCK else None].decode(encoding)
        except UnicodeDecodeError as wrong:
            if len(sample) == BLOCK and wrong.start > BLOCK - 8:
                return True
            continue
        return True
    return False


def check_file(name: str, size: int, stream: BinaryIO, *, photo: bool = False) -> tuple[FileKind | None, list[Finding]]:
    """The kind of a file and what stands against taking it in.

    Among pictures the suffix may be another's, for phones and chat programs mix them up and every picture is written anew;
    any other file must be what it is called.
    """
    if not size:
        return None, [Finding("file_empty", field="file")]
    kind, promised = recognise(stream), promised_kind(name)
    if kind is FileKind.TXT and promised is FileKind.CSV:
        kind = FileKind.CSV
    wanted = PHOTOS if photo else frozenset(FileKind)
    if kind is None or kind not in wanted:
        return None, [_wrong_kind(name, photo=photo)]
    if kind not in PHOTOS and kind is not promised:
        return kind, [Finding("file_misnamed", {"name": name, "kind": kind.value}, "file")]
    if size > LIMITS[kind]:
        return kind, [too_large(name, LIMITS[kind])]
    return kind, _check_parts(name, stream) if kind.value in ("docx", "xlsx", "pptx", "ofd") else []


def too_large(name: str, most: int) -> Finding:
    """A file over its limit of bytes."""
    return Finding("file_too_large", {"name": name, "most": most // MB}, "file")


def _check_parts(name: str, stream: BinaryIO) -> list[Finding]:
    """Whether a zipped document would burst when opened, or carries macros."""
    stream.seek(0)
    packed = stream.seek(0, 2)
    parts = zipfile.ZipFile(stream).infolist()
    unpacked = sum(part.file_size for part in parts)
    bursts = unpacked > 50 * MB and unpacked > MOST_RATIO * packed
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or bursts:
        return [Finding("file_bomb", {"name": name}, "file")]
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        return [Finding("file_macros", {"name": name}, "file")]
    return []
