"""The faces of a PDF: which official ones are replaced is said, and a character that none has is named."""

from typing import Any

import pytest

from heli.files.documents import Attachment, Document, PaperTable, Paragraph, faces, pdf_note, render_pdf
from heli.files.documents.faces import CARRIED, is_lacking, lacking
from heli.files.documents.layout import layout

RARE, UNKNOWN, PRIVATE = "\U0002cb4a", "\U0010abcd", "\ue123"


def paper(text: str, **more: Any) -> Document:
    return Document(title="关于村级建制调整的请示", blocks=[Paragraph(text)], **more)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts of its own."""

    class Bare:
        def families(self) -> list[str]:
            return ["Libertinus Serif", *CARRIED]

    monkeypatch.setattr("heli.files.documents.faces.fonts", Bare)
    monkeypatch.setattr("heli.files.documents.faces.faces", faces.faces.__wrapped__)


@pytest.mark.usefixtures("bare")
def test_on_a_machine_without_official_fonts_serif_stands_for_serif_and_sans_for_sans() -> None:
    assert pdf_note(paper("x")).replaced == {
        "方正小标宋简体": "思源宋体",
        "仿宋_GB2312": "思源宋体",
        "楷体_GB2312": "思源宋体",
        "黑体": "思源黑体",
        "宋体": "思源宋体",
    }


def test_a_machine_that_has_an_official_font_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Office:
        def families(self) -> list[str]:
            return ["FangSong", "SimHei", *CARRIED]

    monkeypatch.setattr("heli.files.documents.faces.fonts", Office)
    monkeypatch.setattr("heli.files.documents.faces.faces", faces.faces.__wrapped__)
    assert faces.faces()["body"] == ["FangSong", *CARRIED]
    assert set(pdf_note(paper("x")).replaced) == {"方正小标宋简体", "楷体_GB2312", "宋体"}


def test_every_part_of_the_layout_ends_in_faces_that_are_here() -> None:
    assert set(faces.faces()) == set(layout().fonts)
    assert all(names[-1] in CARRIED and len(set(names)) == len(names) for names in faces.faces().values())


def test_ordinary_and_rare_characters_are_printed_and_what_no_font_has_is_named_once() -> None:
    assert lacking(paper("光明村，254个，54.33%；㙍、龘、龍")) == ""
    assert not is_lacking(RARE)
    document = paper(f"{UNKNOWN}村{PRIVATE}{UNKNOWN}", number=f"前{PRIVATE}", copies="\U0010abce")
    # In reading order: the number stands above the text.
    assert lacking(document) == f"{PRIVATE}{UNKNOWN}\U0010abce"
    assert render_pdf(document).startswith(b"%PDF")


def test_the_character_is_found_wherever_it_stands() -> None:
    for document in (
        Document(title=UNKNOWN, blocks=[]),
        paper("x", attachments=[Attachment("一览表", [PaperTable(["村名"], [[UNKNOWN]])])]),
        paper("x", signature=[UNKNOWN]),
        paper("x", recipient=UNKNOWN),
        paper("x", note=UNKNOWN),
    ):
        assert lacking(document) == UNKNOWN
