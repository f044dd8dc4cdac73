"""Make the sample's synthetic files from the real lists: `python -m heli.places.sample.generate`.

Real: names and codes of 2019, the district outline. Synthetic: every village cell, population, household, group and
border affinity, the seats and extents of the towns, the bodies in charge. Every synthetic feature says so. The same
seed gives the same bytes. No Django here.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from heli.places.sample.layout import COMMUNITY_GROUND, SEATS, Mosaic
from mergeplan.geo import LocalMetres, local_metres, neighbours_from_outlines

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[2] / "mergeplan" / "examples"
SEED = 511603
MOSAIC_CELLS = 5200
MARK = "示例数据 / sample"
NOTE = f"{MARK}: synthetic cell, not a real outline"

VILLAGES_REGISTERED = 116 * 2502  # the published mean of registered people in the new villages
COMMUNITIES_RESIDENT = 32 * 5859  # the published mean of residents in the communities
VILLAGERS_GROUPS = 1678  # as published, before the merger

PLANNER_RULES: dict[str, Any] = {
    "k": 3,
    "Pmin": 1000,
    "Pmax": 6000,
    "R": 6000,
    "K": 116,
    "detour": 1.3,
    "weights": {"balance": 1.0, "travel": 0.5, "compact": 0.3, "disrupt": 0.2, "affinity": 0.2},
}


Row = dict[str, str]


def is_village(code: str) -> bool:
    """Whether the last three digits are those of a villagers' committee or a village-like unit."""
    return 200 <= int(code[9:]) < 400 or int(code[9:]) >= 500


def units() -> list[Row]:
    """The 286 villages and communities of 2019 as the official list has them, in code order."""
    with (HERE / "qianfeng_511603_2019.csv").open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: row["code"])


def read_outline(code: str = "511603") -> BaseGeometry:
    """The real district outline in degrees (EPSG:4490)."""
    path = HERE / "districts.geojson"
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        if feature["properties"]["code"] == code:
            return shapely.from_geojson(json.dumps(feature["geometry"]))
    raise ValueError(f"{path.name} has no district {code}")


