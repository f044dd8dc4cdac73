"""Who may report, whistle, merge, split, open contacts; what a stranger may not."""

from datetime import date

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase
from heli.matters import services as service
from heli.matters.services import MatterReport
from heli.matters.testing import CENTRE, COLLECTORS, LAMP, filed, key_of, reported, shut
from heli.records.testing import DAY, district_of
from heli.ui.testing import Kwargs


def lamp(world: World) -> Kwargs:
    return {"about": district_of(world.a), "said": MatterReport(world.a.village.pk, LAMP, "street_lamp"), "on": DAY}


def one(world: World) -> Kwargs:
    return {"matter": filed(world.a)}


def unsolved(world: World) -> Kwargs:
    voice = reported(world.a, contact="13900000000")
    shut(world.a, voice)
    voice.refresh_from_db()
    return {"voice": voice, "reason": "又不亮了", "on": DAY}


def to_department(world: World) -> Kwargs:
    return {**one(world), "about": district_of(world.a), "lead": key_of(world.a, "department"), "on": DAY}


def old(world: World) -> date:
    """A day on which the contact of a closed matter has had its time."""
    shut(world.a, reported(world.a, contact="13900000000"))
    return date(2099, 1, 1)


ANYBODY = ("public", "district_officer")
CASES = [
    WriteCase(service.report, ANYBODY, lamp),
    WriteCase(service.add_voice, (*COLLECTORS, "public"), one),
    WriteCase(service.object_to, ANYBODY, unsolved),
    WriteCase(service.whistle, CENTRE, to_department),
    WriteCase(service.merge, CENTRE, lambda w: {**one(w), "into": filed(w.a)}),
    WriteCase(
        service.split, CENTRE, lambda w: {**one(w), "about": district_of(w.a), "titles": ["灯", "路"], "on": DAY}
    ),
    WriteCase(service.open_contacts, CENTRE, one),
    WriteCase(service.forget_contacts, SYSTEM_ONLY, lambda w: {"on": old(w)}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
