"""Who may propose a key village, and who confirms or ends it; never who proposed it."""

import pytest

from heli.accounts.testing import World, WriteCase
from heli.ui.testing import Kwargs
from heli.warnings.models import KeyVillage
from heli.warnings.rules.key_villages import Reason
from heli.warnings.services import key_villages as service
from heli.warnings.testing import MONDAY, ends, moment, run_of
from heli.warnings.types import Tier

PROPOSERS = ("district_officer", "town_officer", "department_liaison")
DECIDERS = ("district_officer",)
AT = ends(1)


def reasons(world: World) -> Kwargs:
    return {
        "campaign": run_of(world.a).campaign,
        "place_id": world.a.village.pk,
        "tier": Tier.TOWN,
        "reasons": [Reason("debts", 3)],
        "on": MONDAY,
        "at": AT,
    }


def proposed(world: World, by: str) -> KeyVillage:
    return service.propose_key_village(actor=world.a.actor(by), **reasons(world))


CASES = [
    WriteCase(service.propose_key_village, PROPOSERS, reasons),
    WriteCase(service.confirm_key_village, DECIDERS, lambda w: {"village": proposed(w, "town_officer"), "at": AT}),
    WriteCase(
        service.confirm_key_village,
        (),
        lambda w: {"village": proposed(w, "district_officer"), "at": AT},
        first="district_officer",
        refused="own_proposal",
    ),
    WriteCase(
        service.end_key_village,
        DECIDERS,
        lambda w: {"village": proposed(w, "town_officer"), "on": moment(3).date(), "reason": "已化解", "at": AT},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
