"""Grids and buildings from Excel and GeoJSON: founded under their village, refused row by row, and nothing twice."""

import json
from pathlib import Path
from typing import Any

import pytest

from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.places import queries
from heli.places.imports import services
from heli.places.imports.testing import LATER, ON, excel_file, upload
from heli.places.imports.types import ImportKind
from heli.places.models import Place, PlaceVersion
from heli.places.models_imports import ImportRun
from heli.places.testing import Register, draw_register
from heli.places.types import Level

pytestmark = pytest.mark.django_db
GRIDS = ("网格编码", "网格名称", "所属社区", "经度", "纬度")
BUILDINGS = ("所属社区", "所属网格", "小区", "楼栋号", "经度", "纬度")


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def drawn() -> Register:
    """甲村 and 丁社区 have outlines, one degree's hundredth square each, side by side."""
    register = draw_register({"代市镇": "甲村 (丁社区)"})
    cells = [("甲村", 106.80), ("丁社区", 106.81)]
    data = geo(*(square(west, 30.40, 0.01, name=name) for name, west in cells))
    bring(ImportKind.OUTLINES, data, register, name="村界.geojson")
    return register


def square(west: float, south: float, size: float, **said: str) -> dict[str, Any]:
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return {"type": "Feature", "properties": said, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def geo(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False).encode()


def bring(kind: ImportKind, data: bytes, register: Register, name: str = "网格.xlsx", on: Any = ON) -> ImportRun:
    run = upload(kind, data, district=register.district, name=name, on=on)
    services.apply_import(actor=SYSTEM, run=run)
    return run


def refused(kind: ImportKind, data: bytes, register: Register, name: str = "网格.xlsx") -> list[tuple[str, str, str]]:
    """What stands against a file, as (code, field, row); nothing of it is written."""
    before = Place.objects.count()
    run = upload(kind, data, district=register.district, name=name)
    with pytest.raises(Refused):
        services.apply_import(actor=SYSTEM, run=run)
    assert Place.objects.count() == before
    return [(one["code"], one["field"], one["source"]) for one in run.findings if one["severity"] == "error"]


def test_grids_of_a_table_stand_under_their_village_and_come_once(drawn: Register) -> None:
    rows = [
        GRIDS,
        ("511603100200001", "第一网格", "甲村", 106.805, 30.405),
        ("511603100200002", "第二网格", "", "", ""),
        ("", "第一网格", "丁社区", "", ""),
    ]
    run = bring(ImportKind.GRIDS, excel_file(*rows), drawn)
    assert (run.result["founded"], run.result["unchanged"]) == (3, 0)
    grids = queries.places_on(drawn.district, ON, levels=[Level.GRID])
    assert {(one.listed_name, one.parent_id) for one in grids} == {
        ("第一网格", drawn["甲村"]), ("第二网格", drawn["甲村"]), ("第一网格", drawn["丁社区"]),
    }  # fmt: skip
    assert {one["code"] for one in run.findings} == {"parts_undrawn"}
    again = bring(ImportKind.GRIDS, excel_file(*rows), drawn, on=LATER)
    assert again.result["nothing_new"]
    assert again.preview["counts"] == {"new": 0, "changed": 0, "unchanged": 3, "gone": 0}
    assert Place.objects.filter(level=Level.GRID).count() == 3


def test_grids_are_drawn_from_geojson_and_drawn_anew_later(drawn: Register) -> None:
    first = geo(square(106.80, 30.40, 0.005, 网格名称="第一网格", 所属社区="甲村"))
    assert bring(ImportKind.GRIDS, first, drawn, name="网格.geojson").result["founded"] == 1
    (grid,) = queries.places_on(drawn.district, ON, levels=[Level.GRID], outlines=True)
    assert grid.outline is not None
    wider = geo(square(106.80, 30.40, 0.006, 网格名称="第一网格", 所属社区="甲村"))
    assert bring(ImportKind.GRIDS, wider, drawn, name="网格.geojson", on=LATER).result["redrawn"] == 1
    assert PlaceVersion.objects.filter(place_id=grid.id).count() == 2
    assert Place.objects.filter(level=Level.GRID).count() == 1


def test_buildings_stand_in_the_grid_that_the_row_names_or_else_in_the_village(drawn: Register) -> None:
    bring(ImportKind.GRIDS, excel_file(GRIDS, ("", "第一网格", "丁社区", "", "")), drawn)
    rows = [
        BUILDINGS, ("丁社区", "第一网格", "阳光小区", "1号楼", 106.815, 30.405), ("丁社区", "", "阳光小区", "2号楼", "", ""),
    ]  # fmt: skip
    bring(ImportKind.BUILDINGS, excel_file(*rows), drawn, name="楼栋.xlsx")
    (grid,) = queries.places_on(drawn.district, ON, levels=[Level.GRID])
    found = queries.places_on(drawn.district, ON, levels=[Level.BUILDING])
    assert {one.listed_name: one.parent_id for one in found} == {
        "阳光小区1号楼": grid.id, "阳光小区2号楼": drawn["丁社区"],
    }  # fmt: skip
    assert bring(ImportKind.BUILDINGS, excel_file(*rows), drawn, name="楼栋.xlsx").result["nothing_new"]


def test_what_is_wrong_names_its_row_and_field_and_nothing_is_written(drawn: Register) -> None:
    rows = [
        GRIDS,
        ("01", "第一网格", "甲村", 106.805, 30.405),
        ("01", "第二网格", "甲村", "", ""),
        ("02", "第三网格", "无此村", "", ""),
        ("03", "第一网格", "甲村", "", ""),
        ("04", "", "甲村", "", ""),
        ("05", "第五网格", "甲村", 108.0, 30.405),
        ("511603100001006", "第六网格", "甲村", "", ""),
        ("07", "第七网格", "甲村", "东", 30.4),
    ]
    assert set(refused(ImportKind.GRIDS, excel_file(*rows), drawn)) == {
        ("part_number_twice", "number", "3"), ("village_unknown", "village", "4"), ("part_twice", "name", "5"),
        ("part_name_missing", "name", "6"), ("part_outside", "geometry", "7"), ("part_number_contradicts", "number", "8"),
        ("number_unreadable", "lon", "9"),
    }  # fmt: skip


def test_a_building_in_a_grid_nobody_knows_and_a_table_without_villages_are_refused(drawn: Register) -> None:
    row = ("丁社区", "第九网格", "", "1号楼", "", "")
    assert refused(ImportKind.BUILDINGS, excel_file(BUILDINGS, row), drawn) == [("part_grid_unknown", "in_grid", "2")]
    nowhere = excel_file(("网格名称",), ("第一网格",))
    assert refused(ImportKind.GRIDS, nowhere, drawn) == [("village_column_missing", "village", "")]
    undrawn = geo({"type": "Feature", "properties": {"网格名称": "一", "所属社区": "甲村"}, "geometry": None})
    found = refused(ImportKind.GRIDS, geo(*json.loads(undrawn)["features"]), drawn, name="网格.geojson")
    assert found == [("geometry_missing", "geometry", "1")]


def test_a_grid_drawn_in_another_village_is_noticed_and_taken(drawn: Register) -> None:
    data = geo(square(106.812, 30.402, 0.004, 网格名称="第一网格", 所属社区="甲村"))
    run = bring(ImportKind.GRIDS, data, drawn, name="网格.geojson")
    assert [one["code"] for one in run.findings if one["severity"] == "warning"] == ["part_in_other_village"]
