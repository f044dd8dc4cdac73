"""Cells as they were meant: without what nobody sees. Every kind of change is counted, so that it can be said."""

import re
import unicodedata

from heli.files.sheets.types import Cell

INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
AS_FORMULA = re.compile(r'\s*=\s*"([^"]*)"\s*')
APOSTROPHE = re.compile(r"\s*['’‘`]\s*(?=\S)")
WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
"""Full-width digits and letters."""


def clean_cell(cell: Cell) -> tuple[Cell, str]:
    """The cell without invisible characters, formula marks and apostrophes, and the kind of change ("" for none)."""
    if not isinstance(cell, str):
        return cell, ""
    text, kind = cell, ""
    if INVISIBLE.search(text):
        text, kind = INVISIBLE.sub("", text), "invisible"
    if match := AS_FORMULA.fullmatch(text):
        text, kind = match[1], "formula"
    if (match := APOSTROPHE.match(text)) and any(letter.isdigit() for letter in text[match.end() : match.end() + 1]):
        text, kind = text[match.end() :], "apostrophe"
    if WIDE.search(text):
        narrow = WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
        if re.fullmatch(r"[\s0-9A-Za-z.,，。\-/:]+", narrow):
            text, kind = narrow, "wide"
    return (text if text.strip() else None) if kind else text, kind
