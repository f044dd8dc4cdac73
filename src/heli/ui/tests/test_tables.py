"""Tables read their state from the address, and what they export is what they show."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from conftest import OnDay
from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from python_calamine import CalamineWorkbook

from heli.kernel.quantities import Ratio
from heli.ui.exports import template_xlsx
from heli.ui.tables import Column, Exceptions, Table


@dataclass(frozen=True)
class Village:
    code: str
    name: str
    town: str
    population: int | None
    founded: date = date(2019, 1, 1)


VILLAGES = [
    Village("511603001201", "大佛村", "大佛寺街道", 2310),
    Village("511603100202", "小井沟村", "观阁镇", 1480),
    Village("511603100203", "<b>=1+1</b>", "观阁镇", None),
    Village("511603101204", "代市村", "代市镇", 990),
]
COLUMNS = [
    Column("name", "Name", link=lambda v: f"/v/{v.code}/"),
    Column("code", "Code", kind="code"),
    Column("town", "Town", filter=True),
    Column("population", "Population", kind="integer", total=True),
    Column("share", "Share", kind="ratio", value=lambda v: Ratio(v.population, 4780) if v.population else None),
]


def table(query: str = "", **changes: Any) -> Table:
    request = RequestFactory().get(f"/list/?{query}")
    settings: dict[str, Any] = {"rows": VILLAGES, "columns": COLUMNS, "search": ("name", "code"), **changes}
    return Table("villages", request, **settings)


def names(query: str, **changes: Any) -> list[str]:
    return [row.name for row in table(query, **changes).page]


def test_rows_come_in_the_given_order_unless_sorted() -> None:
    assert names("") == [v.name for v in VILLAGES]


def test_sorting_puts_missing_values_last_both_ways() -> None:
    assert names("sort=population") == ["代市村", "小井沟村", "大佛村", "<b>=1+1</b>"]
    assert names("sort=-population") == ["大佛村", "小井沟村", "代市村", "<b>=1+1</b>"]


@pytest.mark.parametrize("sort", ["nonsense", "__class__", "-", "population__real"])
def test_an_unknown_sort_is_ignored(sort: str) -> None:
    assert len(names(f"sort={sort}")) == 4


def test_search_needs_every_word_in_some_field() -> None:
    assert names("q=村 202") == ["小井沟村"]


def test_a_choice_filter_narrows_and_an_unknown_choice_matches_nothing() -> None:
    assert names("f_town=代市镇") == ["代市村"]
    assert names("f_town=无") == []


def test_totals_cover_all_pages_of_what_is_found() -> None:
    shown = table("f_town=代市镇", page_size=1)
    assert {c.name: text for c, text in shown.totals or []}["population"] == "990"
    assert {c.name: text for c, text in table("", page_size=1).totals or []}["population"] == "4,780"


@pytest.mark.parametrize("page", ["2", "99", "-1", "x"])
def test_paging_survives_any_page_number(page: str) -> None:
    assert len(names(f"page={page}", page_size=3)) in (1, 3)


def test_a_page_is_some_screens_of_a_phone_and_all_rows_are_one_link_away() -> None:
    many = [Village(f"{n:012d}", f"v{n}", "t", n) for n in range(20_000)]
    assert [len(table("", rows=many, cards=cards).page) for cards in (False, True)] == [40, 15]
    assert table("page=500", rows=many).page.object_list[-1].population == 19_999
    district = table("", rows=many[:254])
    assert district.whole_url == "?rows=all"
    assert len(table("rows=all", rows=many[:254]).page) == 254
    assert not table("rows=all", rows=many[:254]).whole_url


def test_only_the_exceptions_are_shown_when_asked_for_and_none_is_left_out_of_the_file() -> None:
    without = Exceptions("Only what is not counted", lambda village: village.population is None)
    assert [row.code for row in table("only=1", exceptions=without).page] == ["511603100203"]
    assert len(names("", exceptions=without)) == len(names("only=1")) == 4
    assert table("q=村", exceptions=without).only_url == "?q=%E6%9D%91&only=1"
    assert table("only=1", exceptions=without).only_url == "/list/"
    response = table("only=1&export=xlsx", exceptions=without).export_response()
    assert "Only what is not counted" in sheet_of(response)[-1][0]


def test_a_cell_that_says_nothing_is_left_out_of_a_card() -> None:
    html = render_to_string("ui/table.html", {"table": table("", cards=True)})
    assert html.count("is-number is-blank") == 2


def test_two_tables_on_a_page_keep_their_own_state() -> None:
    query = "a-q=代市&q=大佛&a-sort=name"
    assert names(query, prefix="a-") == ["代市村"]
    assert names(query) == ["大佛村"]
    assert "a-q=" in table(query).url(sort="name")


def test_the_page_escapes_what_people_typed() -> None:
    html = render_to_string("ui/table.html", {"table": table("q=<script>alert(1)</script>")})
    assert "<script>" not in html
    html = render_to_string("ui/table.html", {"table": table()})
    assert "<b>=1+1" not in html
    assert "&lt;b&gt;=1+1" in html


def lines(response: HttpResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def sheet_of(response: HttpResponse) -> list[list[Any]]:
    """The rows of the first sheet of an Excel file."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return [list(line) for line in book.get_sheet_by_index(0).to_python()]


