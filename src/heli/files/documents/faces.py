"""Which faces a PDF is set in here, which of the official ones they stand for, and which characters none of them has.

The official faces (小标宋, 仿宋, 楷体, 黑体) may not be handed on, so Heli carries a serif and a sans face of the same kind; a
machine that has the official ones uses them. A character that the face lacks is taken from any other face there is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from heli.files.documents.compiling import can_be_drawn, fonts
from heli.files.documents.layout import clean, layout
from heli.files.documents.types import Document, Text, plain, texts_of

CARRIED = tuple(layout().carried)
"""The faces that Heli carries, serif and sans; every Chinese character of the official lists is in one of them."""
BOLD_FROM = 600
ROLES = ("title", "body", "subhead", "head", "page_number")
_PRIVATE = ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))
"""Private use: what a face draws there is its own affair, seldom what was meant."""


@dataclass(frozen=True, slots=True)
class PdfNote:
    """What a reader of a PDF should know: official face -> the one it is set in, and characters printed as a box."""

    replaced: Mapping[str, str]
    lacking: str


def pdf_note(document: Document) -> PdfNote:
    """What is to be said beside a link to the document's PDF."""
    return PdfNote(replaced(), lacking(document))


@cache
def faces() -> dict[str, list[str]]:
    """For each part of the layout the faces that are here, the first is used; the carried ones close each list."""
    here = set(fonts().families())
    return {
        role: list(dict.fromkeys([*(name for name in names if name in here), *CARRIED]))
        for role, names in layout().fonts.items()
    }


def replaced() -> dict[str, str]:
    """Official face -> the carried one that stands for it here."""
    pairs = ((layout().fonts[role][0], faces()[role][0]) for role in ROLES)
    return {official: layout().carried[used] for official, used in pairs if used in CARRIED}


def thickened() -> dict[str, bool]:
    """For each part whether its bold must be drawn by thickening, since its face has none of its own."""
    bold = {one.family for one in fonts().fonts() if one.weight >= BOLD_FROM} | {CARRIED[1]}  # a variable face has all
    return {role: names[0] not in bold for role, names in faces().items()}


def lacking(document: Document) -> str:
    """The characters of a document that no face has, each once, in reading order; they are printed as an empty box."""
    seen = dict.fromkeys(sign for text in _texts(document) for sign in clean(plain(text)) if not sign.isspace())
    return "".join(sign for sign in seen if _may_lack(sign) and is_lacking(sign))


def _texts(document: Document) -> Iterator[Text]:
    yield from (document.title, document.letterhead, document.number, document.signer, document.recipient)
    for blocks in (document.blocks, *(one.blocks for one in document.attachments)):
        for block in blocks:
            yield from texts_of(block)
    yield from (one.title for one in document.attachments)
    yield from (*document.signature, document.date, document.note, document.copies, document.printed_by)


def _may_lack(sign: str) -> bool:
    """Whether it is worth a look: every face here has what GB 2312 holds."""
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


@cache
def is_lacking(sign: str) -> bool:
    """Whether no face has the character. Archival PDF refuses what it cannot draw: one such page tells (about a millisecond)."""
    if any(first <= ord(sign) <= last for first, last in _PRIVATE):
        return True
    return not can_be_drawn(sign, faces()["body"])
