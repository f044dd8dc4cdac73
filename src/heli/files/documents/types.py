"""What a document is, told once: Word, PDF and screen are drawn from the same description."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_LEVELS = 4
"""Levels of headings in an official document: 一、 （一） 1. （1）"""


@dataclass(frozen=True, slots=True)
class Ref:
    """Where a number comes from. Marks are numbered in the order in which they first appear.

    `label` names the figure, `text` says version, snapshot and day; `url` opens it: a path of this installation or an
    http(s) address (give a whole address where the document leaves the house).
    """

    label: str
    text: str
    url: str = ""

    def __post_init__(self) -> None:
        if self.url and not self.url.startswith(("/", "http://", "https://")):
            raise ValueError(f"a mark opens a page, not {self.url!r}")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one kind. `is_blank`: a line to write on by hand, as wide as its text.

    `url`: on screen the text itself opens this page of the installation; paper leaves it.
    """

    text: str
    bold: bool = False
    ref: Ref | None = None
    is_blank: bool = False
    url: str = ""

    def __post_init__(self) -> None:
        if self.url and not self.url.startswith("/"):
            raise ValueError(f"a text opens a page of the installation, not {self.url!r}")


Text = str | Sequence[Run]
"""Plain text, or runs where something in it is bold, marked or left blank."""


class Align(StrEnum):
    """How lines stand."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number as text; level 1 is 黑体, 2 楷体, 3 and 4 仿宋."""

    level: int
    text: Text

    def __post_init__(self) -> None:
        if not 1 <= self.level <= MOST_LEVELS:
            raise ValueError(f"a heading has level 1 to {MOST_LEVELS}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of body text, its first line moved in by two characters unless `indent` is off."""

    text: Text
    indent: bool = True
    align: Align = Align.JUSTIFY


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table whose heading row repeats on every page. `widths`: shares of the type area, equal when not given.

    `height`: the least height of a row in millimetres, for rows that are written by hand.
    """

    heads: Sequence[Text]
    rows: Sequence[Sequence[Text]]
    widths: Sequence[int] = ()
    aligns: Sequence[Align] = ()
    caption: str = ""
    height: int = 0

    def __post_init__(self) -> None:
        columns = len(self.heads)
        if any(len(row) != columns for row in self.rows) or len(self.widths) not in (0, columns):
            raise ValueError("every row and the widths have as many columns as the heading")

    @property
    def shares(self) -> tuple[int, ...]:
        """The widths, equal when not given."""
        return tuple(self.widths) or (1,) * len(self.heads)

    def align_of(self, column: int) -> Align:
        """How the cells of a column stand."""
        return self.aligns[column] if column < len(self.aligns) else Align.LEFT


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing (SVG) or a photo (PNG, JPEG) as bytes; `width` in millimetres, at most the type area's."""

    content: bytes
    caption: str = ""
    width: int = 156
    alt: str = ""

    @property
    def suffix(self) -> str:
        """ "png", "jpeg" or "svg", by the content's first bytes."""
        if self.content.startswith(b"\x89PNG"):
            return "png"
        return "jpeg" if self.content.startswith(b"\xff\xd8") else "svg"


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """Places to sign, one per role, each with a day."""

    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Check:
    """A line to tick."""

    text: Text
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """Lines to tick."""

    items: Sequence[Check]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class PartSources:
    """Where the numbers of a part come from, in one small line; `url` opens them and is drawn as a code to scan ("": none)."""

    text: str
    url: str = ""

    def __post_init__(self) -> None:
        if self.url and not self.url.startswith(("http://", "https://")):
            raise ValueError(f"what is scanned is a whole address, not {self.url!r}")


Block = Heading | Paragraph | PaperTable | Picture | SignatureBox | Checklist | PartSources | PageBreak


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment: named below the text, drawn on its own pages."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An official document from letterhead to imprint.

    `letterhead`: the issuing body in red above a red line (版头); without it neither is drawn. `number` 发文字号; `signer`
    签发人 of a document that goes upwards; `recipient` 主送机关, its colon is added; `signature` one or more signing bodies;
    `date` as printed (`official_date`); `note` 附注; `copies` and `printed_by`, `printed_on` are the imprint 版记.
    `language` is the reader's for hyphens and screen readers ("zh" or "en").
    """

    title: str
    blocks: Sequence[Block]
    letterhead: str = ""
    number: Text = ""
    signer: Text = ""
    recipient: Text = ""
    attachments: Sequence[Attachment] = ()
    signature: Sequence[Text] = ()
    date: Text = ""
    note: Text = ""
    copies: Text = ""
    printed_by: Text = ""
    printed_on: Text = ""
    is_sample: bool = False
    language: str = "zh"

    @property
    def has_imprint(self) -> bool:
        """Whether an imprint closes the last page."""
        return bool(self.copies or self.printed_by)


def runs(text: Text) -> Sequence[Run]:
    """Any text as runs."""
    return (Run(text),) if isinstance(text, str) else text


def plain(text: Text) -> str:
    """Any text without its marks."""
    return text if isinstance(text, str) else "".join(run.text for run in text)


def texts_of(block: Block) -> Iterator[Text]:
    """The texts of a block in reading order."""
    if isinstance(block, Heading | Paragraph):
        yield block.text
    elif isinstance(block, PaperTable):
        yield from block.heads
        for row in block.rows:
            yield from row
    elif isinstance(block, Checklist):
        for item in block.items:
            yield item.text


def number_refs(document: Document) -> dict[Ref, int]:
    """The marks of a document, numbered from 1 in the order in which they first appear."""
    numbers: dict[Ref, int] = {}
    parts = [document.blocks, *(attachment.blocks for attachment in document.attachments)]
    for block in (block for blocks in parts for block in blocks):
        for text in texts_of(block):
            for run in runs(text):
                if run.ref is not None:
                    numbers.setdefault(run.ref, len(numbers) + 1)
    return numbers
