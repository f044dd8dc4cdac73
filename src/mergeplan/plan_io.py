"""The JSON form of plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mergeplan.types import CurvePoint, Explanation, Instance, Kind, Plan, ScoreParts, Status, TownCount, Unit


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan in the exchange form. `curve` holds proven points; `curve_bounds` [count, lower, cost or null] all."""
    units: list[dict[str, Any]] = []
    for unit in plan.units:
        entry: dict[str, Any] = {"members": list(unit.members), "centre": unit.centre, "score": unit.score}
        entry |= {"kind": str(unit.kind), "town": unit.town, "population": unit.population}
        entry["farthest_m"] = unit.farthest_m
        if unit.parts is not None:
            p = unit.parts
            entry["parts"] = {"balance": p.balance, "travel": p.travel, "disrupt": p.disrupt}
            entry["parts"] |= {"compact": p.compact, "affinity": p.affinity}
        units.append(entry)
    return {
        "status": str(plan.status),
        "objective": plan.objective,
        "bound": plan.bound,
        "count": plan.count,
        "Kmin": plan.at_least,
        "K": plan.at_most,
        "k": plan.k,
        "T": plan.target_pop,
        "units": units,
        "curve": [[p.count, p.cost] for p in plan.curve if p.exact],
        "curve_bounds": [[p.count, p.lower, p.cost] for p in plan.curve],
        "towns": [
            {"town": t.town, "count": t.count, "before": t.before, "fewest": t.fewest, "most": t.most}
            for t in plan.towns
        ],
        "explanation": [e.message for e in plan.explanation],
    }


def plan_from_json(raw: Mapping[str, Any], instance: Instance) -> Plan:
    """Read back what `plan_to_json` wrote; fields that foreign plans may lack are worked out from the instance.

    Raises `ValueError` when a needed field is missing or misnamed. Whether the plan is right is for `verify` to say.
    """
    try:
        units = tuple(_unit(u, instance) for u in raw["units"])
        bounds = raw.get("curve_bounds") or [[count, cost, cost] for count, cost in raw.get("curve") or []]
        return Plan(
            status=Status(raw["status"]),
            objective=raw["objective"],
            bound=raw["bound"],
            units=units,
            curve=tuple(CurvePoint(count, lower, cost) for count, lower, cost in bounds),
            towns=tuple(
                TownCount(t["town"], t["count"], t.get("before", 0), t.get("fewest", 0), t.get("most", 0))
                for t in raw.get("towns") or []
            ),
            explanation=tuple(Explanation("read", str(text)) for text in raw.get("explanation") or []),
            at_least=raw.get("Kmin") or 0,
            at_most=instance.n if raw.get("K") is None else raw["K"],
            k=raw.get("k") or 0,
            target_pop=raw.get("T") or 0,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the plan lacks or misnames {error}") from error


def _unit(raw: Mapping[str, Any], instance: Instance) -> Unit:
    members = [instance.index_of[v] for v in raw["members"]]
    return Unit(
        members=tuple(raw["members"]),
        centre=raw["centre"],
        score=raw["score"],
        kind=Kind(raw["kind"]),
        town=raw.get("town", instance.town[members[0]]),
        population=raw.get("population", sum(instance.pop[i] for i in members)),
        farthest_m=raw.get("farthest_m", 0),
        parts=None if raw.get("parts") is None else ScoreParts(**raw["parts"]),
    )
