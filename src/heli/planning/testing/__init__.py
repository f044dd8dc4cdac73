"""Builders for tests: districts drawn as text, scenarios and questions in the world, and who may open which page."""

from datetime import date
from itertools import pairwise
from typing import Any

from heli.audit.services import writing
from heli.consultation.models import Notice
from heli.consultation.services import notices as consultation
from heli.kernel.access import SYSTEM, Actor
from heli.places import queries as places_read
from heli.places import services as places
from heli.places.services.neighbours import NeighbourSpec
from heli.places.types import FactSpec
from heli.planning import services
from heli.planning.abouts import SCENARIO
from heli.planning.models import JointPlan, Scenario
from heli.planning.queries import POPULATION
from heli.planning.sharing import Way
from heli.planning.testing.drawing import (
    CELL_M,
    DAY,
    DrawnDistrict,
    draw_district,
    draw_material,
    drawn,
    is_community,
    square,
    town_letter,
)
from heli.planning.testing.questions import draw_buildings, grids_of
from heli.planning.types import Goal, GoalKind, PlanKind, PlanRules
from heli.ui.testing import EVERYONE, STAFF, STRANGER, AccessCase

__all__ = [
    "ACCESS",
    "CELL_M",
    "DAY",
    "DrawnDistrict",
    "draw_buildings",
    "draw_district",
    "draw_material",
    "drawn",
    "grids_of",
    "is_community",
    "joint_of",
    "post",
    "posted_of",
    "question_of",
    "scenario_of",
    "square",
    "town_letter",
]


def scenario_of(half: Any) -> Scenario:
    """A computed draft in one half of the world: its villages get points, figures and borders in a row."""
    if "scenario" in half.links:
        return Scenario.objects.get(public_id=half.links["scenario"])
    register = half.register
    names = [name for name in register.keys if name not in half.towns and len(name) > 1]
    district, on = half.district.pk, date(2012, 1, 1)
    with writing(SYSTEM, "places.edit"):
        for number, name in enumerate(names):
            outline = places.add_outline(shape=square(number, 0), is_sample=True)
            places.change_version(actor=SYSTEM, place_id=register[name], on=on, reason="drawn", outline_id=outline.pk)
        facts = [FactSpec(place_id=register[name], measure=POPULATION, on=on, value=1500) for name in names]
        places.record_facts(actor=SYSTEM, facts=facts)
        pairs = [NeighbourSpec(a_id=register[a], b_id=register[b], border_m=CELL_M) for a, b in pairwise(names)]
        places.replace_computed_neighbours(actor=SYSTEM, district_id=district, on=on, pairs=pairs)
    rules = PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=0))
    actor = half.actor("district_officer")
    scenario = services.create_scenario(
        actor=actor, district_id=district, name="First", on=date(2026, 1, 1), rules=rules
    )
    services.run_scenario(actor=actor, scenario=scenario)
    half.links["scenario"] = scenario.public_id
    return scenario


def question_of(half: Any) -> Scenario:
    """A computed draft about villagers' groups in one half of the world."""
    if "question" in half.links:
        return Scenario.objects.get(public_id=half.links["question"])
    village, on, actor = half.village.pk, date(2026, 1, 1), half.actor("district_officer")
    scenario_of(half)
    groups = [
        places.GroupSpec(name=f"{n}组", village_id=village, lon=106.801 + n / 500, lat=30.503, households=40)
        for n in (1, 2, 3)
    ]
    places.add_groups(actor=SYSTEM, district_id=half.district.pk, groups=groups, on=date(2025, 1, 1), is_sample=True)
    question = services.create_question(
        actor=actor, kind=PlanKind.GROUPS, district_id=half.district.pk, name="Groups", on=on, numbers={"at_most": 2}
    )
    services.run_question(actor=actor, question=question)
    half.links["question"] = question.public_id
    return question


