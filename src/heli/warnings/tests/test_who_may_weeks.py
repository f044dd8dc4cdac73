"""Who may freeze weeks and demand statements of red towns: the district, and the clock."""

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase
from heli.audit.testing import unaudited
from heli.ui.testing import Kwargs
from heli.warnings.models import AppraisalProposal, Statement
from heli.warnings.services import weeks as service
from heli.warnings.testing import DrawnCampaign, ends, run_of
from heli.warnings.types import ProposalStatus, StatementStatus

FREEZERS = ("district_officer", *SYSTEM_ONLY)


def late(world: World) -> DrawnCampaign:
    """A run whose first three weeks have ended and are not kept."""
    return DrawnCampaign.over(world.a.register, {"ask": 5}, towns=list(world.a.towns))


def streak(world: World) -> Kwargs:
    """Of two red weeks nothing has been demanded."""
    campaign, gone = run_of(world.a).campaign, {"withdrawn_at": ends(4), "withdrawn_reason": "x"}
    with unaudited():
        AppraisalProposal.objects.update(status=ProposalStatus.LAPSED, decided_at=ends(4), reason="x")
        Statement.objects.update(status=StatementStatus.WITHDRAWN, **gone)
    return {"campaign": campaign, "at": ends(4)}


CASES = [
    WriteCase(
        service.freeze_week, FREEZERS, lambda w: {"campaign": late(w).campaign, "ends_at": ends(1), "at": ends(1)}
    ),
    WriteCase(service.freeze_missing, FREEZERS, lambda w: {"campaign": late(w).campaign, "at": ends(2)}),
    WriteCase(service.freeze_due, FREEZERS, lambda w: {"at": ends(2) if late(w) else None}),
    WriteCase(service.escalate, FREEZERS, streak),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
