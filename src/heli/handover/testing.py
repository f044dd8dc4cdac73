"""Builders of handover over one half of the small world, and who may open which page."""

from dataclasses import replace
from datetime import date
from typing import Any

from heli.bodies import services as bodies
from heli.handover import services
from heli.handover.ledger import ADMISSIONS, SLIPS
from heli.handover.models import Admission
from heli.handover.services import AskedTask, PointSpec
from heli.kernel.access import SYSTEM, Actor, Grant
from heli.places import services as places
from heli.places.types import EventKind, EventSpec, LinkSpec, PlaceKind, PlaceSpec
from heli.records.services import move
from heli.records.testing import DAY, access_of, district_of, enter_row
from heli.ui.testing import EVERYONE, STRANGER, AccessCase, Kwargs

READERS = ("district_officer", "town_officer", "village_cadre", "department_liaison", "auditor")
APPLICANTS = ("district_officer", "department_liaison")
KEEPERS = ("district_officer", "town_officer", "village_cadre")
TASK = "每月上报走访照片"


def key_of(half: Any, body: str) -> str:
    """A body of that half, as forms name it."""
    return f"body:{half.bodies[body].public_id}"


def drafted(half: Any, **more: Any) -> Admission:
    """A task that the department asks of the cadre's village: 12 times a year, 30 minutes, to the end of the year."""
    given: dict[str, Any] = {
        "title": TASK, "kind": "task", "applicant": key_of(half, "department"), "basis": "民函〔2026〕3号", "times": 12,
        "minutes": 30, "funding": 60_000, "starts_on": DAY, "ends_on": date(2026, 12, 31),
    }  # fmt: skip
    row: Admission = enter_row(ADMISSIONS, half, district_of(half), **{**given, **more})
    return row


def applied(half: Any, role: str = "department_liaison", on: date = DAY, **more: Any) -> Admission:
    """The task, applied for; by another role than the liaison where it was given that role over the department too."""
    row = drafted(half, **more)
    made: Admission = move(actor=speaking(half, role), ledger=ADMISSIONS, row=row, name="apply", on=on)
    return made


def speaking(half: Any, role: str, body: str = "department") -> Actor:
    """The person of a role who speaks for a body besides."""
    actor: Actor = half.actor(role)
    own = Grant("department_liaison", half.district.pk, half.bodies[body].pk)
    return replace(actor, grants=(*actor.grants, own))


def moved(half: Any, role: str, row: Any, name: str, on: date = DAY, **more: Any) -> Any:
    """An application or a slip after that role's move."""
    ledger = ADMISSIONS if isinstance(row, Admission) else SLIPS
    return move(actor=half.actor(role), ledger=ledger, row=row, name=name, on=on, **more)


def admitted(half: Any, on: date = DAY, **more: Any) -> Admission:
    """The task, admitted by the work group through the district officer."""
    values = {"office": key_of(half, "group"), "decision": "准入〔2026〕1号"}
    row: Admission = moved(half, "district_officer", applied(half, **more), "admit", on=on, values=values)
    return row


def asked(half: Any, title: str = "填报卫生检查台账", asker: str = "department") -> AskedTask:
    """Something that a department asks of a village, by telephone."""
    return AskedTask(title, key_of(half, asker))


def merge(half: Any, on: date = date(2026, 1, 15)) -> tuple[int, list[int]]:
    """Two villages of the first town become a new one: its key, those of the former ones."""
    names = ("岩门村", "大石村") if "岩门村" in half.register.keys else ("上潘村", "下寮村")
    former = [half.register[name] for name in names]
    event = EventSpec(
        kind=EventKind.MERGE, on=on, links=tuple(LinkSpec(source=key, target="new") for key in former),
        founds={"new": PlaceSpec(name="岩石村", kind=PlaceKind.VILLAGE, parent=half.town.pk)}, document_number="前府〔2026〕1号",
    )  # fmt: skip
    return places.record_event(actor=SYSTEM, event=event).founded["new"], former


def keeper_of(half: Any) -> str:
    """An office-holder of the work group, as forms name it."""
    if "keeper" not in half.links:
        person = bodies.add_person(
            actor=SYSTEM, body=half.bodies["group"], name="李某", office="代办员", on=date(2020, 1, 1)
        )
        half.links["keeper"] = f"person:{person.public_id}"
    return str(half.links["keeper"])


def point(half: Any, **more: Any) -> PointSpec:
    """A point as it is posted."""
    given: dict[str, Any] = {
        "spot": "原村部一楼", "hours": "周一至周五 8:30-11:30", "keeper": keeper_of(half), "items": ["pension_claim", "school"],
    }  # fmt: skip
    return PointSpec(**given | more)


def opened(half: Any, place_id: int | None = None) -> int:
    """The handover to a village (the cadre's), begun by the town officer."""
    place = place_id or half.village.pk
    services.open_handover(actor=half.actor("town_officer"), place_id=place, district_id=half.district.pk, on=DAY)
    return int(place)


def _about(half: Any) -> Kwargs:
    return {"about_id": half.district.public_id}


def _unit(half: Any, place: Any = None) -> Kwargs:
    return {**_about(half), "place_id": (place or half.village).public_id}


def _page(name: str, allowed: tuple[str, ...], build: Any, **more: Any) -> AccessCase:
    own: dict[str, Any] = {"own": lambda world: build(world.a), "foreign": lambda world: build(world.b)}
    return AccessCase(f"handover:{name}", allowed, **own, **more)


NARROW: dict[str, Any] = {
    "narrow": ["town_officer", "village_cadre"], "elsewhere": lambda world: _unit(world.a, world.a.other_village),
}  # fmt: skip
WORKERS = (*KEEPERS, "department_liaison")
ACCESS: list[AccessCase] = [
    # Sending an application is a plain button: the first who presses it sends it, the next finds it sent.
    *(
        replace(case, success=(303, 404)) if case.method == "post" and case.url_name == "admissions:row" else case
        for case in access_of(ADMISSIONS, readers=READERS, enterers=APPLICANTS, movers=("department_liaison",))
    ),
    *access_of(SLIPS, readers=READERS, enterers=KEEPERS),
    AccessCase("handover:home", READERS, success=(303,)),
    _page("units", READERS, _about),
    _page("lists", READERS, _about),
    _page("unit", READERS, _unit, **NARROW),
    _page("unit", WORKERS, _unit, method="post", success=(422,), **NARROW),
    AccessCase("handover:where", (*EVERYONE, STRANGER), own=lambda world: {"district_id": world.a.district.public_id}),
]
