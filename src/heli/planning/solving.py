"""The bridge to `mergeplan`: rules and material in, a result in planning's own words out. No database.

Planners are kept for a while, so that a lock or a ban made by hand is answered at once.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from math import cos, radians
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from shapely import from_geojson, to_wkb, transform

from heli.planning.rules import compute_at_most, compute_instance, compute_kind, town_of
from heli.planning.stored import rules_from_json
from heli.planning.types import (
    GoalKind,
    Material,
    Merger,
    MergerKind,
    PlanRules,
    Relaxation,
    Result,
    RuleFinding,
    Village,
)
from mergeplan import (
    Instance,
    Kind,
    MergeplanError,
    Plan,
    Planner,
    Status,
    Unit,
    alternatives,
    instance_from_json,
    regret,
)
from mergeplan.types import Explanation

KEPT_PLANNERS = 6
"""Planners held in memory; a county's takes some ten megabytes."""


@dataclass
class _Kept:
    planner: Planner
    busy: Lock


_planners: OrderedDict[str, _Kept] = OrderedDict()
_planners_lock = Lock()


def digest(value: object) -> str:
    """SHA-256 of a value's canonical JSON."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def solve(material: Material, rules: PlanRules, progress: Callable[[int, int], None] | None = None) -> Result:
    """The cheapest plan under the rules, with proof, curve and reasons; infeasible is a result, not an error.

    Raises `MergeplanError` when the rules ask for more than can be enumerated (it names the k that fits).
    """
    raw = _stripped(compute_instance(rules, material))
    kept = _planner(raw, progress)
    with kept.busy:
        plan = kept.planner.solve(**_asked(material, rules))
    return result_of_plan(plan, rules)


def price_mergers(material: Material, rules: PlanRules, result: Result) -> list[tuple[Merger, int | None]]:
    """The regret of every merger: how much dearer the whole plan becomes without it (None: no plan without it)."""
    kept = _planner(_stripped(compute_instance(rules, material)), None)
    with kept.busy:
        priced = regret(kept.planner, **_asked(material, rules))
    by_members = {merger.members: merger for merger in result.mergers}
    found = []
    for item in priced:
        merger = by_members.get(tuple(sorted(int(member) for member in item.members)))
        if merger is not None:
            found.append((merger, item.regret))
    return found


def find_alternatives(material: Material, rules: PlanRules, number: int = 3) -> list[Result]:
    """Good plans that differ in many mergers, the nearest in cost first; the best plan itself is left out."""
    kept = _planner(_stripped(compute_instance(rules, material)), None)
    with kept.busy:
        plans = alternatives(kept.planner, number, **_asked(material, rules))
    return [result_of_plan(plan, rules) for plan in plans]


def _asked(material: Material, rules: PlanRules) -> dict[str, Any]:
    """The arguments of a question to the planner: how many, and what was settled by hand."""
    at_most = compute_at_most(rules, len(material.planned))
    return {
        ("exactly" if rules.goal.kind is GoalKind.EXACTLY else "at_most"): at_most,
        "lock": rules.locks,
        "forbid": rules.forbidden_units,
        "apart": rules.forbidden_pairs,
    }


def _stripped(raw: dict[str, Any]) -> dict[str, Any]:
    """The instance without what is asked anew each time, so that one planner answers all of it."""
    return {**raw, "cannot": [], "K": None, "Kmin": None}


def _planner(raw: Mapping[str, Any], progress: Callable[[int, int], None] | None) -> _Kept:
    key = digest(raw)
    with _planners_lock:
        kept = _planners.get(key)
        if kept is not None:
            _planners.move_to_end(key)
            return kept
    kept = _Kept(make_planner(raw, progress), Lock())
    with _planners_lock:
        _planners[key] = kept
        while len(_planners) > KEPT_PLANNERS:
            _planners.popitem(last=False)
    return kept


def make_planner(raw: Mapping[str, Any], progress: Callable[[int, int], None] | None = None) -> Planner:
    """A planner for an instance, whose own count is left aside: it is asked anew each time."""
    instance = instance_from_json({**raw, "cannot": [], "K": None, "Kmin": None})
    return Planner(instance, workers=1 if raw["n"] < 1000 else None, progress=progress)


def result_of_plan(plan: Plan, rules: PlanRules) -> Result:
    """The planner's answer in planning's own words."""
    locked = set(rules.locks)
    return Result(
        status=str(plan.status),
        objective=plan.objective,
        bound=plan.bound,
        at_most=plan.at_most,
        mergers=tuple(_merger(unit, locked) for unit in plan.units if unit.kind != "host"),
        curve=tuple((point.count, point.lower, point.cost) for point in plan.curve),
        towns=tuple((int(t.town), t.count, t.before, t.fewest, t.most) for t in plan.towns),
        explanation=tuple(RuleFinding(e.code, "", {**e.values, "message": e.message}) for e in plan.explanation),
        relaxations=tuple(r for r in map(_relaxation, plan.explanation) if r is not None),
    )


def _merger(unit: Unit, locked: set[tuple[int, ...]]) -> Merger:
    members = tuple(sorted(int(member) for member in unit.members))
    parts = (
        () if unit.parts is None else tuple((part.name, getattr(unit.parts, part.name)) for part in fields(unit.parts))
    )
    joined = tuple(sorted({*members, int(unit.centre)}))
    return Merger(
        key="-".join(map(str, members)),
        members=members,
        centre=int(unit.centre),
        kind=compute_kind(str(unit.kind), len(members)),
        town=int(unit.town),
        population=unit.population,
        farthest_m=unit.farthest_m,
        score=unit.score,
        parts=parts,
        is_locked=joined in locked,
    )


def planner_values(material: Material, rules: PlanRules, result: Result) -> tuple[Instance, Plan]:
    """The planner's own instance (with outlines in local metres) and plan of a stored result, for drawing."""
    instance = instance_from_json(compute_instance(rules, material))
    by_id = {village.id: village for village in material.villages}
    instance = replace(instance, outline=_outlines([by_id[int(key)] for key in instance.id]), outline_crs="local")
    units = tuple(
        Unit(
            members=merger.members,
            centre=merger.centre,
            score=merger.score,
            kind=Kind(PLANNER_KINDS.get(merger.kind, str(merger.kind))),
            town=merger.town,
            population=merger.population,
            farthest_m=merger.farthest_m,
        )
        for merger in result.mergers
    )
    hosts = tuple(
        Unit((key,), key, 0, Kind.HOST, town_of(rules, by_id[int(key)].town), by_id[int(key)].population, 0)
        for key in instance.id
        if by_id[int(key)].is_community
    )
    status, at_most = Status(result.status), result.at_most
    return instance, Plan(status, result.objective, result.bound, units + hosts, (), (), (), 0, at_most)


