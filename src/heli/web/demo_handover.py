"""Admission and handover in the demonstration, all invented: tasks asked of Daguan's villages, one refused by a village, two
villages merged as a sample so that services are handed over and the point of the old one is found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from heli.bodies import services as bodies
from heli.bodies.queries import find_holder
from heli.bodies.types import BodyKind
from heli.handover import services
from heli.handover.catalogues import service_items
from heli.handover.ledger import ADMISSIONS, APPLY, SLIPS
from heli.handover.services import AskedTask, PointSpec
from heli.kernel.access import SYSTEM, Actor, speaks_for
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.places import services as register
from heli.places.types import EventKind, EventSpec, LinkSpec, PlaceKind, PlaceSpec
from heli.records.abouts import About
from heli.records.services import Draft, enter, move

SAMPLE = "（示例）"
OFFICE = "大观区基层减负专班" + SAMPLE
MERGED = ("五里村", "茅岭村")
NEW = "五岭村" + SAMPLE
REFUSER = "袁江村"
REFUSED = "每日打卡小程序"
AGO = 40
"""So many days ago the two villages were merged."""
TASKS: Sequence[tuple[str, str, str, int, int, int, str, int]] = (
    ("低收入家庭入户核对", "task", "民政局", 4, 180, 1_200_00, "admitted", 70),
    ("汛期隐患点巡查", "task", "应急管理局", 24, 60, 2_400_00, "admitted", 55),
    ("垃圾分类月度台账", "form", "城市管理局", 12, 45, 600_00, "admitted", 48),
    ("环境卫生排名检查", "check", "城市管理局", 52, 90, 0, "declined", 45),
    ("燃气安全入户登记", "task", "住房和城乡建设局", 2, 240, 900_00, "ended", 60),
    (REFUSED, "platform", "市场监督管理局", 250, 10, 300_00, "applied", 6),
    ("消防宣传照片上传", "form", "消防救援大队", 24, 20, 200_00, "drafted", 1),
)
"""What is asked, its kind, by whom, times, minutes, fen, how far it got, how many days ago it was applied for."""


@dataclass
class HandoverCast:
    """Who does it: applies (each for the departments it speaks for), decides, keeps for the villages, hands over; the village
    that refuses has its own."""

    applicants: Sequence[Actor]
    decider: Actor
    keeper: Actor
    giver: Actor
    cadre: Actor
    keys: Mapping[str, str] = field(default_factory=dict)


def elsewhere(district_id: int, on: date) -> Mapping[int, int]:
    """A village beside each of the two that were merged, where matters of the half-year are reported instead."""
    named = {row.name: row.id for row in places.villages_of(district_id, on, outlines=False)}
    return {named[MERGED[0]]: named["十里村"], named[MERGED[1]]: named[REFUSER]}


def simulate_handover(about: About, cast: HandoverCast, *, now: datetime) -> None:
    """Tasks asked of villages, one refused; the handover to a new village and to a community; points and slips."""
    today = timezone.localdate(now)
    merged_on = today - timedelta(days=AGO)
    named = {
        row.name: row for row in places.villages_of(about.district_id, merged_on - timedelta(days=1), outlines=False)
    }
    office = bodies.add_body(
        actor=SYSTEM,
        name=OFFICE,
        kind=BodyKind.DEPARTMENT,
        place_id=about.district_id,
        on=merged_on - timedelta(days=60),
    )
    asked = {task[0]: _ask(about, cast, task, f"body:{office.public_id}", today) for task in TASKS}
    refused = AskedTask(admission=asked[REFUSED])
    given: dict[str, Any] = {"about": about, "place_id": named[REFUSER].id, "task": refused}
    services.refuse_task(actor=cast.cadre, **given, **_at(today - timedelta(days=3)))
    unit = _merge([named[name].id for name in MERGED], named[MERGED[0]].parent_id or 0, merged_on)
    _hand_over(about, cast, unit, merged_on, every=True)
    _hand_over(about, cast, named["马山社区"].id, merged_on, every=False)
    _points(about, cast, unit, [named[name].id for name in MERGED], merged_on)
    _slips(about, cast, unit, today)


def _at(day: date) -> dict[str, Any]:
    return {"on": day, "at": timezone.make_aware(datetime.combine(day, time(10)))}


def _ask(about: About, cast: HandoverCast, task: tuple[Any, ...], office: str, today: date) -> Any:
    title, kind, name, times, minutes, funding, way, ago = task
    day = calendar().next_workday(today - timedelta(days=ago))
    day = min(day, today)
    key = next(key for label, key in cast.keys.items() if name in label)
    body = find_holder(key, about.district_id, day)
    applicant = next(one for one in cast.applicants if body and speaks_for(one, APPLY, body.id))
    draft = Draft({
        "title": title + SAMPLE, "place": about.district_id, "kind": kind, "times": times, "minutes": minutes,
        "applicant": key, "basis": "市级工作方案" + SAMPLE,
        "funding": funding, "starts_on": day, "ends_on": date(day.year + 1, 6, 30),
    })  # fmt: skip
    (row,) = enter(actor=applicant, ledger=ADMISSIONS, about=about, drafts=[draft], **_at(day))
    if way != "drafted":
        row = move(actor=applicant, ledger=ADMISSIONS, row=row, name="apply", **_at(day))
    later = min(calendar().add(day, 8), today)
    if way in ("admitted", "ended"):
        values = {"office": office, "decision": f"大减负〔{later.year}〕{row.number}号" + SAMPLE}
        row = move(actor=cast.decider, ledger=ADMISSIONS, row=row, name="admit", values=values, **_at(later))
    if way == "declined":
        reason = "排名检查不列入准入事项"
        given: dict[str, Any] = {"values": {"office": office}, "reason": reason, **_at(later)}
        row = move(actor=cast.decider, ledger=ADMISSIONS, row=row, name="decline", **given)
    if way == "ended":
        reason = "改由燃气公司上门"
        row = move(
            actor=cast.decider, ledger=ADMISSIONS, row=row, name="end", reason=reason, **_at(today - timedelta(days=9))
        )
    return row


def _merge(former: Sequence[int], town: int, on: date) -> int:
    event = EventSpec(
        kind=EventKind.MERGE, on=on, links=tuple(LinkSpec(source=key, target="new") for key in former),
        founds={"new": PlaceSpec(name=NEW, kind=PlaceKind.VILLAGE, parent=town)}, document_number="大政" + SAMPLE,
    )  # fmt: skip
    return int(register.record_event(actor=SYSTEM, event=event).founded["new"])


def _hand_over(about: About, cast: HandoverCast, place: int, on: date, *, every: bool) -> None:
    """All services given; all received, or seven still to be."""
    services.open_handover(
        actor=cast.keeper, place_id=place, district_id=about.district_id, **_at(on + timedelta(days=1))
    )
    items = list(service_items().entries)
    services.give_items(actor=cast.giver, place_id=place, items=items, **_at(on + timedelta(days=3)))
    received = items if every else items[:-7]
    services.receive_items(actor=cast.keeper, place_id=place, items=received, **_at(on + timedelta(days=6)))


def _points(about: About, cast: HandoverCast, unit: int, former: Sequence[int], on: date) -> None:
    """The committee sits in the first of both, the second keeps a point."""
    body = bodies.add_body(
        actor=SYSTEM, name="五岭村村民委员会" + SAMPLE, kind=BodyKind.COMMITTEE, place_id=unit, on=on
    )
    keeper = bodies.add_person(actor=SYSTEM, body=body, name="李某" + SAMPLE, office="代办员", on=on)
    items = list(service_items().entries)[:8]
    for place, point in zip(
        former,
        (
            PointSpec("五里村原村部", "周一至周五 8:30-17:30", is_seat=True),
            PointSpec("茅岭村原村部一楼", "周一、三、五 8:30-11:30", f"person:{keeper.public_id}", items),
        ),
        strict=True,
    ):
        given: dict[str, Any] = {"district_id": about.district_id, "former_id": place, "point": point}
        services.keep_point(actor=cast.keeper, **given, **_at(on + timedelta(days=2)))


def _slips(about: About, cast: HandoverCast, unit: int, today: date) -> None:
    items = list(service_items().entries)
    for number, ago in enumerate((20, 16, 12, 8, 2, 1)):
        day = calendar().next_workday(today - timedelta(days=ago))
        day = min(day, today)
        draft = Draft({
            "place": unit, "item": items[number * 5], "taken_on": day, "due_on": calendar().add(day, 5), "note": "",
        })  # fmt: skip
        (row,) = enter(actor=cast.keeper, ledger=SLIPS, about=about, drafts=[draft], **_at(day))
        if ago > 3:
            done = min(calendar().add(day, 2 + number % 4), today)
            move(actor=cast.keeper, ledger=SLIPS, row=row, name="done", values={"result": "已办结"}, **_at(done))
