"""The books of a collective: a voucher with its photo checked by another, a merger's proof sheet, a dividend's list, and what a
stranger reads of it.
"""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE, Meet

pytestmark = pytest.mark.browser
VILLAGE = "下川村"


def follow(page: Page, name: str) -> None:
    """Open the link of that name in the page's own part."""
    page.locator("main").get_by_role("link", name=name).first.click()


def photographed(folder: Path) -> Path:
    """A photo of a paper."""
    photo = folder / "bill.jpg"
    Image.new("RGB", (640, 480), "white").save(photo)
    return photo


def enter_voucher(page: Page, photo: Path) -> None:
    """What was written off of a house, with the paper's photo."""
    page.fill("input[name=text]", "补提本月折旧")
    page.set_input_files("main input[type=file]", photo)
    expect(page.locator(".upload--done")).to_have_count(1)
    for row, account, side in ((1, "511", "debit"), (2, "152", "credit")):
        page.select_option(f"select[name=account_{row}]", account)
        page.fill(f"input[name={side}_{row}]", "120.50")
    page.get_by_role("button", name="保存").click()


def test_books_are_kept_carried_shared_out_and_read_by_everybody(meet: Meet, tmp_path: Path) -> None:
    # On the phone: a voucher with its photo, checked by another than who made it.
    keeper = meet("bookkeeper", size=PHONE)
    page = keeper.open("/property/books/")
    follow(page, "建新村股份经济合作社")
    follow(page, "填制凭证")
    enter_voucher(page, photographed(tmp_path))
    expect(page.locator("h1")).to_contain_text("未编号凭证")
    expect(page.locator("main")).to_contain_text("bill.jpg")
    expect(page.locator("button[name=did][value=check]")).to_have_count(0)
    page = meet("supervisor", size=PHONE).open(page.url.removeprefix(keeper.site.url))
    page.click("button[name=did][value=check]")
    expect(page.locator("h1")).to_contain_text(re.compile(r"记账凭证 \d{4}-\d+"))
    expect(page.locator("main")).to_contain_text("监委会主任")

    # At the desk: two communities carried their books by agreement; in a division an item has no destination.
    desk = meet("liao_books", size=DESK)
    page = desk.open("/property/")
    crumb = page.get_by_role("link", name="瓯海区").first.get_attribute("href") or ""
    district = crumb.strip("/").split("/")[-1]
    follow(page, "账务移交")
    transfers = page.url
    follow(page, "白门社区股份经济合作社")
    proof = page.locator("section", has_text="无一遗漏")
    expect(proof.locator("tbody tr").first.locator("td").last).to_have_text("0.00")
    expect(proof).to_contain_text("合并后不能自己欠自己")
    with page.expect_download() as sheet:
        proof.get_by_role("link", name="证明表").click()
    assert sheet.value.path().read_bytes().startswith(b"%PDF")
    page.goto(transfers)
    follow(page, "王宅社区股份经济合作社")
    expect(page.locator("main")).to_contain_text(re.compile(r"“停车场（示例）”.*没有去向"))

    # The dividend's list, with names for signing.
    page = desk.open("/property/books/")
    follow(page, VILLAGE)
    follow(page, "收益分配")
    expect(page.locator("main tbody tr")).to_have_count(60)
    expect(page.locator("main tfoot")).to_contain_text("164,500.00")
    with page.expect_download() as sheet:
        page.get_by_role("button", name="打印实名清单").click()
    assert sheet.value.path().read_bytes().startswith(b"%PDF")

    # A stranger, who has no account, reads the village's accounts that hang.
    page = meet(size=PHONE).open(f"/open/{district}/")
    for name in ("丽岙街道", VILLAGE):
        page.locator("main details summary").last.click()
        follow(page, name)
    expect(page.locator("main")).to_contain_text("资产总计 1,935,000.00")
    follow(page, f"{VILLAGE}股份经济合作社")
    expect(page.locator("main")).to_contain_text("所有者权益合计：1,935,000.00元")
