"""A shift is worked: claimed by a member who reported in by consent, confirmed by the village, never by whoever earns."""

from typing import Any

import pytest

from .conftest import Meet, Visitor
from .test_people import press

pytestmark = pytest.mark.browser

VILLAGE, SHIFT = "建新村", "陪老人体检"


def row_named(visitor: Visitor, path: str, name: str) -> Any:
    """The row of a list that has this name, opened."""
    page = visitor.open(path)
    page.locator("main table a", has_text=name).first.click()
    page.wait_for_load_state("networkidle")
    return page


def test_a_shift_is_claimed_by_a_member_and_confirmed_by_the_village(meet: Meet) -> None:
    member = meet("liaison")
    page = member.open("/points/")
    page.select_option("select[name=home]", label=VILLAGE)
    page.check("input[name=consents]")
    press(page, "main form .button--main")
    press(page, f"tr:has-text('{SHIFT}') button")
    assert SHIFT in page.locator("main section").first.inner_text()
    village = meet("village")
    page = row_named(village, "/shifts/", SHIFT)
    page.click("main a:has-text('确认')")
    page.wait_for_load_state("networkidle")
    press(page, "button[value=confirm]")
    account = member.open("/points/").locator("main .stats").first.inner_text()
    assert "6" in account
    assert not member.page.locator("button", has_text="接下").filter(has_text=SHIFT).count()
