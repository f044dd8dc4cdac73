"""Who may record and withdraw sittings, and lead a matter through the four steps."""

import pytest

from heli.accounts.testing import World, WriteCase
from heli.assemblies.models import FourSteps
from heli.assemblies.services import sittings, steps
from heli.assemblies.testing.sittings import KEEPERS, counts, meeting_held, resolved_steps, sitting_in, steps_in
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import campaign_of
from heli.consultation.testing import notice_of
from heli.ui.testing import Kwargs


def at_village(world: World) -> Kwargs:
    return {"about": about_of(campaign_of(world.a)), "place_id": world.a.village.pk, "on": DAY}


def led(world: World) -> Kwargs:
    return {"title": "是否并入邻村", "matter": "merge_village", "variant": "two", **at_village(world)}


def published(world: World) -> Kwargs:
    row: FourSteps = resolved_steps(world.a)
    notice = notice_of(world.a).public_id
    return {"about": about_of(campaign_of(world.a)), "steps": row, "step": "decision_notice", "notice_id": notice}


CASES = [
    WriteCase(sittings.record_sitting, KEEPERS, lambda w: {"values": counts(), **at_village(w)}),
    WriteCase(sittings.withdraw_sitting, KEEPERS, lambda w: {"sitting": sitting_in(w.a), "reason": "抄错", "on": DAY}),
    WriteCase(steps.open_steps, KEEPERS, led),
    WriteCase(steps.hold_meeting, KEEPERS, lambda w: {"steps": steps_in(w.a), **meeting_held(w.a)}),
    WriteCase(steps.link_notice, KEEPERS, published),
    WriteCase(steps.supervise, KEEPERS, lambda w: {"steps": steps_in(w.a), "supervision": "全程到场"}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
