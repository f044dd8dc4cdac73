"""The questions of the demonstration: villagers' groups of Qianfeng, drawn inside its synthetic cells, all of them invented."""

import random
from collections.abc import Iterator
from datetime import date
from math import sqrt

import shapely
from shapely.geometry.base import BaseGeometry

from heli.accounts import queries as accounts
from heli.kernel.access import SYSTEM, Scope
from heli.places import queries as places
from heli.places import services as register
from heli.planning import services as planning
from heli.planning.types import PlanKind

GROUPS_AFTER = 895
"""As published: 1,678 groups became 895."""
SEED = 1678


def add_sample_groups(district_id: int, on: date, counted_on: date) -> int:
    """Every village's groups on a day, as many as its figures of another day say, spread over its cell; how many."""
    rows = places.villages_of(district_id, on)
    keys = [row.id for row in rows]
    numbers = {key: fact.value for key, fact in places.facts_on(keys, "villager_groups", counted_on).items()}
    households = {key: fact.value for key, fact in places.facts_on(keys, "households", counted_on).items()}
    dice, groups = random.Random(SEED), []
    for row in rows:
        number = numbers.get(row.id, 0)
        if not number or row.outline is None:
            continue
        parts = _parts(households.get(row.id, 60 * number), number, dice)
        points = _points(shapely.from_wkb(row.outline), number, dice)
        groups += [
            register.GroupSpec(
                name=f"{row.name}{at}组",
                village_id=row.id,
                lon=x,
                lat=y,
                households=part,
                land_dm2=part * dice.randint(18, 40) * 6_667,
            )
            for at, ((x, y), part) in enumerate(zip(points, parts, strict=True), start=1)
        ]
    return register.add_groups(actor=SYSTEM, district_id=district_id, groups=groups, on=on, is_sample=True)


def _parts(total: int, number: int, dice: random.Random) -> list[int]:
    """The households shared out unevenly, at least 20 each as far as they go."""
    weights = [dice.uniform(0.6, 1.5) for _one in range(number)]
    parts = [max(20, int(total * weight / sum(weights))) for weight in weights]
    parts[0] += max(0, total - sum(parts))
    return parts


def _points(cell: BaseGeometry, number: int, dice: random.Random) -> Iterator[tuple[float, float]]:
    """Points inside a cell, not too near each other."""
    west, south, east, north = cell.bounds
    apart = 0.45 * sqrt(cell.area / number)
    shapely.prepare(cell)
    found: list[tuple[float, float]] = []
    while len(found) < number:
        x, y = round(dice.uniform(west, east), 6), round(dice.uniform(south, north), 6)
        apart *= 0.995
        if cell.contains(shapely.Point(x, y)) and all((x - a) ** 2 + (y - b) ** 2 > apart**2 for a, b in found):
            found.append((x, y))
    return iter(found)


def ask_sample_questions(district_id: int, on: date) -> None:
    """The questions of the demonstration, answered: 1,678 groups become 895."""
    officer = accounts.actor_of(accounts.in_scope(Scope(everything=True)).get(username="officer"))
    groups = planning.create_question(
        actor=officer,
        kind=PlanKind.GROUPS,
        district_id=district_id,
        name=f"村民小组调整：至多{GROUPS_AFTER}个（示例）",
        on=on,
        numbers={"at_most": GROUPS_AFTER},
    )
    planning.run_question(actor=officer, question=groups)
