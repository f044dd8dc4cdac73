"""Posts shared and settled by two people, an appraisal from the work report to the ruling by four, a score opened to its facts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import PHONE, Meet, Visitor
from .test_people import press

pytestmark = pytest.mark.browser

DEPARTMENT, VILLAGE = "民政局", "建新村"


def opened(visitor: Visitor, ledger: str, name: str) -> Any:
    """The row of a list that has this name, opened."""
    page = visitor.open("/appraisal/")  # leads to the district of whoever asks
    page.goto(f"{page.url.replace('/appraisal/', f'/{ledger}/')}?q={name}")
    page.locator("main table tbody a", has_text=name).first.click()
    page.wait_for_load_state("networkidle")
    return page


def move(page: Any, name: str, **fields: str) -> None:
    """One move of a row, with what it asks; a folded card is opened first."""
    button = f"main button[name=did][value={name}]"
    if not page.locator(button).is_visible():
        page.locator(f"details:has({button.removeprefix('main ')}) > summary").click()
    form = page.locator("main form", has=page.locator(button.removeprefix("main ")))
    for field, text in fields.items():
        form.locator(f"[name={field}]").fill(text)
    press(page, button)


def test_posts_are_shared_by_one_officer_and_accepted_by_another(meet: Meet) -> None:
    officer = meet("officer")
    page = officer.open("/post/")
    about = page.url.rstrip("/").rpartition("/")[2]
    page = officer.open(f"/post/share/{about}/")
    page.fill("input[name=title]", "二次测算")
    press(page, "main form .button--main")
    work = page.url
    page.goto(f"{work}?total=1200&least=3&most=7")
    press(page, "#shared form .button--main")
    expect(page.locator("#shared .stats").first).to_contain_text("1,200")
    row = work.replace("/post/share/", "/allottings/")
    page.goto(row)
    move(page, "propose")
    assert not page.locator("button[value=accept]").count(), "whoever proposed it does not accept it"
    page = meet("officer2").open(row.removeprefix(officer.site.url))
    move(page, "accept", document="前组〔2026〕9号", valid_from=officer.site.today.isoformat())
    page.get_by_text("已采纳").first.wait_for()


def test_a_placement_is_decided_by_one_officer_and_settled_by_another(meet: Meet) -> None:
    officer = meet("officer")
    about = officer.open("/post/").url.rstrip("/").rpartition("/")[2]
    page = officer.open(f"/placements/{about}/?f_status=open")
    page.locator("main table tbody a[href^='/placements/']").first.click()
    page.wait_for_load_state("networkidle")
    row = page.url
    page.select_option("main select[name=outcome]", "business")
    move(page, "decide")
    assert not page.locator("button[value=settle]").count(), "whoever decided it does not settle it"
    page = meet("officer2").open(row.removeprefix(officer.site.url))
    move(page, "settle")
    page.get_by_text("已落实").first.wait_for()


def test_a_grade_is_given_by_two_objected_to_and_ruled_on_by_a_third(meet: Meet) -> None:
    department = meet("liaison", size=PHONE)
    move(opened(department, "appraisals", DEPARTMENT), "report", note="全年驻点走访二十三次，结对村事项办结十八件。")
    officer, second, third = meet("officer"), meet("officer2"), meet("officer3")
    page = opened(officer, "appraisals", DEPARTMENT)
    grade = page.locator("main select[name=grade]").input_value()
    assert grade, "the facts propose a grade"
    move(page, "propose")
    move(opened(second, "appraisals", DEPARTMENT), "confirm")
    move(opened(department, "appraisals", DEPARTMENT), "object", objection="十二月的一次走访没有计入。")
    assert not opened(second, "appraisals", DEPARTMENT).locator("button[value=rule]").count(), (
        "who confirmed it does not rule"
    )
    page = opened(third, "appraisals", DEPARTMENT)
    page.select_option("main select[name=grade]", grade)
    move(page, "rule", ruling="已核对走访记录，维持原等次。")
    page.get_by_text("异议已裁定").first.wait_for()


def test_an_auditor_opens_a_score_to_what_it_is_made_of(look: Meet) -> None:
    page = opened(look("auditor"), "appraisals", VILLAGE)
    page.locator("main a[href*='/appraisal/'][href$='/ballots/']").click()
    page.get_by_text("民主评议票统计表").first.wait_for()
    assert page.locator("main table tbody tr").count() >= 1
