"""The official layout's numbers, fonts and words, read once from `layout.toml`; lengths of text where a drawing needs them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from heli.files.documents.types import Text, plain
from heli.kernel.packs import Key, Shape, load_pack

DENSE_FROM = 6
"""A table with so many columns is set smaller."""
_MM = ("width", "height", "top", "left", "type_width", "type_height", "lines", "characters", "number_below")
_SIZES = ("title", "body", "record", "table", "dense_table", "letterhead")
_FACES = ("title", "head", "subhead", "body", "digits", "page_number")
_WORDS = (
    *("day", "sample", "attachment", "copies", "printed", "signer", "notes", "colon", "stop"),
    *("numerals", "after_numeral", "sign_here", "sign_day"),
)
_CARRIED = (Key("name", Shape.TEXT, "of the family"), Key("known_as", Shape.TEXT, "its name in offices"))


def _each(names: tuple[str, ...], shape: Shape, meaning: str, required: bool = True) -> tuple[Key, ...]:
    return tuple(Key(name, shape, meaning, required) for name in names)


KEYS = (
    Key("page", Shape.TABLE, "the type area", keys=_each(_MM, Shape.WHOLE, "millimetres, lines or characters")),
    Key("half_points", Shape.TABLE, "sizes of type", keys=_each(_SIZES, Shape.WHOLE, "half points")),
    Key("colour", Shape.TABLE, "colours", keys=_each(("letterhead",), Shape.TEXT, "six hexadecimal digits")),
    Key("fonts", Shape.TABLE, "families by use", keys=_each(_FACES, Shape.TEXTS, "names, the best first")),
    Key("carried", Shape.TABLES, "families that are always here: serif, sans", keys=_CARRIED, least=2),
    Key("words", Shape.TABLE, "words of documents", keys=_each(_WORDS, Shape.TEXT, "in Chinese")),
    Key("english", Shape.TABLE, "their English", keys=_each(_WORDS, Shape.TEXT, "in English", required=False)),
)
# XML 1.0 allows no others, and no printer needs them.
_PHRASE_END = re.compile(
    "[）》”、，：]+(?![）》”、，：])|[的和与及]|(?=[（《“])|(?=关于|工作|情况|进展|报告|方案|通报|通知|请示)| "
)
"""Where a line of a title may end: after marks and particles, before a bracket and before words that titles are made of."""
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Layout:
    """`layout.toml` as read; lengths in millimetres, sizes in points."""

    page: dict[str, int]
    size: dict[str, float]
    colour: dict[str, str]
    fonts: dict[str, list[str]]
    carried: dict[str, str]
    words: dict[str, str]

    @property
    def right(self) -> int:
        """The right margin."""
        return self.page["width"] - self.page["left"] - self.page["type_width"]

    @property
    def bottom(self) -> int:
        """The bottom margin."""
        return self.page["height"] - self.page["top"] - self.page["type_height"]

    @property
    def line_twips(self) -> int:
        """From line to line, in twentieths of a point, rounded down so that all lines fit."""
        return self.page["type_height"] * 1440 * 10 // (254 * self.page["lines"])

    @property
    def character_twips(self) -> int:
        """From character to character, in twentieths of a point, rounded down."""
        return self.page["type_width"] * 1440 * 10 // (254 * self.page["characters"])

    def as_json(self) -> dict[str, Any]:
        """What the PDF's layout reads."""
        return {
            "page": {**self.page, "right": self.right, "bottom": self.bottom},
            "size": self.size,
            "colour": self.colour,
            "fonts": self.fonts,
            "words": self.words,
            "line": self.line_twips / 20,
            "character": self.character_twips / 20,
        }


@cache
def layout(language: str = "zh") -> Layout:
    """The one layout, with the words of the document's language: Chinese, or English for "en"."""
    data = load_pack(Path(__file__).parent / "layout.toml", KEYS).data
    return Layout(
        page=data["page"],
        size={name: half / 2 for name, half in data["half_points"].items()},
        colour=data["colour"],
        fonts=data["fonts"],
        carried={one["name"]: one["known_as"] for one in data["carried"]},
        words=data["words"] | (data["english"] if language == "en" else {}),
    )


def clean(text: str) -> str:
    """Text without the control characters that no document can hold."""
    return _UNPRINTABLE.sub("", text)


def official_date(day: date) -> str:
    """A day as official documents write it: year, month and day in Arabic figures without leading zeros."""
    return layout().words["day"].format(day=day)


def numeral(number: int) -> str:
    """The number before a heading of the first level, from 1 to 99 (GB/T 9704-2012, 7.3.3)."""
    if not 1 <= number <= 99:
        raise ValueError("headings are numbered from 1 to 99")
    digits = layout().words["numerals"]
    tens, ones = divmod(number, 10)
    ten = (digits[tens - 1] if tens > 1 else "") + digits[9] if tens else ""
    return ten + (digits[ones - 1] if ones else "") + layout().words["after_numeral"]


def width_in_characters(text: Text) -> float:
    """How many Chinese characters wide a text is; Latin letters and figures take half of one."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in plain(text))


def title_lines(title: str) -> str:
    """A title in lines broken where a phrase ends: a line that is too long is parted near its middle, never within a word's
    bracket or before a comma. Lines given are kept."""
    fits = layout().page["type_width"] * 72 / 25.4 / layout().size["title"]
    return "\n".join(_parted(line, fits) for line in clean(title).split("\n"))


def _parted(line: str, fits: float) -> str:
    width = width_in_characters(line)
    if width <= fits:
        return line
    ends = [found.end() for found in _PHRASE_END.finditer(line) if 0 < found.end() < len(line)]
    middle = width / -(-width // fits)
    good = [at for at in ends if width_in_characters(line[:at]) <= fits]
    if not good:
        return line
    at = min(good, key=lambda place: abs(width_in_characters(line[:place]) - middle))
    return f"{line[:at].rstrip()}\n{_parted(line[at:], fits)}"


def letterhead_size(text: str) -> float:
    """The size in points at which a letterhead fits on one line, never smaller than the title."""
    size = layout().size
    fits = layout().page["type_width"] * 72 / 25.4 / max(width_in_characters(text), 1)
    return float(max(size["title"], min(size["letterhead"], int(fits))))


def signing_indents(signatures: list[Text], day: Text) -> tuple[list[float], float]:
    """How far from the right edge signatures and day end, in characters: the day four in, a signature centred above it.

    GB/T 9704-2012, 7.3.5.1: a stamped document. A signature longer than that leaves two.
    """
    centre = 4 + width_in_characters(day) / 2
    return [max(2.0, centre - width_in_characters(text) / 2) for text in signatures], 4.0
