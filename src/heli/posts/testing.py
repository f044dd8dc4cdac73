"""Files of posts and appraisal to test and measure with; committees with posts in the small world."""

import json
import random
from datetime import date
from typing import Any

from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM
from heli.places import queries as places
from heli.posts.ledger import INCENTIVES, PLACEMENTS, RECRUITMENTS
from heli.posts.models import (
    Establishment,
    Holding,
    PayRule,
    Placement,
    PlacingState,
    ReserveMember,
    VillageAllotting,
)
from heli.posts.rules.pay import PayScale
from heli.posts.services import pay, placing, reserve
from heli.posts.services.allotting import begin_allotting
from heli.posts.services.offices import fill, set_posts
from heli.records.abouts import About
from heli.records.testing import access_of, district_of, make
from heli.ui.testing import AccessCase, Kwargs

ACCEPTERS = ("district_officer",)
KEEPERS = ("district_officer", "town_officer")
PARTS = ("town_officer", "village_cadre")
OVER = ("district_officer", "department_liaison", "auditor")
READERS = ("district_officer", "town_officer", "village_cadre", "department_liaison", "auditor")
SINCE, DAY = date(2024, 1, 1), date(2026, 3, 2)
COMMITTEE = {"secretary": 1, "head": 1, "deputy": 1, "member": 1}


def committee(half: Any, place: Any = None, **seats: int) -> Any:
    """The committee of the cadre's village with a secretary, a head, a deputy and members, a paper from 2024 on."""
    where = place or half.village
    name = f"两委{Establishment.objects.count() or ''}"
    body = bodies.add_body(actor=SYSTEM, name=name, kind=BodyKind.COMMITTEE, place_id=where.pk, on=date(2020, 1, 1))
    set_posts(actor=SYSTEM, body=body, seats={**COMMITTEE, **seats}, on=SINCE, document_number="定职1号", joint=True)
    return body


def holder(body: Any, kind: str = "head", name: str = "陈主任", on: date = SINCE, **more: Any) -> Holding:
    """Somebody in office there."""
    return fill(actor=SYSTEM, body=body, kind=kind, name=name, on=on, **more)


def allot_file(weights: dict[str, int], total: int, least: int = 3, most: int = 7) -> dict[str, Any]:
    """A file of heli.posts/1 whose places differ by people alone."""
    places = [{"id": key, "people": people, "position": "p", "difficulty": "d"} for key, people in weights.items()]
    classes = {"position_bp": {"p": 0}, "difficulty_bp": {"d": 0}}
    return {"form": "heli.posts/1", "total": total, "least": least, "most": most, **classes, "places": places}


def appraise_file(subjects: list[dict[str, Any]], *indicators: dict[str, Any], share: tuple[int, int] = (1, 1)) -> Any:
    """A file of heli.appraise/1; without indicators there is one ratio, `r`, from 0 to all."""
    given = list(indicators) or [ratio("r", 10_000)]
    grades = {"excellent": 8_800, "competent": 7_000, "basic": 6_000, "share": list(share)}
    return {"form": "heli.appraise/1", "indicators": given, "grades": grades, "subjects": subjects}


def ratio(key: str, weight: int, floor: int = 0, target: int = 10_000) -> dict[str, Any]:
    """An indicator of kind ratio."""
    return {"id": key, "kind": "ratio", "weight": weight, "floor": floor, "target": target}


def subject(key: str, /, group: str = "A", veto: bool = False, **shares: tuple[int, int]) -> dict[str, Any]:
    """A subject with k of n by indicator."""
    return {"id": key, "group": group, "facts": shares_of(shares), "not_applicable": {}, "veto": veto}


def shares_of(shares: dict[str, tuple[int, int]]) -> dict[str, dict[str, int]]:
    """Facts of ratios by indicator from pairs of k and n."""
    return {name: {"k": k, "n": n} for name, (k, n) in shares.items()}


