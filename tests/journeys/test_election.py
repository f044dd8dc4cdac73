"""Polling evening: two clerks key a paper, a third settles where they differ, an officer declares; a stranger reads the result."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import DESK, PHONE, Meet

pytestmark = pytest.mark.browser


def open_sheet(page: Any, unit: str, table: str) -> None:
    page.goto(page.url.split("/assemblies/")[0] + "/assemblies/tally/")
    page.get_by_role("link", name=f"{unit} · {table}", exact=True).click()
    page.wait_for_selector("main button[name=did]")


def key(page: Any, **other: int) -> None:
    """All ballots came back but two invalid ones; half of the valid for the first of each post."""
    issued = int(re.search(r"固定票箱\s*([\d,]+)", page.inner_text("main")).group(1).replace(",", ""))
    numbers = {"box-0": issued, "unreturned": 0, "invalid": 2, "valid": issued - 2}
    for name in page.eval_on_selector_all("main input[name^=votes-]", "all => all.map((one) => one.name)"):
        number = int(name.rsplit("-", 1)[1])
        numbers[name] = (issued - 2) * (70 if number in {1, 3, 5, 6, 7} else 10) // 100
    for name, value in {**numbers, **{name.replace("_", "-"): value for name, value in other.items()}}.items():
        page.fill(f"main input[name={name}]", str(value))
    page.click("main button[name=did][value=key]")


def test_two_keyings_differ_a_third_person_looks_and_the_result_is_declared(meet: Meet) -> None:
    first, second, third = (
        meet("ouhai_clerk1", size=DESK),
        meet("ouhai_clerk2", size=PHONE),
        meet("ouhai_clerk3", size=PHONE),
    )
    # A paper that nobody has keyed: nothing of it is seen by whoever comes second.
    page = first.open("/assemblies/tally/")
    card = page.locator("article.card", has_text="2号计票台").filter(has_text="待录入").first
    unit = card.locator("a").inner_text().split(" · ")[0]
    open_sheet(page, unit, "2号计票台")
    key(page)
    expect(page.locator("article.card", has_text=f"{unit} · 2号计票台").filter(has_text="您已录入")).to_have_count(1)
    page = second.open("/assemblies/tally/")
    open_sheet(page, unit, "2号计票台")
    expect(page.locator("main input[name=valid]")).to_have_value("")
    key(page, votes_chair_1=1)
    # Where they differ, one field is left for a third person.
    page = third.open("/assemblies/tally/")
    open_sheet(page, unit, "2号计票台")
    asked = page.eval_on_selector_all("main form input[inputmode=numeric]", "all => all.map((one) => one.name)")
    assert asked == ["votes-chair-1"]
    page.fill("main input[name=votes-chair-1]", "1")
    page.click("main button[name=did][value=look]")
    expect(page.locator("article.card", has_text=f"{unit} · 2号计票台").filter(has_text="已一致")).to_have_count(1)
    # The unit of the demonstration whose first table waits for a third look: then it can be declared.
    card = page.locator("article.card", has_text="需第三人核定").first
    name = card.locator("a").inner_text().split(" · ")[0]
    card.locator("a").click()
    for field, value in (("votes-chair-1", 180), ("votes-chair-2", 20)):
        page.fill(f"main input[name={field}]", str(value))
    page.click("main button[name=did][value=look]")

    officer = meet("ouhai", size=DESK)
    page = officer.open("/assemblies/elections/")
    page.fill("main input[type=search]", name)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.locator("summary", has_text="宣布选举结果").click()
    form = page.locator("details", has_text="宣布选举结果")
    form.locator("select[name=kin_apart]").select_option("yes")
    form.locator("select[name=one_shoulder]").select_option("no")
    form.locator("button[value=declare]").click()
    page.wait_for_selector("text=已宣布的结果")
    expect(page.locator("#result")).to_contain_text("SHA-256")
    public = page.get_by_role("link", name="公众看到的页面").get_attribute("href")

    for size in (DESK, PHONE):
        page = meet(size=size).open(public or "")
        unit_card = page.locator("details", has_text=name).first
        unit_card.locator("summary").click()
        expect(unit_card).to_contain_text("主任")
        text = page.inner_text("body")
        assert "计票员" not in text
        assert "换届专班" not in text
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
