"""`heli check` finds in campaigns what no constraint can say."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from heli.accounts.testing import World
from heli.audit.testing import unaudited
from heli.campaigns import checks as campaign_checks
from heli.campaigns.models import Campaign, Evidence, Step, Track
from heli.campaigns.services import steps
from heli.campaigns.testing import open_drawn
from heli.campaigns.testing.matters import AT, DAY
from heli.campaigns.testing.runs import OPENED, step_of
from heli.campaigns.types import StepStatus
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Fault
from heli.warnings import checks as week_checks
from heli.warnings.services.weeks import freeze_due
from heli.warnings.testing import run_of

LATER = OPENED + timedelta(days=3)


def check_invariants() -> list[Fault]:
    return [*week_checks.check_invariants(), *campaign_checks.check_invariants()]


def rename(_campaign: Campaign) -> None:
    """What the hash of a week covers is another's."""
    Campaign.objects.update(public_id="x")


def move_back(campaign: Campaign) -> None:
    Step.objects.filter(campaign=campaign, status=StepStatus.ACCEPTED).update(status=StepStatus.IN_PROGRESS)


def begin_unseen(campaign: Campaign) -> None:
    Step.objects.filter(campaign=campaign, status=StepStatus.NOT_STARTED).update(status=StepStatus.IN_PROGRESS)


def end_places(campaign: Campaign) -> None:
    Track.objects.filter(campaign=campaign).update(ended_at=AT)


def add_proof(campaign: Campaign) -> None:
    step = Step.objects.get(campaign=campaign, status=StepStatus.ACCEPTED)
    Evidence.objects.create(
        public_id="e", step=step, requirement=0, kind="number", number=1, on=DAY, added_by_name="x", added_at=AT
    )


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("week_broken", rename),
        ("step_off_its_log", move_back),
        ("step_off_its_log", begin_unseen),
        ("open_after_the_end", end_places),
        ("proof_unsealed", add_proof),
    ],
)
def test_what_is_spoiled_is_found(world: World, code: str, spoil: Callable[[Campaign], None]) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    step = step_of(campaign, world.a.village, "ask")
    steps.submit_step(actor=world.a.actor("village_cadre"), step=step, at=LATER)
    steps.accept_step(actor=world.a.actor("town_officer"), step=step, at=LATER)
    freeze_due(actor=SYSTEM, at=OPENED + timedelta(days=8))
    assert check_invariants() == []
    with unaudited():
        spoil(campaign)
    assert {fault.code for fault in check_invariants()} == {code}


def test_weeks_with_all_colours_fit_their_hashes(world: World) -> None:
    run_of(world.a)
    assert [fault.code for fault in check_invariants() if fault.code == "week_broken"] == []
