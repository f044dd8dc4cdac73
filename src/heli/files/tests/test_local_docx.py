"""A template edited in Word: what it may hold, what is named and where, and that nothing in it runs."""

import io
import zipfile

import docx
import docx.document
import pytest

from heli.files.templating.local_docx import WRITE_HERE, open_form
from heli.files.templating.local_fields import W
from heli.kernel.faults import Refused
from heli.papers.queries.templates import catalogue


def word(*paragraphs: str, **parts: bytes) -> bytes:
    """A Word file with these paragraphs; `parts` are added or replaced, `__` standing for `/`."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    if not parts:
        return stream.getvalue()
    again = io.BytesIO()
    named = {name.replace("__", "/"): content for name, content in parts.items()}
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(again, "w") as new:
        for entry in old.infolist():
            if entry.filename not in named:
                new.writestr(entry, old.read(entry))
        for name, content in named.items():
            new.writestr(name, content)
    return again.getvalue()


def saved(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def codes(content: bytes) -> list[str]:
    """Why a file is refused."""
    with pytest.raises(Refused) as refused:
        open_form(content, catalogue().fields)
    return [fault.code for fault in refused.value.faults]


def said(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def test_fields_lists_and_conditions_are_filled() -> None:
    form = open_form(
        word("致{{ village }}", "{%p if new_village %}", "并入{{ new_village }}", "{%p endif %}"), catalogue().fields
    )
    assert said(form.render({"village": "岩门村", "new_village": "光明村"})) == ["致岩门村", "并入光明村"]
    assert said(form.render({"village": "岩门村"})) == ["致岩门村"]


def test_fields_typed_with_chinese_braces_or_spread_over_runs_are_filled() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("致｛", "｛ vil", "lage ", "}", "}村民"):
        paragraph.add_run(piece)
    document.add_paragraph("｛％p if new_village ％｝")
    document.add_paragraph("并入｛{　new_village　}｝")
    document.add_paragraph("｛％p endif ％｝")
    form = open_form(saved(document), catalogue().fields)
    assert said(form.render({"village": "岩门村", "new_village": "光明村"})) == ["致岩门村村民", "并入光明村"]


def test_a_field_in_a_tracked_change_is_named_with_its_paragraph() -> None:
    document = docx.Document()
    document.add_paragraph("第一段")
    run = document.add_paragraph("村名")._p
    change = run.makeelement(f"{W}ins", {f"{W}id": "1", f"{W}author": "x"})
    change.append(docx.Document().add_paragraph("{{ village }}")._p[-1])
    run.append(change)
    with pytest.raises(Refused) as refused:
        open_form(saved(document), catalogue().fields)
    [fault] = refused.value.faults
    assert fault.code == "tracked_change"
    assert "2" in fault.source
    assert "村名{{ village }}" in fault.source


def test_data_with_control_characters_and_lines_make_a_file_that_opens() -> None:
    form = open_form(word("{{ village }}"), catalogue().fields)
    assert said(form.render({"village": "岩\x00门\x0b村\n二行\ud800"})) == ["岩门村\n二行"]


def test_loops_in_tables_are_kept_and_an_empty_one_leaves_a_file_that_opens() -> None:
    document = docx.Document()
    table = document.add_table(3, 1)
    for row, text in zip(table.rows, ("{%tr for row in members %}", "{{ row.name }}", "{%tr endfor %}"), strict=True):
        row.cells[0].text = text
    document.add_table(1, 1).rows[0].cells[0].text = "{%p if village %}"
    only = document.tables[1].rows[0].cells[0]
    only.add_paragraph("只有知道时")
    only.add_paragraph("{%p endif %}")
    form = open_form(saved(document), catalogue().fields)
    filled = docx.Document(
        io.BytesIO(form.render({"members": [{"name": "岩门\x07村"}, {"name": "光明村"}], "village": "x"}))
    )
    assert [row.cells[0].text for row in filled.tables[0].rows] == ["岩门村", "光明村"]
    assert filled.tables[1].rows[0].cells[0].text == "只有知道时"
    empty = docx.Document(io.BytesIO(form.render({})))
    assert [[cell.text for cell in row.cells] for table in empty.tables for row in table.rows] == [[""]]


def test_an_unknown_fact_becomes_a_line_to_write_on() -> None:
    assert said(open_form(word("致{{ village }}"), catalogue().fields).render({})) == [f"致{WRITE_HERE}"]


def test_what_was_typed_is_text_and_never_a_template() -> None:
    form = open_form(word("{{ village }}"), catalogue().fields)
    assert said(form.render({"village": "<w:p/>&{{ town }}{% for %}"})) == ["<w:p/>&{{ town }}{% for %}"]


def test_a_sample_says_so_above_the_text() -> None:
    assert said(open_form(word("x"), catalogue().fields).render({}, mark="示例数据 / sample"))[0] == "示例数据 / sample"


def test_an_unknown_field_is_named_with_its_paragraph() -> None:
    with pytest.raises(Refused) as refused:
        open_form(word("第一段", "第二段{{ nobody }}", "第三段{{ row.nobody }}"), catalogue().fields)
    first, second = refused.value.faults
    assert "nobody" in first.message
    assert "2" in first.source
    assert "第二段" in first.source
    assert "第三段" in second.source


@pytest.mark.parametrize(
    "text",
    [
        "{{ village.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ village|upper }}",
        "{{ range(9999999) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% include 'x' %}",
        "{% set x = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{% for x in village %}{% endfor %}",
        "{% for row in village %}{% endfor %}",
        "{{ members }}x{{ 7*7 }}",
        "{# comment #}",
        "{{ village",
        "{%p if village == 'x' %}",
    ],
)
def test_nothing_but_fields_is_allowed(text: str) -> None:
    assert set(codes(word(text))) & {"not_allowed", "unclosed", "unknown_field", "template_broken"}


def test_a_tag_spread_over_runs_and_paragraphs_does_not_slip_through() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ village.__cl", "ass__ }", "}"):
        paragraph.add_run(piece)
    stream = io.BytesIO()
    document.save(stream)
    assert codes(stream.getvalue()) == ["not_allowed"]
    assert "unclosed" in codes(word("{{ village.", "__class__ }}"))


def test_a_loop_that_is_not_closed_is_refused() -> None:
    assert codes(word("{%p for row in members %}", "{{ row.name }}")) == ["template_broken"]


def test_a_row_outside_its_loop_and_a_list_as_text_are_refused() -> None:
    assert codes(word("{{ row.name }}")) == ["template_broken"]
    assert codes(word("{{ members }}")) == ["template_broken"]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"word__vbaProject.bin": b"x"}, "macros"),
        ({"word__embeddings__oleObject1.bin": b"x"}, "macros"),
        ({"word__footnotes.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "entities"),
        (
            {
                "word___rels__settings.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                b'relationships"><Relationship Id="a" Type="t" Target="http://evil" TargetMode="External"/></Relationships>'
            },
            "external",
        ),
        (
            {
                "word__footnotes.xml": b'<w:f xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                b"<w:instrText> DDEAUTO c:\\\\x </w:instrText></w:f>"
            },
            "field_code",
        ),
        ({"word__footnotes.xml": b"<f>{{ village }}</f>"}, "field_elsewhere"),
    ],
)
def test_macros_objects_links_and_entities_are_refused(parts: dict[str, bytes], code: str) -> None:
    assert code in codes(word("x", **parts))


def relations(
    attributes: str, namespace: str = "http://schemas.openxmlformats.org/package/2006/relationships"
) -> bytes:
    return f'<Relationships xmlns="{namespace}"><Relationship Id="a" Type="t" {attributes}/></Relationships>'.encode()


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word___rels__settings.xml.rels", relations('Target="http://evil/" TargetMode="EXTERNAL"')),
        ("word___rels__settings.xml.rels", relations('Target="http://evil/" TargetMode=" external "')),
        ("word___rels__settings.xml.rels", relations('Target="file:///etc/passwd"')),
        ("word___rels__settings.xml.rels", relations('Target="\\\\evil\\share"')),
        ("word___rels__settings.xml.RELS", relations('Target="x.dotm" TargetMode="External"')),
        ("word__settings.dat", relations('Target="x.dotm" TargetMode="External"')),
    ],
)
def test_a_link_to_the_outside_is_found_however_it_is_written(part: str, content: bytes) -> None:
    assert codes(word("x", **{part: content})) == ["external"]


def field(code: str, namespace: str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main") -> bytes:
    """A part with Word's own field in it."""
    return f'<w:f xmlns:w="{namespace}"><w:instrText> {code} </w:instrText></w:f>'.encode()


