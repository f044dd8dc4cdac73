"""Fields in a text that Word wrote: gathered where they are spread over runs, read where typed with Chinese braces. Pure.

And the other way: what a filled text must have so that Word and LibreOffice open it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml has no types
from markupsafe import Markup, escape

from heli.files.documents.layout import clean

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FIELD = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
TRACKED = tuple(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
NEEDS_TEXT = tuple(f"{W}{name}" for name in ("tc", "hdr", "ftr", "txbxContent"))
"""What must not be without a paragraph."""
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_WIDE = {ord(wide): narrow for wide, narrow in zip("｛｝％＃　\u00a0", "{}%#  ", strict=True)}
_INSIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x00A0: " "}
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_LINE = Markup('</w:t><w:br/><w:t xml:space="preserve">')


def parser() -> etree.XMLParser:
    """A parser that fetches nothing and expands nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def own_texts(paragraph: Any) -> list[Any]:
    """The texts of a paragraph in order, without those of text boxes that stand in it and are paragraphs of their own."""
    return [node for node in paragraph.iter(f"{W}t") if next(node.iterancestors(f"{W}p")) is paragraph]


def gather_fields(root: Any) -> list[tuple[int, str]]:
    """Put each field whole into the first of the texts it is spread over, in ordinary letters.

    Returns the paragraphs, by number and text, in which a field stands in a tracked change: what it says is not settled.
    """
    tracked = []
    for number, paragraph in enumerate(root.iter(f"{W}p"), 1):
        nodes = own_texts(paragraph)
        text = "".join(node.text or "" for node in nodes)
        for match in reversed(list(FIELD.finditer(text.translate(_WIDE)))):
            covered = _covered(nodes, *match.span())
            if _is_tracked(paragraph, covered):
                tracked.append((number, text))
                break
            _put(covered, *match.span(), _UNSEEN.sub("", text[match.start() : match.end()]).translate(_INSIDE))
    return tracked


def _covered(nodes: Sequence[Any], start: int, end: int) -> list[tuple[Any, int]]:
    """The texts that a stretch of the paragraph reaches into, with where each begins."""
    found, at = [], 0
    for node in nodes:
        length = len(node.text or "")
        if at < end and at + length > start:
            found.append((node, at))
        at += length
    return found


def _put(covered: Sequence[tuple[Any, int]], start: int, end: int, field: str) -> None:
    for place, (node, at) in enumerate(covered):
        before, after = node.text[: max(start - at, 0)], node.text[max(end - at, 0) :]
        node.text = before + (field if place == 0 else "") + after
        node.set(XML_SPACE, "preserve")


def _is_tracked(paragraph: Any, covered: Sequence[tuple[Any, int]]) -> bool:
    """Whether a field stands in a tracked change, or one stands in the field."""
    first, last = covered[0][0], covered[-1][0]
    if any(True for node, _at in covered for _one in node.iterancestors(*TRACKED)):
        return True
    is_between = False
    for node in paragraph.iter(f"{W}t", *TRACKED):
        if node is first:
            is_between = True
        elif is_between and node.tag in TRACKED:
            return True
        if node is last:
            return False
    return False


def as_text(value: str) -> Markup:
    """A value as it may stand in a text: without signs that no document can hold, its lines kept apart."""
    lines = clean(value).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _LINE.join(escape(line) for line in lines)


def as_rows(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Markup]]:
    """The rows of a list, each value as text."""
    return [{name: as_text(value) for name, value in row.items()} for row in rows]


def mended(text: str) -> str:
    """A filled part with what Word asks for: a paragraph in every cell, header and box, a row in every table.

    A condition or an empty list may have taken the last one out. Raises ValueError for a text that is no longer well formed.
    """
    try:
        root = etree.fromstring(text.encode(), parser())
    except etree.XMLSyntaxError as wrong:
        raise ValueError(str(wrong)) from wrong
    for table in list(root.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            table.getparent().remove(table)
    for holder in _holders(root):
        if not len(holder) or holder[-1].tag != f"{W}p":  # a cell also ends in a paragraph, not in a table
            etree.SubElement(holder, f"{W}p")
    return str(etree.tostring(root, encoding="unicode"))


def _holders(root: Any) -> Iterator[Any]:
    if root.tag in NEEDS_TEXT:
        yield root
    yield from list(root.iterdescendants(*NEEDS_TEXT))
