"""The sample district: real names, published totals, the same bytes from every run."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from heli.places.sample import generate
from mergeplan import read_json as read_instance
from mergeplan import solve, verify
from mergeplan.geo import local_metres
from mergeplan.plan_io import plan_to_json

HERE = Path(generate.__file__).resolve().parent
EXAMPLES = generate.EXAMPLES


def counts(name: str) -> tuple[int, int]:
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        codes = [row["code"] for row in csv.DictReader(stream)]
    villages = sum(map(generate.is_village, codes))
    return villages, len(codes) - villages


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("qianfeng_511603_2019.csv", "qianfeng_511603_2020.csv", ((254, 32), (116, 32))),
        ("lucheng_330302_2018.csv", "lucheng_330302_2019.csv", ((141, 83), (80, 88))),
        ("ouhai_330304_2018.csv", "ouhai_330304_2019.csv", ((251, 34), (151, 54))),
        ("donggang_371102_2017.csv", "donggang_371102_2018.csv", ((535, 66), (533, 86))),
        ("daguan_340803_2017.csv", "daguan_340803_2018.csv", ((29, 45), (29, 30))),
    ],
)
def test_the_official_lists_count_what_was_published(
    before: str, after: str, expected: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    assert (counts(before), counts(after)) == expected


def test_the_synthetic_totals_are_the_published_ones() -> None:
    with (HERE / "qianfeng_population.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    villages = [row for row in rows if generate.is_village(row["code"])]
    communities = [row for row in rows if not generate.is_village(row["code"])]
    assert sum(int(row["registered_population"]) for row in villages) == 116 * 2502
    assert sum(int(row["resident_population"]) for row in communities) == 32 * 5859
    assert sum(int(row["villager_groups"]) for row in villages) == 1678
    assert all(int(row["households"]) > 0 for row in rows)


def test_every_unit_has_one_cell_marked_as_a_sample() -> None:
    features = json.loads((HERE / "qianfeng_cells.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["properties"]["code"] for f in features] == [unit["code"] for unit in generate.units()]
    assert all("示例数据" in f["properties"]["sample"] for f in features)


def test_the_generator_writes_the_same_bytes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for needed in ("qianfeng_511603_2019.csv", "districts.geojson"):
        (tmp_path / needed).write_bytes((HERE / needed).read_bytes())
    monkeypatch.setattr(generate, "HERE", tmp_path)
    monkeypatch.setattr(generate, "EXAMPLES", tmp_path)
    generate.main()
    for name in ("qianfeng_cells.geojson", "qianfeng_population.csv", "qianfeng_leads.csv"):
        assert (tmp_path / name).read_bytes() == (HERE / name).read_bytes()
    assert (tmp_path / "qianfeng.json").read_bytes() == (EXAMPLES / "qianfeng.json").read_bytes()


def test_cells_and_towns_are_in_one_piece_and_fill_the_district() -> None:
    features = json.loads((HERE / "qianfeng_cells.geojson").read_text(encoding="utf-8"))["features"]
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in features]
    assert {s.geom_type for s in shapes} == {"Polygon"}
    assert all(s.is_valid for s in shapes)
    metres = local_metres(*shapely.total_bounds(shapes).tolist())
    whole = metres.project(generate.read_outline()).area
    assert abs(sum(metres.project(s).area for s in shapes) - whole) < 0.002 * whole
    for town in {f["properties"]["town"] for f in features}:
        mine = [s.buffer(1e-5) for s, f in zip(shapes, features, strict=True) if f["properties"]["town"] == town]
        assert shapely.union_all(mine).geom_type == "Polygon", town


def test_the_vanished_townships_adjoin_those_that_received_their_villages() -> None:
    instance = read_instance(EXAMPLES / "qianfeng.json")
    adjoining = {(instance.town[e.i], instance.town[e.j]) for e in instance.edges}
    adjoining |= {(b, a) for a, b in adjoining}
    for vanished, receiver in (
        ("小井乡", "龙塘街道"),
        ("小井乡", "观阁镇"),
        ("光辉乡", "广兴镇"),
        ("光辉乡", "龙滩镇"),
    ):
        assert (vanished, receiver) in adjoining


@pytest.mark.parametrize("count", [149, 116])
@pytest.mark.parametrize(
    "joined",
    [
        {},
        {"小井乡": "龙塘街道", "光辉乡": "广兴镇"},
        {"小井乡": "观阁镇", "光辉乡": "龙滩镇"},
    ],
)
def test_the_planner_proves_a_plan_with_14_towns_and_with_12(count: int, joined: dict[str, str]) -> None:
    instance = read_instance(EXAMPLES / "qianfeng.json")
    instance = replace(instance, town=tuple(joined.get(str(t), t) for t in instance.town))
    plan = solve(instance, at_most=count)
    assert plan.status == "optimal"
    assert plan.count <= count
    assert [p for p in verify(instance, plan_to_json(plan)) if p.severity == "error"] == []