def shares(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Whole numbers of at least `least` in proportion to `weights` that add up to `total` (largest remainder)."""
    free = total - least * len(weights)
    scale = free / sum(weights)
    floors = [int(w * scale) for w in weights]
    rest = sorted(range(len(weights)), key=lambda i: (-(weights[i] * scale - floors[i]), i))
    for i in rest[: free - sum(floors)]:
        floors[i] += 1
    return [least + f for f in floors]


def lay_out(rows: Sequence[Row], outline: BaseGeometry, metres: LocalMetres) -> list[BaseGeometry]:
    """One synthetic cell per unit in planar metres, towns and cells each in one piece; order of `rows`."""
    rng = np.random.default_rng(SEED)
    mosaic = Mosaic(metres.project(outline), MOSAIC_CELLS, rng)
    towns = sorted({u["town_code"] for u in rows})
    seats = np.column_stack(metres.forward([SEATS[t][0] for t in towns], [SEATS[t][1] for t in towns]))
    ground = [1.0 if is_village(u["code"]) else COMMUNITY_GROUND for u in rows]
    needed = np.array([sum(g for u, g in zip(rows, ground, strict=True) if u["town_code"] == t) for t in towns])
    town_of = mosaic.divide(range(len(mosaic.near)), seats, needed, drift=0.15)
    cells: dict[str, BaseGeometry] = {}
    for number, town in enumerate(towns):
        members = np.flatnonzero(town_of == number).tolist()
        mine = [u for u in rows if u["town_code"] == town]
        seeds = mosaic.spread(members, len(mine), rng)
        # Communities stand in the middle of the town; villages are dealt out from west to east.
        middle = np.array([mosaic.x[members].mean(), mosaic.y[members].mean()])
        from_seat = np.hypot(*(seeds - middle).T)
        by_seat = sorted(range(len(seeds)), key=lambda s: (from_seat[s], s))
        city = [u for u in mine if not is_village(u["code"])]
        country = [u for u in mine if is_village(u["code"])]
        places = dict(zip(by_seat, city, strict=False))
        rest = sorted((s for s in range(len(seeds)) if s not in places), key=lambda s: tuple(seeds[s].tolist()))
        places.update(zip(rest, country, strict=True))
        order = [places[s] for s in range(len(seeds))]
        weight = np.array([1.0 if is_village(u["code"]) else COMMUNITY_GROUND for u in order]) * rng.uniform(
            0.75, 1.3, len(order)
        )
        owner = mosaic.divide(members, seeds, weight, drift=0.6)
        for s, unit in enumerate(order):
            cells[unit["code"]] = mosaic.union(owner, s)
    return [cells[u["code"]] for u in rows]


def round_cells(cells: Sequence[BaseGeometry], metres: LocalMetres) -> list[BaseGeometry]:
    """The cells in degrees with five decimals (about 1 m), their borders smoothed alike on both sides."""
    smooth = shapely.coverage_simplify(np.array(list(cells), dtype=object), tolerance=90.0, simplify_boundary=False)
    degrees = metres.unproject(smooth)
    return [shapely.orient_polygons(g) for g in shapely.transform(degrees, lambda p: np.round(p, 5))]


def population(rows: Sequence[Row], areas: Sequence[int]) -> list[dict[str, int | str]]:
    """Synthetic people, households and groups per unit; totals are exact."""
    rng = np.random.default_rng(SEED + 1)
    mean_area = sum(areas) / len(areas)
    size = rng.lognormal(0.0, 0.38, len(rows)) * (np.array(areas) / mean_area) ** 0.35
    village = [i for i, u in enumerate(rows) if is_village(u["code"])]
    city = [i for i, u in enumerate(rows) if not is_village(u["code"])]
    registered = dict(zip(village, shares(VILLAGES_REGISTERED, [size[i] for i in village], 260), strict=True))
    resident = dict(zip(city, shares(COMMUNITIES_RESIDENT, [size[i] for i in city], 1200), strict=True))
    groups = dict(zip(village, shares(VILLAGERS_GROUPS, [registered[i] for i in village], 2), strict=True))
    at_home = rng.uniform(0.48, 0.72, len(rows))  # many villagers work elsewhere
    member_share = rng.uniform(0.93, 0.99, len(rows))
    per_household = rng.uniform(2.75, 3.35, len(rows))
    table: list[dict[str, int | str]] = []
    for i, unit in enumerate(rows):
        people = registered.get(i) or round(resident[i] * float(rng.uniform(0.62, 0.86)))
        table.append(
            {
                "code": unit["code"],
                "name": unit["name"],
                "registered_population": people,
                "resident_population": resident.get(i) or round(people * float(at_home[i])),
                "households": round(people / float(per_household[i])),
                "villager_groups": groups.get(i, 0),
                "collective_members": round(people * float(member_share[i])) if i in registered else 0,
                "as_of": "2019-12-31",
                "source": MARK,
            }
        )
    return table


def leads(rows: Sequence[Row]) -> list[dict[str, str]]:
    """Bodies that answer for towns: the town government, and one district department per town (包联)."""
    departments = (
        "委组织部", "农业农村局", "民政局", "自然资源和规划分局", "财政局", "教育科技和体育局", "卫生健康局", "交通运输局",
        "水务局", "住房和城乡建设局", "人力资源和社会保障局", "文化旅游局", "司法局", "市场监督管理局",
    )  # fmt: skip
    towns = sorted({(u["town_code"], u["town_name"]) for u in rows})
    table = []
    for (code, name), department in zip(towns, departments, strict=True):
        seat = "办事处" if name.endswith("街道") else "人民政府"
        for body, role in ((f"{name}{seat}", "responsible"), (f"区{department}（示例）", "paired")):
            table.append(
                {
                    "body": body,
                    "role": role,
                    "town_code": code,
                    "town_name": name,
                    "valid_from": "2019-01-01",
                    "source": MARK,
                }
            )
    return table


def planner_instance(
    rows: Sequence[Row], cells: Sequence[BaseGeometry], people: Sequence[dict[str, Any]], metres: LocalMetres
) -> dict[str, Any]:
    """The planner's JSON form: the villages only (communities are not merged), borders measured on the cells."""
    rng = np.random.default_rng(SEED + 2)
    planar = [metres.project(c) for c in cells]
    keep = [i for i, u in enumerate(rows) if is_village(u["code"])]
    found = neighbours_from_outlines([planar[i] for i in keep])
    centres = [shapely.point_on_surface(planar[i]) for i in keep]
    west, south = (min(round(getattr(c, axis)) for c in centres) for axis in "xy")
    return {
        "title": "前锋区 2019",
        "note": f"{MARK}: real names and codes of 2019; cells, people and affinities are synthetic",
        "n": len(keep),
        "id": [rows[i]["code"] for i in keep],
        "name": [rows[i]["name"] for i in keep],
        "x": [round(c.x) - west for c in centres],
        "y": [round(c.y) - south for c in centres],
        "pop": [int(people[i]["registered_population"]) for i in keep],
        "area": list(found.area_m2),
        "perim": list(found.perimeter_m),
        "town": [rows[i]["town_name"] for i in keep],
        "edges": [[b.i, b.j, b.length_m, int(rng.integers(200, 1001))] for b in found.borders],
        **PLANNER_RULES,
    }


def feature_collection(rows: Sequence[Row], cells: Sequence[BaseGeometry]) -> dict[str, Any]:
    """The cells as GeoJSON features with code, name, town and the mark."""
    return {
        "type": "FeatureCollection",
        "name": "qianfeng_cells",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}},
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "code": u["code"],
                    "name": u["name"],
                    "town_code": u["town_code"],
                    "town": u["town_name"],
                    "kind": "village" if is_village(u["code"]) else "community",
                    "sample": NOTE,
                },
                "geometry": json.loads(shapely.to_geojson(cell)),
            }
            for u, cell in zip(rows, cells, strict=True)
        ],
    }


def write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """CSV in UTF-8 with the columns of the first row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Write qianfeng_cells.geojson, qianfeng_population.csv and qianfeng_leads.csv, and the planner's qianfeng.json."""
    rows, outline = units(), read_outline()
    metres = local_metres(*outline.bounds)
    cells = round_cells(lay_out(rows, outline, metres), metres)
    people = population(rows, [round(metres.project(c).area) for c in cells])
    collection = feature_collection(rows, cells)
    lines = ",\n".join(_dump(feature) for feature in collection.pop("features"))
    head = _dump(collection)[:-1]
    (HERE / "qianfeng_cells.geojson").write_text(f'{head},"features":[\n{lines}\n]}}\n', encoding="utf-8")
    write_csv(HERE / "qianfeng_population.csv", people)
    write_csv(HERE / "qianfeng_leads.csv", leads(rows))
    instance = planner_instance(rows, cells, people, metres)
    body = ",\n".join(f"{_dump(key)}:{_dump(value)}" for key, value in instance.items())
    (EXAMPLES / "qianfeng.json").write_text(f"{{{body}}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
