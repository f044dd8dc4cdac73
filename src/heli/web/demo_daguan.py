"""The second sample district: Daguan as the official list of 2018 has it, with half a year of matters, all of them invented.

Its forty stations are not the list's places: 23 communities and 17 villages of it keep one. One matter was sent back and forth.
"""

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from heli.accounts import queries as accounts
from heli.accounts.services import issue_key, release_key
from heli.audit.services import writing
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM, Actor, Grant
from heli.kernel.workdays import calendar
from heli.matters import queries as matters
from heli.matters import services
from heli.matters.catalogues import departments_of, items
from heli.matters.ledger import MATTERS, WHISTLES
from heli.matters.lift_services import lift
from heli.matters.services import MatterReport
from heli.places import queries as places
from heli.records.abouts import DISTRICT, About
from heli.records.services import FormFile, move
from heli.web.demo_handover import elsewhere

DAYS = 182
NAME, CODE = "大观区", "340803"
OPENED = date(2018, 10, 31)
REPORTS: tuple[tuple[str, str, str], ...] = (
    ("street_lamp", "路灯不亮", "小区北门往东第二盏路灯一周不亮了"),
    ("road_surface", "路面破损", "社区门口水泥路面塌了一块，下雨积水"),
    ("drainage", "下水道堵塞", "楼前下水道堵了，污水往外冒"),
    ("street_trade", "占道经营", "菜场外摊位摆到车道上，早上车过不去"),
    ("waste_dumping", "乱倒垃圾", "河堤边有人倒建筑垃圾"),
    ("manhole", "井盖破损", "路口井盖裂了，晚上看不见"),
    ("green_space", "行道树枯死", "人行道上三棵树枯死，枝条掉落"),
    ("elevator", "电梯停运", "七号楼电梯停了三天，老人下不了楼"),
    ("fire_hazard", "消防通道堵塞", "消防通道停满了车，铁门也锁着"),
    ("oil_smoke", "油烟扰民", "楼下餐馆油烟管对着居民窗户"),
    ("noise", "夜间施工噪声", "工地晚上十点后还在打桩"),
    ("property_service", "物业不保洁", "楼道两周没有打扫"),
)
WAYS: Mapping[str, int] = {
    "solved": 20, "unasked": 5, "whistled": 5, "late": 3, "collected": 3, "handled": 2, "told": 2, "refused": 2,
    "on_spot": 4, "impossible": 1, "back_and_forth": 1,
}  # fmt: skip
"""How many matters go how far."""
BY_GRID = ("on_spot", "unasked", "handled")
"""Ways of matters that a grid worker found."""


@dataclass(frozen=True, slots=True)
class DaguanCast:
    """Who does it: the centre and its second officer, a station, a grid worker, who speaks for which department."""

    centre: Actor
    second: Actor
    station: Actor
    grid: Actor
    streets: Actor
    others: Actor

    def liaison(self, row: Any) -> Actor:
        """Who speaks for the department of a whistle."""
        own = {grant.body_id for grant in self.streets.grants}
        return self.streets if row.body_body_id in own else self.others


STREETS = "城市管理局"


def departments(district_id: int) -> tuple[list[int], list[int]]:
    """Every department that the catalogue names, marked as sample: keys of that of the streets, and of the others."""
    found: tuple[list[int], list[int]] = ([], [])
    names = {name for item in items().entries for lead, support in [departments_of(item)] for name in (lead, *support)}
    for name in sorted(names - {""}):
        whole = f"{NAME}{name}（示例）"
        made = bodies.add_body(actor=SYSTEM, name=whole, kind=BodyKind.DEPARTMENT, place_id=district_id, on=OPENED)
        found[name != STREETS].append(made.pk)
    return found


