"""Make the synthetic part of the sample district: village cells inside Qianfeng's real outline, and figures for each.

    python -m heli.places.sample.generate

Seeded, so that the same files come out every time; no Django here. Names and codes are read from the real list of 2019.
Towns are laid out as contiguous regions around hand-placed seeds such that the two townships that vanished in 2020 lie beside
the towns that received their villages.
"""

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.optimize import linear_sum_assignment
from shapely.geometry import Polygon, mapping

from heli.kernel.quantities import largest_remainder

HERE = Path(__file__).resolve().parent
SEED = 511603
NOTE = "示例数据 / sample: synthetic cell, not a real outline"

VILLAGE_PEOPLE = 116 * 2502
"""Registered people in all villages: the published mean of the new villages times their number."""
COMMUNITY_RESIDENTS = 32 * 5859
GROUPS = 1678
"""Villagers' groups before the reform, as published."""

TOWN_SEEDS: dict[str, tuple[float, float]] = {
    # Position of each town in the outline's bounding box, (0, 0) in the south-west.
    "511603001": (0.16, 0.40),  # 奎阁街道
    "511603002": (0.34, 0.36),  # 大佛寺街道
    "511603003": (0.40, 0.56),  # 龙塘街道
    "511603004": (0.18, 0.54),  # 新桥街道
    "511603101": (0.84, 0.22),  # 桂兴镇
    "511603102": (0.64, 0.92),  # 观阁镇
    "511603103": (0.74, 0.60),  # 广兴镇
    "511603104": (0.46, 0.22),  # 代市镇
    "511603105": (0.28, 0.78),  # 观塘镇
    "511603106": (0.26, 0.16),  # 护安镇
    "511603107": (0.96, 0.92),  # 龙滩镇
    "511603108": (0.66, 0.14),  # 虎城镇
    "511603200": (0.46, 0.72),  # 小井乡
    "511603202": (0.86, 0.66),  # 光辉乡
}

Points = NDArray[np.float64]


def units() -> list[dict[str, str]]:
    """The 286 villages and communities of 2019 as the official list has them, in code order."""
    with (HERE / "qianfeng_511603_2019.csv").open(encoding="utf-8", newline="") as stream:
        return sorted(csv.DictReader(stream), key=lambda row: row["code"])


def is_village(code: str) -> bool:
    """Whether the last three digits are those of a villagers' committee."""
    return 200 <= int(code[9:]) < 400 or int(code[9:]) >= 500


def is_subdistrict(town: str) -> bool:
    """Whether the town's three digits are those of a subdistrict office."""
    return int(town[6:9]) < 100


def outline_in_metres() -> tuple[Polygon, Transformer]:
    """The district's real outline in local metres, and the way back to degrees."""
    features = json.loads((HERE / "districts.geojson").read_text(encoding="utf-8"))["features"]
    degrees = Polygon(next(f for f in features if f["properties"]["code"] == "511603")["geometry"]["coordinates"][0])
    local = f"+proj=tmerc +lat_0={degrees.centroid.y:.4f} +lon_0={degrees.centroid.x:.4f} +ellps=GRS80 +units=m"
    there = Transformer.from_crs("EPSG:4490", local, always_xy=True)
    back = Transformer.from_crs(local, "EPSG:4490", always_xy=True)
    return Polygon([there.transform(x, y) for x, y in degrees.exterior.coords]), back


def cells_of(points: Points, outline: Polygon) -> list[Polygon]:
    """Voronoi cells clipped to the outline, in the order of their points; of a cut cell the largest piece counts."""
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=outline, ordered=True))
    clipped = shapely.intersection(cells, outline)
    return [max(shapely.get_parts(cell), key=lambda part: part.area) for cell in clipped]


def scatter(count: int, outline: Polygon, random: np.random.Generator) -> Points:
    """`count` points spread over the outline, evened out a little so that cells look like villages, not like dust."""
    west, south, east, north = outline.bounds
    points: list[tuple[float, float]] = []
    while len(points) < count:
        candidate = random.uniform((west, south), (east, north))
        if outline.contains(shapely.Point(candidate)):
            points.append((float(candidate[0]), float(candidate[1])))
    spread = np.array(points)
    for _ in range(3):
        centres = np.array([cell.centroid.coords[0] for cell in cells_of(spread, outline)])
        spread = spread + 0.75 * (centres - spread)
    return spread


