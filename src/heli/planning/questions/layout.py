"""Urban villages join a community of their town or found a new one: one village, one policy, each with its runner-up."""

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
from mergeplan.questions.layout import LAYOUT_FORM


def compute_layout(material: QuestionMaterial, rules: QuestionRules) -> dict[str, Any]:
    """The form: communities are hosts, urban villages look for a seat."""
    things, n = material.things, rules.numbers
    return {
        "form": LAYOUT_FORM,
        "id": [thing.id for thing in things],
        "name": [thing.name for thing in things],
        "town": [thing.parent for thing in things],
        "host": [int(thing.role == "host") for thing in things],
        "x": [thing.x for thing in things],
        "y": [thing.y for thing in things],
        "households": [thing.size for thing in things],
        "edges": [[a, b, metres] for a, b, metres, _close in material.edges],
        "Lo": n["low"],
        "Hi": n["high"],
        "T": n["target"],
        "reach": n["reach"],
        "open_cost": n["open_cost"],
        "balance": n["balance"],
        "locks": [list(wish) for wish in rules.locks],
        "forbidden": [list(wish) for wish in rules.bans],
    }


def solve_layout_question(material: QuestionMaterial, rules: QuestionRules) -> QuestionAnswer:
    """Every village's seat, proven, with what the next best would cost."""
    solved = solve_question(compute_layout(material, rules), explain=True)
    known = material.by_id
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in solved.lines:
        lines[str(line["seat"])].append(dict(line))
    units = []
    for seat, joining in sorted(lines.items()):
        own = known[seat].size if known[seat].role == "host" else 0
        notes = [
            f"{known[line['id']].name} → {known[line['runner_up']].name} +{line['price']:,}"
            for line in joining
            if line.get("runner_up")
        ]
        units.append(
            QuestionUnit(
                key=seat,
                name=known[seat].name,
                parent=known[seat].parent,
                centre=seat,
                members=tuple(sorted(line["id"] for line in joining)),
                size=own + sum(line["households"] for line in joining),
                mark="host" if known[seat].role == "host" else "new",
                cost=sum(line["households"] * line["way_m"] for line in joining),
                far_m=max(line["way_m"] for line in joining),
                note="；".join(notes),
            )
        )
    villages, new = len(material.of("village")), sum(unit.mark == "new" for unit in units)
    figures = {"villages": villages, "hosts": len(material.of("host")), "joined": villages, "new": new} if units else {}
    return QuestionAnswer(
        status=str(solved.status),
        objective=solved.objective,
        bound=solved.bound,
        units=tuple(units),
        figures=figures,
        said=solved.explanation,
    )


LAYOUT = QuestionKind(
    name=PlanKind.LAYOUT,
    numbers=(
        NumberRule("low", 1_000, 1),
        NumberRule("high", 3_000, 1),
        NumberRule("target", 2_000, 1),
        NumberRule("reach", 4_000, 1),
        NumberRule("open_cost", 600_000, 0, 10**9),
        NumberRule("balance", 100, 0),
    ),
    solve=solve_layout_question,
    hands=("lock", "ban"),
)
