"""Each role's morning: from the first page to its first act in at most three clicks, and the town's without a mouse."""

from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import DESK, PHONE, Meet

pytestmark = pytest.mark.browser

FIRST_ACTS = {
    "officer": (DESK, ["main a[href*='/statements/']"], "main form button"),
    "officer2": (DESK, ["main a[href^='/problems/']"], "main form button[type=submit], main form .button"),
    "town": (DESK, [], "main button[value=accept]"),
    "village": (PHONE, ["main a[href*='/p/']"], "main button[value=submit]"),
    "liaison": (DESK, ["main a[href^='/problems/']"], "main form button[type=submit], main form .button"),
    "auditor": (DESK, ["main a[href='/audit/']"], "form[action$='/audit/verify/'] button"),
    "admin": (DESK, ["main a[href='/accounts/']"], "main a[href='/accounts/add/']"),
}
"""Role -> the screen they have, what they click from the first page on, what they then do."""


@pytest.mark.parametrize("role", FIRST_ACTS)
def test_the_first_act_is_at_most_three_clicks_from_the_first_page(look: Meet, role: str) -> None:
    size, clicks, act = FIRST_ACTS[role]
    page = look(role, size=size).page
    assert len(clicks) < 3
    for selector in clicks:
        page.locator(selector).first.click()
        page.wait_for_load_state()
    page.locator(act).first.wait_for()


def focused(page: Any) -> str:
    """What the keyboard stands on: its name or value, and its words."""
    said = "((one) => `${one.id} ${one.getAttribute('href') ?? ''} ${one.value ?? ''} ${one.innerText}`)"
    return str(page.evaluate(f"{said}(document.activeElement)"))


def tab_to(page: Any, wanted: str, most: int) -> int:
    """Press Tab until something stands there; how many times."""
    for pressed in range(1, most + 1):
        page.keyboard.press("Tab")
        if wanted in focused(page):
            return pressed
    pytest.fail(f"{wanted} was not reached by {most} times Tab, the last was {focused(page)}")


def test_the_town_judges_a_step_without_a_mouse(meet: Meet) -> None:
    town = meet("")
    page = town.open("/account/sign-in/")
    tab_to(page, "id_login", 8)
    page.keyboard.type("town")
    page.keyboard.press("Tab")
    page.keyboard.type(town.site.passwords["town"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{town.site.url}/")
    # The first Tab offers to skip the navigation.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, "accept", 6)
    # The list of all that waits is walked with j and k and opened with Enter.
    page = town.open("/inbox/?f_kind=campaigns.judge")
    before = page.locator(".steps__line, main tbody tr").count()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/campaigns/c/**")
    step = page.url
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, "accept", 25)
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    expect(town.open(step.removeprefix(town.site.url)).locator(".timeline")).to_contain_text("已通过")
    page = town.open("/inbox/?f_kind=campaigns.judge")
    assert page.locator(".steps__line, main tbody tr").count() <= before
