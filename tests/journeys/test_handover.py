"""What is asked of villages: a department asks, a village refuses with one tap; and where people of an old village go now."""

import pytest
from playwright.sync_api import expect

from .conftest import DESK, PHONE, Meet

pytestmark = pytest.mark.browser

TASK, VILLAGE = "消防宣传照片上传", "袁江村"
OLD, NEW, SPOT = "茅岭村", "五岭村", "茅岭村原村部一楼"


def test_a_department_asks_a_village_refuses_with_one_tap_and_it_is_a_matter_for_the_office(meet: Meet) -> None:
    page = meet("department").open("/admissions/")
    page.locator("main table a", has_text=TASK).first.click()
    page.locator("button[value=apply]").click()
    expect(page.locator("main")).to_contain_text("已申请")
    page = meet("yuanjiang", size=PHONE).open("/handover/")
    page.locator("main a", has_text=VILLAGE).first.click()
    asked = page.locator("li", has_text=TASK)
    asked.locator("button[value=tap]").click()
    expect(page.locator("main")).to_contain_text(f"拒收：{TASK}")
    expect(asked.locator("button[value=tap]")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    matter = page.locator("li", has_text=TASK).locator("a[href*='/matters/']").get_attribute("href")
    page = meet("centre").open(str(matter))
    expect(page.locator("main h2").first).to_contain_text(TASK)
    expect(page.locator("button[value=file]")).to_have_count(1)


def test_by_the_old_name_a_stranger_finds_where_to_go_now(look: Meet) -> None:
    about = look("centre").open("/handover/").url.rstrip("/").rpartition("/")[2]
    for size in (PHONE, DESK):
        page = look(size=size).open(f"/handover/in/{about}/")
        page.fill("input[name=name]", OLD)
        page.click("main form .button--main")
        found = page.locator("section.where")
        expect(found).to_have_count(1)
        expect(found).to_contain_text(NEW)
        expect(found).to_contain_text(SPOT)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
