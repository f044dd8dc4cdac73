"""One description drawn three ways, in the official layout; nothing typed becomes a command."""

import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heli.files.documents import (
    Align,
    Attachment,
    Check,
    Checklist,
    Document,
    Heading,
    PageBreak,
    PaperTable,
    Paragraph,
    Picture,
    Ref,
    Run,
    SignatureBox,
    numeral,
    official_date,
    render_docx,
    render_html,
    render_pdf,
)
from heli.files.documents.layout import layout, signing_indents
from heli.files.documents.pdf import as_data
from heli.files.documents.types import Block

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
COUNT = Ref("村数", "register.villages 第1版，快照 2026-W30", "https://heli.example/figures/villages/")
RATE = Ref("减幅", "merger.reduction 第1版，快照 2026-W30", "/figures/reduction/")
NASTY = 'a #panic("x") *b* $c$ <d> & "e" \\ {{ f }} {% g %} @h `i` //j /*k*/ ]]> \x00\x0b\ud800 ${l} %(m)s'


def full(*blocks: Block, **fields: object) -> Document:
    """A document with everything in it."""
    values: dict[str, Any] = {
        "letterhead": "前锋区民政局文件",
        "number": "前民〔2026〕12号",
        "signer": "张某某",
        "recipient": "区人民政府",
        "attachments": [Attachment("一览表", [Paragraph("附件内容。")]), Attachment("报告", [])],
        "signature": ["前锋区民政局"],
        "date": "2026年11月22日",
        "note": "（联系人：）",
        "copies": "区委办公室",
        "printed_by": "前锋区民政局办公室",
        "printed_on": "2026年11月22日",
        "is_sample": True,
        **fields,
    }
    given_blocks = blocks or (
        Heading(1, "一、基本情况"),
        Paragraph([Run("现有村"), Run("254", ref=COUNT), Run("个，减幅"), Run("54.33%", True, RATE), Run("。")]),
        Paragraph(
            [Run("时间"), Run("　　　　", is_blank=True), Run("，再述"), Run("254", ref=COUNT)], align=Align.LEFT
        ),
        PaperTable(
            ["序号", "村名", "人口"], [["1", "光明村", "1,143"]], aligns=[Align.CENTRE, Align.LEFT, Align.RIGHT]
        ),
        Picture(SVG, "图1 进度"),
        Checklist([Check("已公示", True), Check("已归档")]),
        PageBreak(),
        SignatureBox(["村党组织书记", "村民委员会主任"]),
    )
    return Document(title="关于村级建制调整的请示", blocks=given_blocks, **values)


