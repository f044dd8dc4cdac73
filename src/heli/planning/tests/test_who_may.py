"""Who may draw up a scenario and change it by hand: the district, and nobody of another."""

from collections.abc import Callable
from typing import Any

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world
from heli.planning import queries, services
from heli.planning.models import Scenario
from heli.planning.questions.types import QuestionRules, question_rules_from_json
from heli.planning.testing import DAY, grids_of, question_of, scenario_of
from heli.planning.types import (
    Goal,
    GoalKind,
    Override,
    OverrideKind,
    PlanKind,
    PlanRules,
    Relaxation,
    VillageClass,
    Window,
    Zone,
)
from heli.ui.testing import Kwargs

pytestmark = pytest.mark.django_db
EDITORS = ("district_officer", *SYSTEM_ONLY)
OTHERWISE = PlanRules(goal=Goal(GoalKind.AT_MOST, count=3))


def drafted(world: World, **more: Any) -> Kwargs:
    return {"scenario": scenario_of(world.a), **more}


def two(world: World) -> list[int]:
    """Two villages of the first town that touch."""
    return [world.a.register["岩门村"], world.a.register["大石村"]]


def pair(world: World) -> dict[str, int]:
    return dict(zip(("one", "other"), two(world), strict=True))


def towns(world: World) -> dict[str, int]:
    return {"town": world.a.register["观塘镇"], "into": world.a.register["代市镇"]}


def override(world: World) -> Override:
    return Override(world.a.village.pk, OverrideKind.FIXED, "传统村落")


def having(world: World, service: Callable[..., object], **given: Any) -> Scenario:
    """The draft after the district officer changed it."""
    scenario = scenario_of(world.a)
    service(actor=world.a.actor("district_officer"), scenario=scenario, **given)
    scenario.refresh_from_db()
    return scenario


def queued(world: World) -> Kwargs:
    scenario = having(world, services.change_rules, rules=OTHERWISE)
    run = services.run_scenario(
        actor=world.a.actor("district_officer"), scenario=scenario, inline_limit=0, enqueue=lambda _run: None
    )
    return {"run_id": run.pk}


CASES = [
    WriteCase(
        services.create_scenario,
        EDITORS,
        lambda w: {"district_id": scenario_of(w.a).district_id, "name": "Second", "on": DAY, "rules": OTHERWISE},
    ),
    WriteCase(services.copy_scenario, EDITORS, drafted),
    WriteCase(services.rename_scenario, EDITORS, lambda w: drafted(w, name="Second")),
    WriteCase(services.change_rules, EDITORS, lambda w: drafted(w, rules=OTHERWISE)),
    WriteCase(services.change_and_run, EDITORS, lambda w: drafted(w, rules=OTHERWISE, did="x")),
    WriteCase(
        services.run_scenario, EDITORS, lambda w: {"scenario": having(w, services.change_rules, rules=OTHERWISE)}
    ),
    WriteCase(services.finish_run, EDITORS, queued),
    WriteCase(services.choose_count, EDITORS, lambda w: drafted(w, count=3)),
    WriteCase(services.relax, EDITORS, lambda w: drafted(w, relaxation=Relaxation("k", 4))),
    WriteCase(services.lock_merger, EDITORS, lambda w: drafted(w, members=two(w))),
    WriteCase(
        services.unlock_merger,
        EDITORS,
        lambda w: {"scenario": having(w, services.lock_merger, members=two(w)), "members": two(w)},
    ),
    WriteCase(services.forbid_pair, EDITORS, lambda w: drafted(w, **pair(w))),
    WriteCase(
        services.allow_pair, EDITORS, lambda w: {"scenario": having(w, services.forbid_pair, **pair(w)), **pair(w)}
    ),
    WriteCase(services.forbid_merger, EDITORS, lambda w: drafted(w, members=two(w))),
    WriteCase(
        services.allow_merger,
        EDITORS,
        lambda w: {"scenario": having(w, services.forbid_merger, members=two(w)), "members": two(w)},
    ),
    WriteCase(services.move_village, EDITORS, lambda w: drafted(w, place=two(w)[0], to=two(w)[1])),
    WriteCase(
        services.reset_adjustments,
        EDITORS,
        lambda w: {"scenario": having(w, services.lock_merger, members=two(w))},
    ),
    WriteCase(services.add_override, EDITORS, lambda w: drafted(w, override=override(w))),
    WriteCase(
        services.remove_override,
        EDITORS,
        lambda w: {"scenario": having(w, services.add_override, override=override(w)), "place": w.a.village.pk},
    ),
    WriteCase(
        services.set_class,
        EDITORS,
        lambda w: drafted(w, places=[w.a.village.pk], village_class=VillageClass.CENTRAL),
    ),
    WriteCase(
        services.set_windows, EDITORS, lambda w: drafted(w, windows=[Window(VillageClass.CENTRAL, 1_000, 5_000)])
    ),
    WriteCase(services.add_zone, EDITORS, lambda w: drafted(w, zone=Zone("tea", tuple(two(w))))),
    WriteCase(
        services.remove_zone,
        EDITORS,
        lambda w: {"scenario": having(w, services.add_zone, zone=Zone("tea", tuple(two(w)))), "name": "tea"},
    ),
    WriteCase(services.merge_towns, EDITORS, lambda w: drafted(w, **towns(w))),
    WriteCase(
        services.keep_town,
        EDITORS,
        lambda w: {"scenario": having(w, services.merge_towns, **towns(w)), "town": w.a.register["观塘镇"]},
    ),
    WriteCase(services.choose_name, EDITORS, lambda w: drafted(w, members=[two(w)[0]], name="岩门新村")),
]


def asked(world: World, **more: Any) -> Kwargs:
    return {"question": question_of(world.a), **more}


def other_numbers(world: World) -> QuestionRules:
    rules = question_rules_from_json(question_of(world.a).rules)
    return QuestionRules({**rules.numbers, "at_most": 3})


def waiting(world: World, field: str) -> Kwargs:
    actor, question = world.a.actor("district_officer"), question_of(world.a)
    services.change_question(actor=actor, question=question, rules=other_numbers(world))
    if field == "question":
        return {"question": question}
    return {"run_id": services.run_question(actor=actor, question=question, at_once=0, enqueue=lambda _run: None).pk}


def things(world: World) -> tuple[str, ...]:
    return tuple(thing.id for thing in queries.question_standing(question_of(world.a)).material.things[:2])


CASES += [
    WriteCase(
        services.create_question,
        EDITORS,
        lambda w: {"kind": PlanKind.GROUPS, "district_id": question_of(w.a).district_id, "name": "Second", "on": DAY},
    ),
    WriteCase(
        services.open_question,
        EDITORS,
        lambda w: {"kind": PlanKind.GROUPS, "district_id": question_of(w.a).district_id, "name": "Third", "on": DAY},
    ),
    WriteCase(services.join_grids, EDITORS, lambda w: {"question": grids_of(w.a)}),
    WriteCase(services.change_question, EDITORS, lambda w: asked(w, rules=other_numbers(w))),
    WriteCase(services.settle, EDITORS, lambda w: asked(w, did="ban", wish=things(w))),
    WriteCase(services.run_question, EDITORS, lambda w: waiting(w, "question")),
    WriteCase(services.finish_any_run, EDITORS, lambda w: waiting(w, "run_id")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