def simulate(district_id: int, people: Mapping[str, Actor], *, now: datetime, seed: int = 340803) -> None:
    """Half a year of matters up to a moment, through the services as the office would do it."""
    cast, dice = DaguanCast(**people), random.Random(seed)
    row = next(row for row in places.districts(OPENED) if row.id == district_id)
    about = DISTRICT.about(district_id, row.public_id)
    villages = places.villages_of(district_id, OPENED, outlines=False)
    today = timezone.localdate(now)
    beside = elsewhere(district_id, OPENED)
    with writing(cast.centre, "matters.simulate", action="matters.judge", place_id=district_id, at=now):
        desk = _Desk(cast, about, {one.name: one.key for one in matters.departments(about, OPENED)}, today)
        ways = [way for way, count in WAYS.items() for _one in range(count)]
        dice.shuffle(ways)
        for number, way in enumerate(ways):
            ago = _days_ago(way, number, len(ways), dice)
            item, title, text = REPORTS[number % len(REPORTS)]
            contact = "" if way in ("unasked", "on_spot") else f"1390000{number:04}"
            place = dice.choice(villages).id
            found: Any = "grid" if way in BY_GRID else None
            said = MatterReport(beside.get(place, place), text, item, "", contact, channel=found)
            desk.lead(way, said, f"{title}（示例）", calendar().next_workday(today - timedelta(days=ago)))
        said = MatterReport(beside.get(villages[0].id, villages[0].id), "小区外墙瓷砖松动，下面是人行道", "old_estate")
        desk.lead("handed_on", said, "外墙瓷砖松动（示例）", calendar().add(today, -3))
        desk.lift("drainage", "下水道反复堵塞，管网需改造（示例）")


def _days_ago(way: str, number: int, of: int, dice: random.Random) -> int:
    if way in ("solved", "unasked", "refused", "impossible", "on_spot"):
        return DAYS - (DAYS - 30) * number // of
    return {"collected": 0, "whistled": 2, "late": 12, "handled": 6, "told": 8, "back_and_forth": 9}[
        way
    ] + dice.randint(0, 1)


