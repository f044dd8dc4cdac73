"""Templates of official documents and how they are filled with values. Pure; `document_files` reads them.

A body is text, a line each: `# ` to `#### ` headings, `> ` without indent, `^ ` centred, `- [ ] ` to tick, `@table name`,
`@sign role | role`, `@page`; anything else is a paragraph. `?field ` before a line keeps it only where the field is known,
`?!field ` only where it is not. Inside a line `**bold**`, `{{ field }}`, and `____` to write on.
What is not known prints as a line to write on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from heli.files.documents import (
    Align,
    Attachment,
    Block,
    Check,
    Checklist,
    Document,
    Heading,
    PageBreak,
    PaperTable,
    Paragraph,
    Run,
    SignatureBox,
    Text,
    plain,
)
from heli.kernel.levels import Per
from heli.kernel.words import Words

Value = str | Sequence[Mapping[str, str]] | None
Values = Mapping[str, Value]
"""What fields hold for one document: text, a list of rows, or None where nothing is known."""


class PaperFieldKind(StrEnum):
    """What a field holds; decides how wide a blank is."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    LIST = "list"


class GivenBy(StrEnum):
    """Which part of the data gives a field."""

    CAMPAIGN = "campaign"
    PLAN = "plan"
    TOWN = "town"
    VILLAGE = "village"
    SUCCESSOR = "successor"
    STEP = "step"
    SITTING = "sitting"
    """Entered once, with the sitting that decided."""
    LEDGER = "ledger"
    """In the registers and the books of the co-operative."""
    HAND = "hand"
    """Typed when documents are made: a document number, a day of meeting."""
    PEN = "pen"
    """Never kept, written on the paper: whom to ask, and under which telephone number."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A field that templates may use. `columns`: what a row of a list has, by name."""

    id: str
    name: Words
    kind: PaperFieldKind
    given_by: GivenBy
    columns: Mapping[str, Words] = field(default_factory=dict)


Fields = Mapping[str, FieldRule]


@dataclass(frozen=True, slots=True)
class TownOffice:
    """What a town calls itself (镇), what follows its name for its office (人民政府), what its Party committee is (党委)."""

    itself: str
    suffix: str
    party: str


