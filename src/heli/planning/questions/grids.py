"""Buildings and estates of communities shared out to grids of even load, by the walking rule.

What was moved by hand is done after the answer: the bound stays that of the answer without it, so the price of a move is seen.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from heli.kernel.quantities import round_half_up
from heli.planning.questions.joined import is_joined
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
from mergeplan.questions import solve_question
from mergeplan.questions.answers import Solved
from mergeplan.questions.grids import GRIDS_FORM, Regrid, read_grids, regrid
from mergeplan.questions.splitting import PART, split_size

GRID_NAME = "{community}第{number}网格"
LARGE_NAME = "{community}第{number}大网格"
"""As notices and lists number the grids and the large grids of a community."""
COUNT = "count:"
"""Begins the name of the number of grids that a community shall have."""


def grid_counts(material: QuestionMaterial) -> tuple[NumberRule, ...]:
    """How many grids each community shall have; empty: by the target."""
    communities = sorted({thing.parent_place or 0 for thing in material.of("building")})
    return tuple(NumberRule(f"{COUNT}{community}", None, 1, 500) for community in communities)


def compute_count(total: int, rules: QuestionRules, community: int) -> int:
    """The grids of a community: as many as asked, else those nearest to the target that the limits allow."""
    n = rules.numbers
    asked, low, high, target = n.get(f"{COUNT}{community}"), n["low"] or 0, n["high"] or 1, n["target"] or 1
    if asked:
        return asked
    fewest, most = max(1, -(-total // high)), max(1, total // max(low, 1))
    return min(max(round_half_up(total, target), fewest), max(most, fewest))


def compute_grids(material: QuestionMaterial, rules: QuestionRules, *, only: int | None = None) -> dict[str, Any]:
    """The form of the communities (of one of them), without what is a special grid."""
    inside = [
        i for i, thing in enumerate(material.things) if thing.role == "building" and only in (None, thing.parent_place)
    ]
    at = {i: number for number, i in enumerate(inside)}
    things = [material.things[i] for i in inside]
    totals: dict[int, int] = defaultdict(int)
    for thing in things:
        totals[thing.parent_place or 0] += thing.size
    n = rules.numbers
    return {
        "form": GRIDS_FORM,
        "id": [thing.id for thing in things],
        "community": [str(thing.parent_place) for thing in things],
        "households": [thing.size for thing in things],
        "x": [thing.x for thing in things],
        "y": [thing.y for thing in things],
        "edges": [[at[a], at[b], metres] for a, b, metres, _close in material.edges if a in at and b in at],
        "Lo": n["low"],
        "Hi": n["high"],
        "T": n["target"],
        "balance": n["balance"],
        "count": {str(key): compute_count(total, rules, key) for key, total in totals.items()},
    }


def solve_grid_question(material: QuestionMaterial, rules: QuestionRules) -> QuestionAnswer:
    """The grids of every community, proven one by one; what was moved by hand is moved afterwards."""
    solved = solve_question(compute_grids(material, rules))
    communities: Any = solved.parts["communities"]
    known = material.by_id
    far = _far(solved)
    units: list[QuestionUnit] = []
    called = LARGE_NAME if is_joined(material) else GRID_NAME
    cost = 0
    for one in communities:
        grids = [grid["members"] for grid in one["grids"]]
        key = int(one["community"])
        moves = [(a, b) for a, b in rules.moves if known[a].parent_place == key]
        if grids and moves:
            moved = moved_grids(grids, moves)
            priced = price_moves(material, rules, key, moved)
            if not priced.wrong:
                one["grids"] = _as_told(material, rules, key, priced)
                one["objective"], grids = priced.cost, moved
        units += [
            _unit(grid, known, number, far, called)
            for number, grid in enumerate(_ordered(one["grids"], known), start=1)
        ]
        cost += one["objective"] or 0
    units += special_units(material)
    undivided = sum(one["objective"] is None for one in communities)
    status = str(solved.status) if cost == solved.objective or not units else "feasible"
    return QuestionAnswer(
        status=status,
        objective=cost if units else None,
        bound=solved.bound,
        units=tuple(units),
        figures={
            "before": len(material.things),
            "after": len(units),
            "special": sum(unit.mark == "special" for unit in units),
            "communities": len(communities),
            "undivided": undivided,
        },
        said=tuple(_named(text, material) for text in solved.explanation),
    )


def special_units(material: QuestionMaterial) -> list[QuestionUnit]:
    """Special grids (专属网格) as the file names them: no window of households and no way holds for them."""
    named: dict[tuple[int, str], list[Thing]] = defaultdict(list)
    for thing in material.of("special"):
        named[thing.parent_place or 0, thing.more["grid"]].append(thing)
    return [
        QuestionUnit(
            key=f"{community}-s{number}",
            name=name,
            parent=inside[0].parent,
            centre=max(inside, key=lambda thing: (thing.size, thing.id)).id,
            members=tuple(sorted(thing.id for thing in inside)),
            size=sum(thing.size for thing in inside),
            mark="special",
        )
        for number, ((community, name), inside) in enumerate(sorted(named.items()), start=1)
    ]


def curve_of_community(material: QuestionMaterial, rules: QuestionRules, community: int) -> tuple[tuple[int, int], ...]:
    """(number of grids, least cost) for every number at which the community can be divided."""
    solved = solve_question(compute_grids(material, rules, only=community), curve=True)
    told: Any = solved.parts["communities"]
    (one,) = told
    return tuple((int(number), cost) for number, cost in one["curve"].items() if cost is not None)


def part_size(thing: Thing, high: int) -> int:
    """The households of a building, or of one part of an estate that was split."""
    if thing.role == "special":
        return thing.size
    _whole, _mark, number = thing.id.partition(PART)
    return split_size(thing.size, high)[int(number or 1) - 1]


def moved_grids(grids: list[list[str]], moves: list[tuple[str, str]]) -> list[list[str]]:
    """The grids after each thing has gone to the grid of the other; parts of a split estate go together."""
    groups = [set(grid) for grid in grids]
    for one, other in moves:
        target = next((group for group in groups if other in group), None)
        if target is None:
            continue
        going = {node for group in groups for node in group if node.partition(PART)[0] == one}
        for group in groups:
            group.difference_update(going)
        target.update(going)
    return [sorted(group) for group in groups]


def price_moves(material: QuestionMaterial, rules: QuestionRules, community: int, grids: list[list[str]]) -> Regrid:
    """What these grids of a community cost, and what is wrong with them; it does not touch the other communities."""
    return regrid(read_grids(compute_grids(material, rules, only=community)), str(community), grids)


def price_one_move(
    material: QuestionMaterial, rules: QuestionRules, answer: QuestionAnswer, one: str, other: str
) -> tuple[int, Regrid]:
    """(cost now, priced afterwards) of the community when a building goes to the grid of another. Raises `KeyError`."""
    community = material.by_id[one].parent_place or 0
    units = [
        unit for unit in answer.units if unit.mark == "grid" and material.by_id[unit.centre].parent_place == community
    ]
    grids = [list(unit.members) for unit in units]
    return sum(unit.cost for unit in units), price_moves(material, rules, community, moved_grids(grids, [(one, other)]))


def _as_told(material: QuestionMaterial, rules: QuestionRules, community: int, priced: Regrid) -> list[dict[str, Any]]:
    (asked,) = read_grids(compute_grids(material, rules, only=community)).communities
    return [
        {
            "centre": asked.nodes[grid.centre],
            "members": [asked.nodes[member] for member in grid.members],
            "households": grid.households,
            "cost": grid.cost,
        }
        for grid in priced.grids
    ]


def _far(solved: Solved) -> dict[str, int]:
    far: dict[str, int] = defaultdict(int)
    for line in solved.lines:
        grid, way = str(line["grid"]), line["way_m"]
        far[grid] = max(far[grid], way if isinstance(way, int) else 0)
    return far


def _ordered(grids: list[dict[str, Any]], known: Mapping[str, Thing]) -> list[dict[str, Any]]:
    """Grids from the north-west on, as they are numbered."""

    def place(grid: dict[str, Any]) -> tuple[int, int, str]:
        centre = known[grid["centre"]]
        return -centre.y, centre.x, centre.id

    return sorted(grids, key=place)


def _unit(
    grid: dict[str, Any], known: Mapping[str, Thing], number: int, far: Mapping[str, int], called: str
) -> QuestionUnit:
    centre = known[grid["centre"]]
    return QuestionUnit(
        key=f"{centre.parent_place}-{number}",
        name=called.format(community=centre.parent, number=number),
        parent=centre.parent,
        centre=centre.id,
        members=tuple(sorted(grid["members"])),
        size=grid["households"],
        mark="grid",
        cost=grid["cost"],
        far_m=far.get(grid["centre"], 0),
    )


def _named(text: str, material: QuestionMaterial) -> str:
    """A sentence with names of communities for their keys."""
    key, large, _rest = text.partition(" is above Hi")
    if large and key in material.by_id:
        return text.replace(key, material.by_id[key].name, 1)
    for place, name in {(thing.parent_place, thing.parent) for thing in material.things}:
        text = text.replace(f"{place}:", f"{name}:")
    return text


GRIDS = QuestionKind(
    name=PlanKind.GRIDS,
    numbers=(
        NumberRule("low", 300, 1, 100_000),
        NumberRule("high", 500, 1, 100_000),
        NumberRule("target", 400, 1, 100_000),
        NumberRule("balance", 50, 0, 10_000),
    ),
    solve=solve_grid_question,
    hands=("move",),
    needs_file=True,
    more_numbers=grid_counts,
)