def post(scenario: Scenario, actor: Actor, **more: Any) -> Notice:
    """A notice about a proposed scenario that hangs in its district, since 2026-01-01 unless said otherwise."""
    given: dict[str, Any] = {
        "kind": "plan",
        "title": "调整方案公示",
        "text": "现将方案公示，欢迎提出意见。",
        "place_ids": [scenario.district_id],
        "first_on": DAY,
        "last_on": date(2026, 1, 16),
        "on": DAY,
        **more,
    }
    return consultation.post_notice(actor=actor, about=SCENARIO.about(scenario), **given)


def posted_of(half: Any) -> Notice:
    """A notice about that half's plan, which hangs."""
    if "posted" not in half.links:
        scenario, actor = scenario_of(half), half.actor("district_officer")
        services.propose(actor=actor, scenario=scenario)
        half.links["posted"] = post(scenario, actor, last_on=date(2099, 1, 1)).public_id
    return Notice.objects.get(public_id=half.links["posted"])


def joint_of(world: Any) -> JointPlan:
    """A computed joint plan over both halves of the world."""
    if "joint" not in world.kept:
        inputs = [scenario_of(half).inputs for half in (world.a, world.b)]
        joint = services.create_joint(
            actor=SYSTEM,
            district_ids=[pinned.district_id for pinned in inputs],
            name="Both districts",
            on=date(2026, 1, 1),
            way=Way.FOUND_BEST,
            rules=PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=0), pmin=0),
        )
        world.kept["joint"] = joint.public_id
    return JointPlan.objects.get(public_id=world.kept["joint"])


def _alone(half: Any) -> JointPlan:
    """A joint plan over one half only."""
    district = scenario_of(half).district_id
    rules = PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=0), pmin=0)
    return services.create_joint(
        actor=SYSTEM, district_ids=[district], name="Alone", on=date(2026, 1, 1), way=Way.FOUND_BEST, rules=rules
    )


READERS = ("district_officer", "town_officer", "department_liaison", "auditor")
WHOLE = ("district_officer", "department_liaison", "auditor")
"""Who reads more than a town."""
EDITORS = ("district_officer",)


def _own(world: Any) -> dict[str, Any]:
    return {"public_id": scenario_of(world.a).public_id}


def _foreign(world: Any) -> dict[str, Any]:
    return {"public_id": scenario_of(world.b).public_id}


def _case(name: str, allowed: tuple[str, ...], **more: Any) -> AccessCase:
    return AccessCase(f"planning:{name}", allowed, own=_own, foreign=_foreign, **more)


def _asked(name: str, allowed: tuple[str, ...], **more: Any) -> AccessCase:
    """A page of a question: for those who reach its whole district."""
    return AccessCase(
        f"planning:{name}",
        allowed,
        own=lambda w: {"public_id": question_of(w.a).public_id},
        foreign=lambda w: {"public_id": question_of(w.b).public_id},
        **more,
    )


def _drawn(half: Any) -> dict[str, Any]:
    return {"public_id": grids_of(half).public_id}


def _grid(half: Any) -> dict[str, Any]:
    return {**_drawn(half), "key": f"{half.village.pk}-1"}


def _own_grid(half: Any) -> dict[str, Any]:
    grids_of(half)
    (row, *_more) = places_read.children_of(half.village.pk, date(2026, 6, 1))
    return {"public_id": row.public_id}


def _run(world: Any, half: Any) -> dict[str, Any]:
    return {"public_id": scenario_of(half).public_id, "number": 1}


def _posted(half: Any) -> dict[str, Any]:
    return {"public_id": posted_of(half).public_id}


def _about(half: Any) -> dict[str, Any]:
    return {"about_id": scenario_of(half).public_id}


def _sheet(half: Any) -> dict[str, Any]:
    return {"about_id": scenario_of(half).public_id, "notice_id": posted_of(half).public_id}


