"""Who may take on, confirm, enter and reverse; never the earner."""

from typing import Any

import pytest

from heli.accounts import services as accounts
from heli.accounts.testing import BEGINNING, World, WriteCase
from heli.kernel.access import SYSTEM
from heli.points import services
from heli.points.testing import KEEPERS, OFFICES, claim, confirmed, earned, entered, member, shift
from heli.records.testing import DAY, district_of
from heli.ui.testing import EVERYONE, Kwargs


def home(world: World) -> Kwargs:
    return {
        "district_id": world.a.district.pk,
        "home_id": world.a.village.pk,
        "work_id": None,
        "consents": True,
        "on": DAY,
    }


def everybody_is_a_member(world: World) -> Kwargs:
    for role in world.a.users:
        member(world.a, role)
    services.report_in(actor=accounts_actor(world), **home(world))
    return {}


def accounts_actor(world: World) -> Any:
    from heli.accounts.queries import actor_of

    return actor_of(world.nobody)


def shift_of_members(world: World) -> Kwargs:
    everybody_is_a_member(world)
    return {"shift": shift(world.a), "on": DAY}


def claim_of_the_town_officer(world: World) -> Kwargs:
    return {"claim": claim(world.a, "town_officer"), "minutes": 60, "on": DAY}


def entry_of_the_town_officer(world: World) -> Kwargs:
    entry = services.confirm_shift(actor=world.a.actor("district_officer"), **claim_of_the_town_officer(world))
    return {"entry": entry, "reason": "误录"}


def by_a_speaker(world: World) -> Kwargs:
    """The town officer speaks for the department too."""
    user, body = world.a.users["town_officer"], world.a.bodies["department"]
    accounts.grant_role(actor=SYSTEM, user=user, role="department_liaison", on=BEGINNING, body_id=body.pk)
    return {"about": district_of(world.a), "earned": earned(world.a), "on": DAY}


def solved(world: World) -> Kwargs:
    return {"about": district_of(world.a), "earned": earned(world.a, "solved"), "on": DAY}


def confirmed_once(world: World) -> Kwargs:
    confirmed(world.a)
    return {}


CASES = [
    WriteCase(services.report_in, EVERYONE, home, is_own=True),
    WriteCase(services.leave, EVERYONE, everybody_is_a_member, is_own=True, hidden="not_a_member"),
    WriteCase(services.take_on, EVERYONE, shift_of_members, is_own=True, hidden="not_a_member"),
    WriteCase(
        services.give_back,
        ("grid_worker",),
        lambda world: {"claim": claim(world.a)},
        is_own=True,
        hidden="not_a_member",
    ),
    WriteCase(services.issue_certificate, ("grid_worker",), confirmed_once, is_own=True, hidden="not_a_member"),
    WriteCase(services.confirm_shift, KEEPERS, claim_of_the_town_officer, first="town_officer"),
    WriteCase(services.release_claim, KEEPERS, lambda world: {"claim": claim(world.a)}),
    WriteCase(services.enter_points, KEEPERS, by_a_speaker, first="town_officer", refused="own_unit"),
    WriteCase(services.enter_points, OFFICES, solved),
    WriteCase(services.reverse_entry, KEEPERS, entry_of_the_town_officer, first="town_officer"),
    WriteCase(services.reverse_entry, KEEPERS, lambda world: {"entry": entered(world.a), "reason": "误录"}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
