"""What each person does with Heli, from the first page to the result."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from heli.places import sample

from .conftest import DESK, PHONE, Meet, Visitor

pytestmark = pytest.mark.browser

LIST_2019 = Path(sample.__file__).parent / "qianfeng_511603_2019.csv"


def press(page: Any, selector: str) -> None:
    """Send a form by its button; where it asks first, say yes; wait for the page that answers."""
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.click(selector)
        if page.locator("dialog[open]").count():
            page.click("dialog[open] .button--main, dialog[open] .button--danger")
    page.wait_for_load_state("networkidle")


def upload_list(officer: Visitor, path: Path) -> Any:
    page = officer.open("/places/imports/new/codes/")
    page.set_input_files("input[name=file]", path)
    page.select_option("select[name=district]", index=page.locator("select[name=district] option").count() - 1)
    page.fill("input[name=on]", "2019-10-31")
    press(page, "main form .button--main")
    return page


def new_plan(officer: Visitor, name: str) -> Any:
    page = officer.open("/planning/new/")
    page.fill("input[name=name]", name)
    press(page, "main form .button--main")
    press(page, "main form[action$='/run/'] .button--main")
    page.wait_for_selector("#plan .stats")
    return page


def numbers(page: Any) -> str:
    """The headline figures as one line of text."""
    return re.sub(r"\s+", " ", page.locator("#plan .stats, main .stats").first.inner_text())


def test_the_district_officer_plans_accepts_with_a_colleague_and_reads_before_and_after(meet: Meet) -> None:
    officer = meet("officer")
    page = new_plan(officer, "方案一")
    address = page.url
    first = numbers(page)
    assert "254" in first
    assert "149" in first
    # The curve leads to 116; two mergers are locked and stay while the plan is computed anew.
    page.select_option("#count-form select", "116")
    press(page, "#count-form button")
    page.goto(address)
    figures = numbers(page)
    assert "116" in figures
    assert "54.33" in figures
    assert "13.38" in figures
    for _ in range(2):
        officer.page.goto(address.rstrip("/") + "/mergers/")
        press(page, "main table button[value=lock] >> nth=0")
    page.goto(address)
    expect(page.locator("#by-hand-state button[value=unlock]")).to_have_count(2)
    assert "116" in numbers(page)
    # Another plan beside it.
    other = new_plan(officer, "方案二").url
    page.goto(address.rstrip("/") + f"/compare/?with={other.rstrip('/').rsplit('/', 1)[-1]}")
    expect(page.locator("main")).to_contain_text("方案二")
    # Propose; nobody accepts their own plan.
    page.goto(address.rstrip("/") + "/decision/")
    press(page, "button[value=propose]")
    expect(page.locator("input[name=document_number]")).to_have_count(0)
    colleague = meet("officer2")
    theirs = colleague.open(address.removeprefix(officer.site.url).rstrip("/") + "/decision/")
    theirs.fill("input[name=document_number]", "前府〔2026〕18号")
    today = officer.site.today
    theirs.fill("input[name=document_on]", today.isoformat())
    press(theirs, "form:has(input[name=document_number]) .button--main")
    applied_on = today + timedelta(days=1)
    theirs.fill("form:has(input[value=apply]) input[name=on]", applied_on.isoformat())
    press(theirs, "form:has(input[value=apply]) .button--main")
    theirs.wait_for_selector("form:has(input[value=reverse])", state="attached")
    reading = theirs.locator("main").inner_text()
    assert "54.33" in reading
    assert "13.38" in reading
    # The register: 116 from that day on, 254 the day before.
    register = officer.open(f"/places/?on={applied_on.isoformat()}")
    assert re.search(r"村\s*116\b", register.locator(".stats").first.inner_text())
    register = officer.open(f"/places/?on={today.isoformat()}")
    assert re.search(r"村\s*254\b", register.locator(".stats").first.inner_text())
    # A new village tells where it came from, under which document.
    officer.open(f"/places/?on={applied_on.isoformat()}&f_kind=村&f_parent=代市镇")
    page.goto(officer.site.url + str(page.locator("main table tbody tr a").last.get_attribute("href")))
    expect(page.locator("main")).to_contain_text("前府〔2026〕18号")


def test_a_spoiled_list_is_told_row_by_row_and_nothing_is_written(meet: Meet, tmp_path: Path) -> None:
    lines = LIST_2019.read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3].replace("511603", "51163", 1)  # eleven digits in row 4
    lines[9] = lines[8]  # row 10 repeats row 9
    spoiled = tmp_path / "spoiled.csv"
    spoiled.write_text("\n".join(lines), encoding="gb18030")  # as old Excel saves it
    officer = meet("officer")
    page = upload_list(officer, spoiled)
    said = page.locator("main").inner_text()
    assert "第 4 行" in said
    assert "第 10 行" in said
    expect(page.locator("form[action$='/apply/']")).to_have_count(0)
    # The good list changes nothing: the register holds it already.
    page = upload_list(officer, LIST_2019)
    expect(page.locator("main .fault--error")).to_have_count(0)
    if page.locator("form[action$='/apply/'] button").count():
        press(page, "form[action$='/apply/'] button")
    register = officer.open("/places/")
    assert re.search(r"村\s*254\b", register.locator(".stats").first.inner_text())


def test_the_town_officer_sees_only_the_own_town_on_a_phone_too(meet: Meet) -> None:
    district = meet("officer")
    address = new_plan(district, "方案一").url.removeprefix(district.site.url)
    for size in (DESK, PHONE):
        town = meet("town", size=size)
        page = town.open("/places/")
        text = page.locator("main").inner_text()
        assert "代市镇" in text
        assert "护安镇" not in text
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page = town.open(address + "mergers/")
        expect(page.locator("main")).to_contain_text("代市镇")
        expect(page.locator("main")).not_to_contain_text("护安镇")
        expect(page.locator("button[value=lock]")).to_have_count(0)


def test_the_auditor_reads_all_verifies_the_trail_and_changes_nothing(look: Meet) -> None:
    auditor = look("auditor", language="en-US")
    page = auditor.open("/audit/")
    assert page.locator("table tbody tr").count() > 3
    press(page, "form[action$='/audit/verify/'] button")
    expect(page.locator("main .notice--success")).to_have_count(1)
    assert auditor.page.request.get(auditor.site.url + "/planning/new/").status == 403
    assert auditor.page.request.get(auditor.site.url + "/places/imports/").status == 403
    page = auditor.open("/places/")
    expect(page.locator("main")).to_contain_text("Village")


@pytest.mark.parametrize(
    "path", ["/", "/places/", "/planning/", "/audit/", "/bodies/", "/accounts/", "/places/imports/"]
)
def test_a_stranger_sees_nothing(look: Meet, path: str) -> None:
    stranger = look()
    page = stranger.open(path)
    assert "/account/sign-in/" in page.url
    expect(page.locator("body")).not_to_contain_text("同心村")