def _outlines(villages: list[Village]) -> tuple[bytes | None, ...]:
    """Outlines in local metres, all by one plane anchored at the first village, so that neighbours keep their common border."""
    anchor = villages[0]
    east = cos(radians(anchor.lat)) * METRES_PER_DEGREE

    def local(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        moved = (points - [anchor.lon, anchor.lat]) * [east, METRES_PER_DEGREE] + [anchor.x, anchor.y]
        return np.asarray(moved)

    def outline(village: Village) -> bytes | None:
        if village.outline is None:
            return None
        return bytes(to_wkb(transform(from_geojson(json.dumps(dict(village.outline))), local)))

    return tuple(outline(village) for village in villages)


METRES_PER_DEGREE = 111_320.0
PLANNER_KINDS = {MergerKind.TWO_IN_ONE: "merged", MergerKind.THREE_IN_ONE: "merged", MergerKind.MORE_IN_ONE: "merged"}
RULE_OF_FIELD = {"k": "k", "Pmin": "pmin", "Pmax": "pmax", "R": "radius_m", "K": "count", "Kmin": "count"}
"""The planner's names of rules and planning's own."""


def _relaxation(explanation: Explanation) -> Relaxation | None:
    rule = RULE_OF_FIELD.get(str(explanation.values.get("rule", "")))
    value = explanation.values.get("value", explanation.values.get("to"))
    return Relaxation(rule, value, explanation.values) if rule and isinstance(value, int) else None


def result_as_json(result: Result) -> dict[str, Any]:
    """The stored form of a result."""
    return {
        "status": result.status,
        "objective": result.objective,
        "bound": result.bound,
        "at_most": result.at_most,
        "mergers": [
            [
                m.key,
                list(m.members),
                m.centre,
                str(m.kind),
                m.town,
                m.population,
                m.farthest_m,
                m.score,
                dict(m.parts),
                m.is_locked,
            ]
            for m in result.mergers
        ],
        "curve": [list(point) for point in result.curve],
        "towns": [list(row) for row in result.towns],
        "explanation": [[finding.code, dict(finding.values)] for finding in result.explanation],
        "relaxations": [[r.rule, r.value, dict(r.values)] for r in result.relaxations],
    }


def result_from_json(raw: Mapping[str, Any]) -> Result:
    """Read a stored result back."""
    return Result(
        status=raw["status"],
        objective=raw["objective"],
        bound=raw["bound"],
        at_most=raw["at_most"],
        mergers=tuple(
            Merger(
                key, tuple(members), centre, MergerKind(kind), town, people, far, score, tuple(parts.items()), locked
            )
            for key, members, centre, kind, town, people, far, score, parts, locked in raw["mergers"]
        ),
        curve=tuple((count, lower, cost) for count, lower, cost in raw["curve"]),
        towns=tuple((a, b, c, d, e) for a, b, c, d, e in raw["towns"]),
        explanation=tuple(RuleFinding(code, "", values) for code, values in raw["explanation"]),
        relaxations=tuple(Relaxation(rule, value, values) for rule, value, values in raw["relaxations"]),
    )


def relaxed(rules: PlanRules, relaxation: Relaxation) -> PlanRules:
    """The rules with the relaxation applied."""
    if relaxation.rule == "count":
        kind = GoalKind.EXACTLY if rules.goal.kind is GoalKind.EXACTLY else GoalKind.AT_MOST
        return replace(rules, goal=replace(rules.goal, kind=kind, count=relaxation.value))
    return rules_from_json({**rules.as_json(), relaxation.rule: relaxation.value})


__all__ = [
    "MergeplanError",
    "digest",
    "find_alternatives",
    "price_mergers",
    "relaxed",
    "result_as_json",
    "result_from_json",
    "solve",
]
