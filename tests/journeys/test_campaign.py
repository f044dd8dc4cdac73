"""A campaign from its opening to a step accepted, on the desk and on a phone; and what a town that is red sees."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

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


def give_proof(page: Any, path: Path) -> int:
    """Give all the proof that the step asks for; how many taps it took: one for a field, one for a file."""
    taps = 0
    for number in range(page.locator("[data-need]").count()):
        block = page.locator("[data-need]").nth(number)
        least = int(block.get_attribute("data-need")) - int(block.get_attribute("data-have"))
        if block.locator("input[inputmode=numeric]").count():
            block.locator("input[inputmode=numeric]").fill("36")
            taps += 1
        elif block.locator("textarea").count():
            block.locator("textarea").fill("村民代表会议记录")
            taps += 1
        else:
            block.locator("input[type=file] >> nth=0").set_input_files([path] * least)
            block.locator(".upload--done").nth(least - 1).wait_for()
            taps += 1
    return taps


def test_a_step_goes_from_the_phone_of_the_village_to_the_town_and_back(meet: Meet, tmp_path: Path) -> None:
    officer = meet("officer")
    address = open_campaign(officer, "年度项目")
    expect(officer.page.locator("table.board")).to_contain_text("代市镇")
    # The village, on a phone: its task, its proof, its submission.
    cadre = meet("village", size=PHONE)
    page = cadre.open(f"{address}tasks/")
    assert page.locator("#do .steps__line").count() >= 1
    page.click("#do .steps__line a")
    step = str(page.url).removeprefix(cadre.site.url)
    assert page.locator("h1").inner_text() != "年度项目"
    assert page.locator("button[value=submit]").is_disabled()
    expect(page.locator("#why-not")).to_contain_text("暂不能提交")
    page.evaluate("window.same = true")
    taps = 1 + give_proof(page, photo(tmp_path))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    press(page, "button[value=submit]")
    until(page, "document.querySelector('#step').textContent.includes('已提交')")
    assert taps + 1 <= 5
    assert page.evaluate("window.same") is True
    expect(page.locator("button[value=accept]")).to_have_count(0)
    # The town sends it back, and accepts it the second time.
    town = meet("town")
    theirs = town.open(step)
    theirs.fill("#return-reason", "数字与台账不符")
    press(theirs, "button[value=return]")
    page = cadre.open(step)
    expect(page.locator("#step > :first-child")).to_contain_text("数字与台账不符")
    # What was given stands in the form; what is typed now survives that the page is left.
    expect(page.locator("input[inputmode=numeric] >> nth=0")).to_have_value("36")
    page.fill("input[inputmode=numeric] >> nth=0", "")
    assert page.locator("button[value=submit]").is_disabled()
    page.fill("input[inputmode=numeric] >> nth=0", "３8")
    page = cadre.open(step)
    expect(page.locator("input[inputmode=numeric] >> nth=0")).to_have_value("３8")
    press(page, "button[value=submit]")
    until(page, "document.querySelector('#step').textContent.includes('已提交')")
    expect(page.locator(".step__returned")).to_have_count(0)
    theirs = town.open(f"{address}tasks/")
    theirs.click("#judge .steps__line a")
    assert "38" in theirs.locator(".proof").first.inner_text() + theirs.locator(".proof").last.inner_text()
    press(theirs, "button[value=accept]")
    history = theirs.locator(".timeline").inner_text()
    assert [word for word in ("已提交", "已退回", "已通过") if word not in history] == []
    expect(theirs.locator("input[name=drop]")).to_have_count(0)
    # The board says so, and the auditor's trail too.
    village = theirs.locator(".breadcrumbs li >> nth=2").inner_text().strip()
    board = officer.open(f"{address}?q={village}")
    expect(board.locator("td.cell--accepted")).to_have_count(1)
    expect(officer.open("/audit/").locator("main")).to_contain_text("通过步骤")


def test_the_board_shows_more_villages_as_one_scrolls(look: Meet) -> None:
    officer = look("officer")
    page = officer.open("/campaigns/")
    page.click("main table tbody a >> nth=0")
    expect(page.locator("table.board thead tr >> nth=1 >> th")).to_have_count(42)
    first = page.locator("table.board tbody tr th").count()
    assert first < 60
    # The latest come first, and the step that most of them stand at is beside their names.
    assert page.locator("table.board tbody tr >> nth=0 >> td.cell--orange, td.cell--red").count() > 0
    now, name = (page.locator(one).first.bounding_box() for one in ("table.board [data-now]", "table.board tbody th"))
    assert abs(now["x"] - name["x"] - name["width"]) < 5
    expect(page.locator(".board-scroll.has-more")).to_have_count(1)
    page.click("form.board-find a.button >> nth=0")
    page.wait_for_url("**/?colour=*")
    late = "td.cell--yellow, td.cell--orange, td.cell--red"
    assert 0 < page.locator("table.board tbody th").count() == page.locator(f"table.board tr:has({late})").count()
    page.go_back()
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
    expect(page.locator("main table tbody tr")).to_have_count(1)
    expect(page.locator("main")).to_contain_text("龙滩镇")
    # The report of the frozen week: its first marked number leads to the figure, its rows, and a step behind them.
    page = officer.open("/figures/reports/")
    page.click("main table tbody a >> nth=0")
    expect(page.locator("article, main").first).to_contain_text("龙滩镇")
    page.click("main sup a >> nth=0")
    assert "snapshot=" in page.url
    rows = page.locator("main table tbody tr a[href*='/campaigns/c/']")
    rows.first.click()
    page.locator(".timeline, .steps, .proof").first.wait_for(state="attached")
