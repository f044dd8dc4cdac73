"""Stations of the second sample district: forty of them, 403 members by group, powers, platforms, visits, departments on call.

All invented but the numbers: which 23 communities and 17 villages keep a station is not published, so it is the first of each.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from heli.audit.services import writing
from heli.bodies import services as bodies
from heli.bodies.queries import body_named
from heli.bodies.types import BodyKind, LinkKind
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.places.types import PlaceKind
from heli.records.abouts import About
from heli.records.services import Draft, enter, move
from heli.stations import services
from heli.stations.catalogues import group_words
from heli.stations.ledger import CALLOUTS, STATION_ACTS
from heli.stations.scoring import score
from heli.web.demo_daguan import NAME

KEPT = {PlaceKind.COMMUNITY: 23, PlaceKind.VILLAGE: 17}
MEMBERS, ON_CALL = 403, ("城市管理局", "公安分局", "市场监督管理局")
CALLS: tuple[tuple[str, tuple[int | None, ...]], ...] = (
    ("夜市占道经营联合整治", (18, 25, 41)), ("废品收购站消防隐患", (33, 12, None)), ("餐饮油烟集中检查", (52, 27, 20)),
)  # fmt: skip
"""What departments on call were called for, and after how many minutes each came."""
ACTS: tuple[tuple[str, str, str], ...] = (
    ("coordinate", "统筹城管、住建处置积水路段", "两部门当日到场"), ("recommend", "建议提前排查燃气管道", "已列入年度计划"),
    ("appraise", "季度评价派驻队所", ""), ("director_room", "局长驻点：接待物业纠纷", "三件已交办"),
    ("deputies_room", "代表接待日", ""), ("three_in_one", "社工、社会组织议事", "认领微心愿六个"), ("visit", "驻点走访", ""),
)  # fmt: skip
"""An act, what it was about, and what came of it."""


def build_stations(about: About, keeper: Actor, opened: date, now: datetime) -> None:
    """Forty stations, their members, and the last weeks of their work."""
    today, kept = timezone.localdate(now), dict(KEPT)
    chosen, old = [], {row.id for row in places.villages_of(about.district_id, opened, outlines=False)}
    for row in places.villages_of(about.district_id, today, outlines=False):
        if kept.get(row.kind, 0):
            kept[row.kind] -= 1
            chosen.append(row)
    with writing(SYSTEM, "stations.simulate", place_id=about.district_id, at=now):
        share, more = divmod(MEMBERS, len(chosen))
        groups = list(group_words())
        for number, row in enumerate(chosen):
            name = f"{row.name.removesuffix('委会').removesuffix('居')}红领工作站（示例）"
            since = opened if row.id in old else today
            bodies.add_body(actor=SYSTEM, name=name, kind=BodyKind.STATION, place_id=row.id, on=since)
            size, over = divmod(share + (number < more), len(groups))
            counts = {group: size + (at < over) for at, group in enumerate(groups)}
            given: dict[str, Any] = {"about": about, "place_id": row.id, "counts": counts}
            day = today - timedelta(days=90 if row.id in old else 0)
            services.count_members(actor=SYSTEM, on=day, at=min(_noon(day), now), **given)
        keys = _on_call(about, opened)
        _work(about, keeper, [row.id for row in chosen if row.id in old], keys, now)
        score(about=about, on=today, at=now)


def _on_call(about: About, opened: date) -> list[str]:
    """The departments of joint enforcement, on call over the district; their keys, and that of a person of the first."""
    found, leader = [], ""
    for name in ON_CALL:
        body = body_named(about.district_id, f"{NAME}{name}（示例）")
        assert body is not None  # added with the others
        bodies.add_link(actor=SYSTEM, kind=LinkKind.ON_CALL, place_id=about.district_id, body=body, on=opened)
        found.append(f"body:{body.public_id}")
        if not leader:
            person = bodies.add_person(actor=SYSTEM, body=body, name="赵某（示例）", office="局长", on=opened)
            leader = f"person:{person.public_id}"
    return [*found, leader]


def _work(about: About, keeper: Actor, where: Sequence[int], keys: Sequence[str], now: datetime) -> None:
    *departments, leader = keys
    today = timezone.localdate(now)
    for number, (act, title, result) in enumerate(ACTS):
        day = min(calendar().next_workday(today - timedelta(days=70 - 9 * number)), today)
        whom = leader if act in ("visit", "director_room") else departments[0]
        values = {"title": title, "act": act, "place": where[number % 4], "held_on": day, "whom": whom, "people": None,
                  "note": ""}  # fmt: skip
        (row,) = enter(actor=keeper, ledger=STATION_ACTS, about=about, drafts=[Draft(values)], on=day, at=_noon(day))
        if result:
            move(
                actor=keeper,
                ledger=STATION_ACTS,
                row=row,
                name="answer",
                values={"result": result},
                on=day,
                at=_noon(day),
            )
    for number, (title, waited) in enumerate(CALLS):
        day = today - timedelta(days=45 - 14 * number)
        given: dict[str, Any] = {"about": about, "place_id": where[number], "departments": departments}
        made = services.call_out(actor=keeper, title=title, on=day, at=_noon(day), **given)
        for row, minutes in zip(made, waited, strict=False):
            if minutes is None:
                said: dict[str, Any] = {"name": "miss", "reason": "另有任务", "at": _noon(day) + timedelta(hours=3)}
                move(actor=keeper, ledger=CALLOUTS, row=row, on=day, **said)
            else:
                came = _noon(day) + timedelta(minutes=minutes)
                move(actor=SYSTEM, ledger=CALLOUTS, row=row, name="arrive", on=day, at=came)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10, 30)))
