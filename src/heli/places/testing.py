"""Builders of small registers for tests of this and higher contexts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from heli.kernel.access import SYSTEM, Actor
from heli.places import queries, services
from heli.places.imports.testing import ACCESS as IMPORT_ACCESS
from heli.places.types import EventKind, EventSpec, LinkSpec, PlaceKind, PlaceSpec, Ref, Share
from heli.ui.testing import STAFF, AccessCase

BEGINNING = date(2010, 1, 1)


@dataclass(slots=True)
class Register:
    """A district in a test: names to keys."""

    district: int
    keys: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.keys[name]


def draw_register(
    drawing: Mapping[str, str], *, on: date = BEGINNING, district: str = "Q", code: str = "511603"
) -> Register:
    """A district drawn as {"town": "A B C", …}: towns with villages; a name in brackets is a community.

    Towns get codes 100, 101 …, villages 200 …, communities 001 …
    """
    founds: dict[str, PlaceSpec] = {district: PlaceSpec(name=district, kind=PlaceKind.DISTRICT, code=f"{code}000000")}
    for number, (town, members) in enumerate(drawing.items()):
        prefix = f"{code}{100 + number}"
        founds[town] = PlaceSpec(name=town, kind=PlaceKind.TOWN, code=f"{prefix}000", parent=district)
        villages, communities = 200, 1
        for name in members.split():
            if name.startswith("("):
                founds[name.strip("()")] = PlaceSpec(
                    name=name.strip("()"), kind=PlaceKind.COMMUNITY, code=f"{prefix}{communities:03d}", parent=town
                )
                communities += 1
            else:
                founds[name] = PlaceSpec(name=name, kind=PlaceKind.VILLAGE, code=f"{prefix}{villages}", parent=town)
                villages += 1
    event = EventSpec(
        kind=EventKind.FOUND, on=on, links=tuple(LinkSpec(source=None, target=name) for name in founds), founds=founds
    )
    recorded = services.record_event(actor=SYSTEM, event=event)
    return Register(recorded.founded[district], dict(recorded.founded))


def draw_province(districts: int, *, code: str = "51", on: date = BEGINNING) -> Register:
    """A province of so many alike districts: in each the towns 甲0 and 乙0 (numbered by district) of three villages each.

    The register's `district` is the first one; the province is called 省.
    """
    founds = {"省": PlaceSpec(name="省", kind=PlaceKind.PROVINCE, code=f"{code}0000000000")}
    for number in range(districts):
        own = f"{code}16{number:02d}"
        founds[f"区{number}"] = PlaceSpec(name=f"区{number}", kind=PlaceKind.DISTRICT, code=f"{own}000000", parent="省")
        for at, town in enumerate("甲乙"):
            name = f"{town}{number}"
            founds[name] = PlaceSpec(name=name, kind=PlaceKind.TOWN, code=f"{own}{100 + at}000", parent=f"区{number}")
            for village in range(3):
                numbered = f"{own}{100 + at}{200 + village}"
                founds[f"{name}{village}村"] = PlaceSpec(
                    name=f"{name}{village}村", kind=PlaceKind.VILLAGE, code=numbered, parent=name
                )
    links = tuple(LinkSpec(source=None, target=name) for name in founds)
    recorded = services.record_event(
        actor=SYSTEM, event=EventSpec(kind=EventKind.FOUND, on=on, links=links, founds=founds)
    )
    return Register(recorded.founded["区0"], dict(recorded.founded))


def merge(
    places: Register, sources: str, new: str, on: date, *, parent: str, actor: Actor = SYSTEM, code: str = ""
) -> tuple[int, int]:
    """Merge villages (names apart by spaces) into a new one; returns (event, place)."""
    recorded = services.record_event(
        actor=actor,
        event=EventSpec(
            kind=EventKind.MERGE,
            on=on,
            links=tuple(LinkSpec(source=places[name], target=new) for name in sources.split()),
            founds={new: PlaceSpec(name=new, kind=PlaceKind.VILLAGE, parent=places[parent], code=code)},
            document_number="前府发〔2020〕1号",
        ),
    )
    places.keys[new] = recorded.founded[new]
    return recorded.id, recorded.founded[new]


def arrows(*pairs: tuple[Ref | None, Ref | None, int]) -> tuple[LinkSpec, ...]:
    """Arrows with one share for people and area: (source, target, part of 10,000)."""
    return tuple(
        LinkSpec(source=a, target=b, population=Share(part, 10_000), area=Share(part, 10_000)) for a, b, part in pairs
    )


# -- who may open what -------------------------------------------------------------------------------------------------

NARROW = ("town_officer", "village_cadre", "grid_worker")
EDITORS = ("district_officer",)
EXPORTERS = ("district_officer", "town_officer", "auditor")


def _village(world: Any) -> Mapping[str, str]:
    return {"public_id": world.a.village.public_id}


def _foreign_village(world: Any) -> Mapping[str, str]:
    return {"public_id": world.b.village.public_id}


def _other_village(world: Any) -> Mapping[str, str]:
    return {"public_id": world.a.other_village.public_id}


def _event_of(half: Any) -> Mapping[str, str]:
    return {"public_id": queries.events_in(half.register.district)[0].public_id}


def _case(name: str, allowed: Collection[str] = STAFF, **more: Any) -> AccessCase:
    """A page of a village: reached by everyone allowed at home, by nobody abroad."""
    narrow = tuple(role for role in NARROW if role in allowed)
    given = {"own": _village, "foreign": _foreign_village, "elsewhere": _other_village, "narrow": narrow}
    return AccessCase(f"places:{name}", allowed, **{**given, **more})


def _with(build: Callable[[Any], Mapping[str, str]], what: str) -> Callable[[Any], Mapping[str, str]]:
    return lambda world: {**build(world), "what": what}


def _case_of(name: str, what: str, allowed: Collection[str], **more: Any) -> AccessCase:
    builds = {"own": _village, "foreign": _foreign_village, "elsewhere": _other_village}
    return _case(name, allowed, **{key: _with(build, what) for key, build in builds.items()}, **more)


ACCESS: list[AccessCase] = [
    AccessCase("places:home"),
    _case("place"),
    _case("shapes"),
    _case("events"),
    _case("neighbours"),
    AccessCase(
        "places:district_shapes",
        own=lambda world: {"public_id": world.a.district.public_id},
        foreign=lambda world: {"public_id": world.b.district.public_id},
    ),
    AccessCase(
        "places:event", own=lambda world: _event_of(world.a), foreign=lambda world: _event_of(world.b)
    ),
    AccessCase(
        "places:event", EDITORS, own=lambda world: _event_of(world.a), foreign=lambda world: _event_of(world.b),
        method="post", success=(422,), refused=(403, 404),
    ),
    *(_case_of("export", what, EXPORTERS) for what in ("xlsx", "geojson", "versions", "events", "links", "facts", "neighbours")),
    *(_case_of("record", what, EDITORS) for what in ("rename", "recode", "convert", "move", "merge", "absorb")),
    *(_case_of("record", what, EDITORS) for what in ("part", "split", "dissolve", "found")),
    _case_of("record", "rename", EDITORS, method="post", success=(422,)),
    _case("fact", EDITORS),
    _case("fact", EDITORS, method="post", success=(422,)),
    _case("neighbour", EDITORS),
    _case("neighbour", EDITORS, method="post", success=(422,)),
    *IMPORT_ACCESS,
]  # fmt: skip
