"""Instances from outlines and tables, plans into GeoJSON and Excel; spoiled files name row, field and remedy."""

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pyproj
import pytest
import python_calamine
import shapely
from typer.testing import CliRunner

from mergeplan import Instance, InstanceError, Plan, read_json, solve
from mergeplan.cli import app
from mergeplan.formats import read_instance, write_geojson, write_xlsx

# Two towns of two villages each, a hundredth of a degree a side.
#   c d
#   a b
SQUARES = {"a": (0, 0, "甲镇", 900), "b": (1, 0, "甲镇", 1100), "c": (0, 1, "乙镇", 800), "d": (1, 1, "乙镇", 1200)}


def square(x: int, y: int) -> shapely.Polygon:
    return shapely.box(106.7 + x / 100, 30.5 + y / 100, 106.71 + x / 100, 30.51 + y / 100)


def collection(**changes: Any) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": f"{code}村", "town": town, "户籍人口": people},
            "geometry": json.loads(shapely.to_geojson(square(x, y))),
        }
        for code, (x, y, town, people) in SQUARES.items()
    ]
    return {
        "type": "FeatureCollection",
        "features": features,
        "rules": {"k": 2, "K": 3, "must": [["a", "b"]]},
    } | changes


def geojson(folder: Path, raw: Any) -> Path:
    path = folder / "county.geojson"
    path.write_text(raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    return path


def check(instance: Instance) -> None:
    assert instance.id == ("a", "b", "c", "d")
    assert instance.town == ("甲镇", "甲镇", "乙镇", "乙镇")
    assert instance.pop == (900, 1100, 800, 1200)
    assert [(e.i, e.j, e.affinity) for e in instance.edges] == [(0, 1, 500), (0, 2, 500), (1, 3, 500), (2, 3, 500)]
    assert all(1_062_000 < a < 1_066_000 for a in instance.area)  # 959.6 m × 1,108.6 m
    assert all(1105 < e.length_m < 1111 or 957 < e.length_m < 962 for e in instance.edges)


def test_geojson_is_projected_measured_and_carries_rules_by_id(tmp_path: Path) -> None:
    instance = read_instance(geojson(tmp_path, collection()))
    check(instance)
    assert instance.outline_crs == "EPSG:4545"
    assert instance.rules.must == ((0, 1),)
    plan = solve(instance)
    assert plan.status == "optimal"
    assert ("a", "b") in {u.members for u in plan.units}


def shapefile(folder: Path, name: str, encoding: str | None = None) -> Path:
    path = folder / name
    columns = [
        np.array(list(SQUARES), dtype=object),
        np.array([s[2] for s in SQUARES.values()], dtype=object),
        np.array([s[3] for s in SQUARES.values()], dtype=np.int32),
    ]
    wkb = shapely.to_wkb(np.array([square(x, y) for x, y, *_ in SQUARES.values()], dtype=object))
    pyogrio.raw.write(
        path, wkb, columns, ["code", "town", "pop"], geometry_type="Polygon", crs="EPSG:4490", encoding=encoding
    )
    return path


@pytest.mark.parametrize("name", ["county.gpkg", "county.shp"])
def test_geopackage_and_shapefile_read_alike(tmp_path: Path, name: str) -> None:
    check(read_instance(shapefile(tmp_path, name)))


def test_a_zipped_shapefile_in_gbk_without_a_word_about_it_is_read(tmp_path: Path) -> None:
    shapefile(tmp_path, "county.shp", "GB18030")
    with zipfile.ZipFile(tmp_path / "county.zip", "w") as archive:
        for part in ("shp", "shx", "dbf", "prj"):
            archive.write(tmp_path / f"county.{part}", f"data/county.{part}")
    check(read_instance(tmp_path / "county.zip"))


def tables(folder: Path, *, edges: bool = True, encoding: str = "utf-8", **columns: list[object]) -> Path:
    rows = {
        "代码": list(SQUARES),
        "乡镇": [s[2] for s in SQUARES.values()],
        "人口": [s[3] for s in SQUARES.values()],
        "x": [s[0] * 1000 for s in SQUARES.values()],
        "y": [s[1] * 1000 for s in SQUARES.values()],
    } | columns
    with (folder / "villages.csv").open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows)
        writer.writerows(zip(*rows.values(), strict=True))
    if edges:
        (folder / "edges.csv").write_text("from,to,length_m,affinity\na,b,1000,700\nc,d,1000,\n", encoding="utf-8")
    (folder / "rules.json").write_text('{"k": 2, "K": 3, "cannot": [["c", "d"]]}', encoding="utf-8")
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_tables_are_read_in_utf8_and_gbk(tmp_path: Path, encoding: str) -> None:
    folder = tables(tmp_path, encoding=encoding)
    instance = read_instance(folder)
    assert instance == read_instance(folder / "villages.csv")
    assert [(e.i, e.j, e.length_m, e.affinity) for e in instance.edges] == [(0, 1, 1000, 700), (2, 3, 1000, 500)]
    assert instance.rules.cannot == ((2, 3),)
    assert instance.rules.at_most == 3
    assert min(instance.area) > 0


