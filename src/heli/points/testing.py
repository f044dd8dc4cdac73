"""Builders of points over one half of the small world, and who may open which page."""

from datetime import date
from typing import Any

from heli.points import services
from heli.points.ledger import SHIFTS
from heli.points.models import Member, PointsEntry, Shift, ShiftClaim
from heli.points.services import Earned
from heli.records.testing import DAY, access_of, district_of, enter_row
from heli.ui.testing import EVERYONE, STRANGER, AccessCase, Kwargs

READERS = ("district_officer", "town_officer", "village_cadre", "department_liaison", "auditor")
KEEPERS = ("district_officer", "town_officer", "village_cadre")
OFFICES = ("district_officer", "town_officer")
TIMED = date(2026, 2, 28)
"""A day before `DAY`."""


def member(half: Any, role: str = "grid_worker", **more: Any) -> Member:
    """The person of a role, who lives in the cadre's village."""
    given = {"district_id": half.district.pk, "home_id": half.village.pk, "work_id": None, "consents": True, **more}
    return services.report_in(actor=half.actor(role), on=DAY, **given)


def shift(half: Any, place: Any = None, **more: Any) -> Shift:
    """A shift of two hours for two people in the cadre's village, on `DAY`."""
    given = {"act": "shift", "held_on": DAY, "hours": 2, "heads": 2, **more}
    row: Shift = enter_row(SHIFTS, half, district_of(half), bare=True, place=(place or half.village).pk, **given)
    return row


def claim(half: Any, role: str = "grid_worker", row: Shift | None = None, **more: Any) -> ShiftClaim:
    """A member of that role on a shift."""
    member(half, role)
    return services.take_on(actor=half.actor(role), shift=row or shift(half, **more), on=DAY)


def confirmed(half: Any, one: ShiftClaim | None = None, minutes: int = 120, on: date = DAY) -> PointsEntry:
    """The hours of a claim, confirmed by the town officer."""
    actor = half.actor("town_officer")
    return services.confirm_shift(actor=actor, claim=one or claim(half), minutes=minutes, on=on)


def earned(half: Any, act: str = "unit_activity", **more: Any) -> Earned:
    """What the department of that half did in the cadre's village."""
    given = {"on": DAY, "proof": "活动签到表 3 号", "unit": f"body:{half.bodies['department'].public_id}", **more}
    return Earned(act, half.village.pk, **given)


def entered(half: Any, act: str = "unit_activity", **more: Any) -> PointsEntry:
    """That, entered by the district officer."""
    actor = half.actor("district_officer")
    return services.enter_points(actor=actor, about=district_of(half), earned=earned(half, act, **more), on=DAY)


def _about(half: Any) -> Kwargs:
    return {"about_id": half.district.public_id}


def _shift(half: Any, place: Any = None) -> Kwargs:
    where = place or half.village
    key = f"points_shift_{where.pk}"
    if key not in half.links:
        half.links[key] = shift(half, where).public_id
    return {**_about(half), "row_id": half.links[key]}


def _line(half: Any) -> Kwargs:
    if "points_line" not in half.links:
        half.links["points_line"] = entered(half).public_id
    return {**_about(half), "entry_id": half.links["points_line"]}


def _unit(half: Any) -> Kwargs:
    return {**_about(half), "body_id": half.bodies["department"].public_id}


def _case(name: str, allowed: tuple[str, ...], build: Any, **more: Any) -> AccessCase:
    given: dict[str, Any] = {"own": lambda world: build(world.a), "foreign": lambda world: build(world.b), **more}
    return AccessCase(f"points:{name}", allowed, **given)


_POST: dict[str, Any] = {"method": "post", "success": (422,)}
ACCESS: list[AccessCase] = [
    *access_of(SHIFTS, readers=READERS, enterers=KEEPERS, enter=shift),
    AccessCase("points:mine", EVERYONE),
    AccessCase("points:mine", EVERYONE, **_POST),
    AccessCase("points:certificate", EVERYONE, method="post", success=(303,)),
    AccessCase("points:true", (*EVERYONE, STRANGER), own=lambda world: {"code": "x"}),
    _case("sums", READERS, _about),
    _case("enter", KEEPERS, _about),
    _case("enter", KEEPERS, _about, **_POST),
    _case("unit", READERS, _unit),
    _case(
        "people", KEEPERS, _shift, narrow=KEEPERS[1:], elsewhere=lambda world: _shift(world.a, world.a.other_village)
    ),
    _case("people", KEEPERS, _shift, **_POST),
    _case("line", READERS, _line),
    _case("line", KEEPERS, _line, **_POST),
]