def assign_towns(points: Points, outline: Polygon, sizes: dict[str, int]) -> list[str]:
    """Give every point a town so that each has its number of cells and the sum of squared distances is least."""
    west, south, east, north = outline.bounds
    seeds = {
        town: np.array([west + fx * (east - west), south + fy * (north - south)])
        for town, (fx, fy) in TOWN_SEEDS.items()
    }
    slots = [town for town, size in sizes.items() for _ in range(size)]
    assigned: list[str] = []
    for _ in range(6):
        cost = np.array([((points - seeds[town]) ** 2).sum(axis=1) for town in slots]).T
        rows, columns = linear_sum_assignment(cost)
        assigned = [slots[column] for _, column in sorted(zip(rows, columns, strict=True))]
        for town in sizes:
            mine = points[[i for i, t in enumerate(assigned) if t == town]]
            seeds[town] = 0.6 * seeds[town] + 0.4 * mine.mean(axis=0)
    return assigned


def place_units(points: Points, towns: list[str]) -> list[int]:
    """For each unit in code order the index of its point: communities in the middle of their town, villages around.

    In a subdistrict with many communities these lie together in the north-west, so that its villages still touch.
    """
    where: dict[str, int] = {}
    for town in sorted(set(towns)):
        mine = [i for i, t in enumerate(towns) if t == town]
        middle = points[mine].mean(axis=0)
        if is_subdistrict(town):
            mine.sort(key=lambda i: float(points[i][0] - points[i][1]))
        else:
            mine.sort(key=lambda i: float(((points[i] - middle) ** 2).sum()))
        codes = sorted(
            (u["code"] for u in units() if u["town_code"] == town), key=lambda code: (is_village(code), code)
        )
        inner = sum(not is_village(code) for code in codes)
        around = sorted(mine[inner:], key=lambda i: math.atan2(points[i][1] - middle[1], points[i][0] - middle[0]))
        where.update(zip(codes, mine[:inner] + around, strict=True))
    return [where[unit["code"]] for unit in units()]


def scaled(total: int, raw: Points) -> list[int]:
    """Positive integers in the proportions of `raw` that add up to `total` exactly."""
    return largest_remainder(total, [int(value * 1_000_000) for value in raw])


def figures(random: np.random.Generator) -> list[dict[str, Any]]:
    """Synthetic figures per unit; villages hold the registered people, communities the residents of the towns."""
    rows = units()
    villages = [i for i, row in enumerate(rows) if is_village(row["code"])]
    communities = [i for i in range(len(rows)) if i not in set(villages)]
    registered = dict(zip(villages, scaled(VILLAGE_PEOPLE, random.lognormal(0, 0.42, len(villages))), strict=True))
    residents = dict(
        zip(communities, scaled(COMMUNITY_RESIDENTS, random.lognormal(0, 0.35, len(communities))), strict=True)
    )
    groups = dict(zip(villages, scaled(GROUPS, np.array([registered[i] ** 0.6 for i in villages])), strict=True))
    stays, size, share = (
        random.uniform(low, high, len(rows)) for low, high in ((0.55, 0.75), (2.9, 3.5), (0.93, 0.99))
    )
    result = []
    for i, row in enumerate(rows):
        people = registered.get(i, round(residents.get(i, 0) * 0.8))
        result.append(
            {
                "code": row["code"],
                "name": row["name"],
                "registered_population": people,
                "resident_population": residents.get(i, round(people * stays[i])),
                "households": max(1, round(people / size[i])),
                "villager_groups": groups.get(i, 0),
                "collective_members": round(people * share[i]) if i in registered else 0,
            }
        )
    return result


def main() -> None:
    """Write both synthetic files."""
    random = np.random.default_rng(SEED)
    rows = units()
    outline, back = outline_in_metres()
    points = scatter(len(rows), outline, random)
    sizes: dict[str, int] = {}
    for row in rows:
        sizes[row["town_code"]] = sizes.get(row["town_code"], 0) + 1
    towns = assign_towns(points, outline, sizes)
    order, cells = place_units(points, towns), cells_of(points, outline)
    features = []
    for row, at in zip(rows, order, strict=True):
        degrees = shapely.transform(cells[at], lambda xy: np.round(np.array(back.transform(xy[:, 0], xy[:, 1])).T, 5))
        features.append(
            {
                "type": "Feature",
                "properties": {"code": row["code"], "name": row["name"], "town": row["town_name"], "sample": NOTE},
                "geometry": mapping(degrees),
            }
        )
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    (HERE / "qianfeng_cells.geojson").write_text(
        f'{{"type":"FeatureCollection","name":"qianfeng_cells","features":[\n{lines}\n]}}\n', encoding="utf-8"
    )
    table = figures(random)
    with (HERE / "qianfeng_population.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


if __name__ == "__main__":
    main()