def drawn_appraisal(subjects: int, indicators: int, seed: int) -> dict[str, Any]:
    """So many subjects in groups of sixty with so many ratios, one in ten of which does not apply."""
    rng = random.Random(seed)
    weights = [10_000 // indicators] * indicators
    weights[0] += 10_000 - sum(weights)
    given = [ratio(f"r{number:02}", weight, 2_000, 9_500) for number, weight in enumerate(weights)]
    rows = []
    for number in range(subjects):
        out = {one["id"]: "no such duty" for one in given if rng.random() < 0.1}
        facts = {one["id"]: (rng.randint(0, 40), 40) for one in given if one["id"] not in out}
        one = subject(f"s{number:04}", f"g{number // 60}")
        rows.append({**one, "facts": shares_of(facts), "not_applicable": out})
    made: dict[str, Any] = appraise_file(rows, *given, share=(1, 5))
    return made


def sharing_of(half: Any, total: int = 10) -> str:
    """A file of heli.posts/1 over three villages of a half of the small world, by code."""
    rows = sorted(places.villages_of(half.district.pk, DAY), key=lambda row: row.code)[:3]
    weights = {row.code: 1_000 + 500 * number for number, row in enumerate(rows)}
    return json.dumps(allot_file(weights, total))


def pay_rule(half: Any, scale: PayScale | None = None, on: date = SINCE, **more: Any) -> PayRule:
    """What posts of a half pay from a day on; 100,000 yuan a year are there for it."""
    given = {
        "district_id": half.district.pk,
        "budget": 10_000_000,
        "valid_from": on,
        "document_number": "薪酬1号",
        **more,
    }
    return pay.set_pay(actor=SYSTEM, scale=scale or PayScale({"head": 4_000_000}, {}, 0), **given)


def signed_up(half: Any, place: Any = None, **more: Any) -> ReserveMember:
    """Somebody who signed for a year."""
    time = {"signed": True, "signed_on": DAY, "ends_on": date(2027, 3, 2), "on": DAY}
    where = place or half.village
    return reserve.enter_reserve(
        **{"actor": SYSTEM, "place_id": where.pk, "name": "甲", "source": "graduate", **time, **more}
    )


def allotting(half: Any, role: str = "district_officer", **more: Any) -> VillageAllotting:
    """A sharing of ten posts in work."""
    given = {"about": district_of(half), "title": "职数", "text": sharing_of(half), "on": DAY, **more}
    return begin_allotting(actor=half.actor(role), **given)


def placement(
    half: Any, place: Any = None, kind: str = "head", on: date = DAY, about: About | None = None
) -> Placement:
    """A head in office who is to be placed."""
    body = committee(half, place)
    holder(body, kind)
    made = placing.begin_placements(
        actor=half.actor("district_officer"), about=about or district_of(half), on=on, place_ids=[body.place_id]
    )
    return made[0]


def placement_in(half: Any, status: str, outcome: str = "leaves") -> Placement:
    """A placement that stands in this state."""
    row: Any = placement(half)
    if status != PlacingState.OPEN:
        values = {"outcome": outcome, "pay_kept_until": None}
        row = make(PLACEMENTS, half, half.actor("district_officer"), row, PLACEMENTS.by_name["decide"], values=values)
    if status == PlacingState.SETTLED:
        row = make(PLACEMENTS, half, SYSTEM, row, PLACEMENTS.by_name["settle"])
    found: Placement = row
    return found


def _about(half: Any) -> Kwargs:
    return {"about_id": half.district.public_id}


def _body(half: Any, place: Any = None) -> Kwargs:
    where = place or half.village
    key = f"posts_{where.pk}"
    if key not in half.links:
        half.links[key] = committee(half, where).public_id
    return {"body_id": half.links[key]}


def _placed(half: Any, place: Any = None) -> Kwargs:
    where = place or half.village
    key = f"taken_{where.pk}"
    if key not in half.links:
        half.links[key] = placement(half, where).public_id
    return {**_about(half), "row_id": half.links[key]}


def _work(half: Any) -> Kwargs:
    if "post_work" not in half.links:
        half.links["post_work"] = allotting(half).public_id
    return {**_about(half), "row_id": half.links["post_work"]}


def _page(name: str, allowed: tuple[str, ...], build: Any = _about, **more: Any) -> AccessCase:
    given: dict[str, Any] = {"own": lambda world: build(world.a), "foreign": lambda world: build(world.b), **more}
    return AccessCase(f"post:{name}", allowed, **given)


POST: dict[str, Any] = {"method": "post", "success": (422,)}
ACCESS: list[AccessCase] = [
    AccessCase("post:home", READERS, success=(303,)),
    _page("board", READERS),
    _page("body", READERS, _body, narrow=PARTS, elsewhere=lambda world: _body(world.a, world.a.other_village)),
    _page("pay", ACCEPTERS),
    _page("pay", ACCEPTERS, **POST),
    _page("reserve", READERS),
    _page("share", ACCEPTERS),
    _page("share", ACCEPTERS, **POST),
    _page("work", OVER, _work, refused=(403, 404)),
    _page("place", READERS),
    _page("place", ACCEPTERS, **POST),
    _page("take", KEEPERS, _placed, narrow=("town_officer",), elsewhere=lambda world: _placed(world.a, world.a.other_village)),
    AccessCase("allottings:all", READERS),
    AccessCase(
        "allottings:list", READERS, own=lambda world: _about(world.a), foreign=lambda world: _about(world.b)
    ),
    AccessCase(
        "allottings:row", OVER, own=lambda world: _work(world.a), foreign=lambda world: _work(world.b), refused=(403, 404)
    ),
    *access_of(RECRUITMENTS, readers=READERS, enterers=KEEPERS),
    *access_of(INCENTIVES, readers=READERS, enterers=KEEPERS),
    *access_of(
        PLACEMENTS, readers=READERS, enterers=KEEPERS, enter=lambda half, place: Placement.objects.get(
            public_id=_placed(half, place)["row_id"]
        )
    ),
]  # fmt: skip
