"""Builders of stations over one half of the small world, and who may open which page."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from heli.bodies import services as bodies
from heli.bodies.types import LinkKind
from heli.kernel.access import SYSTEM, Actor, Grant
from heli.records.services import move
from heli.records.testing import DAY, access_of, district_of, enter_row
from heli.stations import services
from heli.stations.ledger import CALLOUTS, STATION_ACTS
from heli.stations.models import Callout
from heli.ui.testing import AccessCase, Kwargs

READERS = ("district_officer", "town_officer", "village_cadre", "department_liaison", "auditor")
KEEPERS = ("district_officer", "town_officer", "village_cadre")


def on_call(half: Any, body: str = "department", place: Any = None) -> str:
    """That body on call over the district, once; its key in forms."""
    if f"on_call_{body}" not in half.links:
        given: dict[str, Any] = {
            "place_id": (place or half.district).pk,
            "body": half.bodies[body],
            "on": date(2026, 1, 1),
        }
        half.links[f"on_call_{body}"] = bodies.add_link(actor=SYSTEM, kind=LinkKind.ON_CALL, **given)
    return f"body:{half.bodies[body].public_id}"


def call_of(world: Any, **more: Any) -> Kwargs:
    """What a call of the department to the cadre's village says."""
    keys = [on_call(world.a)]
    about = {"about": district_of(world.a), "place_id": world.a.village.pk, "on": DAY}
    return {**about, "title": "占道经营", "departments": keys, **more}


def called(half: Any, place: Any = None, at: datetime | None = None, role: str = "district_officer") -> Callout:
    """The department, called to the cadre's village."""
    keys = [on_call(half)]
    given: dict[str, Any] = {"place_id": (place or half.village).pk, "departments": keys, "on": DAY, "at": at}
    return services.call_out(actor=half.actor(role), about=district_of(half), title="占道经营", **given)[0]


def speaking(half: Any, row: Callout, role: str = "department_liaison") -> Actor:
    """The person of a role who speaks for the called department."""
    actor: Actor = half.actor(role)
    return replace(actor, grants=(Grant("department_liaison", half.district.pk, row.department_body_id),))


def arrived(half: Any, row: Callout, at: datetime) -> Callout:
    """It has arrived, as it says itself."""
    made: Callout = move(actor=speaking(half, row), ledger=CALLOUTS, row=row, name="arrive", on=DAY, at=at)
    return made


def _about(half: Any) -> Kwargs:
    return {"about_id": half.district.public_id}


def _place(half: Any, place: Any = None) -> Kwargs:
    return {**_about(half), "place_id": (place or half.village).public_id}


def _act(half: Any, place: Any) -> Any:
    return enter_row(STATION_ACTS, half, district_of(half), place=place.pk)


def _late(half: Any) -> Kwargs:
    if "late" not in half.links:
        half.links["late"] = called(half).public_id
    return {**_about(half), "row_id": half.links["late"]}


def _office(name: str, build: Any, **more: Any) -> list[AccessCase]:
    given: dict[str, Any] = {"own": lambda world: build(world.a), "foreign": lambda world: build(world.b), **more}
    return [
        AccessCase(f"stations:{name}", KEEPERS, **given),
        AccessCase(f"stations:{name}", KEEPERS, method="post", success=(422,), **given),
    ]


NARROW: dict[str, Any] = {
    "narrow": ["town_officer", "village_cadre"], "elsewhere": lambda world: _place(world.a, world.a.other_village)
}  # fmt: skip
ACCESS = [
    *access_of(STATION_ACTS, readers=READERS, enterers=KEEPERS, enter=_act),
    *(
        case for case in access_of(CALLOUTS, readers=READERS, enterers=(), enter=called)
        if case.method == "get"
    ),
    AccessCase(
        "stations:centre", READERS, own=lambda world: _about(world.a), foreign=lambda world: _about(world.b)
    ),
    *(
        AccessCase(
            "stations:late", ("department_liaison",), own=lambda world: _late(world.a), foreign=lambda world: _late(world.b),
            method=method, success=(success,),
        )
        for method, success in (("get", 200), ("post", 422))
    ),
    *_office("call", _about),
    *_office("call_to", _place, **NARROW),
    *_office("members", _place, **NARROW),
]  # fmt: skip