@dataclass(frozen=True, slots=True)
class FieldCatalogue:
    """The fields by id, and how a town is spoken of by its kind ("" for all others)."""

    fields: Fields
    offices: Mapping[str, TownOffice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line: text, the value of a field (`row.column` inside a table), or a blank so many characters wide."""

    text: str = ""
    name: str = ""
    bold: bool = False
    blank: int = 0


class LineKind(StrEnum):
    """What a line of a body becomes."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    FLAT = "flat"
    CENTRED = "centred"
    CHECK = "check"
    TABLE = "table"
    SIGN = "sign"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A line of a body. `needs` keeps it only where the field is known, or unknown when `absent`. `at`: its line in the file."""

    kind: LineKind
    parts: tuple[Part, ...] = ()
    level: int = 0
    names: tuple[str, ...] = ()
    needs: str = ""
    absent: bool = False
    done: bool = False
    at: int = 0


@dataclass(frozen=True, slots=True)
class TableRule:
    """A table: a row for each row of the list `each`, or rows written out. `blanks`: empty rows where the list is empty."""

    heads: tuple[str, ...]
    each: str = ""
    rows: tuple[tuple[tuple[Part, ...], ...], ...] = ()
    widths: tuple[int, ...] = ()
    aligns: tuple[Align, ...] = ()
    caption: str = ""
    blanks: int = 0


@dataclass(frozen=True, slots=True)
class PaperTemplate:
    """A template as read. `key`, `version` and `sha256` say which exactly; head and foot are lines by their key."""

    key: str
    version: int
    title: Words
    about: Words
    per: Per
    source: str
    sha256: str
    lines: Mapping[str, tuple[Part, ...]]
    signature: tuple[tuple[Part, ...], ...]
    body: tuple[BodyLine, ...]
    attachments: tuple[tuple[str, tuple[BodyLine, ...]], ...]
    tables: Mapping[str, TableRule]

    def fields(self) -> set[str]:
        """Every field it uses."""
        found = {part.name for parts in (*self.lines.values(), *self.signature) for part in parts if part.name}
        for line in (*self.body, *(line for _title, lines in self.attachments for line in lines)):
            found |= {part.name for part in line.parts if part.name} | ({line.needs} if line.needs else set())
        for table in self.tables.values():
            found |= {table.each} if table.each else set()
            found |= {part.name for row in table.rows for cell in row for part in cell if part.name}
        return {name for name in found if not name.startswith("row.")}


HEAD_KEYS = (
    "heading",
    "letterhead",
    "number",
    "signer",
    "recipient",
    "date",
    "note",
    "copies",
    "printed_by",
    "printed_on",
)
"""One-line texts of a template: the parts of an official document around its body."""


# --- filling -----------------------------------------------------------------------------------------------------------

BLANKS: Mapping[PaperFieldKind, int] = {
    PaperFieldKind.TEXT: 8,
    PaperFieldKind.NUMBER: 4,
    PaperFieldKind.DATE: 8,
    PaperFieldKind.LIST: 8,
}
"""How many characters wide the line to write on is."""
SPACE, LOW_LINE = "\u3000", "\uff3f"
HEIGHT_BY_HAND = 9
"""Millimetres of a row that is written by hand."""


def fill(template: PaperTemplate, values: Values, fields: Fields, *, is_sample: bool = False) -> Document:
    """The document for these values; every field of the template that they lack is a blank."""
    return _Filler(template, values, fields).document(is_sample=is_sample)


def as_word_template(template: PaperTemplate, fields: Fields) -> Document:
    """The template for Word, fields in place as `{{ field }}`, lists and conditions as docxtpl reads them."""
    return _Keeper(template, {}, fields).document(is_sample=False)


@dataclass
class _Filler:
    template: PaperTemplate
    values: Values
    fields: Fields

    @cached_property
    def head(self) -> Mapping[str, tuple[Run, ...]]:
        """The one-line texts, filled."""
        return {name: self.runs(parts) for name, parts in self.template.lines.items()}

    def document(self, *, is_sample: bool) -> Document:
        """The whole document."""
        head = self.head
        texts: dict[str, Any] = {name: head[name] for name in HEAD_KEYS if name in head}
        for name in ("heading", "letterhead"):  # plain text: a blank is drawn with characters
            if name in texts:
                texts[name] = "".join(LOW_LINE * 4 if run.is_blank else run.text for run in texts[name])
        return Document(
            title=texts.pop("heading"),
            blocks=list(self.blocks(self.template.body)),
            attachments=[Attachment(title, list(self.blocks(lines))) for title, lines in self.template.attachments],
            signature=[self.runs(parts) for parts in self.template.signature],
            is_sample=is_sample,
            **texts,
        )

    def is_known(self, name: str) -> bool:
        """Whether the values have the field."""
        return bool(self.values.get(name))

    def blocks(self, lines: Sequence[BodyLine]) -> Iterator[Block]:
        """The lines that apply, as blocks; ticks that follow each other become one list."""
        checks: list[Check] = []
        for line in lines:
            if line.needs and self.is_known(line.needs) is line.absent:
                continue
            if line.kind is LineKind.CHECK:
                checks.append(Check(self.runs(line.parts), line.done))
                continue
            if checks:
                yield Checklist(tuple(checks))
                checks = []
            yield self.block(line)
        if checks:
            yield Checklist(tuple(checks))

    def block(self, line: BodyLine) -> Block:
        """A line as a block."""
        match line.kind:
            case LineKind.HEADING:
                return Heading(line.level, self.runs(line.parts))
            case LineKind.TABLE:
                return self.table(self.template.tables[line.names[0]])
            case LineKind.SIGN:
                return SignatureBox(line.names)
            case LineKind.PAGE:
                return PageBreak()
        align = {LineKind.CENTRED: Align.CENTRE, LineKind.FLAT: Align.LEFT}.get(line.kind, Align.JUSTIFY)
        return Paragraph(self.runs(line.parts), indent=line.kind is LineKind.PARAGRAPH, align=align)

    def table(self, rule: TableRule) -> PaperTable:
        """A table with its rows."""
        rows = self.rows(rule)
        # A list that is known has its rows; one that is not, and rows written out, are filled by hand.
        listed = bool(rule.each and self.values.get(rule.each))
        by_hand = not listed and any(not plain(cell).strip() for row in rows for cell in row)
        return PaperTable(rule.heads, rows, rule.widths, rule.aligns, rule.caption, HEIGHT_BY_HAND if by_hand else 0)

    def rows(self, rule: TableRule) -> list[list[Text]]:
        """A row for each of the list, or those written out."""
        if not rule.each:
            return [[self.runs(cell) for cell in row] for row in rule.rows]
        listed = self.values.get(rule.each)
        if not listed or isinstance(listed, str):
            return [[""] * len(rule.heads) for _ in range(rule.blanks or 1)]
        return [[self.runs(cell, row) for cell in rule.rows[0]] for row in listed]

    def runs(self, parts: Sequence[Part], row: Mapping[str, str] | None = None) -> tuple[Run, ...]:
        """Parts as runs."""
        return tuple(run for part in parts for run in self.part(part, row))

    def part(self, part: Part, row: Mapping[str, str] | None) -> Sequence[Run]:
        """A part as a run; an unknown value as a blank, in a table as an empty cell."""
        if part.blank:
            return (Run(SPACE * part.blank, is_blank=True),)
        if not part.name:
            return (Run(part.text, part.bold),)
        if row is not None and part.name.startswith("row."):
            return (Run(row.get(part.name[4:]) or "", part.bold),)
        value = self.values.get(part.name)
        if isinstance(value, str) and value:
            return (Run(value, part.bold),)
        return (Run(SPACE * BLANKS[self.fields[part.name].kind], is_blank=True),)


class _Keeper(_Filler):
    """Keeps the fields in place for Word."""

    def is_known(self, name: str) -> bool:
        """Conditions are written out, so that every line is drawn."""
        return True

    def blocks(self, lines: Sequence[BodyLine]) -> Iterator[Block]:
        """Every line, conditions as paragraphs around it."""
        for line in lines:
            if line.needs:
                yield Paragraph(f"{{%p if {'not ' if line.absent else ''}{line.needs} %}}", indent=False)
            yield from super().blocks([replace(line, needs="")])
            if line.needs:
                yield Paragraph("{%p endif %}", indent=False)

    def table(self, rule: TableRule) -> PaperTable:
        """Rows of a list are as high as their text."""
        drawn = super().table(rule)
        return replace(drawn, height=0) if rule.each else drawn

    def rows(self, rule: TableRule) -> list[list[Text]]:
        """A list's row between the rows that repeat it."""
        if not rule.each:
            return super().rows(rule)
        pad = [""] * (len(rule.heads) - 1)
        inner: list[Text] = [self.runs(cell) for cell in rule.rows[0]]
        return [[f"{{%tr for row in {rule.each} %}}", *pad], inner, ["{%tr endfor %}", *pad]]

    def part(self, part: Part, row: Mapping[str, str] | None) -> Sequence[Run]:
        """The field itself."""
        if part.blank:
            return super().part(part, row)
        return (Run(part.text or f"{{{{ {part.name} }}}}", part.bold),)
