"""A document as Word opens it: the parts are written as text, since the layout is known and thousands are made at once.

Styles carry the layout; a locality that edits the file in Word changes text and finds the layout in the styles.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape

from heli.files.documents.codes import qr_svg
from heli.files.documents.compiling import drawing_as_png
from heli.files.documents.layout import DENSE_FROM, clean, layout, letterhead_size, signing_indents, title_lines
from heli.files.documents.pictures import pixels
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
    Run,
    SignatureBox,
    Text,
    number_refs,
    runs,
)
from heli.files.documents.wordxml import (
    AFTER_TABLE,
    BREAK,
    add_part,
    attribute,
    one_line,
    part_template,
    run_xml,
    table_xml,
    twips,
)

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SIGNING_HEIGHT = 11
"""Millimetres of a line to sign on."""
CODE_SIDE = 15
"""Millimetres of a code to scan."""
EMU = 36_000
"""Word's unit of drawings, per millimetre."""
_JUSTIFY = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right", Align.JUSTIFY: "both"}


def render_docx(document: Document) -> bytes:
    """The document as docx in the official layout. The same document gives the same bytes."""
    return _Writer(document).package()


@cache
def _constant_parts(is_sample: bool) -> tuple[tuple[str, bytes], ...]:
    """The parts that do not change from document to document."""
    form = layout()
    fonts = {key: form.fonts[key][0] for key in ("title", "head", "subhead", "body", "digits", "page_number")}
    values = {
        **{f"{key}_font": value for key, value in fonts.items()},
        **{f"{key}_size": round(size * 2) for key, size in form.size.items()},
        "red": form.colour["letterhead"],
        "line": form.line_twips,
        "character": form.character_twips,
        "tighter": form.character_twips - round(form.size["body"] * 20),
        "indent": 2 * round(form.size["body"] * 20),
        "sample": escape(form.words["sample"]) if is_sample else "",
        "namespaces": NAMESPACES,
        "type_width": twips(form.page["type_width"]),
        "signer_at": twips(form.page["type_width"]) - round(form.size["body"] * 20),
    }
    names = {
        "[Content_Types].xml": "content_types",
        "_rels/.rels": "rels",
        "word/styles.xml": "styles",
        "word/settings.xml": "settings",
        "word/header1.xml": "header",
    }
    found = [(path, part_template(name).substitute(values)) for path, name in names.items()]
    for number, align in ((1, "right"), (2, "left")):
        found.append((f"word/footer{number}.xml", part_template("footer").substitute(values, align=align)))
    return tuple((path, (DECLARATION + text).encode()) for path, text in found)


