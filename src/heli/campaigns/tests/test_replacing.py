"""Whatever a newer playbook changes, no proof, no history and no finished step is lost."""

import random
from datetime import timedelta

import pytest

from heli.accounts.testing import World, build_world
from heli.campaigns.models import Evidence, Step, StepEvent
from heli.campaigns.services import evidence, steps
from heli.campaigns.services.replacing import look_at_replacement, replace_playbook
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.testing.runs import OPENED
from heli.campaigns.types import DONE, Playbook
from heli.kernel.faults import Refused

pytestmark = pytest.mark.django_db
PROOF = 'evidence = [{ kind = "minutes", least = 1, name = { zh = "记录", en = "minutes" } }]'


@pytest.fixture
def world() -> World:
    return build_world()


def book_of(dice: random.Random, version: int) -> Playbook:
    """Some of ten steps in any order, each of any length, each after some of those before it."""
    names = dice.sample([f"s{n}" for n in range(10)], dice.randint(3, 8))
    lines = []
    for place, name in enumerate(names):
        after = " ".join(dice.sample(names[:place], min(place, dice.randint(0, 2))))
        lines.append(f"{name} village {dice.randint(1, 6)}" + (f" < {after}" if after else ""))
    return draw_playbook(*lines, version=version, more=dict.fromkeys(names, PROOF))


@pytest.mark.parametrize("seed", range(8))
def test_nothing_done_is_lost(world: World, seed: int) -> None:
    dice = random.Random(seed)
    campaign = open_drawn(world.a, playbook=book_of(dice, 1))
    officer, cadre = world.a.actor("district_officer"), world.a.actor("village_cadre")
    now = OPENED
    for _turn in range(12):
        now += timedelta(hours=5)
        step = Step.objects.select_related("track", "campaign__playbook", "campaign__scenario").get(
            pk=dice.choice(
                list(Step.objects.filter(campaign=campaign, track__place=world.a.village).values_list("pk", flat=True))
            )
        )
        try:
            evidence.add_evidence(actor=cadre, step=step, requirement=0, text=f"第 {_turn} 次", at=now)
            steps.submit_step(actor=cadre, step=step, at=now)
            if dice.random() < 0.6:
                steps.accept_step(actor=officer, step=step, at=now)
        except Refused:
            continue
    proof = list(Evidence.objects.order_by("pk").values("public_id", "step_id", "sealed_at", "text"))
    log = list(StepEvent.objects.order_by("pk").values("step_id", "did", "status"))
    done = set(Step.objects.filter(status__in=DONE).values_list("pk", "status"))
    newer = book_of(dice, 2)
    seen = look_at_replacement(campaign, playbook=newer)
    made = replace_playbook(actor=officer, campaign=campaign, playbook=newer, at=now)
    assert (seen.made, seen.moved, seen.ended) == (made.made, made.moved, made.ended)
    assert list(Evidence.objects.order_by("pk").values("public_id", "step_id", "sealed_at", "text")) == proof
    assert list(StepEvent.objects.order_by("pk").values("step_id", "did", "status"))[: len(log)] == log
    assert done <= set(Step.objects.values_list("pk", "status"))
    keys = set(Step.objects.filter(track__place=world.a.village).values_list("key", flat=True))
    assert set(newer.by_key) <= keys
