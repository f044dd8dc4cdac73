"""A campaign from its opening to a step accepted, on the desk and on a phone; and what a town that is red sees."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from .conftest import PHONE, Meet, Visitor
from .test_parts import until
from .test_people import press

pytestmark = pytest.mark.browser


def photo(folder: Path) -> Path:
    """A photo as a phone takes it, in two parts on its way."""
    path = folder / "公示栏.jpg"
    content = io.BytesIO()
    Image.effect_noise((1200, 900), 90).convert("RGB").save(content, "JPEG", quality=92)
    path.write_bytes(content.getvalue())
    return path


def open_campaign(officer: Visitor, name: str) -> str:
    """Open the yearly project over one town; its address."""
    page = officer.open("/campaigns/new/")
    page.fill("input[name=name]", name)
    page.select_option("select[name=playbook]", "annual-project")
    page.fill("input[name=starts_on]", officer.site.today.isoformat())
    page.check("label:has-text('代市镇') input[name=towns]")
    press(page, "main form .button--main")
    return str(page.url).removeprefix(officer.site.url)


def add_proof(page: Any, path: Path) -> None:
    """Give every proof the step asks for."""
    for number in range(page.locator(".proof").count()):
        block = page.locator(".proof").nth(number)
        least = int(re.findall(r"/ (\d+)", block.inner_text())[0])
        for _turn in range(least):
            block = page.locator(".proof").nth(number)
            if block.locator("input[type=file]").count():
                block.locator("input[type=file]").set_input_files(path)
                block.locator(".upload--done").wait_for()
            elif block.locator("textarea").count():
                block.locator("textarea").fill("村民代表会议记录")
            else:
                block.locator("input[inputmode=numeric]").fill("36")
            press(page, f".proof >> nth={number} >> button[value=add]")


def test_a_step_goes_from_the_phone_of_the_village_to_the_town_and_back(meet: Meet, tmp_path: Path) -> None:
    officer = meet("officer")
    address = open_campaign(officer, "年度项目")
    assert "代市镇" in officer.page.locator("table.board").inner_text()
    # The village, on a phone: its task, its proof, its submission.
    cadre = meet("village", size=PHONE)
    page = cadre.open(f"{address}tasks/")
    assert page.locator("#do .steps__line").count() >= 1
    page.click("#do .steps__line a")
    step = str(page.url).removeprefix(cadre.site.url)
    assert page.locator("button[value=submit]").is_disabled()
    add_proof(page, photo(tmp_path))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    press(page, "button[value=submit]")
    assert "已提交" in page.locator("main").inner_text()
    assert page.locator("button[value=accept]").count() == 0
    # The town sends it back, and accepts it the second time.
    town = meet("town")
    theirs = town.open(step)
    theirs.fill("#return-reason", "照片不清楚")
    press(theirs, "button[value=return]")
    page = cadre.open(step)
    assert "照片不清楚" in page.locator("main").inner_text()
    press(page, "button[value=submit]")
    theirs = town.open(f"{address}tasks/")
    theirs.click("#judge .steps__line a")
    press(theirs, "button[value=accept]")
    history = theirs.locator(".timeline").inner_text()
    assert [word for word in ("已提交", "已退回", "已通过") if word not in history] == []
    assert theirs.locator("button[value=withdraw_evidence]").count() == 0
    # The board says so, and the auditor's trail too.
    village = theirs.locator(".breadcrumbs li >> nth=2").inner_text().strip()
    board = officer.open(f"{address}?q={village}")
    assert board.locator("td.cell--accepted").count() == 1
    assert "campaigns.step_accepted" in officer.open("/audit/").locator("main").inner_text()


def test_the_board_shows_more_villages_as_one_scrolls(look: Meet) -> None:
    officer = look("officer")
    page = officer.open("/campaigns/")
    page.click("main table tbody a >> nth=0")
    assert page.locator("table.board thead tr >> nth=1 >> th").count() == 42
    first = page.locator("table.board tbody tr th").count()
    assert first < 60
    page.locator(".board__later").scroll_into_view_if_needed()
    until(page, f"document.querySelectorAll('table.board tbody tr th').length > {first}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


def test_a_red_town_owes_a_statement_and_a_number_of_the_report_opens_its_rows(look: Meet) -> None:
    officer = look("officer")
    page = officer.open("/campaigns/")
    page.click("main table tbody a >> nth=0")
    campaign = str(page.url).rstrip("/").rpartition("/")[2]
    page = officer.open(f"/warnings/{campaign}/weeks/")
    red = page.locator("tr:has-text('龙滩镇')").first
    assert red.inner_text().count("红色") == 2
    assert page.locator("tr:has-text('代市镇')").first.inner_text().count("红色") == 0
    page = officer.open(f"/warnings/{campaign}/statements/")
    assert page.locator("main table tbody tr").count() == 1
    assert "龙滩镇" in page.locator("main").inner_text()
    # The report of the frozen week: its first marked number leads to the figure, its rows, and a step behind them.
    page = officer.open("/figures/reports/")
    page.click("main table tbody a >> nth=0")
    assert "龙滩镇" in page.locator("article, main").first.inner_text()
    page.click("main sup a >> nth=0")
    assert "snapshot=" in page.url
    rows = page.locator("main table tbody tr a[href*='/campaigns/c/']")
    assert rows.count() > 0
    rows.first.click()
    assert page.locator(".timeline, .steps, .proof").count() > 0
