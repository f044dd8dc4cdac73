"""Who may open which page of bodies."""

from collections.abc import Callable
from typing import Any

from heli.bodies.models import Person
from heli.ui.testing import AccessCase, Kwargs

READERS = (
    "district_officer", "town_officer", "village_cadre", "department_liaison", "auditor", "administrator",
)  # fmt: skip
EDITORS = ("district_officer", "town_officer", "administrator")
OVER_DISTRICT = ("district_officer", "administrator")


def _own(half: Any) -> Kwargs:
    return {"public_id": half.bodies["group"].public_id}


def _department(half: Any) -> Kwargs:
    return {"public_id": half.bodies["department"].public_id}


def _person(half: Any) -> Kwargs:
    person = Person.objects.get(body=half.bodies["group"])
    return {**_own(half), "person_id": person.public_id}


def _link(half: Any) -> Kwargs:
    return {**_own(half), "link_id": half.links["group"]}


def _post(name: str, build: Callable[[Any], Kwargs], *, narrow: bool = False) -> AccessCase:
    return AccessCase(
        f"bodies:{name}",
        EDITORS,
        own=lambda world: build(world.a),
        foreign=lambda world: build(world.b),
        elsewhere=(lambda world: _department(world.a)) if narrow else None,
        narrow=("town_officer",) if narrow else (),
        method="post",
        success=(422,),
    )


ACCESS = [
    AccessCase("bodies:list", READERS),
    AccessCase("bodies:add", EDITORS),
    AccessCase("bodies:add", EDITORS, method="post", success=(422,)),
    AccessCase(
        "bodies:body",
        tuple(role for role in READERS if role != "village_cadre"),
        own=lambda world: _own(world.a),
        foreign=lambda world: _own(world.b),
        elsewhere=lambda world: _department(world.a),
        narrow=("town_officer", "village_cadre"),
        refused=(403, 404),
    ),
    _post("end", _own, narrow=True),
    _post("add_person", _own, narrow=True),
    _post("add_link", _own, narrow=True),
    _post("end_person", _person),
    _post("end_link", _link),
]
