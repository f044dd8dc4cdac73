"""A resident without a network reports a matter once, follows it by its code, and says that it is not solved."""

import pytest

from .conftest import PHONE, Meet, Site, heli

pytestmark = pytest.mark.browser

TEXT = "桥头第三盏路灯一周不亮，晚上看不见路"
OFFICE = """
import io
from PIL import Image
from heli.accounts.models import User
from heli.accounts.queries import actor_of
from heli.matters.ledger import MATTERS
from heli.matters.models import Matter
from heli.records.services import FormFile, move

def lead():
    (row,) = Matter.objects.filter(text__startswith="桥头第三盏")
    who = {name: actor_of(User.objects.get(username=name)) for name in ("centre", "station", "patrol")}
    def step(name, by, **more):
        return move(actor=who[by], ledger=MATTERS, row=Matter.objects.get(pk=row.pk), name=name, **more)
    photo = io.BytesIO()
    Image.new("RGB", (64, 48), (150, 150, 150)).save(photo, "JPEG")
    step("file", "station", values={"title": "路灯不亮", "item": "street_lamp"})
    step("on_spot", "station", values={"result": "已换灯泡", "cost": None}, note="灯亮了")
    step("check", "patrol", note="现场看过", upload=FormFile("site.jpg", [photo.getvalue()]))
    step("tell", "centre", values={"answer": "路灯已修好，感谢反映。"})

lead()
"""
"""The office leads the one matter that the resident sent, until it is told; fails where it was taken twice."""


def district(meet: Meet) -> str:
    """The public id of Daguan, as its centre's first page of matters tells it."""
    page = meet("centre").open("/matter/")
    return page.url.rstrip("/").rpartition("/")[2]


def shell(site: Site, code: str) -> None:
    heli(site.folder, "shell", "-v", "0", "-c", code)


def test_a_resident_without_a_network_sends_once_follows_and_reopens(meet: Meet, site: Site) -> None:
    about = district(meet)
    resident = meet(size=PHONE)
    page = resident.open(f"/matter/in/{about}/report/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.select_option("select[name=place]", index=3)
    page.fill("textarea[name=text]", TEXT)
    page.click("main form .button--main")
    page.get_by_role("button", name="存在本机，有网时发送").click()
    kept = page.locator("[data-kept]")
    kept.get_by_text("桥头第三盏").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    sent = kept.locator("a[href*='/thanks/']")
    sent.wait_for()
    page.reload()  # what was sent is not sent again: the office's step below finds one matter, and fails for two
    page.evaluate("dispatchEvent(new Event('online'))")
    page.goto(site.url + str(sent.get_attribute("href")))
    code = page.locator(".big-code").inner_text()
    shell(site, OFFICE)
    page = resident.open("/matter/follow/")
    page.fill("input[name=code]", code)
    page.click("main form .button--main")
    page.get_by_text("路灯已修好，感谢反映。").wait_for()
    page.locator("summary", has_text="没有解决").click()
    page.fill("textarea[name=reason]", "昨晚又不亮了")
    page.get_by_role("button", name="重新打开").click()
    page.get_by_text("已立案").first.wait_for()
