"""Grids joined into large grids (大网格): the same question once more, its buildings being the grids of an answer."""

from collections import defaultdict
from dataclasses import replace

from shapely.geometry import mapping, shape
from shapely.ops import unary_union

from heli.planning.questions.types import QuestionAnswer, QuestionMaterial, way_m
from mergeplan.questions.splitting import PART

TIMES = {"low": 2, "high": 4, "target": 3}
"""How many grids make a large one, in households; a start that the rules page changes."""


def is_joined(material: QuestionMaterial) -> bool:
    """Whether the things are grids of another answer."""
    return "joined_from" in material.more


def join_material(material: QuestionMaterial, answer: QuestionAnswer, *, joined_from: str) -> QuestionMaterial:
    """The grids as things; special ones stay apart. Grids are beside each other where buildings of them are.

    A way between two grids is 1.3 times the straight line between their centres, at least 1 m.
    """
    known = material.by_id
    units = [unit for unit in answer.units if unit.mark == "grid"]
    things = []
    inside: dict[str, set[int]] = defaultdict(set)
    for number, unit in enumerate(units):
        for member in unit.members:
            inside[member.partition(PART)[0]].add(number)
        shapes = [shape(dict(known[one].outline or {})) for one in unit.members if known[one].outline]
        outline = mapping(unary_union(shapes)) if len(shapes) == len(unit.members) else None
        centre = known[unit.centre]
        things.append(
            replace(centre, id=unit.key, name=unit.name, size=unit.size, outline=outline, role="building", more={})
        )
    beside = {
        (min(a, b), max(a, b))
        for one, other, _metres, _close in material.edges
        for a in inside[material.things[one].id]
        for b in inside[material.things[other].id]
        if a != b
    }
    # Parts of one estate that went to different grids are beside each other, too.
    beside |= {(a, b) for numbers in inside.values() for a in numbers for b in numbers if a < b}
    edges = tuple((a, b, way_m(things[a], things[b]), 0) for a, b in sorted(beside))
    return replace(material, things=tuple(things), edges=edges, more={"joined_from": joined_from})
