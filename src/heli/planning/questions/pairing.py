"""Departments shared out over areas: counts on both sides, key areas first, needs met, then as few changes as possible."""

from collections import defaultdict
from typing import Any

from heli.planning.questions.types import (
    NumberRule,
    QuestionAnswer,
    QuestionKind,
    QuestionMaterial,
    QuestionRules,
    QuestionUnit,
)
from heli.planning.types import PlanKind
from mergeplan.questions import solve_question
from mergeplan.questions.pairing import PAIRING_FORM


def compute_pairing(material: QuestionMaterial, rules: QuestionRules) -> dict[str, Any]:
    """The form: pairs that departments declare an interest in are forbidden, and so are those banned by hand."""
    n = rules.numbers
    orgs, areas = material.of("org"), material.of("area")
    return {
        "form": PAIRING_FORM,
        "orgs": [
            {"id": org.id, "staff": org.size, "strong": org.more["strong"], "tags": org.more["tags"]} for org in orgs
        ],
        "areas": [
            {
                "id": area.id,
                "villages": len(area.more["places"]),
                "weight": area.size,
                "key": area.more["key"],
                "needs": area.more["needs"],
            }
            for area in areas
        ],
        "forbidden": [*material.more["forbidden"], *(list(wish) for wish in rules.bans)],
        "present": material.more["present"],
        "locks": [list(wish) for wish in rules.locks],
        "rules": {
            "per_org": [n["org_low"], n["org_high"]],
            "per_area": [n["area_low"], n["area_high"]],
            "key_least": n["key_least"],
            "key_strong": n["key_strong"],
        },
        "pressure_cap": n.get("cap"),
    }


def solve_pairing_question(material: QuestionMaterial, rules: QuestionRules) -> QuestionAnswer:
    """Who helps where, proven in two steps; without a cap the least greatest pressure is asked first."""
    solved = solve_question(compute_pairing(material, rules))
    known, parts = material.by_id, solved.parts
    pairs: Any = parts.get("pairs", [])
    of_area: dict[str, list[str]] = defaultdict(list)
    for org, area in pairs:
        of_area[area].append(org)
    present = {tuple(pair) for pair in material.more["present"]}
    bound_orgs = {org for org, _area in present}
    units = tuple(
        QuestionUnit(
            key=area.id,
            name=area.name,
            parent="",
            centre=area.id,
            members=tuple(sorted(of_area[area.id])),
            size=sum(known[org].size for org in of_area[area.id]),
            mark="key" if area.more["key"] else "paired",
            cost=-(-1000 * area.size // max(1, sum(known[org].size for org in of_area[area.id]))),
            note="、".join(
                known[org].name for org in of_area[area.id] if org in bound_orgs and (org, area.id) not in present
            ),
        )
        for area in material.of("area")
    )
    figures: dict[str, int] = {"orgs": len(material.of("org")), "areas": len(units), "pairs": len(pairs)}
    for name in ("unmet", "changes", "pressure"):
        value = parts.get(name)
        if isinstance(value, int):
            figures[name] = value
    return QuestionAnswer(
        status=str(solved.status),
        objective=solved.objective,
        bound=solved.bound,
        units=units if solved.objective is not None else (),
        figures=figures if solved.objective is not None else {},
        said=solved.explanation,
    )


PAIRING = QuestionKind(
    name=PlanKind.PAIRING,
    numbers=(
        NumberRule("org_low", 1, 0, 1_000),
        NumberRule("org_high", 1, 1, 1_000),
        NumberRule("area_low", 1, 0, 1_000),
        NumberRule("area_high", 3, 1, 1_000),
        NumberRule("key_least", 1, 0, 1_000),
        NumberRule("key_strong", 0, 0, 1_000),
        NumberRule("cap", 2_000, 1),
    ),
    solve=solve_pairing_question,
    hands=("lock", "ban"),
    needs_file=True,
)
