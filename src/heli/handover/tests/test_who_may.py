"""Who may refuse a task, begin, give and receive services, divide functions, keep an agency point; the second person."""

from dataclasses import replace

import pytest

from heli.accounts.testing import World, WriteCase
from heli.handover import services
from heli.handover.catalogues import functions
from heli.handover.ledger import ADMISSIONS
from heli.handover.testing import KEEPERS, asked, drafted, key_of, merge, moved, opened, point, speaking
from heli.kernel.access import Grant
from heli.kernel.faults import Refused
from heli.records.services import move
from heli.records.testing import DAY, codes, district_of
from heli.ui.testing import Kwargs

GIVERS = ("district_officer", "department_liaison")
ONE = ["pension_claim"]


def given(world: World, role: str = "department_liaison") -> Kwargs:
    place = opened(world.a)
    services.give_items(actor=world.a.actor(role), place_id=place, items=ONE, on=DAY)
    return {"place_id": place, "items": ONE, "on": DAY}


def former(world: World) -> Kwargs:
    _unit, (first, _second) = merge(world.a)
    return {"district_id": world.a.district.pk, "former_id": first, "point": point(world.a), "on": DAY}


def kept(world: World) -> Kwargs:
    given = former(world)
    services.keep_point(actor=world.a.actor("district_officer"), **given)
    return {"district_id": given["district_id"], "former_id": given["former_id"], "reason": "并入新村部", "on": DAY}


def divided(world: World) -> Kwargs:
    place = opened(world.a, world.a.register["代市社区"])
    bearers = dict.fromkeys(functions().entries, "community")
    return {"place_id": place, "bearers": bearers, "on": DAY}


def refused(world: World) -> Kwargs:
    return {"about": district_of(world.a), "place_id": world.a.village.pk, "task": asked(world.a), "on": DAY}


CASES = [
    WriteCase(services.refuse_task, KEEPERS, refused),
    WriteCase(
        services.open_handover, KEEPERS,
        lambda w: {"place_id": w.a.village.pk, "district_id": w.a.district.pk, "on": DAY},
    ),
    WriteCase(services.give_items, GIVERS, lambda w: {"place_id": opened(w.a), "items": ONE, "on": DAY}),
    WriteCase(services.receive_items, KEEPERS, given),
    WriteCase(
        services.receive_items, ("town_officer", "village_cadre"), lambda w: given(w, "district_officer"),
        first="district_officer",
    ),
    # The community is of the first town, not the cadre's own village; the merged village neither.
    WriteCase(services.set_bearers, ("district_officer", "town_officer"), divided),
    WriteCase(services.keep_point, KEEPERS, former),
    WriteCase(services.close_point, KEEPERS, kept),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []


def test_the_liaison_of_the_office_applies_and_nobody_decides_for_their_own(world: World) -> None:
    half = world.a
    row = drafted(half)
    for role in ("district_officer", "department_liaison"):
        actor = replace(half.actor(role), grants=(Grant(role, half.district.pk, None),))
        with pytest.raises(Refused) as refused:
            move(actor=actor, ledger=ADMISSIONS, row=row, name="apply", on=DAY)
        assert codes(refused) == {"no_liaison"}
    other = speaking(half, "district_officer", "group")
    with pytest.raises(Refused) as refused:
        move(actor=other, ledger=ADMISSIONS, row=row, name="apply", on=DAY)
    assert codes(refused) == {"no_liaison"}
    row = moved(half, "department_liaison", row, "apply")
    values = {"office": key_of(half, "group"), "decision": "准入〔2026〕1号"}
    for name, given in (("admit", {"values": values}), ("decline", {"values": values, "reason": "无依据"})):
        with pytest.raises(Refused) as refused:
            move(actor=speaking(half, "district_officer"), ledger=ADMISSIONS, row=row, name=name, on=DAY, **given)
        assert codes(refused) == {"decides_for_itself"}
    assert move(actor=other, ledger=ADMISSIONS, row=row, name="admit", values=values, on=DAY).status == "admitted"
