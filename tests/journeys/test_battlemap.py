"""The battle map in a real browser: it colours anew what changed, opens a place beside it, goes back in time; the wall turns."""

from datetime import date, timedelta

import pytest
from conftest import heli
from playwright.sync_api import Page, expect

from .conftest import Meet, Site
from .test_parts import until

pytestmark = pytest.mark.browser

CAMPAIGN = """
from heli.kernel.access import SYSTEM
from heli.places import queries as places
from heli.places.testing import Register
from heli.warnings import testing as builders
from heli.warnings.services.weeks import freeze_missing

builders.MONDAY = monday
district = next(row for row in places.districts(today) if row.code.startswith("511603"))
towns = places.towns_of(district.id, today)
register = Register(district.id, {town.name: town.id for town in towns})
register.keys |= {row.name: row.id for row in places.villages_of(district.id, today, outlines=False)}
run = builders.DrawnCampaign.over(register, {"visit": 5}, towns=[town.name for town in towns], name="村改")
freeze_missing(actor=SYSTEM, campaign=run.campaign)
"""
A_STEP_IS_DONE = """
from heli.campaigns.models import Campaign
from heli.places import queries as places
from heli.places.testing import Register
from heli.warnings import testing as builders

builders.MONDAY = monday
campaign = Campaign.objects.get(name="村改")
village = places.villages_of(campaign.district_id, today, outlines=False)[0]
run = builders.DrawnCampaign(Register(campaign.district_id, {village.name: village.id}), campaign)
run.do(village.name, "visit", builders.moment(20))
"""


def first_monday(site: Site) -> date:
    """The Monday three weeks before this one."""
    return site.today - timedelta(days=site.today.weekday() + 21)


def run(site: Site, code: str) -> None:
    """Run Python on the site's own database; it is given `today` and `monday`, the first one."""
    days = f"today, monday = date.fromisoformat('{site.today}'), date.fromisoformat('{first_monday(site)}')"
    heli(site.folder, "shell", "-c", f"from datetime import date\n{days}\n{code}")


def await_map(page: Page, part: str = "") -> None:
    """Until the map shows the values of the address (with a part of it)."""
    shown = "document.querySelector('[data-battlemap]').dataset.shown ?? ''"
    until(page, f"({shown}).length > 0 && ({shown}).includes({part!r})")


def red_places(page: Page) -> int:
    """How many places the map fills with the red of the campaign."""
    fills = "[...document.getElementById('battlemap').styles.values()].map((style) => style.sign?.shape)"
    return int(page.evaluate(f"{fills}.filter((shape) => shape === 'square').length"))


def test_the_map_colours_anew_what_changed_and_the_slider_goes_back(meet: Meet) -> None:
    run(meet.site, CAMPAIGN)
    page = meet("officer").open("/figures/map/")
    await_map(page)
    page.evaluate("window.same = true")
    before = red_places(page)
    assert before > 100

    run(meet.site, A_STEP_IS_DONE)
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, "document.getElementById('battlemap').dataset.repainted === '1'")
    assert red_places(page) == before - 1

    page.focus("#map-range")
    page.keyboard.press("Home")
    await_map(page, "at=w1")
    until(page, "document.querySelector('#map-at').value === 'w1'")
    assert "at=w1" in page.url
    assert red_places(page) == 0
    assert page.evaluate("window.same")
    first_week = first_monday(meet.site) + timedelta(days=4)
    assert first_week.isoformat() in page.locator(".battlemap__title").inner_text()


def test_from_the_map_to_a_village_its_step_and_back(look: Meet) -> None:
    page = look("officer").open("/figures/map/")
    await_map(page)
    page.evaluate("window.same = true")
    first = page.locator("#table-map tbody tr").first
    village = first.locator("a").first.inner_text()
    first.locator("a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#map-place [data-place]")
    expect(page.locator("#map-place-name")).to_have_text(village)
    assert page.evaluate("document.activeElement.id") == "map-place-name"
    assert not page.locator("#table-map").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#table-map").is_visible()
    assert page.evaluate("document.activeElement.textContent").strip() == village

    # A click on the map opens the place under it.
    late = page.locator("#table-map tbody tr").nth(1).get_attribute("data-id")
    middle = f"map.view.middles.get('{late}')"
    spot = page.evaluate(
        f"(() => {{ const map = document.getElementById('battlemap'); const at = map.view.map.project({middle});"
        " return [at.x, at.y]; })()"
    )
    page.locator("#battlemap .map__canvas").click(position={"x": spot[0], "y": spot[1]})
    page.wait_for_selector("#map-place [data-place]")
    assert page.evaluate("window.same")
    opened = page.locator("#map-place-name").inner_text()
    page.locator("#map-place .steps a").first.click()
    page.wait_for_url("**/campaigns/c/**")
    page.go_back()
    await_map(page)
    expect(page.locator("#map-place-name")).to_have_text(opened)


def test_the_wall_turns_three_times_without_reloading(look: Meet) -> None:
    visitor = look("officer", size={"width": 1920, "height": 1080})
    page = visitor.open("/figures/map/?wall=1&turn=5")
    await_map(page)
    page.evaluate("window.same = true")
    seen = []
    for turn in range(4):
        if turn:
            until(page, f"Number(document.querySelector('[data-wall]').dataset.turned ?? 0) >= {turn}")
        seen.append(page.locator(".wall__scenes [aria-current]").inner_text())
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(500)
        expect(page.locator(".wall__scenes [aria-current]")).to_have_text(seen[-1])
    assert len(set(seen)) == 4
    assert page.evaluate("window.same")
    sizes = "[...document.querySelectorAll('.wall__frame :is(p, span, b, small, li, h1, h2, button, a, .map__key)')]"
    written = f"{sizes}.filter((one) => one.checkVisibility() && one.textContent.trim())"
    smallest = page.evaluate(f"Math.min(...{written}.map((one) => parseFloat(getComputedStyle(one).fontSize)))")
    assert smallest >= 24
    assert page.evaluate("document.documentElement.scrollWidth") == 1920


def test_a_wall_screen_says_when_it_no_longer_hears_from_the_server(meet: Meet) -> None:
    run(meet.site, CAMPAIGN)
    visitor = meet("officer", size={"width": 1920, "height": 1080})
    page = visitor.open("/figures/map/?wall=1")
    await_map(page)
    assert not page.locator("#navigation").is_visible()
    assert page.locator("#map-live").get_attribute("data-how") == "live"
    page.context.set_offline(True)
    page.wait_for_selector("#map-live[data-how=lost]")
    page.context.set_offline(False)
    page.wait_for_selector("#map-live[data-how=live]")
