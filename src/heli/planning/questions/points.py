"""Service points so that every group is within reach of a counter: committees' seats stay, further points are chosen."""

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
from mergeplan.questions.points import POINTS_FORM

DETOUR = 1.3


def compute_points(material: QuestionMaterial, rules: QuestionRules) -> dict[str, Any]:
    """The form: groups ask, villages are sites; a site that is locked is open, one that is banned is no site."""
    locked, banned = {wish[0] for wish in rules.locks}, {wish[0] for wish in rules.bans}
    groups = material.of("group")
    sites = [thing for thing in material.of("seat", "site") if thing.id not in banned or thing.role == "seat"]
    raw: dict[str, Any] = {
        "form": POINTS_FORM,
        "demand": {
            "id": [thing.id for thing in groups],
            "village": [thing.parent for thing in groups],
            "x": [thing.x for thing in groups],
            "y": [thing.y for thing in groups],
            "households": [thing.size for thing in groups],
        },
        "sites": {
            "id": [thing.id for thing in sites],
            "x": [thing.x for thing in sites],
            "y": [thing.y for thing in sites],
            "open": [int(thing.role == "seat" or thing.id in locked) for thing in sites],
        },
        "detour": DETOUR,
        "reach": rules.numbers["reach"],
    }
    further = rules.numbers.get("further")
    return raw if further is None else {**raw, "p": further}


def solve_points_question(material: QuestionMaterial, rules: QuestionRules) -> QuestionAnswer:
    """The fewest further points (or as many as asked), then the nearest ones; groups that no site reaches are named."""
    solved = solve_question(compute_points(material, rules), curve=True)
    known, locked = material.by_id, {wish[0] for wish in rules.locks}
    of_site: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in solved.lines:
        if line["kind"] == "group":
            of_site[str(line["site"])].append(dict(line))
    chosen: Any = solved.parts.get("sites", [])
    new = {*chosen, *locked}
    seats = {thing.id for thing in material.of("seat")}
    units = tuple(
        QuestionUnit(
            key=site,
            name=known[site].name,
            parent=known[site].parent,
            centre=site,
            members=tuple(sorted(line["id"] for line in of_site[site])),
            size=sum(line["households"] for line in of_site[site]),
            mark="new" if site in new and site not in seats else "open",
            cost=sum(line["households"] * line["way_m"] for line in of_site[site]),
            far_m=max((line["way_m"] for line in of_site[site]), default=0),
        )
        for site in sorted(new | seats, key=lambda key: (key not in new, key))
    )
    curve: Any = solved.parts.get("curve", {})
    cover: Any = solved.parts.get("cover", {})
    figures = {"seats": len(seats), "further": len(new - seats)} if solved.objective is not None else {}
    if cover:
        figures |= {"beyond": cover["beyond_seats"], "unreachable": len(cover["unreachable"])}
    return QuestionAnswer(
        status=str(solved.status),
        objective=solved.objective,
        bound=solved.bound,
        units=units if solved.objective is not None else (),
        figures=figures,
        said=tuple(_named(text, material) for text in solved.explanation),
        curve=tuple((int(number), cost) for number, cost in curve.items()),
    )


def _named(text: str, material: QuestionMaterial) -> str:
    """A sentence with names of the groups that no site reaches."""
    if not text.startswith("No site reaches "):
        return text
    listed = text.removeprefix("No site reaches ").split(": left out")[0]
    known = material.by_id
    names = [known[key].name if key in known else key for key in listed.split(" and ")[0].split(", ")]
    return text.replace(listed.split(" and ")[0], ", ".join(names))


POINTS = QuestionKind(
    name=PlanKind.POINTS,
    numbers=(NumberRule("reach", 2_000, 1, 100_000), NumberRule("further", None, 0, 10_000)),
    solve=solve_points_question,
    hands=("lock", "ban"),
    wishes=1,
)
