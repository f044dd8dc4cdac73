"""Villages from CSV, GeoJSON, GeoPackage and Shapefile; plans as GeoJSON and Excel; errors with row, field, remedy."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import python_calamine
import shapely
from shapely import Polygon, box

import mergeplan
from mergeplan.formats import DEFAULT_AFFINITY, read_instance, write_geojson, write_xlsx
from mergeplan.geo import local_metres
from mergeplan.testing import county

METRES = local_metres(106.7, 30.4, 106.9, 30.6)
EAST, NORTH = (float(v) for v in METRES.forward(106.8, 30.5))

#  town A: a b    town B: e
#          c d
CELLS: dict[str, tuple[str, Polygon, int]] = {
    "a": ("A", box(0, 1000, 1000, 2000), 900),
    "b": ("A", box(1000, 1000, 2000, 2000), 1100),
    "c": ("A", box(0, 0, 1000, 1000), 1300),
    "d": ("A", box(1000, 0, 2000, 1000), 700),
    "e": ("B", box(2000, 0, 3000, 2000), 2000),
}
BORDERS = [("a", "b"), ("a", "c"), ("b", "d"), ("b", "e"), ("c", "d"), ("d", "e")]


def geojson(**changes: Any) -> dict[str, Any]:
    features = []
    for key, (town, cell, people) in CELLS.items():
        shape = METRES.unproject(shapely.transform(cell, lambda p: p + np.array([EAST, NORTH])))
        properties = {"id": key, "name": f"村{key}", "town": town, "population": people}
        geometry = json.loads(shapely.to_geojson(shape))
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features, **changes}


def save(folder: Path, name: str, value: Any) -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def borders(instance: mergeplan.Instance) -> list[tuple[Any, Any]]:
    return [(instance.id[e.i], instance.id[e.j]) for e in instance.edges]


VILLAGES = "id,name,town,population,x,y\n" + "".join(
    f"{k},村{k},{t},{p},{c.centroid.x:.0f},{c.centroid.y:.0f}\n" for k, (t, c, p) in CELLS.items()
)


def test_geojson_gives_borders_areas_and_centres_in_metres(tmp_path: Path) -> None:
    instance = read_instance(save(tmp_path, "v.geojson", geojson(mergeplan={"k": 2, "K": 3, "fixed": ["e"]})))
    assert borders(instance) == BORDERS
    assert all(abs(e.length_m - 1000) <= 2 for e in instance.edges)
    assert instance.area[0] == pytest.approx(1_000_000, rel=1e-4)
    assert instance.perim[4] == pytest.approx(6000, rel=1e-3)
    assert {e.affinity for e in instance.edges} == {DEFAULT_AFFINITY}
    assert instance.rules.fixed == {4}
    assert abs(instance.x[1] - instance.x[0] - 1000) <= 1
    assert instance.outline is not None
    assert instance.outline_crs == "EPSG:4545"
    assert mergeplan.solve(instance).count == 3


def test_geojson_under_the_name_json_is_recognised(tmp_path: Path) -> None:
    assert read_instance(save(tmp_path, "v.json", geojson())).n == 5


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "zip"])
def test_a_survey_in_metres_reads_the_same_from_every_map_format(tmp_path: Path, suffix: str) -> None:
    cells = [shapely.transform(c, lambda p: p + np.array([EAST, NORTH])) for _, c, _ in CELLS.values()]
    path = tmp_path / f"v.{'shp' if suffix == 'zip' else suffix}"
    fields = ["id", "name", "town", "population"]
    data = [list(CELLS), [f"村{k}" for k in CELLS], [t for t, _, _ in CELLS.values()], [p for *_, p in CELLS.values()]]
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array(cells, dtype=object)),
        field_data=[np.array(v, dtype=object if i < 3 else np.int64) for i, v in enumerate(data)],
        fields=fields,
        geometry_type="Polygon",
        crs="EPSG:4545",
        encoding="UTF-8" if suffix != "gpkg" else None,
    )
    if suffix == "zip":
        with zipfile.ZipFile(tmp_path / "v.zip", "w") as archive:
            for part in tmp_path.glob("v.*"):
                if part.suffix != ".zip":
                    archive.write(part, part.name)
        path = tmp_path / "v.zip"
    instance = read_instance(path)
    assert borders(instance) == BORDERS
    assert instance.area == (1_000_000,) * 4 + (2_000_000,)
    assert instance.name[0] == "村a"


def test_a_folder_of_tables_with_edges_and_rules(tmp_path: Path) -> None:
    save(tmp_path, "villages.csv", VILLAGES)
    save(tmp_path, "edges.csv", "from,to,length_m,affinity\na,b,800,900\nc,a,700,\nc,d,,100\n")
    save(tmp_path, "rules.json", {"k": 2, "K": 4, "must": [["a", "c"]]})
    instance = read_instance(tmp_path)
    assert [(e.i, e.j, e.length_m, e.affinity) for e in instance.edges] == [
        (0, 1, 800, 900),
        (0, 2, 700, 500),
        (2, 3, 0, 100),
    ]
    assert instance.rules.must == ((0, 2),)
    assert instance.perim == (0,) * 5


def test_points_alone_get_neighbours_from_cells_and_say_so(tmp_path: Path) -> None:
    instance = read_instance(save(tmp_path, "villages.csv", VILLAGES))
    assert ("a", "b") in borders(instance)
    assert "cells-from-points" in [w.code for w in instance.warnings]


def test_chinese_headings_in_gbk_and_towns_from_codes(tmp_path: Path) -> None:
    heads = "编码,村名,户籍人口,经度,纬度,类型\n"
    rows = heads + "511603001200,红星村,1200,106.80,30.50,中心村\n511603001201,红旗村,900,106.81,30.51,\n"
    path = tmp_path / "villages.csv"
    path.write_bytes(rows.encode("gb18030"))
    instance = read_instance(path)
    assert instance.name == ("红星村", "红旗村")
    assert instance.town == ("511603001", "511603001")
    assert instance.rules.types == ("中心村", None)
    assert 900 < abs(instance.x[1] - instance.x[0]) < 1000


def test_shifted_degrees_are_moved_back(tmp_path: Path) -> None:
    rows = "id,town,population,lon,lat\n1,1,100,106.8,30.5\n2,1,100,106.81,30.5\n"
    path = save(tmp_path, "villages.csv", rows)
    assert 200 < abs(read_instance(path).x[0] - read_instance(path, datum="gcj02").x[0]) < 700


def spoiled(old: str, new: str) -> str:
    assert old in VILLAGES
    return VILLAGES.replace(old, new)


@pytest.mark.parametrize(
    ("text", "field", "row", "says"),
    [
        (spoiled("1100", "many"), "population", 1, "line 3"),
        (spoiled("1100", "-5"), "population", 1, "line 3"),
        (spoiled("population", "people"), "population", None, "found: id, name"),
        (spoiled("c,村c", ",村c"), "id", 2, "line 4"),
        (spoiled("村b,A", "村b,"), "town", 1, "line 3"),
        (spoiled("1500,500", "1500,nan"), "y", 3, "line 5"),
        (spoiled("村a,A", "村a"), "row", 0, "line 2"),
        (spoiled("d,村d", "a,村d"), "id", 3, "also the id"),
        ("", "file", None, "empty"),
        ("id,town,population,x,y\n", "file", None, "no village"),
        (spoiled("x,y", "p,q"), "x", None, "no place"),
    ],
)
def test_bad_tables_are_refused_with_row_field_and_remedy(
    tmp_path: Path, text: str, field: str, row: int | None, says: str
) -> None:
    with pytest.raises(mergeplan.InstanceError) as caught:
        read_instance(save(tmp_path, "villages.csv", text))
    problem = caught.value.problems[0]
    assert (problem.field, problem.index) == (field, row)
    assert says in str(problem)
    assert problem.remedy


def test_unknown_villages_in_edges_and_rules_are_named(tmp_path: Path) -> None:
    save(tmp_path, "villages.csv", VILLAGES)
    save(tmp_path, "edges.csv", "from,to\na,zz\n")
    save(tmp_path, "rules.json", {"cannot": [["a", "nobody"]]})
    with pytest.raises(mergeplan.InstanceError) as caught:
        read_instance(tmp_path)
    text = str(caught.value)
    assert "'nobody' is no id" in text
    assert "'zz' is no village (edges.csv, line 2)" in text


@pytest.mark.parametrize("value", ["x", "-1", "1001", "nan"])
def test_bad_affinity_is_named_by_line(tmp_path: Path, value: str) -> None:
    save(tmp_path, "villages.csv", VILLAGES)
    save(tmp_path, "edges.csv", f"from,to,affinity\na,b,{value}\n")
    with pytest.raises(mergeplan.InstanceError, match=r"edges.csv, line 2"):
        read_instance(tmp_path)


def test_broken_maps_are_refused_or_mended(tmp_path: Path) -> None:
    raw = geojson()
    raw["features"][1]["geometry"] = None
    with pytest.raises(mergeplan.InstanceError, match=r"no usable outline or point \(v.geojson, feature 2\)"):
        read_instance(save(tmp_path, "v.geojson", raw))
    with pytest.raises(mergeplan.InstanceError, match="cannot be read"):
        read_instance(save(tmp_path, "w.geojson", "{broken"))
    with pytest.raises(mergeplan.InstanceError, match="no zip"):
        read_instance(save(tmp_path, "w.zip", "not a zip"))
    with pytest.raises(mergeplan.InstanceError, match="known format"):
        read_instance(save(tmp_path, "w.txt", "what"))
    raw = geojson()
    ring = raw["features"][0]["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]  # a bow tie
    codes = [w.code for w in read_instance(save(tmp_path, "x.geojson", raw)).warnings]
    assert any("repaired" in code for code in codes)


def test_a_written_map_has_one_feature_per_unit_in_degrees(tmp_path: Path) -> None:
    instance = read_instance(save(tmp_path, "v.geojson", geojson(mergeplan={"k": 2})))
    plan = mergeplan.solve(instance, exactly=3)
    write_geojson(instance, plan, tmp_path / "units.geojson")
    raw = json.loads((tmp_path / "units.geojson").read_text(encoding="utf-8"))
    assert [len(f["properties"]["members"]) for f in raw["features"]] == [len(u.members) for u in plan.units]
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in raw["features"]]
    assert all(106 < s.centroid.x < 108 and 30 < s.centroid.y < 31 for s in shapes)
    assert not raw["features"][0]["properties"]["synthetic"]
    assert sum(METRES.project(s).area for s in shapes) == pytest.approx(6_000_000, rel=1e-4)


def test_cells_stand_in_for_outlines_and_are_marked(tmp_path: Path) -> None:
    instance = county(40, 4, 1, K=20)
    plan = mergeplan.solve(instance)
    write_geojson(instance, plan, tmp_path / "u.geojson")
    raw = json.loads((tmp_path / "u.geojson").read_text(encoding="utf-8"))
    assert raw["coordinates"] == "planar metres"
    assert all(f["properties"]["synthetic"] for f in raw["features"])


def test_the_workbook_holds_summary_units_villages_and_curve(tmp_path: Path) -> None:
    instance = county(40, 4, 1, K=20, name=[f"=1+{i}" for i in range(40)])
    plan = mergeplan.solve(instance)
    for name in ("p.xlsx", "q.xlsx"):
        write_xlsx(instance, plan, tmp_path / name)
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "p.xlsx"))
    assert book.sheet_names == ["summary", "units", "villages", "curve"]
    summary = {row[0]: row[1] for row in book.get_sheet_by_name("summary").to_python()}
    assert (summary["villages before"], summary["villages after"]) == (40, plan.count)
    units = book.get_sheet_by_name("units").to_python()[1:]
    assert len(units) == len(plan.units)
    assert [row[7] for row in units] == [u.population for u in plan.units]
    villages = book.get_sheet_by_name("villages").to_python()[1:]
    assert len(villages) == 40
    assert villages[3][1] == "=1+3"  # a text, not a formula
    assert len(book.get_sheet_by_name("curve").to_python()) == len(plan.curve) + 1
    assert (tmp_path / "p.xlsx").read_bytes() == (tmp_path / "q.xlsx").read_bytes()


def test_an_infeasible_plan_can_be_written(tmp_path: Path) -> None:
    instance = county(40, 4, 1, K=1)
    plan = mergeplan.solve(instance)
    write_geojson(instance, plan, tmp_path / "u.geojson")
    write_xlsx(instance, plan, tmp_path / "u.xlsx")
    assert json.loads((tmp_path / "u.geojson").read_text(encoding="utf-8"))["features"] == []
