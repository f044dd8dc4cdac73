"""What a reader of paper meets: titles break between phrases, sources are a line and a code, no signature stands alone."""

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from heli.files.documents import (
    Attachment,
    Block,
    Document,
    Heading,
    Paragraph,
    PartSources,
    render_docx,
    render_html,
    render_pdf,
)
from heli.files.documents.codes import qr_svg
from heli.files.documents.docx import CODE_SIDE
from heli.files.documents.layout import title_lines

URL = "https://heli.example/figures/reports/abc/#part1"


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("第48周（11.23—11.29）村级建制调整改革进展情况", "第48周（11.23—11.29）\n村级建制调整改革进展情况"),
        ("关于代市镇第48周（11.23—11.29）村级建制调整改革进展情况的通报",
         "关于代市镇第48周（11.23—11.29）\n村级建制调整改革进展情况的通报"),
        ("各镇街进展情况", "各镇街进展情况"),
        ("已经分好\n的两行", "已经分好\n的两行"),
        ("这是一个找不出任何断句之处而又长得放不下公文名", "这是一个找不出任何断句之处而又长得放不下公文名"),
    ],
)  # fmt: skip
def test_a_title_breaks_where_a_phrase_ends(title: str, lines: str) -> None:
    assert title_lines(title) == lines


@pytest.mark.parametrize("title", ["关于" + "很长的名称（示例）和" * 4 + "进展情况的通报", "English words " * 8])
def test_no_line_begins_with_a_mark_and_every_one_fits(title: str) -> None:
    lines = title_lines(title).split("\n")
    assert len(lines) > 1
    assert not any(re.match("[）》”、，：]", line) for line in lines)
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")


def page(*, paragraphs: int) -> Document:
    text = "为优化村级建制布局，整合资源要素，提升乡村治理和公共服务水平，现将有关情况报告如下。"
    body: list[Block] = [
        Heading(1, "一、进度"),
        *(Paragraph(text) for _one in range(paragraphs)),
        PartSources("数据出处：进度", URL),
    ]
    return Document(
        title="报告", blocks=body, attachments=[Attachment("表", [])], signature=["前锋区专班"], date="2026年11月29日"
    )


def word_parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def pages_of(content: bytes, folder: Path) -> list[str]:
    if not Path("/usr/bin/pdftotext").exists():
        pytest.skip("pdftotext is not installed")
    path = folder / "a.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
    return said.split("\f")


@pytest.mark.parametrize("paragraphs", range(6, 13))
def test_a_signature_never_stands_without_text(paragraphs: int, tmp_path: Path) -> None:
    pages = pages_of(render_pdf(page(paragraphs=paragraphs)), tmp_path)
    [signed] = [one for one in pages if "2026年11月29日" in one]
    assert "报告如下" in signed
    assert "数据出处" in signed


def test_sources_are_a_line_and_a_code_on_paper_and_a_link_on_screen() -> None:
    document = page(paragraphs=1)
    assert f'<p class="paper__sources"><a href="{URL}">数据出处：进度</a></p>' in render_html(document)
    parts = word_parts(render_docx(document))
    assert "数据出处：进度" in parts["word/document.xml"]
    assert f'cx="{CODE_SIDE * 36_000}"' in parts["word/document.xml"]
    assert URL in parts["word/_rels/document.xml.rels"]
    plain = Document(title="报告", blocks=[PartSources("数据出处：进度")])
    assert '<p class="paper__sources">数据出处：进度</p>' in render_html(plain)
    assert "word/media/picture1.png" not in word_parts(render_docx(plain))
    with pytest.raises(ValueError, match="whole address"):
        PartSources("x", "/figures/")


def test_a_code_is_drawn_the_same_every_time_and_leaves_its_edge_white() -> None:
    drawn = qr_svg(URL)
    assert drawn == qr_svg(URL) != qr_svg(URL + "2")
    assert min(int(x) for x in re.findall(r"M(\d+) ", drawn)) == 2
