"""Who may write and sign assessments of risk; never the author."""

import pytest

from heli.accounts.testing import World, WriteCase
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matters import DAY, bare_campaign
from heli.risks import services as service
from heli.risks.testing import four_factors
from heli.ui.testing import Kwargs


def draft(world: World) -> Kwargs:
    return {
        "about": about_of(bare_campaign(world.a)),
        "place_id": world.a.village.pk,
        "factors": four_factors(),
        "contingency": "逐户通知",
        "on": DAY,
    }


def written(world: World) -> Kwargs:
    """By the town officer."""
    return {"assessment": service.write_assessment(actor=world.a.actor("town_officer"), **draft(world)), "on": DAY}


CASES = [
    WriteCase(service.write_assessment, ("district_officer", "town_officer", "department_liaison"), draft),
    WriteCase(service.sign_assessment, ("district_officer", "town_officer"), written, first="town_officer"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