def _notices(name: str, allowed: tuple[str, ...], build: Any = _about, **more: Any) -> AccessCase:
    """Pages of consultation about a scenario; who keeps notices elsewhere only is answered as a stranger to it: 404."""
    more = {"refused": (403, 404), **more}
    return AccessCase(f"consultation:{name}", allowed, own=lambda w: build(w.a), foreign=lambda w: build(w.b), **more)


def _form(name: str, allowed: tuple[str, ...], build: Any = _about, did: str = "") -> AccessCase:
    return _notices(name, allowed, build, method="post", success=(422,), data=lambda w: {"did": did})


def _joint_case(name: str, allowed: tuple[str, ...], number: int | None = None, **more: Any) -> AccessCase:
    """Whoever reads plans but no whole district (a town officer) is answered as a stranger to the plan: 404."""
    more_kwargs = {} if number is None else {"number": number}
    return AccessCase(
        f"planning:{name}",
        allowed,
        own=lambda w: {"public_id": _alone(w.a).public_id, **more_kwargs},
        foreign=lambda w: {"public_id": _alone(w.b).public_id, **more_kwargs},
        **more,
    )


ACCESS: list[AccessCase] = [
    AccessCase("planning:scenarios", READERS),
    AccessCase("planning:new", EDITORS),
    *(_case(name, READERS) for name in ("scenario", "map", "units", "mergers", "villages", "compare")),
    *(_case(name, READERS) for name in ("print", "excel", "geojson", "docx")),
    *(_case(name, WHOLE) for name in ("rules", "policies", "alternatives", "decision")),
    AccessCase("planning:progress", READERS, own=lambda w: _run(w, w.a), foreign=lambda w: _run(w, w.b)),
    _case("presence", EDITORS),
    _case("run", EDITORS, method="post", success=(303,)),
    _case("adjust", EDITORS, method="post", success=(303,)),
    AccessCase("planning:new_question", EDITORS, own=lambda w: {"kind": "groups"}),
    *(_asked(f"question{name}", WHOLE) for name in ("", "_map", "_table", "_rules", "_compare", "_decision")),
    *(_asked(f"question_{name}", EDITORS, method="post", success=(303,)) for name in ("run", "adjust", "join")),
    AccessCase("planning:own_grids", STAFF),
    AccessCase("planning:own_grid", STAFF, own=lambda w: _own_grid(w.a), foreign=lambda w: _own_grid(w.b)),
    AccessCase("planning:grid_sheet", WHOLE, own=lambda w: _grid(w.a), foreign=lambda w: _grid(w.b)),
    AccessCase("planning:question_price", WHOLE, own=lambda w: _drawn(w.a), foreign=lambda w: _drawn(w.b)),
    AccessCase("planning:joint_plans", READERS),
    AccessCase("planning:new_joint", EDITORS),
    *(
        _joint_case(name, WHOLE, refused=(403, 404))
        for name in ("joint", "joint_progress", "joint_print", "joint_excel", "joint_instances")
    ),
    _joint_case("joint_part", WHOLE, number=1, refused=(403, 404)),
    _joint_case("joint_open", EDITORS, number=1, method="post", success=(303,)),
    _joint_case("joint_hand_down", EDITORS, method="post", success=(303,)),
    AccessCase("planning:notice_map", (*EVERYONE, STRANGER), own=lambda w: _posted(w.a)),
    AccessCase("planning:notice_units", (*EVERYONE, STRANGER), own=lambda w: _posted(w.a)),
    AccessCase("consultation:notice", (*EVERYONE, STRANGER), own=lambda w: _posted(w.a), query="?scenario"),
    *(_notices(name, READERS) for name in ("home", "opinions")),
    _notices("notice_sheet", READERS, _sheet),
    _form("notice_sheet", EDITORS, _sheet, "down"),
    _notices("notice_new", EDITORS),
    _form("notice_new", EDITORS),
    _form("opinions", EDITORS, did="enter"),
    *(_notices(name, (), refused=(403, 404)) for name in ("questions", "talks", "surveys")),
]
