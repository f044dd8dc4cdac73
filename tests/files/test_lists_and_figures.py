"""Figures and code lists end to end: what a header says is what is stored, what it does not say is asked and remembered."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.audit.models import Entry
from heli.campaigns.sheets import heads as form_heads
from heli.campaigns.sheets import read_form
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.places import rules
from heli.places.checks import check_invariants
from heli.places.imports import columns, services
from heli.places.imports.queries import read_list
from heli.places.imports.types import ImportKind
from heli.places.models import Fact, PlaceVersion
from heli.places.models_imports import ImportRun
from heli.places.testing import Register, draw_register

from .builders import book, csv_of

pytestmark = pytest.mark.django_db
ON = date(2019, 10, 31)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def drawn() -> Register:
    return draw_register({"代市镇": "甲村 乙村 (丁社区)", "观塘镇": "丙村"})


def bring(drawn: Register, content: bytes, kind: ImportKind = ImportKind.FACTS, **options: Any) -> ImportRun:
    run = services.upload_file(
        actor=SYSTEM, kind=kind, district_id=drawn.district, on=ON, data=content, name="表.xlsx", options=options
    )
    services.check_import(actor=SYSTEM, run=run)
    return run


def errors(run: ImportRun) -> list[str]:
    return [one["code"] for one in run.findings if one["severity"] == "error"]


def said(run: ImportRun) -> list[tuple[str, str, int]]:
    return [(line["measure"], line["said"], line["value"]) for line in run.preview["lines"]]


def read(run: ImportRun) -> dict[str, Any]:
    return {one["code"]: one["facts"] for one in run.preview["read"]}


# -- figures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("集体经济收入（千元）", 155, ("collective_income", "155 千元", 15_500_000)),
        ("集体经济收入（万元）", 15.5, ("collective_income", "15.5 万元", 15_500_000)),
        ("集体经济收入（亿元）", 0.01, ("collective_income", "0.01 亿元", 100_000_000)),
        ("集体经济收入（元）", 155_000, ("collective_income", "155,000 元", 15_500_000)),
        ("面积（亩）", 300, ("area", "300 亩", 20_000_000)),
        ("面积（千公顷）", 0.3, ("area", "0.3 千公顷", 300_000_000)),
        ("面积（km²）", 3, ("area", "3 km2", 300_000_000)),
        ("耕地面积（万亩）", 0.12, ("farmland", "0.12 万亩", 80_000_000)),
        ("户籍人口（万人）", 0.12, ("registered_population", "0.12 万人", 1_200)),
        ("人口（常住）", 1_480, ("resident_population", "1,480", 1_480)),
        ("最远小组到村委会距离（公里）", 2.5, ("farthest_group_distance", "2.5 公里", 2_500)),
        ("面积（平方公里）", "300亩", ("area", "300 亩", 20_000_000)),
    ],
)
def test_the_unit_and_its_multiplier_are_read_and_shown_as_written(
    drawn: Register, header: str, cell: Any, expected: tuple[str, str, int]
) -> None:
    run = bring(drawn, book([["名称", header], ["甲村", cell]]))
    assert (errors(run), said(run)) == ([], [expected])
    services.apply_import(actor=SYSTEM, run=run)
    assert Fact.objects.get().value == expected[2]


@pytest.mark.parametrize("header", ["面积", "集体经济收入", "最远距离"])
def test_a_column_without_a_unit_is_asked_for_it(drawn: Register, header: str) -> None:
    run = bring(drawn, book([["名称", header], ["甲村", 3]]))
    assert errors(run) == ["unit_missing"]
    name = next(iter(set(run.mapping) - {"name"}))
    unit = {"area": "亩", "collective_income": "万元"}.get(name, "米")
    services.map_columns(actor=SYSTEM, run=run, mapping=run.mapping, options={name: unit})
    services.check_import(actor=SYSTEM, run=run)
    assert (errors(run), [one[1] for one in said(run)]) == ([], [f"3 {unit}"])


def test_the_unit_line_above_the_header_holds_where_a_column_has_none(drawn: Register) -> None:
    rows = [["单位：万元、亩"], ["名称", "集体经济收入", "耕地面积", "面积（公顷）"], ["甲村", 15.5, 300, 2]]
    run = bring(drawn, book(rows))
    assert [one[1] for one in said(run)] == ["2 公顷", "300 亩", "15.5 万元"]
    assert read(run)["read_unit_line"] == {"units": "万元、亩"}


def test_a_unit_that_measures_something_else_is_refused(drawn: Register) -> None:
    assert errors(bring(drawn, book([["名称", "面积（户）"], ["甲村", 3]]))) == ["unit_of_other_kind"]
    assert errors(bring(drawn, book([["名称", "面积（亩）"], ["甲村", "3万元"]]))) == ["number_other_unit"]


def test_an_unknown_qualifier_is_asked_and_the_answer_remembered_for_the_next_file(drawn: Register) -> None:
    table = [["名称", "人口（常住）", "户数（脱贫户）"], ["甲村", 1_480, 77]]
    run = bring(drawn, book(table))
    assert errors(run) == ["header_qualifier"]
    with pytest.raises(Refused):
        services.apply_import(actor=SYSTEM, run=run)
    services.map_columns(actor=SYSTEM, run=run, mapping=run.mapping, options={})
    services.check_import(actor=SYSTEM, run=run)
    assert (errors(run), said(run)) == ([], [("resident_population", "1,480", 1_480)])
    assert read(run)["read_not"] == {"headers": "户数（脱贫户）"}
    again = bring(drawn, book(table))
    assert errors(again) == []
    services.map_columns(actor=SYSTEM, run=again, mapping={**again.mapping, "households": 2}, options={})
    services.check_import(actor=SYSTEM, run=again)
    assert ("households", "77", 77) in said(again)


def test_two_years_of_one_measure_are_asked_about(drawn: Register) -> None:
    run = bring(drawn, book([["名称", "2018年户籍人口", "2019年户籍人口"], ["甲村", 1, 2]]))
    assert set(errors(run)) == {"header_years", "measure_column_missing"}
    services.map_columns(actor=SYSTEM, run=run, mapping={"name": 0, "registered_population": 2}, options={})
    services.check_import(actor=SYSTEM, run=run)
    assert [one[2] for one in said(run)] == [2]
    services.map_columns(actor=SYSTEM, run=run, mapping={"name": 0, "registered_population": 1}, options={})
    services.check_import(actor=SYSTEM, run=run)
    assert "header_other_year" in {one["code"] for one in run.findings}


def test_a_month_means_its_last_day_and_is_said(drawn: Register) -> None:
    run = bring(drawn, book([["名称", "户籍人口", "统计日期"], ["甲村", 5, "2020年6月"]]))
    services.apply_import(actor=SYSTEM, run=run)
    assert Fact.objects.get().on == date(2020, 6, 30)
    assert read(run)["read_last_day"] == {"count": 1}


def test_what_was_decided_stands_in_the_trail_of_every_act(drawn: Register) -> None:
    run = bring(drawn, book([["统计表"], ["名称", "户籍人口"], ["甲村", 5], ["合计", 5]]))
    services.apply_import(actor=SYSTEM, run=run)
    acts = [entry.after.get("read") for entry in Entry.objects.filter(what="places.import", subject=run.public_id)]
    assert len([one for one in acts if one]) >= 3
    for one in acts:
        assert one is None or {"read_totals", "read_header_row"} <= {line["code"] for line in one}


def test_the_file_is_read_otherwise_on_demand(drawn: Register) -> None:
    content = book(
        {"name": "一", "rows": [["名称", "户籍人口"], ["甲村", 5]]},
        {"name": "二", "rows": [["名称", "户籍人口"], ["乙村", 6]]},
    )
    run = bring(drawn, content)
    assert len(said(run)) == 2
    assert [line["row"] for line in run.preview["lines"]] == [2, 10_000_002]
    services.read_otherwise(actor=SYSTEM, run=run, reading={"sheets": ["二"]})
    services.check_import(actor=SYSTEM, run=run)
    assert [one[2] for one in said(run)] == [6]
    entry = Entry.objects.filter(subject=run.public_id, after__has_key="reading").get()
    assert entry.after["reading"] == {"sheets": ["二"]}


def test_the_command_says_what_was_decided_and_takes_other_choices(drawn: Register, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(book([["统计表"], ["名称", "人口（女）", "户数"], ["甲村", 5, 2], ["合计", 5, 2]]))
    out, err = StringIO(), StringIO()

    def command(*more: str) -> None:
        given = ("import", "facts", str(path), "--on", "2019-10-31", "--district", "511603")
        call_command(*given, *more, stdout=out, stderr=err)

    with pytest.raises(CommandError):
        command()
    assert "人口（女）" in err.getvalue()
    command("--not-read", "人口（女）")
    assert "（第 4 行）" in out.getvalue()
    assert Fact.objects.get().measure == "households"
    command("--column", "registered_population=人口（女）")
    assert Fact.objects.filter(measure="registered_population", value=5).exists()
    with pytest.raises(CommandError):
        command("--column", "nobody=人口（女）")
    with pytest.raises(CommandError):
        command("--not-read", "无此列")


# -- the page --------------------------------------------------------------------------------------------------------


def test_the_page_asks_shows_what_was_decided_and_reads_otherwise(settings: Any) -> None:
    settings.SECOND_FACTOR = False
    world: World = build_world()
    client = world.client("district_officer")
    content = book([["单位：亩"], ["名称", "面积", "户数（脱贫户）"], ["岩门村", 300, 7]])
    data = {"file": SimpleUploadedFile("表.xlsx", content), "district": world.a.district.public_id, "on": "2019-10-31"}
    answer = client.post(reverse("places:imports:new", kwargs={"kind": "facts"}), data)
    run = ImportRun.objects.get()
    address = reverse("places:imports:columns", args=[run.public_id])
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    page = client.get(address).content.decode()
    for text in ("户数（脱贫户）", "亩", "第 2 行"):
        assert text in page
    assert client.post(address, {"name": "0", "area": "1"}).status_code == 303
    page = client.get(reverse("places:imports:run", args=[run.public_id])).content.decode()
    for text in ("300 亩", "0.20 km²", "没有读取的列：户数（脱贫户）"):
        assert text in page
    assert client.post(address, {"reread": "1", "read-header_row": "3"}).status_code == 303
    run.refresh_from_db()
    assert run.options["reading"]["header_row"] == 3


# -- code lists ------------------------------------------------------------------------------------------------------


def listed(drawn: Register, *rows: list[Any], head: list[str] | None = None) -> ImportRun:
    return bring(drawn, book([head or ["代码", "名称", "乡镇"], *rows]), ImportKind.CODES)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("麦?村委会", "name_damaged"),
        ("大青\ufffd村委会", "name_damaged"),
        ("_水村委会", "name_damaged"),
        ("王□村委会", "name_damaged"),
        ("柳树瞿阝村委会", "name_damaged"),
        ("\ue5f1家村委会", "name_damaged"),
        ("⿰土完村委会", "name_damaged"),
        ("八五一０农场村委会", "name_zero"),
        ("三O一村委会", "name_zero"),
    ],
)
def test_a_damaged_name_is_told_with_row_sign_and_remedy(name: str, code: str) -> None:
    (found,) = rules.check_damaged(name, "3")
    assert (found.code, found.severity, found.source) == (code, "warning", "3")


@pytest.mark.parametrize("name", ["岩门村", "二〇一村委会", "新华5村", "100号村委会", "A区社区", "马家(北)村"])
def test_an_unusual_name_is_no_damaged_one(name: str) -> None:
    assert rules.check_damaged(name) == []


def test_a_list_with_damaged_names_is_taken_with_warnings(drawn: Register) -> None:
    run = listed(drawn, ["511603100200", "甲村", "代市镇"], ["511603100201", "麦?村", "代市镇"])
    assert errors(run) == []
    assert [(one["code"], one["source"]) for one in run.findings if one["severity"] == "warning"] == [
        ("name_damaged", "3")
    ]


def test_a_second_header_row_does_not_hide_the_town(drawn: Register) -> None:
    rows = [["名单"], ["序号", "乡镇街道", "行政区划", None], [None, None, "代码", "名称"]]
    rows += [
        [1, "代市镇", "511603100200", "甲村"],
        [2, "不存在镇", "511603100201", "乙村"],
        ["合计", None, None, "2个村"],
    ]
    run = bring(drawn, book(rows), ImportKind.CODES)
    assert errors(run) == ["row_town_two_names"]
    assert read(run)["read_totals"] == {"rows": "6", "count": 1}


def test_a_short_name_and_its_committees_name_are_one() -> None:
    assert rules.is_same_name("石桥村", "石桥村村民委员会")
    assert rules.is_same_name("石桥社区", "石桥社区居委会")
    assert not rules.is_same_name("石桥村", "石桥社区")
    assert not rules.is_same_name("石桥村", "石桥")


def test_a_missing_code_is_proposed_from_the_register_and_taken_once_confirmed(drawn: Register) -> None:
    codes = dict(PlaceVersion.objects.filter(district_id=drawn.district).values_list("name", "code"))
    rows = [[codes["甲村"], "甲村", "代市镇"], [None, "乙村委会", "代市镇"], [None, "无此村", "代市镇"]]
    run = listed(drawn, *rows)
    assert sorted(errors(run)) == ["code_proposed", "row_code_missing"]
    services.exclude_rows(actor=SYSTEM, run=run, rows=[4], reason="不在本区")
    services.accept_offer(actor=SYSTEM, run=run, offer="fill_codes")
    assert errors(run) == []
    assert read(run)["read_codes_filled"]["count"] == 1
    lines = {line["code"]: line["change"] for line in run.preview["lines"]}
    assert lines[codes["乙村"]] == "unchanged"


def test_two_villages_of_one_name_in_a_township_are_reported() -> None:
    draw_register({"代市镇": "甲村 甲村委会 乙村"})
    found = [one for one in check_invariants() if one.code == "one_name_twice"]
    assert len(found) == 1
    assert "甲" in found[0].message


def test_questions_of_a_code_list_are_asked_before_anything_is_read(drawn: Register) -> None:
    run = listed(drawn, ["511603100200", "甲村", "乙村"], head=["代码", "名称（原）", "名称（现）"])
    assert "column_missing" in errors(run)
    assert columns.recognise(ImportKind.CODES, ["代码（统计局）", "名称（全称）"]) == {"code": 0, "name": 1}


def test_letters_of_a_text_are_said_and_can_be_chosen(drawn: Register) -> None:
    run = bring(drawn, csv_of([["名称", "户籍人口"], ["甲村", 5]], "gb18030"))
    assert read(run)["read_encoding"] == {"encoding": "GB18030"}
    with pytest.raises(Refused):
        services.read_otherwise(actor=SYSTEM, run=run, reading={"encoding": "utf-8"})


# -- ledgers and progress --------------------------------------------------------------------------------------------


def test_two_columns_under_one_heading_of_a_ledger_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_list(book([["村", "问题", "问题"], ["岩门村", "一", "二"]]), "台账.xlsx", ["村", "问题"])
    assert refused.value.faults[0].code == "heading_twice"
    listed = read_list(
        book([["台账"], ["村", "问题", "其他"], ["岩门村", "一", "x"], ["合计", "1"]]), "台账.xlsx", ["村", "问题"]
    )
    assert [row.text("问题") for row in listed.rows] == ["一"]
    assert [one["code"] for one in listed.recorded()] == ["read_header_row", "read_above", "read_totals", "read_not"]
    assert all(listed.said())


def test_two_forms_of_progress_in_one_workbook_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_form(book([form_heads()], [form_heads()]), "进度.xlsx")
    assert refused.value.faults[0].code == "several_forms"
    assert read_form(book([form_heads()], {"name": "旧", "rows": [form_heads()], "hidden": True}), "进度.xlsx") == []
