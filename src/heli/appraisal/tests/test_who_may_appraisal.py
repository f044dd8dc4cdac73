"""Who may begin, enter, add up and hand over; never about oneself."""

import pytest

from heli.accounts import services as accounts
from heli.accounts.testing import BEGINNING, World, WriteCase
from heli.appraisal import services
from heli.appraisal.testing import OFFICES, begun, ready, row_at
from heli.kernel.access import SYSTEM
from heli.records.testing import DAY, district_of
from heli.ui.testing import Kwargs


def fact(world: World) -> Kwargs:
    """The town officer keeps that very village too."""
    user, place = world.a.users["town_officer"], world.a.village
    accounts.grant_role(actor=SYSTEM, user=user, role="village_cadre", on=BEGINNING, place_id=place.pk)
    row = row_at(world.a, begun(world.a, "two-committees"))
    return {"row": row, "indicator": "posted", "fact": {"k": 3, "n": 4}, "source": "公开栏台账"}


def exempt(world: World) -> Kwargs:
    return {"row": row_at(world.a, begun(world.a, "two-committees")), "indicator": "content", "reason": "无回访"}


def note(world: World) -> Kwargs:
    where = {"district_id": world.a.district.pk, "place_id": world.a.town.pk}
    return {**where, "text": "两周红色", "source": "proposal:x", "on": DAY}


CASES = [
    WriteCase(
        services.begin_year, ("district_officer",),
        lambda world: {"about": district_of(world.a), "pack": "norm-year", "year": 2026, "on": DAY},
    ),
    WriteCase(services.take_values, ("district_officer",), lambda world: {"year": begun(world.a), "values": []}),
    WriteCase(services.enter_fact, OFFICES, fact, first="town_officer", refused="own_grade"),
    WriteCase(services.exempt_from, OFFICES, exempt),
    WriteCase(services.add_up, ("district_officer",), lambda world: {"year": ready(world.a).year}),
    WriteCase(services.take_entry, OFFICES, note),
    WriteCase(
        services.count_review, OFFICES,
        lambda world: {"year": begun(world.a), "place_id": world.a.town.pk, "reviewed": 9, "not_proposed": {"age": 1}, "on": DAY},
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
