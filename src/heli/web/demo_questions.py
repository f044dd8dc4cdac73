"""The questions of the demonstration: groups, buildings and departments of Qianfeng, all of them invented."""

import csv
import io
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import sqrt

import shapely
import xlsxwriter
from shapely.geometry.base import BaseGeometry

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.kernel.access import SYSTEM, Scope
from heli.places import queries as places
from heli.places import services as register
from heli.places.types import FactSpec, PlaceKind
from heli.planning import services as planning
from heli.planning.types import PlanKind
from heli.ui.exports import SAMPLE

GROUPS_AFTER = 895
"""As published: 1,678 groups became 895."""
DAGUAN_GRIDS = 274
SEED = 1678
STREET, BUILDINGS, MARKET = "奎阁街道", 36, 20
PAIRS = 40
TAGS = ("水利", "财务", "法律", "农业", "民政", "建设")


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
    """The questions of the demonstration: 1,678 groups become 895, service points for them, urban villages into communities, grids
    of one street, 40 departments one to one with 40 villages. What is quick is answered; the others wait for a click."""
    officer = accounts.actor_of(accounts.in_scope(Scope(everything=True)).get(username="officer"))

    def ask(kind: PlanKind, name: str, numbers: Mapping[str, int | None] | None = None) -> None:
        made = planning.create_question(
            actor=officer, kind=kind, district_id=district_id, name=f"{name}（示例）", on=on, numbers=numbers
        )
        if kind is not PlanKind.LAYOUT:
            planning.run_question(actor=officer, question=made)

    ask(PlanKind.GROUPS, f"村民小组调整：至多{GROUPS_AFTER}个", {"at_most": GROUPS_AFTER})
    ask(PlanKind.POINTS, "代办点：两公里内有窗口")
    ask(PlanKind.LAYOUT, "城中村改社区")
    for kind, name, file in (
        (PlanKind.GRIDS, f"{STREET}网格划分", _buildings(district_id, on)),
        (PlanKind.PAIRING, "40个单位结对40个村", _helpers(district_id, on)),
    ):
        planning.open_question(
            actor=officer, kind=kind, district_id=district_id, name=f"{name}（示例）", on=on, file=file, is_sample=True
        )


def count_sample_grids(district_id: int, on: date) -> int:
    """The grids of Daguan as counts of its communities, 274 in all, as published; shared out by chance."""
    rows = [row for row in places.villages_of(district_id, on, outlines=False) if row.kind is PlaceKind.COMMUNITY]
    dice = random.Random(DAGUAN_GRIDS)
    counts = [1] * len(rows)
    for _one in range(DAGUAN_GRIDS - len(rows)):
        counts[dice.randrange(len(rows))] += 1
    with writing(SYSTEM, "places.import", place_id=district_id):
        source = register.add_source(title=f"{SAMPLE} (synthetic)", is_sample=True)
        facts = [
            FactSpec(place_id=row.id, measure="grids", on=on, value=number, source_id=source.pk)
            for row, number in zip(rows, counts, strict=True)
        ]
        register.record_facts(actor=SYSTEM, facts=facts)
    return sum(counts)


def _buildings(district_id: int, on: date) -> tuple[str, bytes]:
    """A list of buildings of one street's communities, some of them whole estates."""
    dice, rows = random.Random(SEED), []
    communities = [
        row
        for row in places.villages_of(district_id, on)
        if row.parent_name == STREET and row.kind is PlaceKind.COMMUNITY and row.outline is not None
    ]
    for row in communities:
        cell = shapely.from_wkb(row.outline or b"")
        for number, (x, y) in enumerate(_points(cell, BUILDINGS, dice), start=1):
            households = dice.randint(120, 260) if number % 9 == 0 else dice.randint(18, 48)
            called = f"{number}号小区" if number % 9 == 0 else f"{number}号楼"
            # In each community one market that is a grid of its own.
            special, households = ("农贸市场", 12) if number == MARKET else ("", households)
            rows.append((f"{row.code[-3:]}-{number:02}", called, row.code, x, y, households, special))
    return _csv("楼栋清册（示例）.csv", ("编号", "名称", "社区", "经度", "纬度", "户数", "专属网格"), rows)


def _helpers(district_id: int, on: date) -> tuple[str, bytes]:
    """A workbook of forty departments and forty villages, each with needs and a weight."""
    dice = random.Random(SEED)
    villages = [row for row in places.villages_of(district_id, on, outlines=False) if row.kind is PlaceKind.VILLAGE]
    chosen = dice.sample(villages, PAIRS)
    orgs = [
        (
            f"区直单位{number:02}（示例）",
            dice.choice((6, 10, 20, 40)),
            dice.choice(("是", "")),
            "、".join(dice.sample(TAGS, 2)),
        )
        for number in range(1, PAIRS + 1)
    ]
    areas = [
        (
            f"{row.parent_name}{row.name}",
            row.code,
            dice.randint(5, 12),
            dice.choice(("是", "", "")),
            "、".join(dice.sample(TAGS, 2)),
        )
        for row in chosen
    ]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    for name, heads, rows in (
        ("单位", ("单位名称", "人数", "骨干", "专长"), orgs),
        ("片区", ("片区名称", "所辖村", "难度", "重点", "需求"), areas),
    ):
        page = book.add_worksheet(name)
        for number, cells in enumerate((heads, *rows)):
            page.write_row(number, 0, cells)
    book.close()
    return "结对（示例）.xlsx", stream.getvalue()


def _csv(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> tuple[str, bytes]:
    stream = io.StringIO()
    csv.writer(stream).writerows([heads, *rows])
    return name, stream.getvalue().encode()
