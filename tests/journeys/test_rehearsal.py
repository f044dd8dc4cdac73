"""Polling day rehearsed on a phone: a slider is moved and the page says what it does to the queue."""

import pytest
from playwright.sync_api import expect

from .conftest import PHONE, Meet
from .test_parts import until

pytestmark = pytest.mark.browser

WAIT = "Number(document.querySelector('#rehearsed .stat__value').firstChild.textContent)"


def test_more_booths_shorten_the_wait_by_a_slider_on_a_phone(look: Meet) -> None:
    visitor = look("officer", size=PHONE)
    page = visitor.open("/campaigns/")
    address = page.locator("main a[href^='/campaigns/c/']").first.get_attribute("href") or ""
    page = visitor.open(f"/assemblies/{address.split('/')[3]}/rehearsal/?servers-0=10")
    page.wait_for_selector("input[type=range]")
    before = page.evaluate(WAIT)
    slider = page.locator(".field:has(#id_servers-1) input[type=range]")
    slider.focus()
    slider.press("End")
    until(page, f"{WAIT} < {before}")
    expect(page.locator("#id_servers-1")).to_have_value("60")
    assert "servers-1=60" in page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
