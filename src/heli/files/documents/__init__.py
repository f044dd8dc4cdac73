"""Documents: described once (`types`), drawn as Word (`render_docx`), PDF (`render_pdf`) and page (`render_html`).

The layout is GB/T 9704-2012, its numbers are in `layout.toml`.
"""

from heli.files.documents.docx import render_docx
from heli.files.documents.faces import PdfNote, pdf_note
from heli.files.documents.html import render_html
from heli.files.documents.layout import numeral, official_date
from heli.files.documents.office import docx_to_pdf, has_office
from heli.files.documents.pdf import render_drawn, render_pdf
from heli.files.documents.types import (
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
    PartSources,
    Picture,
    Ref,
    Run,
    SignatureBox,
    Text,
    plain,
)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"

__all__ = [
    "DOCX",
    "PDF",
    "Align",
    "Attachment",
    "Block",
    "Check",
    "Checklist",
    "Document",
    "Heading",
    "PageBreak",
    "PaperTable",
    "Paragraph",
    "PartSources",
    "PdfNote",
    "Picture",
    "Ref",
    "Run",
    "SignatureBox",
    "Text",
    "docx_to_pdf",
    "has_office",
    "numeral",
    "official_date",
    "pdf_note",
    "plain",
    "render_docx",
    "render_drawn",
    "render_html",
    "render_pdf",
]
