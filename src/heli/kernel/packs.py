"""Data files of the house: TOML with a header, read strictly; what is wrong is named with its file and line.

Belongs here: the header every file has, the shapes its keys may take, the line of every key (tomllib tells none), the hash,
and the directory in which a locality keeps files of its own. What a file means belongs to the context that reads it.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any

from heli.kernel.faults import Fault, Refused

Where = tuple[str | int, ...]
"""The way to a key: names of tables and keys, numbers of elements from 0: ("stages", 0, "steps", 3, "days")."""


class Shape(StrEnum):
    """What a key holds, in the words of its reader."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    YES_NO = "true or false"
    DAY = "day"
    TEXTS = "list of texts"
    WHOLES = "list of whole numbers"
    DAYS = "list of days"
    TABLE = "table"
    TABLES = "list of tables"
    NAMED = "tables by name"


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a file may have: what it holds and means, and whether it must be there.

    `keys`: what the tables below it hold; `choices`: the texts it may be; `least`: the smallest number, or how many
    elements a list needs. Required texts are never blank.
    """

    name: str
    shape: Shape
    meaning: str
    required: bool = True
    keys: tuple["Key", ...] = ()
    choices: tuple[str, ...] = ()
    least: int | None = None


def words_key(name: str, meaning: str, required: bool = True) -> Key:
    """A text in both languages, written `{zh = "…", en = "…"}`."""
    both = (Key("zh", Shape.TEXT, "in Chinese"), Key("en", Shape.TEXT, "in English"))
    return Key(name, Shape.TABLE, meaning, required, both)


HEADER: tuple[Key, ...] = (
    Key("id", Shape.TEXT, "its name, the same in every version"),
    Key("version", Shape.WHOLE, "raised by one with every change", least=1),
    Key("valid_from", Shape.DAY, "the first day it holds"),
    Key("valid_to", Shape.DAY, "the first day it no longer holds", required=False),
    Key("jurisdiction", Shape.TEXT, "where it holds: CN, or the code of a province, city or district"),
    Key("source", Shape.TEXT, "the law, notice or practice it rests on"),
)
"""The first lines of every data file."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which file this is, when and where it holds, and what it rests on. The period is half-open."""

    id: str
    version: int
    valid_from: date
    valid_to: date | None
    jurisdiction: str
    source: str

    def holds_on(self, day: date) -> bool:
        """Whether the file is in force on the day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Pack:
    """A data file whose keys all have the shape asked for. `sha256` is that of its text in UTF-8."""

    name: str
    header: Header
    data: Mapping[str, Any] = field(repr=False)
    text: str = field(repr=False)
    sha256: str
    lines: Mapping[Where, int] = field(repr=False)

    def line(self, where: Where) -> int:
        """The line of a key, from 1; of what is not in the file, the line of the table that should hold it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def fault(self, where: Where, code: str, message: str) -> Fault:
        """What is wrong at a key, to be refused with."""
        return _fault(self.name, self.line(where), where, code, message)


def read_pack(text: str, name: str, keys: Sequence[Key]) -> Pack:
    """Read a file that has the header and these keys. Raises `Refused` with every problem found, each with its line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        told = re.search(r"line (\d+)", str(wrong))
        line = int(told[1]) if told else text.count("\n") + 1
        raise Refused(_fault(name, line, (), "toml", f"This is not TOML: {wrong}.")) from wrong
    lines = index_lines(text)
    shell = Pack(name, Header("", 0, date.min, None, "", ""), data, text, sha256(text.encode()).hexdigest(), lines)
    if faults := list(_check_table(shell, (), data, (*HEADER, *keys))):
        raise Refused(faults)
    header = Header(**{"valid_to": None, **{key.name: data[key.name] for key in HEADER if key.name in data}})
    if header.valid_to is not None and header.valid_to <= header.valid_from:
        raise Refused(shell.fault(("valid_to",), "period", "valid_to must be a later day than valid_from."))
    return Pack(name, header, data, text, shell.sha256, lines)


def load_pack(path: Path, keys: Sequence[Key]) -> Pack:
    """Read a file from disk; problems name it by its file name. Raises `Refused`."""
    return read_pack(read_text(path), path.name, keys)


def read_text(path: Path) -> str:
    """The text of a data file; a byte order mark, as some editors write it, is left out. Raises `Refused` when it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = path.read_bytes()[: wrong.start].count(b"\n") + 1
        message = "The file is not UTF-8. Save it as UTF-8."
        raise Refused(_fault(path.name, line, (), "utf8", message)) from wrong


