"""The commonest messy table in a real browser: what was decided is read, what is asked answered, what is stored seen."""

from pathlib import Path

import pytest

from tests.files.builders import book

from .conftest import DESK, PHONE, Meet

pytestmark = pytest.mark.browser

ROWS = [
    ["前锋区各村基本情况（2019年）"],
    ["单位：人、亩"],
    ["代码", "村名", "人口", None, "耕地面积", "户数（脱贫户）"],
    [None, None, "户籍", "常住", None, None],
    ["511603001001", "大桥社区居委会", 1200, 900, 300, 7],
    ["合计", None, 1200, 900, 300, 7],
    ["填表人：李娟"],
]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_officer_sees_and_answers_what_a_messy_table_leaves_open(
    meet: Meet, tmp_path: Path, size: dict[str, int]
) -> None:
    path = tmp_path / "基本情况.xlsx"
    old = {"name": "2018", "rows": [["村名", "户籍人口"], ["岩门村", 1]], "hidden": True}
    path.write_bytes(book(old, {"name": "2019", "rows": ROWS}))
    visitor = meet(size=size)
    page = visitor.sign_in("officer")
    visitor.open("/places/imports/new/facts/")
    page.set_input_files("input[type=file]", path)
    page.fill("input[name=on]", "2019-12-31")
    page.click("main form .button--main")
    page.wait_for_url("**/columns/")
    said = page.inner_text("main")
    for text in (
        "没有读取的隐藏工作表：2018",
        "表头是第 3 至 4 行",
        "单位为 人、亩",
        "第 6 行",
        "第 7 行",
        "户数（脱贫户）",
    ):
        assert text in said
    page.click("main form:not(details form) .button--main")
    page.wait_for_url("**/run/*/")
    said = page.inner_text("main")
    for text in ("没有读取的列：户数（脱贫户）", "300 亩", "0.20 km²"):
        assert text in said
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
