"""A document as a fragment of a page: the same text and order, no layout of paper. Marks are links."""

import base64
import re
from collections.abc import Iterable, Sequence
from html import escape

from heli.files.documents.layout import clean, layout
from heli.files.documents.types import (
    Align,
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

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
"""Days, which are not broken at their hyphens."""


def render_html(document: Document) -> str:
    """The document as `<article class="paper">`; everything typed is escaped. Styles: `ui/css/paper.css`.

    The heading is an `<h2>`, since the page around it has its own `<h1>`.
    """
    return "".join(_Page(document).parts())


def _escape(text: str) -> str:
    return escape(clean(text)).replace("\n", "<br>")


class _Page:
    def __init__(self, document: Document) -> None:
        self.document, self.numbers, self.words = document, number_refs(document), layout(document.language).words
        self.parts_begun = 0

    def parts(self) -> Iterable[str]:
        """The article from mark to imprint."""
        document, words = self.document, self.words
        language = "zh-Hans" if document.language == "zh" else document.language
        yield f'<article class="paper" lang="{escape(language)}">'
        if document.is_sample:
            yield f'<p class="paper__sample">{escape(words["sample"])}</p>'
        if document.letterhead:
            yield f'<p class="paper__letterhead">{_escape(document.letterhead)}</p>'
        if document.number or document.signer:
            signer = f"<span>{escape(words['signer'])}{self.text(document.signer)}</span>" if document.signer else ""
            line = " paper__number--lined" if document.letterhead else ""
            yield f'<p class="paper__number{line}"><span>{self.text(document.number)}</span>{signer}</p>'
        yield f'<h2 class="paper__title">{_escape(document.title)}</h2>'
        if document.recipient:
            yield f"<p>{self.text(document.recipient)}{words['colon']}</p>"
        yield from self.blocks(document.blocks)
        if document.attachments:
            titles = "".join(f"<li>{_escape(one.title)}</li>" for one in document.attachments)
            yield f'<div class="paper__attachments"><p>{words["attachment"]}{words["colon"]}</p><ol>{titles}</ol></div>'
        if document.signature or document.date:
            lines = [*document.signature, document.date]
            yield f'<div class="paper__signed">{"".join(f"<p>{self.text(line)}</p>" for line in lines)}</div>'
        if document.note:
            yield f'<p class="paper__indent">{self.text(document.note)}</p>'
        for number, attachment in enumerate(document.attachments, 1):
            yield f'<hr><h2 class="paper__title" id="attachment{number}">{_escape(attachment.title)}</h2>'
            yield from self.blocks(attachment.blocks)
        yield from self.sources()
        if document.has_imprint:
            yield '<footer class="paper__imprint">'
            if document.copies:
                yield f"<p>{words['copies']}{self.text(document.copies)}{words['stop']}</p>"
            if document.printed_by:
                printed = f"{self.text(document.printed_on)}{words['printed']}"
                yield f"<p><span>{self.text(document.printed_by)}</span><span>{printed}</span></p>"
            yield "</footer>"
        yield "</article>"

    def sources(self) -> Iterable[str]:
        """Where the marked numbers come from."""
        if not self.numbers:
            return
        yield f'<section class="paper__notes"><h3>{self.words["notes"]}</h3><ol>'
        for ref, number in self.numbers.items():
            said = _escape("　".join(part for part in (ref.label, ref.text) if part))
            yield f'<li id="ref{number}">{_anchor(ref, said)}</li>'
        yield "</ol></section>"

    def blocks(self, blocks: Sequence[Block]) -> Iterable[str]:
        """The blocks in order."""
        for block in blocks:
            if isinstance(block, Heading):
                anchor = ""
                if block.level == 1:
                    self.parts_begun += 1
                    anchor = f' id="part{self.parts_begun}"'
                yield f'<h{block.level + 2} class="paper__heading"{anchor}>{self.text(block.text)}</h{block.level + 2}>'
            elif isinstance(block, Paragraph):
                classes = ["paper__indent"] if block.indent else []
                classes += [f"paper__{block.align.value}"] if block.align is not Align.JUSTIFY else []
                shown = f' class="{" ".join(classes)}"' if classes else ""
                yield f"<p{shown}>{self.text(block.text)}</p>"
            elif isinstance(block, PaperTable):
                yield self.table(block)
            elif isinstance(block, Picture):
                yield _picture(block)
            elif isinstance(block, SignatureBox):
                rows = "".join(
                    f"<tr><td>{_escape(role)}{self.words['sign_here']}</td><td>{self.words['sign_day']}</td></tr>"
                    for role in block.roles
                )
                yield f'<table class="paper__sign"><tbody>{rows}</tbody></table>'
            elif isinstance(block, PartSources):
                said = f'<a href="{escape(block.url)}">{_escape(block.text)}</a>' if block.url else _escape(block.text)
                yield f'<p class="paper__sources">{said}</p>'
            elif isinstance(block, Checklist):
                items = "".join(
                    f"<li>{'☑' if item.is_done else '□'} {self.text(item.text)}</li>" for item in block.items
                )
                yield f'<ul class="paper__checks">{items}</ul>'
            else:
                yield "<hr>"

    def text(self, text: Text) -> str:
        """Runs with bold, blanks and marks."""
        shown = []
        for run in runs(text):
            one = _DAY.sub(r'<span class="paper__day">\g<0></span>', _escape(run.text))
            if run.bold:
                one = f"<strong>{one}</strong>"
            if run.url:
                one = f'<a class="number" href="{escape(run.url)}">{one}</a>'
            if run.is_blank:
                one = f'<span class="paper__blank">{one}</span>'
            if run.ref is not None:
                one += f'<sup class="paper__mark">{_anchor(run.ref, f"[{self.numbers[run.ref]}]", titled=True)}</sup>'
            shown.append(one)
        return "".join(shown)

    def table(self, table: PaperTable) -> str:
        """A table that scrolls by itself where the screen is narrow."""
        caption = f"<caption>{_escape(table.caption)}</caption>" if table.caption else ""
        heads = "".join(f'<th scope="col">{self.text(head)}</th>' for head in table.heads)
        numeric = [' class="is-number"' if table.align_of(i) is Align.RIGHT else "" for i in range(len(table.heads))]
        rows = "".join(
            "<tr>"
            + "".join(f"<td{kind}>{self.text(cell)}</td>" for kind, cell in zip(numeric, row, strict=True))
            + "</tr>"
            for row in table.rows
        )
        label = escape(clean(table.caption or self.document.title).replace("\n", ""))
        return (
            f'<div class="paper__scroll" tabindex="0" role="group" aria-label="{label}"><table class="paper__table">'
            f"{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def _anchor(ref: Ref, text: str, *, titled: bool = False) -> str:
    """A link to where the number is opened; where it opens nothing, text."""
    said = f' title="{_escape(f"{ref.label} {ref.text}".strip())}"' if titled else ""
    return f'<a href="{escape(ref.url)}"{said}>{text}</a>' if ref.url else f"<span{said}>{text}</span>"


def _picture(picture: Picture) -> str:
    kind = {"svg": "svg+xml"}.get(picture.suffix, picture.suffix)
    encoded = base64.b64encode(picture.content).decode()
    alt = _escape(picture.alt or picture.caption)
    caption = f"<figcaption>{_escape(picture.caption)}</figcaption>" if picture.caption else ""
    # As an image no script in a drawing runs.
    return (
        f'<figure class="paper__picture"><img src="data:image/{kind};base64,{encoded}" alt="{alt}">{caption}</figure>'
    )
