"""Tables as offices write them: read as the plain table is, with every choice said; what cannot be told is asked."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.files.sheets import Choices, Unreadable, lay_out, open_table
from heli.places.imports import cells
from heli.places.imports.columns import header_words, read_headers, recognise
from heli.places.imports.types import ImportKind

from .builders import book, csv_of

FACTS = header_words(ImportKind.FACTS)
HEAD = ["代码", "乡镇", "村名", "户籍人口", "常住人口"]
BODY = [
    ["511603100200", "代市镇", "岩门村", 1200, 900],
    ["511603100201", "代市镇", "大石村", 1300, 1000],
    ["511603101200", "观塘镇", "光明村", 1400, 1100],
]
PLAIN = [HEAD, *BODY]


def laid(content: bytes, known: frozenset[str] = FACTS, **chosen: Any) -> Any:
    return lay_out(open_table(content, "表.xlsx"), "表.xlsx", known=known, choices=Choices(**chosen))


def rows(table: Any) -> list[list[str]]:
    return [[cells.text_of(cell) for cell in row.cells] for row in table.rows]


def decided(table: Any) -> dict[str, Any]:
    return {one.code: one.facts for one in table.decisions}


SAME = [[str(cell) for cell in row] for row in BODY]


# -- sheets ----------------------------------------------------------------------------------------------------------


def test_a_hidden_sheet_is_passed_over_and_named() -> None:
    table = laid(
        book({"name": "2018", "rows": [HEAD, [*BODY[0][:3], 9, 9]], "hidden": True}, {"name": "2019", "rows": PLAIN})
    )
    assert rows(table) == SAME
    assert decided(table) == {"read_sheet": {"sheet": "2019"}, "read_hidden": {"sheets": "2018"}}
    taken = laid(
        book({"name": "2018", "rows": PLAIN, "hidden": True}, {"name": "2019", "rows": PLAIN}), sheets=("2018",)
    )
    assert "read_hidden_taken" in decided(taken)


def test_a_sheet_of_explanations_before_the_list_is_passed_over_and_named() -> None:
    table = laid(book({"name": "说明", "rows": [["填表说明"], ["一村一行"]]}, {"name": "数据", "rows": PLAIN}))
    assert rows(table) == SAME
    assert decided(table)["read_other_sheets"] == {"sheets": "说明"}


def test_sheets_with_one_header_are_read_together_and_rows_say_from_which_they_come() -> None:
    content = book(
        {"name": "代市镇", "rows": [HEAD, *BODY[:2]]},
        {"name": "观塘镇", "rows": [HEAD, BODY[2]]},
        {"name": "汇总", "rows": [["乡镇", "村数"], ["代市镇", 2]]},
    )
    table = laid(content)
    assert [row[:-1] for row in rows(table)] == SAME
    assert [row[-1] for row in rows(table)] == ["代市镇", "代市镇", "观塘镇"]
    assert [row.number for row in table.rows] == [2, 3, 10_000_002]
    assert decided(table)["read_sheets"]["count"] == 2
    assert decided(table)["read_other_sheets"] == {"sheets": "汇总"}
    assert rows(laid(content, sheets=("观塘镇",))) == SAME[2:]


# -- headers ---------------------------------------------------------------------------------------------------------


def test_titles_and_a_unit_line_stand_above_the_header() -> None:
    content = book([["前锋区各村人口统计表（2019年）"], ["单位：人、亩", None, None, None, "2019年10月"], *PLAIN])
    table = laid(content)
    assert (rows(table), table.header_row, table.units) == (SAME, 3, ("人", "亩"))
    assert "前锋区各村人口统计表" in decided(table)["read_above"]["text"]


@pytest.mark.parametrize("line", ["单位：民政局", "填报单位：代市镇人民政府", "单位名称：亩产办"])
def test_a_line_that_names_an_office_gives_no_unit(line: str) -> None:
    assert laid(book([[line], *PLAIN])).units == ()


TWO = [
    [["代码", "乡镇", "村名", "人口", None], [None, None, None, "户籍", "常住"]],
    [["代码", "行政区划", None, "人口（人）", None], [None, "乡镇", "村名", "户籍", "常住"]],
    [["代码", "乡镇", "村名", "户籍人口", "常住人口"], [None, None, None, "（人）", "（人）"]],
]


@pytest.mark.parametrize("head", TWO)
@pytest.mark.parametrize("title", [0, 2])
def test_two_header_rows_are_joined_with_and_without_merged_cells(head: list[list[Any]], title: int) -> None:
    lines: list[list[Any]] = [["统计表"]] * title + head + BODY
    for content in (book(lines), csv_of(lines)):
        table = laid(content)
        assert rows(table) == SAME
        found = recognise(ImportKind.FACTS, table.headers)
        wanted = {"code": 0, "town_name": 1, "name": 2, "registered_population": 3, "resident_population": 4}
        assert found == wanted, table.headers
        assert decided(table)["read_header_rows"] == {"first": title + 1, "last": title + 2}


def test_three_header_rows_with_merged_cells_are_joined() -> None:
    lines = [
        ["代码", "乡镇", "村名", "人口情况", None],
        [None, None, None, "人口", None],
        [None, None, None, "户籍", "常住"],
        *BODY,
    ]
    merged = [(1, 1, 3, 1), (1, 2, 3, 2), (1, 3, 3, 3), (1, 4, 1, 5), (2, 4, 2, 5)]
    table = laid(book({"rows": lines, "merged": merged}))
    assert rows(table) == SAME
    assert (table.header_row, table.header_rows) == (1, 3)


def test_a_row_of_words_below_one_header_row_is_data() -> None:
    lines = [["原村", "新村", None], ["岩门村", "光明村", "备注一"], ["大石村", "光明村", None]]
    table = laid(book(lines), header_words(ImportKind.MERGERS))
    assert rows(table)[0] == ["岩门村", "光明村", "备注一"]


def test_the_header_can_be_chosen_otherwise() -> None:
    lines = [["代码", "村名"], ["编码", "名称"], *[[row[0], row[2]] for row in BODY]]
    assert len(rows(laid(book(lines)))) == 4
    assert laid(book(lines), header_row=2).headers == ("编码", "名称")


# -- rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        ["合计", None, None, 3900, 3000],
        [None, "合  计", None, 3900, 3000],
        [None, "代市镇小计", None, 2500, 1900],
        ["全区总计", None, "3个村", 3900, 3000],
        ["注：常住人口为半年以上"],
        ["填表人：李娟", None, None, "联系电话：2345678"],
        [None, None, "审核人：王强"],
        ["制表单位：民政局"],
    ],
)
@pytest.mark.parametrize("at", [0, 1, 3])
def test_rows_that_add_up_explain_or_sign_are_left_out_and_said(row: list[Any], at: int) -> None:
    lines = [HEAD, *BODY[:at], row, *BODY[at:]]
    for content in (book(lines), csv_of(lines)):
        table = laid(content)
        assert rows(table) == SAME
        said = decided(table)
        assert (said.get("read_totals") or said.get("read_notes")) == {"rows": str(at + 2), "count": 1}
    assert len(rows(laid(book(lines), leave_out=False))) == 4


def test_the_row_that_numbers_the_columns_is_left_out() -> None:
    table = laid(book([HEAD, ["甲", "乙", "丙", 1, 2], *BODY]))
    assert rows(table) == SAME
    assert decided(table)["read_notes"]["count"] == 1


def test_merged_words_and_codes_stand_for_every_row_and_a_figure_for_one() -> None:
    lines = [HEAD, BODY[0], [BODY[1][0], None, *BODY[1][2:4], None], BODY[2]]
    merged = [(2, 2, 3, 2), (2, 5, 3, 5)]
    table = laid(book({"rows": lines, "merged": merged}))
    assert [row[1] for row in rows(table)] == ["代市镇", "代市镇", "观塘镇"]
    assert [row[4] if len(row) > 4 else "" for row in rows(table)] == ["900", "", "1100"]
    assert decided(table)["read_filled"] == {"count": 1}
    assert decided(table)["read_figure_once"] == {"rows": "2–3", "count": 1}
    bare = laid(book({"rows": lines, "merged": merged}), fill_merged=False)
    assert [row[1] for row in rows(bare)] == ["代市镇", "", "观塘镇"]


def test_blanks_are_filled_only_where_somebody_wants_it() -> None:
    lines = [HEAD, BODY[0], [BODY[1][0], None, *BODY[1][2:]], BODY[2]]
    assert [row[1] for row in rows(laid(csv_of(lines)))] == ["代市镇", "", "观塘镇"]
    assert rows(laid(csv_of(lines), fill_blank=True)) == SAME


# -- headers that change meaning ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("户籍人口", "registered_population"),
        ("人口（户籍）", "registered_population"),
        ("人口（常住）", "resident_population"),
        ("常住人口（人）", "resident_population"),
        ("人口·常住", "resident_population"),
        ("2019年末户籍人口（万人）", "registered_population"),
        ("户数（户）", "households"),
        ("面积（平方公里）", "area"),
        ("面积（亩）", "area"),
        ("耕地面积 万亩", "farmland"),
        ("土地（耕地）", ""),
        ("集体经济收入（千元）", "collective_income"),
        ("村（居）民小组", "villager_groups"),
        ("村民小组（个）", "villager_groups"),
    ],
)
def test_the_bracket_decides_the_measure(header: str, field: str) -> None:
    assert recognise(ImportKind.FACTS, [header]) == ({field: 0} if field else {})


@pytest.mark.parametrize(
    "header",
    [
        "户数（脱贫户）",
        "人口（女）",
        "人口·女",
        "面积（建设用地，亩）",
        "建设用地·面积",
        "集体经济收入（经营性，万元）",
        "党员（35岁以下）",
    ],
)
def test_an_unknown_qualifier_is_asked_about(header: str) -> None:
    (read,) = read_headers(ImportKind.FACTS, [header])
    assert (read.field, read.asks) == ("", "qualifier")


def test_one_measure_in_two_columns_is_asked_about() -> None:
    asked = [one.asks for one in read_headers(ImportKind.FACTS, ["代码", "户籍人口", "户籍人口"])]
    assert asked == ["", "twice", "twice"]
    asked = [one.asks for one in read_headers(ImportKind.FACTS, ["代码", "2018年户籍人口", "2019年户籍人口"])]
    assert asked == ["", "years", "years"]
    asked = [one.asks for one in read_headers(ImportKind.CODES, ["代码", "名称", "名称"])]
    assert asked == ["", "twice", "twice"]


# -- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ('="511603100200"', "formula"),
        ("'511603100200", "apostrophe"),
        ("’511603100200", "apostrophe"),
        ("511603100200\u200b", "invisible"),
        ("\ufeff5116\u200d03100200", "invisible"),
        ("５１１６０３１００２００", "wide"),
        ("\u202a511603100200\u202c", "invisible"),
    ],
)
def test_what_nobody_sees_is_removed_and_said(written: str, kind: str) -> None:
    table = laid(book([HEAD, [written, *BODY[0][1:]]]))
    assert rows(table) == SAME[:1]
    assert decided(table)[f"read_cleaned_{kind}"] == {"count": 1, "row": 2, "example": "511603100200"}


@pytest.mark.parametrize(
    ("cell", "day", "is_rounded"),
    [
        ("2020年6月30日", date(2020, 6, 30), False),
        ("2020-06-30 00:00:00", date(2020, 6, 30), False),
        ("截至2020年6月30日", date(2020, 6, 30), False),
        ("二〇二〇年六月三十日", date(2020, 6, 30), False),
        (20200630, date(2020, 6, 30), False),
        ("2020年6月", date(2020, 6, 30), True),
        ("2020年6月底", date(2020, 6, 30), True),
        ("2020.6", date(2020, 6, 30), True),
        ("2020.2", date(2020, 2, 29), True),
        ("2020-06", date(2020, 6, 30), True),
        (2020.6, date(2020, 6, 30), True),
        (2020.12, date(2020, 12, 31), True),
        (202006, date(2020, 6, 30), True),
        ("2020年底", date(2020, 12, 31), True),
        ("2020年", date(2020, 12, 31), True),
        (2020, date(2020, 12, 31), True),
        ("2020年上半年", date(2020, 6, 30), True),
        ("2020年三季度", date(2020, 9, 30), True),
        ("2020年初", date(2020, 1, 1), True),
        ("二〇二〇年十二月", date(2020, 12, 31), True),
    ],
)
def test_days_are_read_as_offices_write_them(cell: Any, day: date, is_rounded: bool) -> None:
    assert cells.day_of(cell) == (day, is_rounded)
    assert cells.date_of(cell) == (None if is_rounded else day)


@pytest.mark.parametrize("cell", [2020.1, "2020年13月", "去年", "2020.6.31", 43646, "", "6月"])
def test_what_may_be_two_days_or_none_is_none(cell: Any) -> None:
    assert cells.day_of(cell)[0] is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><table><tr><td>x</td></tr></table></html>", "file_is_html"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html></html>", "file_is_html"),
        ("<html><meta charset=utf-16><table/></html>".encode("utf-16"), "file_is_html"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "file_is_html"),
        (
            b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook '
            b'xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "file_is_xml",
        ),
        (b"%PDF-1.7\n", "file_is_pdf"),
        (b"\xff\xd8\xff\xe0 jpeg", "file_is_picture"),
        (b"Rar!\x1a\x07", "file_is_archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "excel_locked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "file_is_document"),
    ],
)
def test_what_is_no_table_is_told_as_what_it_is(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        open_table(content, "名单.xls")
    assert unreadable.value.code == code


def test_a_broken_wps_table_is_told_as_one() -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le")
    with pytest.raises(Unreadable) as unreadable:
        open_table(content, "名单.et")
    assert unreadable.value.code == "file_is_et"


# -- every way at once -----------------------------------------------------------------------------------------------


@st.composite
def ways(draw: st.DrawFn) -> tuple[bytes, str]:
    """The plain table written as an office might: titles, two header rows, merged towns, totals, marks, encodings."""
    lines: list[list[Any]] = []
    merged: list[tuple[int, int, int, int]] = []
    for _title in range(draw(st.integers(0, 2))):
        lines.append(["前锋区统计表"])
    if draw(st.booleans()):
        lines.append(["单位：人"])
    lines += draw(st.sampled_from([[HEAD], *TWO]))
    first = len(lines) + 1
    body: list[list[Any]] = [list(row) for row in BODY]
    mark = draw(st.sampled_from(["{}", '="{}"', "'{}", "{}\u200b", "\u200e{}"]))
    for row in body:
        row[0] = mark.format(row[0])
    is_csv = draw(st.booleans())
    if not is_csv and draw(st.booleans()):
        body[1][1] = None
        merged.append((first, 2, first + 1, 2))
    lines += body
    if draw(st.booleans()):
        lines.append(["合计", None, None, 3900, 3000])
    if draw(st.booleans()):
        lines.append(["填表人：李娟"])
    if is_csv:
        return csv_of(lines, draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))), "表.csv"
    others = [{"name": "旧", "rows": [HEAD, ["1", "x", "y", 0, 0]], "hidden": True}] if draw(st.booleans()) else []
    return book(*others, {"name": "新", "rows": lines, "merged": merged}), "表.xlsx"


@given(ways())
def test_a_table_written_in_any_of_these_ways_reads_as_the_plain_one(way: tuple[bytes, str]) -> None:
    table = lay_out(open_table(*way), way[1], known=FACTS)
    found = recognise(ImportKind.FACTS, table.headers)
    assert found == {"code": 0, "town_name": 1, "name": 2, "registered_population": 3, "resident_population": 4}
    assert rows(table) == SAME
