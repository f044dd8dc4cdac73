"""Builders of appraisals over one half of the small world, and who may open which page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Max

from heli.accounts import services as accounts
from heli.appraisal import services
from heli.appraisal.ledger import APPRAISALS
from heli.appraisal.models import Appraisal, AppraisalFact, AppraisalYear
from heli.appraisal.packs import appraisal_packs
from heli.audit.testing import unaudited
from heli.kernel.access import SYSTEM, Actor
from heli.records.services import move
from heli.records.testing import DAY, access_of, district_of
from heli.ui.testing import AccessCase, Kwargs

READERS = ("district_officer", "town_officer", "village_cadre", "auditor")
LIAISON = "department_liaison"
OFFICES = ("district_officer", "town_officer")
FULL: Mapping[str, Mapping[str, int]] = {
    "done": {"done": 1}, "ratio": {"k": 10, "n": 10}, "panel": {"excellent": 30, "good": 0, "fair": 0, "poor": 0},
}  # fmt: skip


def third(half: Any) -> Actor:
    """Another officer of the district."""
    from heli.accounts.queries import actor_of

    if "third" not in half.users:
        user, _password = accounts.add_user(
            actor=SYSTEM, username=f"third.{half.district.code if hasattr(half.district, 'code') else half.district.pk}",
            name="third", place_id=half.district.pk, password="a long password of tests",
        )  # fmt: skip
        accounts.grant_role(
            actor=SYSTEM, user=user, role="district_officer", on=DAY.replace(2010), place_id=half.district.pk
        )
        half.users["third"] = user
    return actor_of(half.users["third"])


def begun(half: Any, pack: str = "norm-year", year: int = 0) -> AppraisalYear:
    """An appraisal of that half in a year that was not begun yet."""
    last = AppraisalYear.objects.filter(district=half.district, pack=pack).aggregate(last=Max("year"))["last"]
    given: dict[str, Any] = {"about": district_of(half), "pack": pack, "year": year or (last or 2025) + 1, "on": DAY}
    return services.begin_year(actor=half.actor("district_officer"), **given)


def row_at(half: Any, year: AppraisalYear, place: Any = None) -> Appraisal:
    """The appraisal of the cadre's village, or of another place."""
    return Appraisal.objects.get(year=year, place=(place or half.village).pk)


def fill(row: Appraisal, **more: Mapping[str, int] | None) -> None:
    """Full marks in every part, or what is given; None leaves a part out. Straight into the table: what is known is no matter."""
    import json

    from django.utils import timezone

    pack = appraisal_packs()[row.pack]
    facts = {key: more.get(key, FULL[one.rule.kind]) for key, one in pack.indicators.items()}
    at = timezone.make_aware(datetime(2026, 3, 1))
    with unaudited():
        AppraisalFact.objects.bulk_create(
            AppraisalFact(appraisal=row, indicator=key, fact=json.dumps(fact), source="样例", by_name="x", at=at)
            for key, fact in facts.items() if fact is not None
        )  # fmt: skip


def added_up(half: Any, year: AppraisalYear, role: str = "district_officer") -> None:
    """Let the rule add up."""
    services.add_up(actor=half.actor(role), year=year)


def ready(half: Any, pack: str = "norm-year", **more: Any) -> Appraisal:
    """An appraisal of the cadre's village whose facts are complete and added up."""
    year = begun(half, pack)
    row = row_at(half, year)
    fill(row, **more)
    added_up(half, year)
    row.refresh_from_db()
    return row


def made(actor: Actor, row: Appraisal, name: str, on: Any = DAY, **more: Any) -> Appraisal:
    """The row after a move."""
    found: Appraisal = move(actor=actor, ledger=APPRAISALS, row=row, name=name, on=on, **more)
    return found


def graded(half: Any, row: Appraisal | None = None, *, by: str = "third", on: Any = DAY, **more: Any) -> Appraisal:
    """Reported by the cadre, proposed by a third officer (or a role), confirmed by the district officer."""
    row = made(half.actor("village_cadre"), row or ready(half), "report", note="已述职")
    proposer = third(half) if by == "third" else half.actor(by)
    row = made(proposer, row, "propose", values={"grade": "excellent", "why": "", **more})
    return made(half.actor("district_officer"), row, "confirm", on)


def _row(half: Any, place: Any = None) -> Appraisal:
    where = place or half.village
    key = f"appraisal_{where.pk}"
    if "appraisal_year" not in half.links:
        half.links["appraisal_year"] = begun(half).public_id
    if key not in half.links:
        year = AppraisalYear.objects.get(public_id=half.links["appraisal_year"])
        half.links[key] = row_at(half, year, where).public_id
    return Appraisal.objects.get(public_id=half.links[key])


def _about(half: Any) -> Kwargs:
    return {"about_id": half.district.public_id}


def _one(half: Any, place: Any = None) -> Kwargs:
    return {**_about(half), "row_id": _row(half, place).public_id}


def _part(half: Any, place: Any = None) -> Kwargs:
    return {**_one(half, place), "indicator": next(iter(appraisal_packs()["norm-year"].indicators))}


def _year(half: Any) -> Kwargs:
    _row(half)
    return {**_about(half), "year_id": half.links["appraisal_year"]}


def _case(name: str, allowed: tuple[str, ...], build: Any, **more: Any) -> AccessCase:
    given: dict[str, Any] = {"own": lambda world: build(world.a), "foreign": lambda world: build(world.b), **more}
    return AccessCase(f"appraisal:{name}", allowed, **given)


def _with_liaison(case: AccessCase) -> AccessCase:
    """A liaison opens the lists, and there what is their organisation's own; of another's row they get 404."""
    if case.url_name in ("appraisals:all", "appraisals:list"):
        return replace(case, allowed=(*case.allowed, LIAISON))
    return replace(case, refused=(403, 404)) if case.url_name == "appraisals:row" else case


_POST: dict[str, Any] = {"method": "post", "success": (422,)}
ACCESS: list[AccessCase] = [
    *(
        _with_liaison(case)
        for case in access_of(
            APPRAISALS,
            readers=READERS,
            enterers=(),
            enter=_row,
            movers=("district_officer", "town_officer", "village_cadre"),
        )
    ),
    AccessCase("appraisal:home", (*READERS, LIAISON), success=(303,)),
    _case("years", (*READERS, LIAISON), _about),
    _case("years", ("district_officer",), _about, **_POST),
    _case("year", (*READERS, LIAISON), _year),
    _case("year", ("district_officer",), _year, method="post", success=(303,)),
    _case(
        "part",
        READERS,
        _part,
        narrow=READERS[1:3],
        elsewhere=lambda world: _part(world.a, world.a.other_village),
        refused=(403, 404),
    ),
    _case("part", OFFICES, _part, refused=(403, 404), **_POST),
    _case("paper", READERS, _one, refused=(403, 404)),
]
