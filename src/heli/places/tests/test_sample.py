"""The sample district: real names, published totals, the same bytes from every run."""

import csv
import json
from pathlib import Path

import pytest

from heli.places.sample import generate

HERE = Path(generate.__file__).resolve().parent


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
    generate.main()
    for name in ("qianfeng_cells.geojson", "qianfeng_population.csv"):
        assert (tmp_path / name).read_bytes() == (HERE / name).read_bytes()
