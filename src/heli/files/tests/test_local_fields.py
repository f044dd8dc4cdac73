"""Fields as Word leaves them: spread over runs, typed with Chinese braces, in tracked changes; and texts that open again."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]  # lxml has no types

from heli.files.templating.local_fields import W, as_rows, as_text, gather_fields, mended, own_texts

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def paragraph(*pieces: str) -> str:
    """A paragraph: a piece is a run's text, or what stands between runs when it begins with "<"."""
    runs = (piece if piece.startswith("<") else f"<w:r><w:t>{piece}</w:t></w:r>" for piece in pieces)
    return f"<w:p>{''.join(runs)}</w:p>"


def body(*paragraphs: str) -> str:
    return f"<w:document {SPACE}><w:body>{''.join(paragraphs)}</w:body></w:document>"


def gathered(*paragraphs: str) -> tuple[list[str], list[tuple[int, str]]]:
    """The texts of every run afterwards, and what stands in tracked changes."""
    root = etree.fromstring(body(*paragraphs))
    tracked = gather_fields(root)
    return [node.text or "" for node in root.iter(f"{W}t")], tracked


@pytest.mark.parametrize(
    ("pieces", "texts"),
    [
        (("甲{{ vil", "lage }}乙",), ["甲{{ village }}", "乙"]),
        (("{", "{", " village ", "}", "}"), ["{{ village }}", "", "", "", ""]),
        (("{{ village }}{{ to", "wn }}"), ["{{ village }}{{ town }}", ""]),
        (("{{", '<w:proofErr w:type="spellStart"/>', "town", '<w:bookmarkStart w:id="1"/>', "}}"), ["{{town}}", "", ""]),
        (("｛｛ village ｝｝",), ["{{ village }}"]),
        (("｛{ village }｝",), ["{{ village }}"]),
        (("｛｛　ｖillage＿name　｝", "｝"), ["{{ village_name }}", ""]),
        (("｛％p if town ％｝",), ["{%p if town %}"]),
        (("{{ vil\u200blage\ufeff }}",), ["{{ village }}"]),
        (("（甲）｛乙｝",), ["（甲）｛乙｝"]),
        (("100％，｛｝",), ["100％，｛｝"]),
    ],
)  # fmt: skip
def test_a_field_stands_whole_in_the_first_of_its_texts(pieces: tuple[str, ...], texts: list[str]) -> None:
    assert gathered(paragraph(*pieces)) == (texts, [])


@pytest.mark.parametrize("change", ["ins", "del", "moveTo", "moveFrom"])
def test_a_field_in_a_tracked_change_is_named_by_its_paragraph(change: str) -> None:
    text = "delText" if change in ("del", "moveFrom") else "t"
    half = f'<w:{change} w:id="1" w:author="x"><w:r><w:{text}>lage</w:{text}></w:r></w:{change}>'
    first = paragraph("先前")
    assert gathered(first, paragraph("村名{{ vil", half, " }}"))[1][0][0] == 2
    whole = f'<w:{change} w:id="1" w:author="x"><w:r><w:t>{{{{ village }}}}</w:t></w:r></w:{change}>'
    assert gathered(first, paragraph("村名", whole))[1] == [(2, "村名{{ village }}")]


def test_a_tracked_change_beside_a_field_is_nobodys_concern() -> None:
    change = '<w:ins w:id="1" w:author="x"><w:r><w:t>加</w:t></w:r></w:ins>'
    assert gathered(paragraph("{{ village }}", change, "{{ town }}"))[1] == []


def test_a_text_box_is_a_paragraph_of_its_own() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('{{ to', 'wn }}')}</w:txbxContent></w:pict></w:r>"
    texts, tracked = gathered(paragraph("{{ vil", box, "lage }}"))
    assert texts == ["{{ village }}", "{{ town }}", "", ""]
    assert tracked == []
    root = etree.fromstring(body(paragraph("外", box)))
    assert [node.text for node in own_texts(next(root.iter(f"{W}p")))] == ["外"]


@given(st.lists(st.integers(1, 30), max_size=6), st.booleans())
def test_however_a_text_is_cut_into_runs_its_fields_are_the_same(cuts: list[int], wide: bool) -> None:
    text = "村{{ village }}属{{ town }}。{%p if district %}"
    typed = text.translate({ord("{"): "｛", ord("}"): "｝"}) if wide else text
    edges = [0, *sorted({cut for cut in cuts if cut < len(typed)}), len(typed)]
    pieces = [typed[start:end] for start, end in pairwise(edges)]
    texts, tracked = gathered(paragraph(*pieces))
    assert "".join(texts) == text
    assert tracked == []
    for field in ("{{ village }}", "{{ town }}", "{%p if district %}"):
        assert sum(field in one for one in texts) == 1


def test_values_hold_no_control_characters_and_keep_their_lines() -> None:
    assert str(as_text("甲\x00\x0b<乙>\n丙")) == '甲&lt;乙&gt;</w:t><w:br/><w:t xml:space="preserve">丙'
    assert str(as_rows([{"name": "a\x1f&b"}])[0]["name"]) == "a&amp;b"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<w:tbl><w:tr><w:tc/></w:tr></w:tbl>", "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"),
        ("<w:tbl><w:tblPr/></w:tbl><w:p/>", "<w:p/>"),
        (
            "<w:tbl><w:tr><w:tc><w:tbl><w:tblPr/></w:tbl></w:tc></w:tr></w:tbl>",
            "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
        ),
        ("<w:p><w:r><w:txbxContent/></w:r></w:p>", "<w:p><w:r><w:txbxContent><w:p/></w:txbxContent></w:r></w:p>"),
        ("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>", "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"),
    ],
)
def test_what_a_condition_or_an_empty_list_took_out_is_put_back(inside: str, expected: str) -> None:
    assert mended(body(inside)) == body(expected)


def test_an_empty_header_gets_its_paragraph_and_a_broken_text_is_told() -> None:
    assert mended(f"<w:hdr {SPACE}/>") == f"<w:hdr {SPACE}><w:p/></w:hdr>"
    with pytest.raises(ValueError, match="mismatch"):
        mended(f"<w:hdr {SPACE}><w:p></w:r></w:hdr>")
