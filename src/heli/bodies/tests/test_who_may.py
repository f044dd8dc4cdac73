"""Who may enter and end bodies, persons and links: editors of the place."""

from datetime import date

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world
from heli.bodies import services
from heli.bodies.models import BodyLink, Person
from heli.bodies.testing import EDITORS
from heli.bodies.types import BodyKind, LinkKind
from heli.kernel.access import SYSTEM
from heli.ui.testing import Kwargs

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def group(world: World) -> Kwargs:
    return {"body": world.a.bodies["group"], "on": DAY}


def person(world: World) -> Kwargs:
    return {"person": Person.objects.get(body=world.a.bodies["group"]), "on": DAY}


def link(world: World) -> Kwargs:
    return {"link": BodyLink.objects.get(public_id=world.a.links["group"]), "on": DAY}


def long_gone(world: World) -> Kwargs:
    services.end_person(actor=SYSTEM, **{**person(world), "on": date(2015, 1, 1)})
    return {"on": DAY}


CASES = [
    WriteCase(
        services.add_body,
        EDITORS,
        lambda w: {"name": "党群办", "kind": BodyKind.DEPARTMENT, "place_id": w.a.town.pk, "on": DAY},
    ),
    WriteCase(services.end_body, EDITORS, lambda w: {**group(w), "reason": "撤销"}),
    WriteCase(services.add_person, EDITORS, lambda w: {**group(w), "name": "李四", "office": "副组长"}),
    WriteCase(services.end_person, EDITORS, person),
    WriteCase(
        services.add_link,
        EDITORS,
        lambda w: {**person(w), "kind": LinkKind.AREA_LEAD, "place_id": w.a.village.pk, "document_number": "2号"},
    ),
    WriteCase(services.end_link, EDITORS, link),
    WriteCase(services.forget_persons, SYSTEM_ONLY, long_gone),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