class _Writer:
    """One document being written: what its marks and pictures are called."""

    def __init__(self, document: Document) -> None:
        self.document, self.form = document, layout(document.language)
        self.numbers = number_refs(document)
        self.pictures: list[tuple[str, bytes]] = []
        self.links: list[str] = []

    def package(self) -> bytes:
        """The whole file."""
        body = "".join(self.body())
        section = part_template("section").substitute(self._section())
        text = f"{DECLARATION}<w:document {NAMESPACES}><w:body>{body}{section}</w:body></w:document>"
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for path, content in _constant_parts(self.document.is_sample):
                add_part(archive, path, content)
            add_part(archive, "docProps/core.xml", self._properties())
            add_part(archive, "word/_rels/document.xml.rels", self._relations())
            add_part(archive, "word/document.xml", text.encode())
            for name, content in self.pictures:
                add_part(archive, f"word/media/{name}", content)
        return stream.getvalue()

    def body(self) -> Iterable[str]:
        """Letterhead, text, attachments, sources, imprint."""
        document = self.document
        yield from self.head()
        yield from self.blocks(document.blocks, stays=True)
        yield from self.named_attachments()
        yield from self.signing()
        if document.note:
            yield self.paragraph("BodyText", document.note)
        for place, attachment in enumerate(document.attachments, 1):
            label = self.form.words["attachment"] + (str(place) if len(document.attachments) > 1 else "")
            yield BREAK
            yield self.paragraph("AttachmentMark", label)
            yield self.paragraph("Title", title_lines(attachment.title))
            yield from self.blocks(attachment.blocks)
        yield from self.sources()
        if document.has_imprint:
            yield self.imprint()

    def head(self) -> Iterable[str]:
        """The red head with number and line, title, recipient."""
        document = self.document
        if document.letterhead:
            size = round(letterhead_size(document.letterhead) * 2)
            run = run_xml(document.letterhead, f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>')
            yield f'<w:p><w:pPr><w:pStyle w:val="Letterhead"/></w:pPr>{run}</w:p>'
            if document.signer:
                # A document that goes upwards: number to the left, signer to the right, both one character in.
                line = [
                    Run("　"),
                    *runs(document.number),
                    Run("\t" + self.form.words["signer"]),
                    *runs(document.signer),
                ]
                yield self.paragraph("NumberAndSigner", line)
            else:
                yield self.paragraph("Number", document.number)
        yield self.paragraph("Title", title_lines(document.title))
        if document.number and not document.letterhead:
            yield self.paragraph("PlainNumber", document.number)
        if document.recipient:
            yield self.paragraph("Recipient", [*runs(document.recipient), Run(self.form.words["colon"])])

    def named_attachments(self) -> Iterable[str]:
        """The attachments named below the text."""
        attachments = self.document.attachments
        words = self.form.words
        for place, attachment in enumerate(attachments, 1):
            number = f"{place}. " if len(attachments) > 1 else ""
            label = words["attachment"] + words["colon"] if place == 1 else "　　　"
            style = "FirstAttachment" if place == 1 else "BodyText"
            yield self.paragraph(style, f"{label}{number}{one_line(attachment.title)}", "<w:keepNext/>")

    def signing(self) -> Iterable[str]:
        """Signing bodies and day."""
        document = self.document
        if not document.signature and not document.date:
            return
        indents, day_indent = signing_indents(list(document.signature), document.date)
        # The gap above belongs to the text; signature and day stay together on one page.
        yield self.paragraph("SignatureGap", "")
        for text, indent in zip(document.signature, indents, strict=True):
            yield self.paragraph("Signature", text, self._from_right(indent))
        yield self.paragraph("Date", document.date, self._from_right(day_indent))

    def _from_right(self, characters: float) -> str:
        return f'<w:ind w:right="{round(characters * self.form.size["body"] * 20)}"/>'

    def sources(self) -> Iterable[str]:
        """The list that says where the marked numbers come from."""
        if not self.numbers:
            return
        yield self.paragraph("NotesHead", self.form.words["notes"])
        for ref, number in self.numbers.items():
            mark = f'<w:bookmarkStart w:id="{number}" w:name="ref{number}"/>{run_xml(f"[{number}] ")}'
            mark += f'<w:bookmarkEnd w:id="{number}"/>'
            parts = "　".join(part for part in (ref.label, ref.text) if part)
            text = run_xml(parts) + (run_xml("　") + self._link(ref.url) if ref.url else "")
            yield f'<w:p><w:pPr><w:pStyle w:val="Notes"/></w:pPr>{mark}{text}</w:p>'

    def _link(self, url: str) -> str:
        if url.startswith("/"):  # of this installation: a path, which Word cannot open
            return run_xml(url)
        self.links.append(url)
        return f'<w:hyperlink r:id="link{len(self.links)}">{run_xml(url)}</w:hyperlink>'

    def blocks(self, blocks: Sequence[Block], *, stays: bool = False) -> Iterable[str]:
        """The blocks in order; `stays`: the last paragraph, and its sources, stay on one page with what follows, the signature."""
        last = len(blocks) - (len(blocks) > 1 and isinstance(blocks[-1], PartSources))
        for place, block in enumerate(blocks, 1):
            last_stays = stays and place >= last
            if isinstance(block, Heading):
                yield self.paragraph(f"Heading{block.level}", block.text)
            elif isinstance(block, Paragraph):
                style = "BodyText" if block.indent else "Normal"
                properties = "<w:keepNext/>" if last_stays else ""
                if block.align is not Align.JUSTIFY:
                    properties += f'<w:jc w:val="{_JUSTIFY[block.align]}"/>'
                yield self.paragraph(style, block.text, properties)
            elif isinstance(block, PaperTable):
                yield from self.table(block)
            elif isinstance(block, Picture):
                yield from self.picture(block, stays=isinstance(next(iter(blocks[place:]), None), PartSources))
            elif isinstance(block, SignatureBox):
                yield self.signature_box(block, stays=last_stays)
            elif isinstance(block, PartSources):
                yield self.part_sources(block, keep="<w:keepNext/>" if last_stays else "")
            elif isinstance(block, Checklist):
                for item in block.items:
                    mark = Run(("☑" if item.is_done else "□") + " ")
                    yield self.paragraph("Check", [mark, *runs(item.text)])
            else:
                yield BREAK

    def paragraph(self, style: str, text: Text, properties: str = "") -> str:
        """A paragraph of a style."""
        inside = "".join(self.run(run) for run in runs(text))
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inside}</w:p>'

    def run(self, run: Run) -> str:
        """A run, and behind it its mark."""
        properties = ("<w:b/>" if run.bold else "") + ('<w:u w:val="single"/>' if run.is_blank else "")
        text = run_xml(run.text, properties)
        if run.ref is None:
            return text
        number = self.numbers[run.ref]
        mark = run_xml(f"[{number}]", '<w:vertAlign w:val="superscript"/>')
        return f'{text}<w:hyperlink w:anchor="ref{number}">{mark}</w:hyperlink>'

    def table(self, table: PaperTable) -> Iterable[str]:
        """A ruled table, heads repeated; an empty line after it keeps two tables apart."""
        if table.caption:
            yield self.paragraph("Caption", table.caption, "<w:keepNext/>")
        dense = len(table.heads) >= DENSE_FROM
        head_style, style = ("TableHeadDense", "TableDense") if dense else ("TableHead", "TableText")
        whole = twips(self.form.page["type_width"])
        widths = [whole * share // sum(table.shares) for share in table.shares]

        def line(style: str, cells: Sequence[Text], aligns: Sequence[Align], properties: str) -> str:
            drawn = "".join(
                self.cell(style, cell, width, align) for cell, width, align in zip(cells, widths, aligns, strict=True)
            )
            return f"<w:tr><w:trPr><w:cantSplit/>{properties}</w:trPr>{drawn}</w:tr>"

        aligns = [table.align_of(column) for column in range(len(widths))]
        centred = [Align.CENTRE] * len(widths)
        rows = [line(head_style, table.heads, centred, "<w:tblHeader/>")]
        height = f'<w:trHeight w:val="{twips(table.height)}"/>' if table.height else ""
        rows += [line(style, row, aligns, height) for row in table.rows]
        yield table_xml(widths, rows)
        yield AFTER_TABLE

    def cell(self, style: str, text: Text, width: int, align: Align, keep: str = "") -> str:
        """A table's cell."""
        inside = self.paragraph(style, text, f'{keep}<w:jc w:val="{_JUSTIFY[align]}"/>')
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{inside}</w:tc>'

    def signature_box(self, box: SignatureBox, *, stays: bool) -> str:
        """A ruled box with a line per role: who signs, and when; on one page, and with what follows if it `stays`."""
        words = self.form.words
        whole = twips(self.form.page["type_width"])
        widths = [whole * 2 // 3, whole - whole * 2 // 3]
        rows = []
        for number, role in enumerate(box.roles, 1):
            keep = "<w:keepNext/>" if stays or number < len(box.roles) else ""
            cells = self.cell("TableText", role + words["sign_here"], widths[0], Align.LEFT, keep)
            cells += self.cell("TableText", words["sign_day"], widths[1], Align.RIGHT, keep)
            height = f'<w:trHeight w:val="{twips(SIGNING_HEIGHT)}"/>'
            rows.append(f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{cells}</w:tr>")
        return table_xml(widths, rows) + (
            AFTER_TABLE.replace("/></w:pPr>", "/><w:keepNext/></w:pPr>") if stays else AFTER_TABLE
        )

    def part_sources(self, block: PartSources, *, keep: str) -> str:
        """The small line, and at its end the code to scan: one paragraph, which stays where Word is told that it stays."""
        if not block.url:
            return self.paragraph("TableDense", block.text, keep)
        self.links.append(block.url)
        said = f'<w:hyperlink r:id="link{len(self.links)}">{run_xml(block.text + chr(9))}</w:hyperlink>'
        code = self.drawing(Picture(qr_svg(block.url).encode(), width=CODE_SIDE, alt=block.url))
        tab = f'<w:tabs><w:tab w:val="right" w:pos="{twips(self.form.page["type_width"])}"/></w:tabs>'
        return f'<w:p><w:pPr><w:pStyle w:val="TableDense"/>{keep}{tab}<w:textAlignment w:val="center"/></w:pPr>{said}{code}</w:p>'

    def picture(self, picture: Picture, *, stays: bool) -> Iterable[str]:
        """A picture with its caption, which `stays` on one page with what follows."""
        keep = "<w:keepNext/>" if picture.caption or stays else ""
        yield f'<w:p><w:pPr><w:pStyle w:val="Picture"/>{keep}</w:pPr>{self.drawing(picture)}</w:p>'
        if picture.caption:
            yield self.paragraph("Caption", picture.caption, "<w:keepNext/>" if stays else "")

    def drawing(self, picture: Picture) -> str:
        """A picture as a run; a drawing becomes a picture of points, which every Word shows."""
        suffix, content = picture.suffix, picture.content
        if suffix == "svg":
            suffix, content = "png", drawing_as_png(content)
        wide, high = pixels(content)
        self.pictures.append((f"picture{len(self.pictures) + 1}.{suffix}", content))
        number = len(self.pictures)
        width = min(picture.width, self.form.page["type_width"])
        height = min(width * high / wide, self.form.page["type_height"] - 30)
        drawing = part_template("picture").substitute(
            number=number,
            width=round(height * wide / high * EMU),
            height=round(height * EMU),
            alt=attribute(picture.alt or picture.caption),
        )
        return f"<w:r>{drawing}</w:r>"

    def imprint(self) -> str:
        """Copies and printing between lines at the foot of the last page."""
        document, words = self.document, self.form.words
        lines = []
        if document.copies:
            lines.append([Run("　" + words["copies"]), *runs(document.copies), Run(words["stop"])])
        if document.printed_by:
            printed = [*runs(document.printed_on), Run(words["printed"] + "　")]
            lines.append([Run("　"), *runs(document.printed_by), Run("\t"), *printed])
        width = twips(self.form.page["type_width"])
        frame = f'<w:framePr w:w="{width}" w:hSpace="0" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin"'
        frame += ' w:xAlign="left" w:yAlign="bottom"/>'
        return "".join(self.paragraph("Imprint", line, frame) for line in lines)

    def _section(self) -> dict[str, int]:
        page = self.form.page
        return {
            **{key: twips(value) for key, value in page.items()},
            "right": twips(self.form.right),
            "bottom": twips(self.form.bottom),
            # The number stands so far below the type area; Word measures from the sheet's edge to its foot.
            "footer": (self.form.bottom - page["number_below"]) * 1440 * 10 // 254
            - round(self.form.size["record"] * 20),
            "line": self.form.line_twips,
        }

    def _properties(self) -> bytes:
        title = escape(clean(one_line(self.document.title)))
        sample = escape(self.form.words["sample"]) if self.document.is_sample else ""
        return (DECLARATION + part_template("core").substitute(title=title, sample=sample)).encode()

    def _relations(self) -> bytes:
        fixed = [("styles", "styles"), ("settings", "settings"), ("header1", "header")]
        fixed += [("footer1", "footer"), ("footer2", "footer")]
        lines = [f'<Relationship Id="{n}" Type="{RELATION}/{kind}" Target="{n}.xml"/>' for n, kind in fixed]
        for number, (name, _content) in enumerate(self.pictures, 1):
            lines.append(f'<Relationship Id="picture{number}" Type="{RELATION}/image" Target="media/{name}"/>')
        for number, url in enumerate(self.links, 1):
            target = f'Target="{attribute(url)}" TargetMode="External"'
            lines.append(f'<Relationship Id="link{number}" Type="{RELATION}/hyperlink" {target}/>')
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        return f'{DECLARATION}<Relationships xmlns="{package}">{"".join(lines)}</Relationships>'.encode()