def inside(response: HttpResponse) -> str:
    """How the first sheet of an Excel file is set up, as its XML."""
    with zipfile.ZipFile(io.BytesIO(response.content)) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


def test_an_excel_list_has_title_day_unit_source_a_frozen_heading_and_prints_one_page_wide(on_day: OnDay) -> None:
    columns = [*COLUMNS[:3], Column("population", "Population", kind="integer", unit="人")]
    columns.append(Column("code", "Identifier", kind="code", screen=False))
    on_day(datetime(2026, 11, 29, 9, tzinfo=UTC))
    response = table("export=xlsx&f_town=代市镇", caption="各村人口", columns=columns).export_response()
    sheet = sheet_of(response)
    assert sheet[0][0] == "各村人口"
    assert [part in sheet[1][0] for part in ("2026-11-29", "人")] == [True, True]
    assert sheet[2][3] == "Population（人）"
    assert [part in sheet[-1][0] for part in ("http://testserver/list/", "代市镇")] == [True, True]
    xml = inside(response)
    assert 'topLeftCell="A4"' in xml
    assert 'state="frozen"' in xml
    assert 'orientation="landscape"' in xml
    assert 'fitToHeight="0"' in xml
    assert re.findall(r'<col min="(\d)"[^>]*hidden="1"', xml) == ["5"]
    assert [head in str(sheet[2]) for head in ("Code", "Identifier")] == [True, True]


def test_a_list_to_fill_in_begins_with_its_headings() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(template_xlsx("问题", ["村", "事项"], [["大佛村", "=1"]])))
    assert book.get_sheet_by_index(0).to_python() == [["村", "事项"], ["大佛村", "=1"]]


def test_csv_has_a_byte_order_mark_and_no_formulas() -> None:
    rows = [Village("=HYPERLINK(1)", "+cmd|' /C calc'!A0", "@x", -5), Village("\t=1", "－1", "-", None)]
    response = table("export=csv", rows=rows).export_response()
    assert response.content.startswith(b"\xef\xbb\xbf")
    body = lines(response)[1:]
    assert [cell for line in body for cell in line if cell.lstrip()[:1] in set("=+@－")] == []
    assert body[0][3] == "-5"


def test_excel_keeps_numbers_as_numbers_codes_as_text_and_formulas_as_text() -> None:
    response = table("export=xlsx&sort=population", caption="村[表]/1").export_response()
    sheet = sheet_of(response)
    assert sheet[2] == ["Name", "Code", "Town", "Population", "Share"]
    assert sheet[3][:4] == ["代市村", "511603101204", "代市镇", 990]
    assert sheet[-2][0] == "<b>=1+1</b>"
    assert "filename*=UTF-8''" in response["Content-Disposition"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_samples_are_marked_on_every_row(kind: str) -> None:
    response = table(f"export={kind}", sample=True).export_response()
    body: list[list[Any]] = []
    body = lines(response)[1:] if kind == "csv" else sheet_of(response)[3:-1]
    assert {line[-1] for line in body} == {"示例数据 / sample"}


def test_an_export_holds_all_found_rows_not_only_the_page() -> None:
    assert len(lines(table("export=csv&f_town=观阁镇", page_size=1).export_response())) == 3


def test_a_table_without_export_ignores_the_request_for_one() -> None:
    assert table("export=csv", exportable=False).export == ""


@pytest.mark.django_db
def test_a_queryset_is_sorted_searched_and_counted_by_the_database(django_assert_num_queries: Any) -> None:
    from heli.audit.models import Entry  # any model with rows of its own serves

    columns = [
        Column("actor_name", "Actor", filter=True),
        Column("seq", "No.", kind="integer"),
        Column("twice", "Twice", value=lambda e: e.seq * 2),
    ]
    listed = Table("entries", RequestFactory().get("/?sort=-seq&q=a"), Entry.objects.all(), columns, search=("what",))
    with django_assert_num_queries(2):  # the count, and the distinct values of the filter
        assert list(listed.page) == []
    assert not listed.sortable(columns[2])
    assert isinstance(listed.found, QuerySet)
    assert str(listed.found.query).count("ORDER BY") == 1