# --- what a locality keeps ---------------------------------------------------------------------------------------------

_override: list[Path] = []


def override_from(directory: Path | None) -> None:
    """Say where this installation keeps data files of its own; called once at start-up, before any file is read."""
    _override[:] = [] if directory is None else [directory]


def find_file(shipped: Path, name: str) -> Path:
    """The file to read: the locality's of that name ("campaigns/colours.toml") if there is one, else the shipped one."""
    own = [directory / name for directory in _override if (directory / name).is_file()]
    return own[0] if own else shipped


def find_files(shipped: Path, name: str) -> dict[str, Path]:
    """The TOML files of a folder by file name without ".toml", sorted; the locality's folder of that name replaces and adds."""
    folders = [shipped, *(directory / name for directory in _override)]
    found = {path.stem: path for folder in folders if folder.is_dir() for path in folder.glob("*.toml")}
    return dict(sorted(found.items()))


# --- shapes ------------------------------------------------------------------------------------------------------------


def _fault(name: str, line: int, where: Where, code: str, message: str) -> Fault:
    named = [str(part) for part in where if isinstance(part, str)]
    return Fault(code, message, field=named[-1] if named else "", source=f"{name}:{line}")


def _check_table(pack: Pack, where: Where, table: Mapping[str, Any], keys: Sequence[Key]) -> Iterator[Fault]:
    known = {key.name: key for key in keys}
    for name in table:
        if name not in known:
            message = f"The key {name!r} is unknown here. Remove it or write one of: {', '.join(known)}."
            yield pack.fault((*where, name), "unknown_key", message)
    for key in keys:
        if key.name in table:
            yield from _check_value(pack, (*where, key.name), table[key.name], key)
        elif key.required:
            # The line is that of the table, for the key has none.
            message = f"The key {key.name!r} is missing: {key.meaning} ({key.shape})."
            yield _fault(pack.name, pack.line(where), (key.name,), "missing_key", message)


def _check_value(pack: Pack, where: Where, value: Any, key: Key) -> Iterator[Fault]:
    if not _HOLDS[key.shape](value):
        yield pack.fault(where, "shape", f"{key.name!r} must be a {key.shape}: {key.meaning}.")
    elif key.shape is Shape.TABLE:
        yield from _check_table(pack, where, value, key.keys)
    elif key.shape is Shape.TABLES:
        for number, table in enumerate(value):
            yield from _check_table(pack, (*where, number), table, key.keys)
    elif key.shape is Shape.NAMED:
        for name, table in value.items():
            yield from _check_table(pack, (*where, name), table, key.keys)
    else:
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str):
                yield from _check_text(pack, where, part, key)
    if key.least is not None and _HOLDS[key.shape](value):
        size = len(value) if isinstance(value, list | dict) else value
        if size < key.least:
            what = "elements" if isinstance(value, list | dict) else "or more"
            yield pack.fault(where, "too_few", f"{key.name!r} needs at least {key.least} {what}, not {size}.")


def _check_text(pack: Pack, where: Where, text: str, key: Key) -> Iterator[Fault]:
    if key.required and not text.strip():
        yield pack.fault(where, "blank", f"{key.name!r} is blank. Write {key.meaning}.")
    elif key.choices and text not in key.choices:
        message = f"{key.name!r} cannot be {text!r}. Write one of: {', '.join(key.choices)}."
        yield pack.fault(where, "unknown_value", message)


