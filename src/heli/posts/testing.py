"""Files of posts and appraisal to test and measure with; committees with posts in the small world."""

import random
from datetime import date
from typing import Any

from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM
from heli.posts.models import Holding
from heli.posts.services.offices import fill, set_posts

ACCEPTERS = ("district_officer",)
KEEPERS = ("district_officer", "town_officer")
SINCE, DAY = date(2024, 1, 1), date(2026, 3, 2)
COMMITTEE = {"secretary": 1, "head": 1, "deputy": 1, "member": 1}


def committee(half: Any, place: Any = None, **seats: int) -> Any:
    """The committee of the cadre's village with a secretary, a head, a deputy and members, a paper from 2024 on."""
    where = place or half.village
    body = bodies.add_body(actor=SYSTEM, name="两委", kind=BodyKind.COMMITTEE, place_id=where.pk, on=date(2020, 1, 1))
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
