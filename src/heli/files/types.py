"""Kinds of files that Heli takes as evidence, and how large each may be. No Django here."""

from enum import StrEnum


class FileKind(StrEnum):
    """What a file is by its content; the value is the suffix it is kept under."""

    JPEG = "jpg"
    PNG = "png"
    HEIC = "heic"
    WEBP = "webp"
    PDF = "pdf"
    OFD = "ofd"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    CSV = "csv"
    TXT = "txt"


PHOTOS = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.HEIC, FileKind.WEBP})
"""Kinds that are pictures: always taken apart and written anew."""

MB = 1_000_000
LIMITS: dict[FileKind, int] = {
    **dict.fromkeys(PHOTOS, 40 * MB),
    FileKind.PDF: 100 * MB,
    **dict.fromkeys((FileKind.CSV, FileKind.TXT), 20 * MB),
    **dict.fromkeys((FileKind.OFD, FileKind.DOCX, FileKind.XLSX, FileKind.PPTX), 50 * MB),
    **dict.fromkeys((FileKind.DOC, FileKind.XLS, FileKind.PPT), 50 * MB),
}
"""Most bytes of a file, by kind."""
LARGEST = max(LIMITS.values())
"""Most bytes of any file: nothing larger is even received."""