def fits(value: Any, shape: Shape) -> bool:
    """Whether a value has the shape; for readers of other files than TOML."""
    return _HOLDS[shape](value)


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_list(value: Any, holds: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and all(holds(part) for part in value)


_HOLDS: Mapping[Shape, Callable[[Any], bool]] = {
    Shape.TEXT: lambda value: isinstance(value, str),
    Shape.WHOLE: _is_whole,
    Shape.NUMBER: lambda value: _is_whole(value) or (isinstance(value, float) and isfinite(value)),
    Shape.YES_NO: lambda value: isinstance(value, bool),
    Shape.DAY: _is_day,
    Shape.TEXTS: lambda value: _is_list(value, lambda part: isinstance(part, str)),
    Shape.WHOLES: lambda value: _is_list(value, _is_whole),
    Shape.DAYS: lambda value: _is_list(value, _is_day),
    Shape.TABLE: lambda value: isinstance(value, dict),
    Shape.TABLES: lambda value: _is_list(value, lambda part: isinstance(part, dict)),
    Shape.NAMED: lambda value: isinstance(value, dict) and all(isinstance(part, dict) for part in value.values()),
}


# --- lines -------------------------------------------------------------------------------------------------------------


def index_lines(text: str) -> dict[Where, int]:
    """The line, from 1, of every table, key and list element of a text that tomllib has read."""
    return _Lines(text.replace("\r\n", "\n")).index()


class _Lines:
    """Walks over TOML known to be well-formed, noting where keys stand; what values say is tomllib's affair."""

    BLANK = re.compile(r"(?:[ \t\n,]|#[^\n]*)*")
    PART = re.compile(r"""[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)[ \t]*""")
    PLAIN = re.compile(
        r'"""(?:[^\\]|\\.)*?"{3,5}' + r"|'''.*?'{3,5}" + r'|"(?:[^"\\]|\\.)*"' + r"|'[^']*'" + r"|[^,\]}#\n]+", re.S
    )

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[Where, int] = {}
        self.ends = [match.start() for match in re.finditer("\n", text)]
        self.counts: dict[Where, int] = {}

    def index(self) -> dict[Where, int]:
        """Walk over the whole text."""
        table: Where = ()
        while self.skip() < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
        return self.found

    def skip(self) -> int:
        """Over blanks, commas and comments, to what comes next."""
        match = self.BLANK.match(self.text, self.at)
        assert match is not None
        self.at = match.end()
        return self.at

    def note(self, where: Where, at: int) -> None:
        """Remember the line, the first time a table or key is met; implied tables stand where they are first named."""
        line = bisect_left(self.ends, at) + 1
        for length in range(1, len(where) + 1):
            self.found.setdefault(where[:length], line)

    def header(self) -> Where:
        """`[a.b]` or `[[a.b]]`: the table that begins here. A name on the way that is a list means its last element."""
        begins, brackets = self.at, 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        names = self.key()
        self.at += brackets
        where: Where = ()
        for number, name in enumerate(names):
            where = (*where, name)
            if brackets == 2 and number == len(names) - 1:
                self.counts[where] = self.counts.get(where, -1) + 1
            if where in self.counts:
                where = (*where, self.counts[where])
        self.note(where, begins)
        return where

    def key(self) -> list[str]:
        """A key, dotted or not."""
        names = []
        while match := self.PART.match(self.text, self.at):
            raw = match[1]
            names.append(tomllib.loads(f"key = {raw}")["key"] if raw[0] in "\"'" else raw)
            self.at = match.end()
            if not self.text.startswith(".", self.at):
                break
            self.at += 1
        return names

    def pair(self, table: Where) -> None:
        """`key = value`."""
        begins = self.at
        where = (*table, *self.key())
        self.at += 1
        self.note(where, begins)
        self.value(where)

    def value(self, where: Where) -> None:
        """Over a value, noting elements and inline keys."""
        self.skip()
        opening = self.text[self.at]
        if opening not in "[{":
            match = self.PLAIN.match(self.text, self.at)
            assert match is not None
            self.at = match.end()
            return
        self.at += 1
        number = 0
        while self.text[self.skip()] not in "]}":
            if opening == "{":
                self.pair(where)
            else:
                self.note((*where, number), self.at)
                self.value((*where, number))
                number += 1
        self.at += 1