def test_without_a_table_of_neighbours_cells_give_them_and_that_is_said(tmp_path: Path) -> None:
    instance = read_instance(tables(tmp_path, edges=False))
    assert {(0, 1), (0, 2), (1, 3), (2, 3)} <= {(e.i, e.j) for e in instance.edges}
    assert "neighbours-guessed" in {w.code for w in instance.warnings}


def spoil_geometry(number: int, geometry: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(raw: dict[str, Any]) -> None:
        raw["features"][number]["geometry"] = geometry

    return spoil


def spoil_property(number: int, name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(raw: dict[str, Any]) -> None:
        raw["features"][number]["properties"][name] = value

    return spoil


NAN_RING = {"type": "Polygon", "coordinates": [[[float("nan"), 30.5], [106.8, 30.5], [106.8, 30.6], [106.7, 30.5]]]}


@pytest.mark.parametrize(
    ("spoil", "code", "field", "row"),
    [
        (spoil_geometry(1, None), "outline-missing", "outline", 1),
        (spoil_geometry(2, NAN_RING), "outline-nan", "outline", 2),
        (spoil_geometry(0, {"type": "Point", "coordinates": [106.7, 30.5]}), "outline-not-area", "outline", 0),
        (spoil_geometry(3, {"type": "Polygon", "coordinates": "x"}), "outline-broken", "outline", 3),
        (spoil_property(1, "户籍人口", "many"), "not-a-number", "户籍人口", 1),
        (spoil_property(1, "户籍人口", -3), "too-small", "户籍人口", 1),
        (spoil_property(2, "户籍人口", None), "missing", "户籍人口", 2),
        (spoil_property(2, "code", "a"), "duplicate-id", "code", 2),
        (spoil_property(3, "town", ""), "missing", "town", 3),
        (lambda raw: raw["rules"].update(must=[["a", "zz"]]), "unknown-village", "must", 0),
        (lambda raw: [f["properties"].pop("town") for f in raw["features"]], "missing-column", "town", None),
        (lambda raw: raw["features"].clear(), "no-rows", "file", None),
        (lambda raw: raw.update(crs={"properties": {"name": "urn:ogc:def:crs:EPSG::1"}}), "unknown-crs", "crs", None),
    ],
)
def test_a_spoiled_file_names_row_field_and_remedy(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], code: str, field: str, row: int | None
) -> None:
    raw = collection()
    spoil(raw)
    with pytest.raises(InstanceError) as refused:
        read_instance(geojson(tmp_path, raw))
    flaw = refused.value.flaws[0]
    assert (flaw.code, flaw.field, flaw.index) == (code, field, row)
    assert flaw.remedy


def test_a_self_crossing_outline_is_mended_and_told(tmp_path: Path) -> None:
    raw = collection()
    ring = raw["features"][0]["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    instance = read_instance(geojson(tmp_path, raw))
    assert "outline-repaired" in {w.code for w in instance.warnings}
    assert instance.area[0] > 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("county.docx", b"", "unknown-format"),
        ("county.geojson", b"{", "not-json"),
        ("county.geojson", b"[1]", "not-geojson"),
        ("county.gpkg", b"not a database", "not-readable"),
        ("county.zip", b"PK nothing", "not-a-zip"),
        ("villages.csv", b"\xff\xfe\x00\x80\xff", "encoding"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InstanceError) as refused:
        read_instance(tmp_path / name)
    assert refused.value.flaws[0].code == code


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("county.shp", bytes(310_000_000))
    with pytest.raises(InstanceError, match="unpacks to more"):
        read_instance(tmp_path / "bomb.zip")


def test_a_bad_line_in_a_table_is_named(tmp_path: Path) -> None:
    folder = tables(tmp_path, y=[0, 0, "north", 1000])
    with pytest.raises(InstanceError, match=r"y\[2\]: villages.csv row 4: 'north' is not a number"):
        read_instance(folder)
    folder = tables(tmp_path)
    (folder / "edges.csv").write_text("from,to,length_m\na,nowhere,12\na,b,wide\n", encoding="utf-8")
    with pytest.raises(InstanceError) as refused:
        read_instance(folder)
    assert [(p.code, p.index) for p in refused.value.flaws] == [("unknown-village", 0), ("not-a-number", 1)]


@pytest.fixture(scope="module")
def planned() -> tuple[Instance, Plan]:
    instance = read_json(Path(__file__).resolve().parents[1] / "examples" / "qianfeng.json")
    return instance, solve(instance)


def test_units_go_back_to_degrees(tmp_path: Path) -> None:
    instance = read_instance(geojson(tmp_path, collection()))
    plan = solve(instance)
    write_geojson(instance, plan, tmp_path / "units.geojson")
    out = json.loads((tmp_path / "units.geojson").read_text(encoding="utf-8"))
    assert out["coordinates"] == "EPSG:4490"
    assert len(out["features"]) == len(plan.units)
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in out["features"]]
    whole = shapely.union_all([square(x, y) for x, y, *_ in SQUARES.values()])
    assert sum(s.area for s in shapes) == pytest.approx(whole.area, rel=1e-4)
    assert {m for f in out["features"] for m in f["properties"]["members"]} == set(SQUARES)


def test_without_outlines_units_are_points(tmp_path: Path, planned: tuple[Instance, Plan]) -> None:
    write_geojson(*planned, tmp_path / "units.geojson")
    out = json.loads((tmp_path / "units.geojson").read_text(encoding="utf-8"))
    assert out["coordinates"] == "local metres"
    assert {f["geometry"]["type"] for f in out["features"]} == {"Point", "MultiPoint"}


def test_the_workbook_holds_the_plan(tmp_path: Path, planned: tuple[Instance, Plan]) -> None:
    instance, plan = planned
    write_xlsx(instance, plan, tmp_path / "plan.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "plan.xlsx"))
    assert book.sheet_names == ["summary", "units", "villages", "curve"]
    summary = {row[0]: row[1] for row in book.get_sheet_by_name("summary").to_python()}
    assert summary["villages before"] == 254
    assert summary["villages after"] == plan.count == 116
    assert summary["fewer by, %"] == 54.33
    units = book.get_sheet_by_name("units").to_python()
    assert len(units) == 1 + len(plan.units)
    assert sum(row[7] for row in units[1:] if isinstance(row[7], float)) == sum(instance.pop)
    villages = book.get_sheet_by_name("villages").to_python()
    assert [row[0] for row in villages[1:]] == list(instance.id)  # codes stay text
    assert len(book.get_sheet_by_name("curve").to_python()) == 1 + len(plan.curve)
    first = (tmp_path / "plan.xlsx").read_bytes()
    write_xlsx(instance, plan, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == first


def test_a_twelve_digit_code_tells_its_town(tmp_path: Path) -> None:
    rows = ["code,name,population,x,y"]
    rows += [f"51160300{1 + i // 2}20{i},V{i},1000,{1000 * i},{(i % 2) * 900}" for i in range(4)]
    (tmp_path / "villages.csv").write_text("\n".join(rows), encoding="utf-8")
    instance = read_instance(tmp_path, rules={"k": 2, "K": 2})
    assert sorted({str(town) for town in instance.town}) == ["511603001", "511603002"]


def test_outlines_in_a_file_called_json_are_recognised(tmp_path: Path) -> None:
    file = tmp_path / "county.json"
    file.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(InstanceError, match="no villages"):
        read_instance(file)


def test_web_mercator_is_not_taken_for_metres(tmp_path: Path) -> None:
    raw = collection(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}})
    degrees = [shapely.from_geojson(json.dumps(f["geometry"])) for f in raw["features"]]
    to_mercator = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:3857", always_xy=True)
    for feature, shape in zip(raw["features"], degrees, strict=True):
        moved = shapely.transform(shape, lambda p: np.column_stack(to_mercator.transform(p[:, 0], p[:, 1])))
        feature["geometry"] = json.loads(shapely.to_geojson(moved))
    instance = read_instance(geojson(tmp_path, raw))
    check(instance)
    assert instance.outline_crs == "EPSG:4545"
    assert any("1.35 times" in w.message for w in instance.warnings)


def test_a_survey_zone_in_metres_stays_as_it_is(tmp_path: Path) -> None:
    raw = collection(crs={"type": "name", "properties": {"name": "EPSG:4545"}})
    to_zone = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4545", always_xy=True)
    for feature in raw["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        moved = shapely.transform(shape, lambda p: np.column_stack(to_zone.transform(p[:, 0], p[:, 1])))
        feature["geometry"] = json.loads(shapely.to_geojson(moved))
    instance = read_instance(geojson(tmp_path, raw))
    check(instance)
    assert not instance.warnings


def test_gaps_between_outlines_are_borders_within_the_tolerance(tmp_path: Path) -> None:
    raw = collection(rules={"k": 2, "K": 4})
    for feature in raw["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        feature["geometry"] = json.loads(shapely.to_geojson(shapely.buffer(shape, -0.00004)))  # gaps of some 8 m
    path = geojson(tmp_path, raw)
    assert read_instance(path).edges == ()
    assert [(e.i, e.j) for e in read_instance(path, tolerance_m=12).edges] == [(0, 1), (0, 2), (1, 3), (2, 3)]
    shown = CliRunner().invoke(app, ["solve", str(path), "--tolerance", "12", "--json", str(tmp_path / "plan.json")])
    assert shown.exit_code == 0, shown.output
    assert "island" not in shown.output
    assert "borders on no other outline" in CliRunner().invoke(app, ["solve", str(path)]).output


def test_overlapping_outlines_are_told_with_row_and_remedy(tmp_path: Path) -> None:
    raw = collection()
    shape = shapely.box(106.705, 30.5, 106.72, 30.51)
    raw["features"][1]["geometry"] = json.loads(shapely.to_geojson(shape))
    path = geojson(tmp_path, raw)
    shown = CliRunner().invoke(app, ["solve", str(path)]).output
    assert "warning (a村 (a)): outline[0]: overlaps row 2 by" in shown
    assert "mend one of the outlines" in shown
    said = [e.message for e in solve(read_instance(path)).explanation if e.code == "outline-overlap"]
    assert len(said) == 1
    assert said[0].startswith("a村 (a): outline: overlaps")
    assert "mend one of the outlines" in said[0]
