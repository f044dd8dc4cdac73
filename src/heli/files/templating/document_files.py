"""Templates of documents and the catalogue of their fields, read from TOML; every unknown field is named with its line. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from heli.files.documents import Align
from heli.files.templating.documents import (
    HEAD_KEYS,
    BodyLine,
    FieldCatalogue,
    FieldRule,
    Fields,
    GivenBy,
    LineKind,
    PaperFieldKind,
    PaperTemplate,
    Part,
    TableRule,
    TownOffice,
)
from heli.kernel.faults import Fault, Refused
from heli.kernel.levels import Per
from heli.kernel.packs import Key, Pack, Shape, words_key
from heli.kernel.words import Words

# --- the catalogue of fields -------------------------------------------------------------------------------------------

_COLUMN = (Key("id", Shape.TEXT, "its name"), words_key("name", "what it is"))
FIELD_KEYS: tuple[Key, ...] = (
    Key(
        "field",
        Shape.TABLES,
        "the fields",
        keys=(
            Key("id", Shape.TEXT, "how templates call it"),
            words_key("name", "what it is"),
            Key("kind", Shape.TEXT, "what it holds", choices=tuple(PaperFieldKind)),
            Key("from", Shape.TEXT, "which data give it", choices=tuple(GivenBy)),
            Key("columns", Shape.TABLES, "what a row of a list has", False, _COLUMN),
        ),
    ),
    Key(
        "office",
        Shape.TABLES,
        "what a town calls itself, its office and its Party committee",
        keys=(
            Key("kind", Shape.TEXT, "the kind of town", False),
            Key("self", Shape.TEXT, "what it calls itself"),
            Key("suffix", Shape.TEXT, "what follows its name for the office"),
            Key("party", Shape.TEXT, "what its Party committee is called"),
        ),
    ),
)


def parse_fields(pack: Pack) -> FieldCatalogue:
    """The catalogue of a pack read with `FIELD_KEYS`. Raises `Refused` for an id that is there twice."""
    found: dict[str, FieldRule] = {}
    for number, entry in enumerate(pack.data["field"]):
        if entry["id"] in found:
            message = f"The field {entry['id']!r} is there twice. Remove one."
            raise Refused(pack.fault(("field", number, "id"), "twice", message))
        columns = {column["id"]: Words(**column["name"]) for column in entry.get("columns", ())}
        found[entry["id"]] = FieldRule(
            entry["id"], Words(**entry["name"]), PaperFieldKind(entry["kind"]), GivenBy(entry["from"]), columns
        )
    offices = {
        entry.get("kind", ""): TownOffice(entry["self"], entry["suffix"], entry["party"])
        for entry in pack.data["office"]
    }
    return FieldCatalogue(found, offices)


# --- reading a template ------------------------------------------------------------------------------------------------

_ALIGNS = {"l": Align.LEFT, "c": Align.CENTRE, "r": Align.RIGHT}
_PIECE = re.compile(r"\{\{\s*(?P<name>[^{}]*?)\s*\}\}|(?P<mark>\*\*)|(?P<blank>_{3,})")
_CONDITION = re.compile(r"\?(!?)([a-z_]+) ")
_TABLE_KEYS = (
    Key("heads", Shape.TEXT, "the headings, parted by |"),
    Key("each", Shape.TEXT, "the list that gives the rows", False),
    Key("cells", Shape.TEXT, "the cells of such a row, parted by |", False),
    Key("rows", Shape.TEXTS, "rows written out, cells parted by |", False),
    Key("widths", Shape.WHOLES, "how wide the columns are against each other", False, least=1),
    Key("aligns", Shape.TEXT, "l, c or r for every column", False),
    Key("caption", Shape.TEXT, "what stands above", False),
    Key("blanks", Shape.WHOLE, "empty rows where the list is empty", False, least=1),
)
_ATTACHMENT = (Key("title", Shape.TEXT, "its title"), Key("body", Shape.TEXT, "its text"))
TEMPLATE_KEYS: tuple[Key, ...] = (
    words_key("title", "its name in lists"),
    words_key("about", "what it is for"),
    Key("per", Shape.TEXT, "for whom one is made", choices=tuple(Per)),
    Key("heading", Shape.TEXT, "the title as printed; \\n breaks it"),
    *(Key(name, Shape.TEXT, f"the document's {name}", False) for name in HEAD_KEYS[1:]),
    Key("signature", Shape.TEXTS, "who signs", False),
    Key("body", Shape.TEXT, "the text"),
    Key("tables", Shape.NAMED, "tables by the name that the text uses", False, _TABLE_KEYS),
    Key("attachments", Shape.TABLES, "attachments", False, _ATTACHMENT),
)


def parse_template(pack: Pack, fields: Fields) -> PaperTemplate:
    """The template of a pack read with `TEMPLATE_KEYS`. Raises `Refused` with every unknown field and table, each with its line."""
    return _Reader(pack, fields).template()


@dataclass
class _Reader:
    """Reads one file, collecting what is wrong."""

    pack: Pack
    catalogue: Fields
    faults: list[Fault] = field(default_factory=list)

    def template(self) -> PaperTemplate:
        """The whole file."""
        data, header = self.pack.data, self.pack.header
        tables = {name: self.table(name, raw) for name, raw in data.get("tables", {}).items()}
        lines = {name: tuple(self.parts(data[name], self.pack.line((name,)))) for name in HEAD_KEYS if data.get(name)}
        signature = tuple(tuple(self.parts(text, self.pack.line(("signature",)))) for text in data.get("signature", ()))
        body = tuple(self.body(data["body"], self.first_line(("body",)), tables))
        attachments = tuple(
            (raw["title"], tuple(self.body(raw["body"], self.first_line(("attachments", number, "body")), tables)))
            for number, raw in enumerate(data.get("attachments", ()))
        )
        if self.faults:
            raise Refused(self.faults)
        return PaperTemplate(
            key=header.id, version=header.version, title=Words(**data["title"]), about=Words(**data["about"]),
            per=Per(data["per"]), source=header.source, sha256=self.pack.sha256, lines=lines, signature=signature,
            body=body, attachments=attachments, tables=tables,
        )  # fmt: skip

    def first_line(self, where: tuple[str | int, ...]) -> int:
        """The line on which a text of many lines begins: after `\"\"\"` and a line break it is the next."""
        line = self.pack.line(where)
        return line + self.pack.text.replace("\r\n", "\n").split("\n")[line - 1].rstrip().endswith(('"""', "'''"))

    def wrong(self, line: int, code: str, message: str) -> None:
        self.faults.append(Fault(code, message, source=f"{self.pack.name}:{line}"))

    def body(self, text: str, first: int, tables: Mapping[str, TableRule]) -> Iterator[BodyLine]:
        """The lines of a text; empty ones only part them in the file."""
        for at, raw in enumerate(text.split("\n"), first):
            if raw.strip():
                yield self.line(raw.strip(), at, tables)

    def line(self, text: str, at: int, tables: Mapping[str, TableRule]) -> BodyLine:
        """One line."""
        condition = _CONDITION.match(text)
        if condition:
            self.known(condition[2], at)
            return replace(
                self.line(text[condition.end() :], at, tables), needs=condition[2], absent=bool(condition[1])
            )
        if text.startswith("@"):
            return self.special(text, at, tables)
        kind, level, rest, done = LineKind.PARAGRAPH, 0, text, False
        hashes = len(text) - len(text.lstrip("#"))
        if 1 <= hashes <= 4 and text[hashes : hashes + 1] == " ":
            kind, level, rest = LineKind.HEADING, hashes, text[hashes + 1 :]
        elif text.startswith(("- [ ] ", "- [x] ")):
            kind, done, rest = LineKind.CHECK, text[3] == "x", text[6:]
        elif text.startswith("> "):
            kind, rest = LineKind.FLAT, text[2:]
        elif text.startswith("^ "):
            kind, rest = LineKind.CENTRED, text[2:]
        return BodyLine(kind, tuple(self.parts(rest, at)), level, done=done, at=at)

    def special(self, text: str, at: int, tables: Mapping[str, TableRule]) -> BodyLine:
        """A table, a box to sign, a new page."""
        word, _blank, rest = text[1:].partition(" ")
        if word == "page" and not rest:
            return BodyLine(LineKind.PAGE, at=at)
        if word == "table" and rest in tables:
            return BodyLine(LineKind.TABLE, names=(rest,), at=at)
        if word == "sign" and rest:
            return BodyLine(LineKind.SIGN, names=tuple(role.strip() for role in rest.split("|")), at=at)
        known = ", ".join(f"@table {name}" for name in tables) or "none is described below [tables]"
        self.wrong(at, "unknown_line", f"{text!r} is unknown. Write @page, @sign …, or a table: {known}.")
        return BodyLine(LineKind.PAGE, at=at)

    def table(self, name: str, raw: Mapping[str, Any]) -> TableRule:
        """A table's rule."""
        at = self.pack.line(("tables", name))
        heads = _cells(raw["heads"])
        each = raw.get("each", "")
        columns: set[str] | None = None
        if each:
            known = self.catalogue.get(each)
            if known is None or known.kind is not PaperFieldKind.LIST:
                lists = ", ".join(rule.id for rule in self.catalogue.values() if rule.kind is PaperFieldKind.LIST)
                self.wrong(at, "unknown_field", f"{each!r} is no list. Write one of: {lists}.")
            columns = set(known.columns) if known is not None else None
        texts = [raw["cells"]] if each and "cells" in raw else raw.get("rows", [])
        rows = tuple(tuple(tuple(self.parts(cell, at, columns)) for cell in _cells(text)) for text in texts)
        widths, aligns = tuple(raw.get("widths", ())), tuple(_ALIGNS.get(c, Align.LEFT) for c in raw.get("aligns", ""))
        counts = (
            {len(row) for row in rows} | ({len(widths)} if widths else set()) | ({len(aligns)} if aligns else set())
        )
        if not rows or counts != {len(heads)}:
            self.wrong(at, "columns", f"Every row, the widths and aligns of table {name!r} need {len(heads)} columns.")
        return TableRule(heads, each, rows, widths, aligns, raw.get("caption", ""), raw.get("blanks", 0))

    def parts(self, text: str, at: int, columns: set[str] | None = None) -> Iterator[Part]:
        """A text in pieces."""
        bold, end = False, 0
        for match in _PIECE.finditer(text):
            if match.start() > end:
                yield Part(text[end : match.start()], bold=bold)
            end = match.end()
            if match["mark"]:
                bold = not bold
                continue
            if match["blank"]:
                yield Part(blank=len(match["blank"]))
                continue
            name = match["name"]
            if columns is not None and name.startswith("row."):
                if name[4:] not in columns:
                    self.wrong(
                        at, "unknown_field", f"A row has no {name!r}. Write one of: {', '.join(sorted(columns))}."
                    )
            else:
                self.known(name, at)
            yield Part(name=name, bold=bold)
        if end < len(text):
            yield Part(text[end:], bold=bold)

    def known(self, name: str, at: int) -> None:
        """Complain about a field that the catalogue does not have."""
        if name not in self.catalogue:
            self.wrong(
                at, "unknown_field", f"The field {name!r} is unknown. The catalogue of fields lists those there are."
            )


def _cells(text: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in text.split("|"))
