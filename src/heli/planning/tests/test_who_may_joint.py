"""Who may plan districts together: whoever may plan each of them."""

from typing import Any

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world
from heli.kernel.access import SYSTEM
from heli.planning import services
from heli.planning.models import JointPart, JointPlan
from heli.planning.sharing import Way
from heli.planning.testing import DAY, joint_of, scenario_of
from heli.planning.types import Goal, GoalKind, PlanRules
from heli.ui.testing import Kwargs

pytestmark = pytest.mark.django_db
EDITORS = ("district_officer", *SYSTEM_ONLY)
RULES = PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=0), pmin=0)


def question(*districts: int) -> Kwargs:
    return {"district_ids": districts, "name": "Together", "on": DAY, "way": Way.FOUND_BEST, "rules": RULES}


def both(world: World) -> Kwargs:
    return question(*(scenario_of(half).district_id for half in (world.a, world.b)))


def alone(world: World, **more: Any) -> JointPlan:
    return services.create_joint(actor=SYSTEM, **question(scenario_of(world.a).district_id), **more)


def queued(world: World) -> Kwargs:
    return {"joint_id": alone(world, inline_limit=0, enqueue=lambda _joint: None).pk}


CASES = [
    WriteCase(services.create_joint, EDITORS, lambda w: question(scenario_of(w.a).district_id)),
    WriteCase(services.create_joint, SYSTEM_ONLY, both),
    WriteCase(services.finish_joint, EDITORS, queued),
    WriteCase(services.open_part, EDITORS, lambda w: {"part": JointPart.objects.get(joint=alone(w))}),
    WriteCase(services.hand_down, EDITORS, lambda w: {"joint": alone(w)}),
    WriteCase(services.hand_down, SYSTEM_ONLY, lambda w: {"joint": joint_of(w)}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
