"""What triage suggests, and why; a person decides."""

from typing import Any

import pytest

from heli.accounts.testing import BEGINNING, World, build_world
from heli.bodies.services import add_body
from heli.bodies.types import GRASSROOTS, BodyKind
from heli.kernel.access import SYSTEM
from heli.matters.catalogues import items, telling_words
from heli.matters.queries import departments
from heli.matters.rules.triage import ItemSuggestion, Precedent, suggest_items
from heli.matters.testing import filed, handled_by_all, moved, reported, whistled
from heli.matters.triage import suggested, told_items, why_department
from heli.records.testing import DAY, district_of

SAID = {
    "street_lamp": "我们家楼下那盏灯杆上的灯一周没亮了", "drainage": "单元门口下水道冒污水，臭得很",
    "manhole": "十字路口窨井盖子翘起来了",
    "elevator": "七号楼电梯停了三天，老人下不来",
    "street_trade": "菜场外面流动摊贩把车道摆满了", "oil_smoke": "楼下饭店的油烟直往家里灌",
    "noise": "工地半夜十一点还在打桩", "waste_collection": "垃圾桶满了几天没人收", "water_supply": "小区从昨晚停水到现在",
    "pets": "广场上遛狗不牵绳，狗屎到处都是", "bus_stop": "公交站台的候车亭顶棚掉了", "fallen_tree": "昨晚大风，树倒了压住人行道",
    "flood_water": "下雨桥洞积水，车过不去", "dangerous_house": "老房子墙体倾斜看着要倒", "broken_cable": "空中的光缆垂到头顶了",
    "illegal_building": "楼顶有人私搭阳光房", "gas_heating": "屋里闻到煤气味", "public_toilet": "公园厕所没水也没人扫",
    "elder_care": "社区老年食堂好久不开门", "snow_ice": "桥面结冰摔了好几个人",
}  # fmt: skip


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def suggest(
    text: str, chosen: str = "", telling: Any = None, here: Any = None, before: Any = ()
) -> list[ItemSuggestion]:
    return suggest_items(text, chosen, telling or telling_words(), here=here or {}, filed=before)


def test_plain_words_find_their_item() -> None:
    found = {item: [one.item for one in suggest(text)] for item, text in SAID.items()}
    first = [item for item, named in found.items() if named[:1] == [item]]
    assert len(first) >= 0.9 * len(SAID)
    assert [item for item, named in found.items() if item not in named] == []


def test_every_item_has_words_of_its_own() -> None:
    assert all(telling_words()[item] for item in items().entries)


def test_each_reason_adds_and_what_is_usual_here_alone_is_none() -> None:
    telling = {"lamp": ("路灯",), "road": ("路面",)}
    assert suggest("有点问题", "", telling, {"lamp": 9}) == []
    words = suggest("路灯不亮，路面也坏了", "", telling)
    assert [one.item for one in words] == ["lamp", "road"]
    usual = suggest("路灯不亮，路面也坏了", "", telling, {"road": 5, "lamp": 1})
    assert [(one.item, one.here) for one in usual] == [("road", (5, 6)), ("lamp", (1, 6))]
    (chosen,) = suggest("不清楚", "road", telling)
    assert chosen.is_chosen
    (before,) = suggest("东门黑漆漆看不见", "", telling, {}, [Precedent(7, "东门晚上黑漆漆看不见路", "lamp")])
    assert (before.item, before.like) == ("lamp", 7)


def test_the_page_says_what_it_may_be_and_why_and_the_form_is_filled_in(world: World) -> None:
    filed(world.a)
    matter = reported(world.a, "东门路灯坏了，天黑看不见", item="").matter
    assert suggested(matter)[0].item == "street_lamp"
    first = told_items(matter)[0]
    assert any("路灯" in reason for reason in first.reasons)
    page = world.client("district_officer").get(f"/matters/{matter.about}/{matter.public_id}/").content.decode()
    assert "可能是哪一类" in page
    assert '<option value="street_lamp" selected>' in page
    assert (
        "可能是哪一类"
        not in world.client("auditor").get(f"/matters/{matter.about}/{matter.public_id}/").content.decode()
    )


@pytest.mark.parametrize("kind", GRASSROOTS)
def test_bodies_of_villages_whistle_and_are_not_whistled_for(world: World, kind: BodyKind) -> None:
    given: dict[str, Any] = {"actor": SYSTEM, "place_id": world.a.village.pk, "on": BEGINNING}
    add_body(name="岩门村新机构", kind=kind, **given)
    names = {one.name for one in departments(district_of(world.a), DAY)}
    assert "民政局" in names
    assert "岩门村新机构" not in names


def test_departments_are_proposed_with_what_they_did_here_before(world: World) -> None:
    done = filed(world.a)
    whistled(world.a, done)
    handled_by_all(world.a, done)
    other = filed(world.a)
    row = whistled(world.a, other)[0]
    moved(world.a, "department_liaison", row, "arrive")
    said = why_department(filed(world.a))
    assert said.endswith("民政局在本地办结过此类 1 件，退单或转出 0 件。")
    page = world.client("district_officer").get(f"/matter/m/{other.about}/{filed(world.a).public_id}/whistle/")
    assert said[:20] in page.content.decode()
