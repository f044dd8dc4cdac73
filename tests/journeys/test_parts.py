"""The parts every page is made of, in a real browser: map, charts, table and dialogs, with and without WebGL and scripts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import PHONE, Meet

pytestmark = pytest.mark.browser

WITHOUT_WEBGL = """
const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : real.call(this, kind, ...rest);
};
"""


def until(page: Any, condition: str) -> None:
    """Wait for a condition in the page. Playwright's own waiting evaluates strings, which the pages' policy forbids."""
    for _turn in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never came true: {condition}")


def drawn_map(page: Any, view: str) -> Any:
    """The map once it shows its places."""
    page.wait_for_selector(f'heli-map[data-view="{view}"] .map__message', state="hidden")
    until(page, "document.querySelector('heli-map').loaded")
    return page.locator("heli-map .map__view")


@pytest.mark.parametrize("view", ["gl", "svg"])
def test_a_village_is_chosen_by_mouse_on_the_map_and_by_keyboard_in_the_table(look: Meet, view: str) -> None:
    visitor = look("officer")
    if view == "svg":
        visitor.page.add_init_script(WITHOUT_WEBGL)
    page = visitor.open("/ui/patterns/")
    box = drawn_map(page, view)
    page.evaluate("window.chosen = []; addEventListener('heli-select', (e) => chosen.push(e.detail.ids.join()))")
    if view == "gl":
        # Asked again and again rather than awaited: a map that is idle already tells nobody so.
        until(page, "((map) => map.loaded() && !map.isMoving())(document.querySelector('heli-map').view.map)")
    box.scroll_into_view_if_needed()
    where = box.bounding_box()
    assert where is not None
    box.click(position={"x": where["width"] * 0.3, "y": where["height"] * 0.55})
    until(page, "chosen.length === 1")
    assert page.locator(".map__said").inner_text()
    row = page.locator("#table-places tbody tr").nth(3)
    row.focus()
    row.press("Enter")
    assert page.evaluate("chosen.at(-1)") == row.get_attribute("data-id")
    assert "is-chosen" in (row.get_attribute("class") or "")


def test_a_list_is_searched_sorted_and_filtered_without_leaving_the_page(look: Meet) -> None:
    page = look("officer").open("/ui/patterns/")
    page.evaluate("window.same = true")
    page.fill("#table-places-q", "大佛")
    until(page, "document.querySelectorAll('#table-places tbody tr').length === 5")
    page.select_option("#table-places-f_kind", "two_in_one")
    until(page, "document.querySelectorAll('#table-places tbody tr').length === 1")
    page.click("#table-places .sort >> nth=0")
    page.wait_for_selector("#table-places [aria-sort]")
    assert page.evaluate("window.same")
    assert "f_kind=two_in_one" in page.url
    expect(page.locator("#table-places tbody tr")).to_have_count(1)


def test_a_point_of_a_curve_is_reached_by_keyboard(look: Meet) -> None:
    page = look("officer").open("/ui/patterns/")
    page.wait_for_selector("#pattern-curve .chart__view svg path", state="attached")
    page.evaluate("addEventListener('heli-point', (e) => (window.point = e.detail))")
    page.locator("#pattern-curve summary").press("Enter")
    page.locator("#pattern-curve .chart__table button").first.press("Enter")
    assert page.evaluate("point") == {"x": 26, "y": 19, "id": "plan-26", "series": page.evaluate("point.series")}


def test_what_was_done_against_the_plan_has_a_table_of_the_same_days(look: Meet) -> None:
    page = look("officer").open("/ui/patterns/")
    page.wait_for_selector("#pattern-burnup .chart__view svg path", state="attached")
    page.locator("#pattern-burnup summary").press("Enter")
    rows = page.locator("#pattern-burnup tbody tr")
    expect(rows).to_have_count(15)
    expect(rows.nth(1).locator("th")).to_have_text("2026-09-05")


def test_a_dangerous_button_asks_first_and_escape_means_no(look: Meet) -> None:
    page = look("officer").open("/ui/patterns/")
    before = page.url
    page.click("[data-confirm]")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    assert page.url == before


def test_on_a_phone_the_menu_opens_and_nothing_is_wider_than_the_screen(look: Meet) -> None:
    page = look("officer", size=PHONE).open("/ui/patterns/")
    assert not page.locator("#navigation").is_visible()
    page.click("[data-toggles=navigation]")
    assert page.locator("#navigation a").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_paper_gets_the_map_as_a_drawing(look: Meet) -> None:
    page = look("officer").open("/ui/patterns/")
    drawn_map(page, "gl")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("heli-map .map__image svg path").count() > 54
    assert not page.locator(".topbar").is_visible()


def test_the_language_is_switched_where_one_stands(look: Meet) -> None:
    page = look("officer").open("/ui/patterns/?q=%E5%A4%A7")
    expect(page.locator("h1")).to_have_text("组件样例")
    page.click(".language button")
    page.wait_for_selector('html[lang="en"]')
    expect(page.locator("h1")).to_have_text("Patterns")
    assert "?q=" in page.url


def test_drafts_on_a_shared_device_end_with_whoever_wrote_them(look: Meet) -> None:
    page = look("village").open("/")
    person = page.get_attribute("body", "data-person")
    for whose in (person, "0"):
        page.evaluate("(key) => localStorage.setItem(key, '{}')", f"heli-draft {whose} 7")
    page.reload()
    drafts = "Object.keys(localStorage).filter((key) => key.startsWith('heli-draft '))"
    until(page, f"{drafts}.join() === 'heli-draft {person} 7'")
    # Signing out, without going: the browser would clear all by itself where it obeys the server's word.
    page.evaluate("document.querySelector('[data-signs-out]').dispatchEvent(new Event('submit', { bubbles: true }))")
    assert page.evaluate(drafts) == []


def test_pages_work_without_scripts(look: Meet) -> None:
    visitor = look("officer")
    context = look.browser.new_context(
        java_script_enabled=False, locale="zh-CN", storage_state=visitor.page.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"{visitor.site.url}/ui/patterns/")
    page.fill("#table-places-q", "大佛")
    page.locator("#table-places form button").click()
    expect(page.locator("#table-places tbody tr")).to_have_count(5)
    assert page.locator("#navigation a").first.is_visible()
    context.close()
