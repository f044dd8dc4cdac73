"""Who may change the register: the district whose places are concerned, and nobody for a part of another's."""

from datetime import date

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world
from heli.kernel.access import SYSTEM
from heli.places import services
from heli.places.models import Neighbour
from heli.places.services import NeighbourSpec
from heli.places.testing import merge
from heli.places.types import EventKind, EventSpec, FactSpec, LinkSpec, PlaceKind, PlaceSpec
from heli.ui.testing import Kwargs

pytestmark = pytest.mark.django_db
EDITORS = ("district_officer", *SYSTEM_ONLY)
DAY = date(2026, 3, 2)


def renamed(place: int, spec: PlaceSpec) -> EventSpec:
    return EventSpec(
        kind=EventKind.RENAME, on=DAY, links=(LinkSpec(source=place, target=place),), becomes={place: spec}
    )


def renaming(world: World) -> EventSpec:
    place = world.a.village.pk
    spec = PlaceSpec(name="新名村", kind=PlaceKind.VILLAGE, code="511603100200", parent=world.a.town.pk)
    return renamed(place, spec)


def foreign(world: World) -> EventSpec:
    place = world.b.village.pk
    spec = PlaceSpec(name="新名村", kind=PlaceKind.VILLAGE, code="330302100200", parent=world.b.town.pk)
    return renamed(place, spec)


def event(world: World) -> int:
    return merge(world.a.register, "岩门村 大石村", "新村", DAY, parent="代市镇")[0]


def fact(place_id: int) -> FactSpec:
    return FactSpec(place_id=place_id, measure="households", on=DAY, value=300)


def pair(world: World) -> NeighbourSpec:
    return NeighbourSpec(a_id=world.a.village.pk, b_id=world.a.register["大石村"], border_m=100)


def neighbour(world: World) -> Kwargs:
    services.edit_neighbour(actor=SYSTEM, pair=pair(world), on=DAY)
    return {"neighbour_id": Neighbour.objects.get().pk, "on": date(2026, 3, 9), "reason": "一河之隔"}


def taken_back(world: World) -> Kwargs:
    """A figure that was recorded for another day's."""
    one = fact(world.a.village.pk)
    services.record_facts(actor=SYSTEM, facts=[one])
    return {"place_id": one.place_id, "measures": [one.measure], "on": one.on}


def groups(world: World) -> Kwargs:
    one = services.GroupSpec(name="1组", village_id=world.a.village.pk, lon=106.8, lat=30.5, households=40)
    return {"district_id": world.a.district.pk, "groups": [one], "on": DAY}


CASES = [
    WriteCase(
        services.create_place,
        EDITORS,
        lambda w: {"spec": PlaceSpec(name="新村", kind=PlaceKind.VILLAGE, parent=w.a.town.pk), "on": DAY},
    ),
    WriteCase(services.record_event, EDITORS, lambda w: {"event": renaming(w)}),
    WriteCase(services.record_events, EDITORS, lambda w: {"events": [renaming(w)]}),
    WriteCase(services.reverse_event, EDITORS, lambda w: {"event_id": event(w), "reason": "误记"}),
    WriteCase(services.reverse_events, EDITORS, lambda w: {"event_ids": [event(w)], "reason": "误记"}),
    WriteCase(services.add_groups, EDITORS, groups),
    WriteCase(services.record_facts, EDITORS, lambda w: {"facts": [fact(w.a.village.pk)]}),
    WriteCase(services.take_back_facts, EDITORS, lambda w: {**taken_back(w), "reason": "误录"}),
    WriteCase(
        services.change_version,
        EDITORS,
        lambda w: {"place_id": w.a.village.pk, "on": DAY, "reason": "更正", "name": "岩门子村"},
    ),
    WriteCase(services.edit_neighbour, EDITORS, lambda w: {"pair": pair(w), "on": DAY}),
    WriteCase(services.end_neighbour, EDITORS, neighbour),
    WriteCase(
        services.replace_computed_neighbours,
        EDITORS,
        lambda w: {"district_id": w.a.district.pk, "on": DAY, "pairs": [pair(w)]},
    ),
    # What lies in two districts is neither's alone.
    WriteCase(services.record_events, SYSTEM_ONLY, lambda w: {"events": [renaming(w), foreign(w)]}),
    WriteCase(services.record_facts, SYSTEM_ONLY, lambda w: {"facts": [fact(w.a.village.pk), fact(w.b.village.pk)]}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
