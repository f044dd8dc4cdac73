"""Villagers' groups merged inside their village: the planner of villages, one level below.

Groups own land: a merged group keeps the land, contracts and accounts of the old ones apart (村组法 3, 32), so an answer lists for
every merger the meetings that must agree and writes no change of property.
"""

from typing import Any

from heli.kernel.quantities import round_half_up
from heli.planning.questions.types import (
    NumberRule,
    QuestionAnswer,
    QuestionKind,
    QuestionMaterial,
    QuestionRules,
    QuestionUnit,
    Thing,
)
from heli.planning.types import PlanKind
from mergeplan import Planner, Unit, instance_from_json
from mergeplan.types import Explanation

WEIGHTS = {"balance": 1.0, "travel": 0.5, "compact": 0.3, "disrupt": 0.2, "affinity": 0.2}
DETOUR = 1.3
QUIET = frozenset(
    {"summary", "town-limit", "ranges", "duplicate-name", "zero-population", "no-perimeter", "islands", "at-limit"}
)


def solve_groups(material: QuestionMaterial, rules: QuestionRules) -> QuestionAnswer:
    """The cheapest mergers of groups, proven; at most `at_most` groups, or the wanted reduction."""
    things = sorted(material.things, key=lambda thing: thing.id)
    planner = Planner(instance_from_json(compute_group_instance(material, rules)), workers=1)
    plan = planner.solve(at_most=compute_wanted(material, rules), lock=rules.locks, apart=rules.bans)
    by_id = {thing.id: thing for thing in things}
    units = tuple(_unit(unit, by_id) for unit in plan.units)
    return QuestionAnswer(
        status=str(plan.status),
        objective=plan.objective,
        bound=plan.bound,
        units=units,
        figures={"before": len(things), "after": len(units)} if units else {"before": len(things)},
        said=tuple(_said(one, by_id, material) for one in plan.explanation if one.code not in QUIET),
        curve=tuple((point.count, point.cost) for point in plan.curve if point.cost is not None),
    )


def compute_wanted(material: QuestionMaterial, rules: QuestionRules) -> int | None:
    """The greatest number of groups afterwards; None where none is asked for."""
    return rules.numbers.get("at_most")


def compute_group_instance(material: QuestionMaterial, rules: QuestionRules) -> dict[str, Any]:
    """The planner's form: the old village stands for the town and households for people; where groups may join across villages,
    the town itself, and what lies apart has nothing in common."""
    order = sorted(range(len(material.things)), key=lambda i: material.things[i].id)
    at = {old: new for new, old in enumerate(order)}
    things = [material.things[i] for i in order]
    n = rules.numbers
    across = bool(n.get("across"))
    total, wanted = sum(thing.size for thing in things), compute_wanted(material, rules) or len(things)
    return {
        "n": len(things),
        "id": [thing.id for thing in things],
        "name": [thing.name for thing in things],
        "x": [thing.x for thing in things],
        "y": [thing.y for thing in things],
        "pop": [thing.size for thing in things],
        "area": [max(thing.area_m2, 1) for thing in things],
        "perim": [thing.perimeter_m for thing in things],
        "town": [thing.more["town"] if across else str(thing.parent_place) for thing in things],
        "edges": [[at[a], at[b], metres, close] for a, b, metres, close in material.edges],
        "k": n["k"],
        "Pmin": n["low"],
        "Pmax": n["high"],
        "R": n["radius"],
        "T": n.get("target") or max(round_half_up(total, wanted), 1),
        "detour": DETOUR,
        "weights": WEIGHTS,
    }


def _unit(unit: Unit, by_id: dict[str, Thing]) -> QuestionUnit:
    members = tuple(sorted(str(member) for member in unit.members))
    centre = by_id[str(unit.centre)]
    return QuestionUnit(
        key=members[0],
        name=centre.name,
        parent=centre.parent,
        centre=centre.id,
        members=members,
        size=unit.population,
        mark="merged" if len(members) > 1 else "kept",
        cost=unit.score,
        far_m=unit.farthest_m,
    )


def _said(one: Explanation, by_id: dict[str, Thing], material: QuestionMaterial) -> str:
    """The planner's sentence with names of villages for their keys."""
    villages = {str(thing.parent_place): thing.parent for thing in material.things}
    text = one.message
    for value in one.values.values():
        key = str(value)
        name = villages.get(key) or (by_id[key].name if key in by_id else "")
        text = text.replace(key, name) if name else text
    return text


GROUPS = QuestionKind(
    name=PlanKind.GROUPS,
    numbers=(
        NumberRule("at_most", None, 1),
        NumberRule("k", 3, 1, 4),
        NumberRule("low", 25),
        NumberRule("high", 220, 1),
        NumberRule("radius", 2_500, 1),
        NumberRule("target", None, 1),
        NumberRule("across", 0, 0, 1),
    ),
    solve=solve_groups,
    hands=("lock", "ban"),
)