@dataclass
class _Desk:
    """The office of the sample: leads a matter so far as its way says, a day or two each step, never into the future."""

    cast: DaguanCast
    about: About
    keys: Mapping[str, str]
    today: date
    day: date = OPENED

    def when(self, days: int = 0) -> dict[str, Any]:
        """So many working days later, at noon."""
        self.day = min(calendar().add(self.day, days) if days else self.day, self.today)
        return {"on": self.day, "at": timezone.make_aware(datetime.combine(self.day, time(11)))}

    def act(self, actor: Actor, row: Any, name: str, days: int = 0, **more: Any) -> Any:
        """A move of a matter or a whistle."""
        ledger = WHISTLES if hasattr(row, "whistled_on") else MATTERS
        return move(actor=actor, ledger=ledger, row=row, name=name, **more, **self.when(days))

    def lead(self, way: str, said: MatterReport, title: str, on: date) -> None:
        """One matter, as far as it goes."""
        self.day, cast = on, self.cast
        public = Actor(None, "public", (Grant("public", place_id=self.about.district_id),))
        row: Any = services.report(actor=public, about=self.about, said=said, **self.when()).matter
        if way == "refused":
            ways = {"way": "请向供水公司客服反映（示例）"}
            self.act(cast.centre, row, "refuse", 1, values=ways, reason="不属政府部门职责")
        elif way != "collected":
            row = self.act(cast.station, row, "file", 0, values={"title": title, "item": said.item})
            if way == "back_and_forth":
                self.back_and_forth(row)
            elif way == "handed_on":
                self.hand_on(row)
            elif way == "on_spot":
                done = {"result": "当场清理", "cost": None}
                self.tell(self.act(cast.station, row, "on_spot", 1, values=done, note="已清理干净"), way)
            else:
                row = self.departments(row, way)
                if way not in ("whistled", "late", "handled"):
                    self.tell(row, way)

    def tell(self, row: Any, way: str) -> None:
        """Looked at on site, told, and asked about where somebody can be asked."""
        cast = self.cast
        row = self.act(cast.grid, row, "check", 1, note="现场看过，属实", upload=FormFile("site.jpg", [_photo()]))
        row = self.act(cast.centre, row, "tell", 1, values={"answer": "已处置完毕，感谢反映。"})
        if way in ("unasked", "on_spot"):
            self.act(cast.centre, row, "close_unasked", 1)
        elif way != "told":
            outcome = "unsolved" if way == "impossible" else "solved"
            content = "no" if way == "impossible" or row.number % 7 == 0 else "yes"
            row = self.act(cast.centre, row, "call_back", 2, values={"outcome": outcome, "content": content})
            if way == "solved":
                self.act(cast.centre, row, "close")
            else:
                row = self.act(cast.centre, row, "doubt", 1, reason="管线在铁路用地内（示例）")
                self.act(cast.second, row, "confirm", 2, reason="现场复核属实（示例）")

    def whistle(self, row: Any, *names: str, days: int = 0) -> list[Any]:
        """Departments by a part of their names."""
        lead, *support = [next(key for name, key in self.keys.items() if one in name) for one in names]
        found: list[Any] = services.whistle(
            actor=self.cast.centre, about=self.about, matter=row, lead=lead, support=support, **self.when(days)
        )
        row.refresh_from_db()
        return found

    def departments(self, row: Any, way: str) -> Any:
        """Whistled, answered and handled, as far as the way goes."""
        lead, support = departments_of(row.item)
        sent = self.whistle(row, lead, *support[: row.number % 2])
        if way == "late":
            self.urge(sent[0])
            return row
        for one in sent:
            arrived = self.act(self.cast.liaison(one), one, "arrive", 1 if one is sent[0] else 0)
            answered = self.act(
                self.cast.liaison(one), arrived, "answer", 0, values={"answer": "已派人到场，三日内处置。"}
            )
            if way != "whistled":
                values = {"result": "已处置到位（示例）", "cost": 38_000 if one is sent[0] else None}
                self.act(self.cast.liaison(one), answered, "handle", 1, values=values, note="处置后情况良好")
        if way == "whistled":
            return row
        row.refresh_from_db()
        return self.act(self.cast.centre, row, "gather", 0, values={"result": "各部门已处置到位（示例）"})

    def urge(self, row: Any) -> None:
        """The district urges what is past its day; every second time the department has answered."""
        self.day = self.today
        row = self.act(self.cast.centre, row, "urge_red", reason="已逾期，请当日报到并答复（示例）")
        if row.number % 2:
            self.act(self.cast.liaison(row), row, "reply", reason="人员已安排，明日到场（示例）")

    def back_and_forth(self, row: Any) -> None:
        """A→B→A: whistled to two departments in turn, each names the other; it waits for the joint sitting."""
        first, second = STREETS, "住房和城乡建设局"
        for here, there in ((first, second), (second, first)):
            (sent,) = self.whistle(row, here)
            right = next(key for name, key in self.keys.items() if there in name)
            back = self.act(
                self.cast.liaison(sent), sent, "give_back", 1, values={"right": right}, reason="不属本部门职责（示例）"
            )
            self.act(self.cast.centre, back, "accept", 0)
        self.whistle(row, first)

    def hand_on(self, row: Any) -> None:
        """转办: the department that answered asks for another to go on; the centre says yes the next day."""
        (sent,) = self.whistle(row, STREETS)
        speaks = self.cast.liaison(sent)
        sent = self.act(speaks, self.act(speaks, sent, "arrive"), "answer", values={"answer": "已到场围挡（示例）。"})
        right = next(key for name, key in self.keys.items() if "住房和城乡建设局" in name)
        asked = self.act(speaks, sent, "ask_transfer", values={"right": right}, reason="墙体维修属住建职责（示例）")
        self.act(self.cast.centre, asked, "transfer", 1)

    def lift(self, item: str, title: str) -> None:
        """The newest filed matter of an item becomes a problem, with the others of it at the place."""
        rows: Any = MATTERS.model
        newest = (
            rows.objects.filter(district_id=self.about.district_id, item=item)
            .exclude(status__in=matters.UNSEEN)
            .latest("opened_at")
        )
        self.day = self.today
        given = {"actor": self.cast.centre, "about": self.about, "title": title, "kind": "works", **self.when()}
        lift(matter=newest, with_theme=True, **given)


def keys_of_programs(district_id: int, *, on: date) -> None:
    """A hotline's key that opens, and one that waits for a second administrator; their texts are thrown away."""
    given: dict[str, Any] = {"actor": SYSTEM, "place_id": district_id, "most_an_hour": 600, "on": on}
    hotline, _secret = issue_key(name="市民热线（示例）", **given)
    release_key(actor=SYSTEM, key=hotline, on=on)
    issue_key(name="网格平台（示例，待启用）", **given)


def _photo() -> bytes:
    """A grey picture; nobody was photographed for a sample."""
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), (150, 150, 150)).save(stream, "JPEG")
    return stream.getvalue()


def actors(users: Mapping[str, Any]) -> dict[str, Actor]:
    """Accounts as actors."""
    return {name: accounts.actor_of(user) for name, user in users.items()}
