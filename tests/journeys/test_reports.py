"""A weekly report is opened, and a number of it traced to its rows; the town officer has only the own report."""

import pytest
from playwright.sync_api import expect

from .conftest import Meet

pytestmark = pytest.mark.browser


def test_a_number_of_the_weekly_report_is_traced_to_its_rows(look: Meet) -> None:
    page = look("officer").open("/figures/reports/")
    page.locator("tbody a").first.click()
    page.wait_for_selector(".paper__letterhead")
    number = page.locator(".paper a.number", has_text="%").first
    said = number.inner_text()
    number.click()
    page.wait_for_selector(".figure-value")
    assert page.locator(".figure-value").inner_text().replace(" ", "") == said
    assert page.locator("#rows tbody tr").count() > 0


def test_a_difference_opens_the_two_numbers_it_comes_from(look: Meet) -> None:
    page = look("officer").open("/figures/reports/")
    page.locator("tbody a").first.click()
    page.locator('.paper a.number[href*="/numbers/"]').first.click()
    page.wait_for_selector(".figure-value")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator("tbody a").first.click()
    page.wait_for_selector("#rows")


def test_a_town_officer_finds_the_report_of_the_own_town_and_no_other(look: Meet) -> None:
    page = look("town").open("/figures/reports/")
    assert set(page.locator("tbody tr td:nth-child(3)").all_inner_texts()) == {"代市镇"}
