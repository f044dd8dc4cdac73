"""A document as PDF: one compiler kept for the process, the document handed to `layout.typ` as data.

Only data pass, never markup, so that nothing typed anywhere can be read as a command. Fonts are embedded as subsets.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from heli.files.documents.codes import qr_svg
from heli.files.documents.compiling import compiled, printed
from heli.files.documents.faces import faces, thickened
from heli.files.documents.layout import DENSE_FROM, clean, layout, letterhead_size, signing_indents, title_lines
from heli.files.documents.types import (
    Block,
    Checklist,
    Document,
    Heading,
    PaperTable,
    Paragraph,
    PartSources,
    Picture,
    Ref,
    SignatureBox,
    Text,
    number_refs,
    runs,
)


def render_pdf(document: Document) -> bytes:
    """The document as PDF in the official layout, fonts embedded. The same document gives the same bytes."""
    values = {"layout": _layout_json(document.language), "document": json.dumps(as_data(document), ensure_ascii=False)}
    return compiled(_source(), "pdf", values)


def render_drawn(source: bytes, data: Mapping[str, Any]) -> bytes:
    """Pages of a layout of their own, with the faces of the official one: the source reads `layout` and `data` as JSON inputs.

    The same data give the same bytes. Raises ValueError when they cannot be drawn.
    """
    values = {"layout": _layout_json("zh"), "data": json.dumps(_cleaned(data), ensure_ascii=False)}
    return compiled(source, "pdf", values)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: _cleaned(each) for key, each in value.items()}
    return [_cleaned(each) for each in value] if isinstance(value, list | tuple) else value


@cache
def _source() -> bytes:
    return (Path(__file__).parent / "layout.typ").read_bytes()


@cache
def _layout_json(language: str) -> str:
    form = layout(language).as_json() | {"fonts": faces(), "thickened": thickened()}
    return json.dumps(form, ensure_ascii=False)


def as_data(document: Document) -> dict[str, Any]:
    """The document as `layout.typ` reads it."""
    numbers = number_refs(document)
    indents, day_indent = signing_indents(list(document.signature), document.date)
    return {
        "title": title_lines(document.title),
        "language": document.language,
        "sample": document.is_sample,
        "letterhead": clean(document.letterhead),
        "letterhead_size": letterhead_size(document.letterhead),
        "number": _runs(document.number, numbers),
        "signer": _runs(document.signer, numbers),
        "recipient": _runs(document.recipient, numbers),
        "blocks": _blocks(document.blocks, numbers),
        "attachments": [
            {"title": title_lines(attachment.title), "blocks": _blocks(attachment.blocks, numbers)}
            for attachment in document.attachments
        ],
        "signature": [
            {"text": _runs(text, numbers), "right": right}
            for text, right in zip(document.signature, indents, strict=True)
        ],
        "date": _runs(document.date, numbers),
        "date_right": day_indent,
        "note": _runs(document.note, numbers),
        "copies": _runs(document.copies, numbers),
        "printed_by": _runs(document.printed_by, numbers),
        "printed_on": _runs(document.printed_on, numbers),
        "refs": [
            {"text": clean("　".join(part for part in (ref.label, ref.text) if part)), "url": clean(ref.url)}
            for ref in numbers
        ],
    }


def _runs(text: Text, numbers: dict[Ref, int]) -> list[dict[str, Any]]:
    found = []
    for run in runs(text):
        if not run.text and run.ref is None:
            continue
        one: dict[str, Any] = {"t": clean(run.text)}
        if run.bold:
            one["b"] = True
        if run.is_blank:
            one["k"] = True
        if run.ref is not None:
            one["n"] = numbers[run.ref]
        found.append(one)
    return found


def _blocks(blocks: Sequence[Block], numbers: dict[Ref, int]) -> list[dict[str, Any]]:
    return [_block(block, numbers) for block in blocks]


def _block(block: Block, numbers: dict[Ref, int]) -> dict[str, Any]:
    found: dict[str, Any]
    match block:
        case Heading():
            found = {"kind": "heading", "level": block.level, "text": _runs(block.text, numbers)}
        case Paragraph():
            text = _runs(block.text, numbers)
            found = {"kind": "paragraph", "text": text, "indent": block.indent, "align": block.align.value}
        case PaperTable():
            found = _table(block, numbers)
        case Picture():
            width = min(block.width, layout().page["type_width"])
            caption, alt = clean(block.caption), clean(block.alt or block.caption)
            found = {"kind": "picture", "svg": _drawing(block), "caption": caption, "width": width, "alt": alt}
        case SignatureBox():
            found = {"kind": "signatures", "roles": [clean(role) for role in block.roles]}
        case Checklist():
            items = [{"text": _runs(item.text, numbers), "done": item.is_done} for item in block.items]
            found = {"kind": "checks", "items": items}
        case PartSources():
            code = qr_svg(block.url) if block.url else ""
            found = {"kind": "sources", "text": clean(block.text), "url": block.url, "code": code}
        case _:
            found = {"kind": "break"}
    return found


def _table(table: PaperTable, numbers: dict[Ref, int]) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": clean(table.caption),
        "height": table.height,
        "heads": [_runs(head, numbers) for head in table.heads],
        "rows": [[{"runs": _runs(cell, numbers)} for cell in row] for row in table.rows],
        "widths": list(table.shares),
        "aligns": [_cell_align(table, column) for column in range(len(table.heads))],
        "size": "dense_table" if len(table.heads) >= DENSE_FROM else "table",
    }


def _cell_align(table: PaperTable, column: int) -> str:
    align = table.align_of(column).value
    return "left" if align == "justify" else align


def _drawing(picture: Picture) -> str:
    """A picture as the text of a drawing: a photo is wrapped in one, since only text passes to the compiler."""
    if picture.suffix == "svg":
        return printed(picture.content.decode())
    from heli.files.documents.pictures import pixels

    wide, high = pixels(picture.content)
    encoded = base64.b64encode(picture.content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}">'
        f'<image width="{wide}" height="{high}" href="data:image/{picture.suffix};base64,{encoded}"/></svg>'
    )