@pytest.mark.parametrize(
    "code",
    [
        'DATE \\@ "yyyy" INCLUDETEXT "c:\\x"',
        "PAGE</w:instrText><w:instrText> INCLUDETEXT x",
        "REF x \\* MERGEFORMAT includepicture",
        'REF "INCLUDETEXT"',
        "DATE\tDDEAUTO c:",
    ],
)
def test_a_field_that_reads_is_found_behind_an_innocent_one(code: str) -> None:
    assert codes(word("x", **{"word__footnotes.xml": field(code)})) == ["field_code"]


def test_a_field_of_the_strict_format_is_found_too_and_the_harmless_ones_stay() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    assert codes(word("x", **{"word__footnotes.xml": field("INCLUDETEXT x", strict)})) == ["field_code"]
    for code in ('DATE \\@ "yyyy年M月d日" \\* MERGEFORMAT', "REF _Ref12 \\h", 'TOC \\o "1-3"', "PAGE"):
        assert open_form(word("x", **{"word__footnotes.xml": field(code)}), catalogue().fields)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-7", "utf-32", "gb18030", "cp500"])
@pytest.mark.parametrize("part", ["word__footnotes.xml", "word__notes.dat"])
def test_a_part_in_another_encoding_is_refused(encoding: str, part: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>甲&b;</a>'
    if encoding == "cp500":
        text = text.replace("甲", "")
    assert set(codes(word("x", **{part: text.encode(encoding)}))) & {"encoding", "entities"}


def test_two_parts_of_one_name_are_refused() -> None:
    assert codes(word("x", **{"word__DOCUMENT.xml": b"<a/>"})) == ["no_docx"]


def test_what_is_no_word_file_or_bursts_is_refused() -> None:
    assert codes(b"no zip") == ["no_docx"]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 70_000_000)
    assert codes(stream.getvalue()) == ["bursts"]
    assert codes(b"x" * 5_000_001) == ["too_large"]