def part(content: bytes, name: str) -> str:
    """A part of a docx as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def pdf_text(content: bytes) -> str:
    """What a PDF says."""
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


@pytest.fixture(scope="module")
def pdftotext() -> None:
    if not Path("/usr/bin/pdftotext").exists():
        pytest.skip("pdftotext is not installed")


class TestWord:
    def test_the_page_is_the_standards(self) -> None:
        section = docx.Document(io.BytesIO(render_docx(full()))).sections[0]
        margins = [section.top_margin, section.left_margin, section.right_margin, section.bottom_margin]
        lengths = [section.page_width, section.page_height, *margins]
        assert [round(length.mm) for length in lengths if length is not None] == [210, 297, 37, 28, 26, 35]

    def test_twenty_two_lines_of_twenty_eight_characters_fit(self) -> None:
        form = layout()
        twips = 1440 / 25.4
        assert 22 * form.line_twips <= 225 * twips < 23 * form.line_twips
        assert 28 * form.character_twips <= 156 * twips < 29 * form.character_twips

    def test_fonts_and_sizes_are_the_standards(self) -> None:
        styles = docx.Document(io.BytesIO(render_docx(full()))).styles
        for name, font, size in (
            ("Title", "方正小标宋简体", 22),
            ("heading 1", "黑体", None),
            ("heading 2", "楷体_GB2312", None),
        ):
            found = next(style for style in styles if style.name.lower() == name.lower())
            assert f'w:eastAsia="{font}"' in found.element.xml
            assert size is None or found.font.size.pt == size
        assert 'w:eastAsia="仿宋_GB2312"' in part(render_docx(full()), "word/styles.xml")
        assert styles["Normal"].font.size.pt == 16

    def test_every_part_is_well_formed_and_every_style_known(self) -> None:
        content = render_docx(full(Paragraph(NASTY), Heading(2, NASTY), number=NASTY, copies=NASTY))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(archive.read(name))
        for paragraph in docx.Document(io.BytesIO(render_docx(full()))).element.body.iter("{*}pStyle"):
            assert paragraph.values()[0] in part(render_docx(full()), "word/styles.xml")

    def test_the_sample_mark_stands_on_every_page(self) -> None:
        assert "示例数据 / sample" in part(render_docx(full()), "word/header1.xml")
        assert "示例数据" not in part(render_docx(full(is_sample=False)), "word/header1.xml")

    def test_page_numbers_stand_between_dashes_outside(self) -> None:
        content = render_docx(full())
        assert "— </w:t>" in part(content, "word/footer1.xml")
        assert '"right"' in part(content, "word/footer1.xml")
        assert '"left"' in part(content, "word/footer2.xml")
        assert "evenAndOddHeaders" in part(content, "word/settings.xml")

    def test_the_same_document_gives_the_same_bytes(self) -> None:
        assert render_docx(full()) == render_docx(full())

    def test_marks_are_numbered_once_and_lead_to_their_sources(self) -> None:
        text = part(render_docx(full()), "word/document.xml")
        assert text.count('w:anchor="ref1"') == 2
        assert text.count('w:anchor="ref2"') == 1
        assert text.count('w:name="ref1"') == 1
        assert "register.villages 第1版" in text
        assert 'Target="https://heli.example/figures/villages/" TargetMode="External"' in part(
            render_docx(full()), "word/_rels/document.xml.rels"
        )


class TestScreen:
    def test_what_was_typed_is_text(self) -> None:
        page = render_html(full(Paragraph("<script>alert(1)</script>")))
        assert "<script" not in page
        assert "&lt;script&gt;" in page

    def test_a_number_is_a_link_to_what_is_behind_it(self) -> None:
        page = render_html(full())
        assert page.count('href="https://heli.example/figures/villages/"') == 3  # twice in the text, once in the list
        assert 'href="/figures/reduction/"' in page

    def test_a_mark_opens_pages_only(self) -> None:
        with pytest.raises(ValueError, match="opens a page"):
            Ref("x", "y", "javascript:alert(1)")

    def test_a_day_is_not_broken_and_an_address_with_one_stays_whole(self) -> None:
        page = render_html(full(Paragraph([Run("2026-07-24", ref=Ref("x", "y", "/figures/?on=2026-07-24"))])))
        assert '<span class="paper__day">2026-07-24</span>' in page
        assert 'href="/figures/?on=2026-07-24"' in page

    def test_no_style_attribute_offends_the_policy(self) -> None:
        assert "style=" not in render_html(full())


@pytest.mark.usefixtures("pdftotext")
class TestPdf:
    def test_it_says_what_the_document_says(self) -> None:
        said = pdf_text(render_pdf(full()))
        for text in (
            "前锋区民政局文件",
            "前民〔2026〕12号",
            "签发人：张某某",
            "示例数据 / sample",
            "一、基本情况",
            "光明村",
            "附件1",
            "数据出处",
        ):
            assert text in said
        assert "—1—" in said.replace(" ", "")

    def test_what_was_typed_is_text(self) -> None:
        said = pdf_text(render_pdf(full(Paragraph(NASTY))))
        assert '#panic("x")' in said.replace("“", '"').replace("”", '"')
        assert "*b*" in said
        assert "{{ f }}" in said

    def test_fonts_are_embedded(self, tmp_path: Path) -> None:
        (tmp_path / "x.pdf").write_bytes(render_pdf(full()))
        listed = subprocess.run(["pdffonts", tmp_path / "x.pdf"], capture_output=True, check=True, text=True).stdout
        lines = listed.splitlines()[2:]
        assert lines
        assert all(" yes yes yes " in " ".join(line.split()) + " " for line in lines)

    def test_the_same_document_gives_the_same_bytes(self) -> None:
        assert render_pdf(full()) == render_pdf(full())

    def test_a_photo_is_drawn(self) -> None:
        from PIL import Image

        stream = io.BytesIO()
        Image.new("RGB", (20, 10), "teal").save(stream, "JPEG")
        assert render_pdf(full(Picture(stream.getvalue(), "照片"))).startswith(b"%PDF")
        assert docx.Document(io.BytesIO(render_docx(full(Picture(stream.getvalue(), "照片"))))).inline_shapes[0].width

    def test_a_drawing_that_is_none_is_refused(self) -> None:
        with pytest.raises(ValueError, match="drawn"):
            render_pdf(full(Picture(b"<svg", "x")))


class TestLaws:
    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=80))
    def test_any_text_comes_back_from_word(self, text: str) -> None:
        body = docx.Document(io.BytesIO(render_docx(Document(title="t", blocks=[Paragraph(text)])))).paragraphs[1].text
        kept = text.replace("\r\n", "\n").replace("\r", "\n")
        kept = "".join(
            c for c in kept if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
        )
        assert body == kept

    @settings(max_examples=25, deadline=None)
    @given(st.text(max_size=60))
    def test_any_text_can_be_printed_and_shown(self, text: str) -> None:
        document = Document(title=text or "t", blocks=[Paragraph(text), PaperTable([text], [[text]])])
        assert render_pdf(document).startswith(b"%PDF")
        assert "<script" not in render_html(document)


def test_the_day_stands_four_characters_in_and_a_signature_above_its_middle() -> None:
    day = "2026年11月22日"  # eight figures at half a character, three signs: 7 characters
    assert signing_indents(["民政局"], day) == ([4 + 3.5 - 1.5], 4.0)
    assert signing_indents(["一个名称很长很长的村级建制调整领导小组"], day)[0] == [2.0]


def test_a_day_is_written_without_leading_zeros() -> None:
    from datetime import date

    assert official_date(date(2026, 1, 5)) == "2026年1月5日"


def test_headings_are_numbered_in_chinese() -> None:
    assert [numeral(number) for number in (1, 10, 11, 20, 25)] == ["一、", "十、", "十一、", "二十、", "二十五、"]


def test_a_table_whose_rows_do_not_fit_its_heads_is_refused() -> None:
    with pytest.raises(ValueError, match="as many columns"):
        PaperTable(["a", "b"], [["1"]])


def test_a_mark_in_the_head_of_a_table_is_numbered_and_drawn_in_all_three() -> None:
    document = full(PaperTable(["村名", [Run("人口", ref=COUNT)]], [["光明村", "1,143"]]), attachments=[])
    assert COUNT.label in render_html(document)
    assert "[1]" in part(render_docx(document), "word/document.xml")
    assert as_data(document)["blocks"][0]["heads"][1] == [{"t": "人口", "n": 1}]
    assert render_pdf(document).startswith(b"%PDF")


def test_a_text_opens_its_page_on_screen_and_paper_leaves_it() -> None:
    document = full(Paragraph([Run("54.33%", url="/figures/x/")]))
    assert '<a class="number" href="/figures/x/">54.33%</a>' in render_html(document)
    assert "/figures/x/" not in part(render_docx(document), "word/document.xml")
    with pytest.raises(ValueError, match="opens a page"):
        Run("54.33%", url="javascript:alert(1)")


def test_an_english_document_has_english_words_and_a_chinese_one_none_of_them() -> None:
    for language, word, other in (
        ("en", "Sources of the numbers", "数据出处"),
        ("zh", "数据出处", "Sources of the numbers"),
    ):
        document = full(Paragraph([Run("254", ref=COUNT)]), language=language)
        for drawn in (render_html(document), part(render_docx(document), "word/document.xml")):
            assert word in drawn
            assert other not in drawn
    assert render_pdf(full(language="en")).startswith(b"%PDF")
