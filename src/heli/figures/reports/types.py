"""What a report is made of. No Django here.

The content of a report is plain JSON, so that it is stored, hashed and drawn again unchanged:

    {"letterhead", "number", "title", "recipient", "signature", "day", "blocks": […], "attachments": [{"title", "blocks"}],
     "marks": [{"how", "sources": [[figure, version, place, snapshot, numerator, denominator], …]}, …]}

A text is a list of pieces: a string, {"t": text, "m": number of its mark}, or {"t": office, "who": public id of the person
who holds it}, whose name is put before it when the report is read. Blocks are {"is": "heading" | "text" |
"table" | "picture", …}.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Piece = str | dict[str, Any]
Pieces = list[Piece]
Content = dict[str, Any]


class ReportKind(StrEnum):
    """When a report is made: after a frozen week, between weeks when much changed, or for the yearbook when all is over."""

    WEEKLY = "weekly"
    INTERIM = "interim"
    YEARBOOK = "yearbook"


class Recipient(StrEnum):
    """Whom a report is for."""

    DISTRICT = "district"
    TOWN = "town"
    LEADER = "leader"


class Derivation(StrEnum):
    """How a number of a report comes from its sources."""

    VALUE = "value"
    """The one source as it is."""
    SUM = "sum"
    """The sources added up: numerators and denominators."""
    DIFFERENCE = "difference"
    """The first half of the sources less the second."""
    SHARE = "share"
    """The first source over the second."""
    GAP = "gap"
    """A percentage less the second source over the third."""
    COUNT = "count"
    """How many places the sources name."""
    RANK = "rank"
    """The place of the first source among all of them."""
    FORECAST = "forecast"
    """Computed when the week was frozen; kept with it."""


@dataclass(frozen=True, slots=True)
class NumberSource:
    """A stored number: which figure in which version, of which place (public id), in which snapshot, as counted."""

    figure: str
    version: int
    place: str
    snapshot: str
    numerator: int
    denominator: int

    def as_json(self) -> list[Any]:
        """As a report stores it."""
        return [self.figure, self.version, self.place, self.snapshot, self.numerator, self.denominator]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a number of a report comes from."""

    how: Derivation
    sources: tuple[NumberSource, ...]

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Mark":
        """A mark as stored."""
        return cls(Derivation(stored["how"]), tuple(NumberSource(*one) for one in stored["sources"]))

    def as_json(self) -> dict[str, Any]:
        """As a report stores it."""
        return {"how": self.how.value, "sources": [one.as_json() for one in self.sources]}


@dataclass(frozen=True, slots=True)
class Addressee:
    """One recipient of the reports of a week: whose, which place (for a leader the district), which villages.

    `key` names it for ever: "district:…", "town:…", "person:…", "body:…" with a public id.
    """

    kind: Recipient
    key: str
    place: int
    villages: tuple[int, ...]
    body: int | None = None
    person: int | None = None


def plain(pieces: Sequence[Piece]) -> str:
    """A text without its marks."""
    return "".join(piece if isinstance(piece, str) else piece["t"] for piece in pieces)


def pieces_in(content: Content) -> Iterator[Piece]:
    """Every piece of a report's texts and cells, in order."""
    parts = [content["blocks"], *(one["blocks"] for one in content["attachments"])]
    yield from (piece for part in parts for block in part for piece in pieces_of(block))


def pieces_of(block: Mapping[str, Any]) -> Iterator[Piece]:
    """The pieces of a block's text or cells."""
    texts = [block["text"]] if "text" in block else [cell for row in block.get("rows", ()) for cell in row["cells"]]
    yield from (piece for text in texts if isinstance(text, list) for piece in text)


def marks_in(content: Content) -> list[Mark]:
    """The marks of a report, in their order."""
    return [Mark.read(one) for one in content["marks"]]
