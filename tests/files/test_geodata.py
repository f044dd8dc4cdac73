"""Geodata as counties have it: layers told apart, letters read by their content, systems found by their numbers, parts joined."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.audit.models import Entry
from heli.files.sheets import Unreadable
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.places.imports import services
from heli.places.imports.geofiles import Layer, as_read, read_layer, told_encoding
from heli.places.imports.systems import WEB, ZONES, propose_systems
from heli.places.imports.testing import ON, csv_file, upload
from heli.places.imports.types import ImportKind
from heli.places.models_imports import ImportRun

LON, LAT = 106.8, 30.5
ROWS = (("511603100200", "岩门村"), ("511603100201", "大石村"))


def square(column: int = 0, row: int = 0, size: float = 0.01) -> shapely.Polygon:
    """A square of a kilometre beside others."""
    west, south = LON + column * 0.01, LAT + row * 0.01
    return shapely.box(west, south, west + size, south + size)


def written(
    folder: Path, stem: str, rows: Any = ROWS, *, suffix: str = ".shp", layer: str = "", encoding: str = "UTF-8",
    shapes: Any = None, fields: tuple[str, str] = ("代码", "名称"), crs: str | None = "EPSG:4490", append: bool = False,
) -> Path:  # fmt: skip
    """A layer as a map program writes it; a folder of Chinese letters in GB 18030 is the commonest of a county."""
    drawn = shapes or [square(number) for number in range(len(rows))]
    path = folder / f"{stem}{suffix}"
    given = {"layer": layer} if layer else {}
    pyogrio.raw.write(
        path, geometry=shapely.to_wkb(np.array(drawn, dtype=object)), fields=list(fields), crs=crs, append=append,
        field_data=[np.array([row[place] for row in rows], dtype=object) for place in (0, 1)], geometry_type="Polygon",
        encoding=encoding, driver={".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".gdb": "OpenFileGDB"}[suffix], **given,
    )  # fmt: skip
    return path


def packed(folder: Path, *, without: tuple[str, ...] = (), litter: bool = False, **more: bytes) -> bytes:
    """The files of a folder in a zip, without some endings, with what a Mac adds."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            if path.suffix not in without:
                name = str(path.relative_to(folder))
                archive.writestr(name, path.read_bytes())
                if litter:
                    archive.writestr(f"__MACOSX/._{name}", b"\x00\x05\x16\x07")
        for name, content in more.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def decided(layer: Layer) -> dict[str, Any]:
    return {one.code: dict(one.facts) for one in layer.table.decisions}


def why(data: bytes, name: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(Unreadable) as wrong:
        read_layer(data, name)
    return wrong.value.code, dict(wrong.value.facts)


# -- letters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cpg", "code"), [(None, "read_letters"), (b"UTF-8", "read_letters_against"), (b"GBK", "read_letters"),
    (b"936", "read_letters")])  # fmt: skip
def test_the_letters_of_a_shapefile_are_read_as_its_content_tells(tmp_path: Path, cpg: bytes | None, code: str) -> None:
    written(tmp_path, "cun", encoding="GB18030")
    data = packed(tmp_path, without=(".cpg",), **({"cun__cpg": cpg} if cpg else {}))
    layer = read_layer(data, "村界.zip")
    assert layer.table.headers == ("代码", "名称")
    assert [row.cells for row in layer.table.rows] == list(ROWS)
    assert decided(layer)[code]["encoding"] == "GB18030"


def test_utf_8_says_nothing_and_a_person_may_choose_otherwise(tmp_path: Path) -> None:
    written(tmp_path, "cun")
    data = packed(tmp_path, without=(".cpg",))
    assert read_layer(data, "x.zip").table.decisions == ()
    chosen = read_layer(data, "x.zip", encoding="gb18030")
    assert chosen.table.headers != ("代码", "名称")
    assert decided(chosen) == {"read_letters": {"encoding": "GB18030", "said": ""}}


def test_a_field_name_cut_in_the_middle_of_a_letter_is_read_to_there() -> None:
    raw = "行政村名称全".encode("gb18030")[:11].decode("latin-1")
    assert told_encoding(raw) == "gb18030"
    assert as_read(raw, "gb18030") == "行政村名称"
    raw = "行政村名".encode()[:10].decode("latin-1")
    assert as_read(raw, told_encoding(raw)) == "行政村"
    assert told_encoding("Caf\xe9") == "latin-1"


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30))
def test_any_han_text_is_read_back_whatever_it_was_written_in(text: str) -> None:
    for encoding in ("utf-8", "gb18030"):
        raw = text.encode(encoding).decode("latin-1")
        if told_encoding(raw) == encoding:
            assert as_read(raw, encoding) == text
    assert told_encoding(text.encode().decode("latin-1")) == "utf-8"


# -- layers and archives ---------------------------------------------------------------------------------------------


def test_layers_are_told_apart_by_name_and_the_best_is_taken_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, "边界", [("511603100", "代市镇")], suffix=".gpkg", layer="乡镇界")
    written(tmp_path, "边界", suffix=".gpkg", layer="村界", append=True)
    layer = read_layer(path.read_bytes(), "边界.gpkg")
    assert (layer.table.sheet, layer.table.sheets) == ("村界", ("村界", "乡镇界"))
    assert decided(layer)["read_layer_taken"] == {"layer": "村界", "count": 2, "others": "乡镇界 (1)"}
    other = read_layer(path.read_bytes(), "边界.gpkg", layer="乡镇界")
    assert [row.cells[1] for row in other.table.rows] == ["代市镇"]


def test_the_files_of_an_archive_are_paired_by_name_and_never_mixed(tmp_path: Path) -> None:
    written(tmp_path, "行政村")
    written(tmp_path, "乡镇", [("511603100", "代市镇")], shapes=[square(0, size=0.02)])
    layer = read_layer(packed(tmp_path), "边界.zip")
    assert layer.table.sheets == ("行政村", "乡镇")
    assert len(layer.shapes) == 2
    (tmp_path / "乡镇.dbf").unlink()
    layer = read_layer(packed(tmp_path), "边界.zip")
    assert layer.table.sheets == ("行政村",)
    assert decided(layer)["shapefile_incomplete"] == {"name": "乡镇", "missing": ".dbf"}
    assert why(packed(tmp_path, without=(".dbf", ".shx")), "边界.zip")[0] == "shapefile_incomplete"


def test_what_a_mac_packs_beside_is_litter(tmp_path: Path) -> None:
    written(tmp_path, "cun")
    assert len(read_layer(packed(tmp_path, litter=True, __DS_Store=b"x"), "x.zip").shapes) == 2


def test_names_that_windows_packed_in_gbk_are_read(tmp_path: Path) -> None:
    written(tmp_path, "cun")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in tmp_path.iterdir():
            archive.writestr(path.name.replace("cun", "aaaa"), path.read_bytes())
    data = stream.getvalue().replace(b"aaaa", "村界".encode("gb18030"))
    assert read_layer(data, "x.zip").table.sheet == "村界"


def test_a_file_geodatabase_and_a_kml_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, "村界", suffix=".gdb", layer="cun")
    assert path.is_dir()
    layer = read_layer(packed(tmp_path), "村界.gdb.zip")
    assert [row.cells for row in layer.table.rows] == list(ROWS)
    drawn = " ".join(f"{x},{y},0" for x, y in square().exterior.coords)
    kml = (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>岩门村'
        f"</name><Polygon><outerBoundaryIs><LinearRing><coordinates>{drawn}</coordinates></LinearRing></outerBoundaryIs>"
        "</Polygon></Placemark></Document></kml>"
    )
    for name in ("村界.kml", "doc.xml"):
        layer = read_layer(kml.encode(), name)
        assert "岩门村" in layer.table.rows[0].cells
        assert layer.shapes[0] is not None
    linked = kml.replace("<Placemark>", "<NetworkLink><Link><href>http://x/</href></Link></NetworkLink><Placemark>")
    assert why(linked.encode(), "村界.kml")[0] == "geodata_broken"
    assert why(kml.replace("?>", '?><!DOCTYPE a [<!ENTITY b "c">]>').encode(), "村界.kml")[0] == "geodata_broken"


@pytest.mark.parametrize(
    ("data", "name", "shown"),
    [
        (b"AC1032\x00", "村界.dwg", "DWG"),
        (b"  0\nSECTION\n", "村界.dxf", "DXF"),
        (b"!table\n!version 300\n", "村界.tab", "MapInfo"),
        (b"Version 450\n", "村界.mif", "MapInfo"),
        (b"Rar!\x1a\x07", "村界.rar", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "村界.7z", "7z"),
        (b"\x00\x01\x00\x00Standard Jet DB", "村界.mdb", "Access"),
        (b"%PDF-1.4", "村界.pdf", "PDF"),
    ],
)
def test_a_format_that_is_not_read_is_named(data: bytes, name: str, shown: str) -> None:
    code, facts = why(data, name)
    assert code == "geodata_other_format"
    assert shown in str(facts["format"])


def test_an_archive_of_something_else_says_what_it_holds() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert why(stream.getvalue(), "x.zip") == ("archive_without_geodata", {"name": "x.zip", "held": "readme.txt"})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("图.dwg", "AC10")
    assert why(stream.getvalue(), "x.zip")[0] == "geodata_other_format"


def test_a_lone_part_of_a_shapefile_says_what_is_missing() -> None:
    assert why(b"\x00\x00\x27\x0a", "cun.shp") == ("shapefile_incomplete", {"name": "cun.shp", "missing": ".dbf、.shx"})


# -- coordinate systems ----------------------------------------------------------------------------------------------


@given(st.sampled_from(ZONES), st.floats(-1.4, 1.4), st.floats(18.5, 48.0))
def test_numbers_of_any_zone_are_proposed_as_what_says_the_same_place(zone: Any, beside: float, lat: float) -> None:
    lon = zone.meridian + beside
    x, y = pyproj.Transformer.from_crs("EPSG:4490", zone.code, always_xy=True).transform(lon, lat)
    proposed = propose_systems((x - 500, y - 500, x + 500, y + 500), (lon + 0.1, lat - 0.1))
    assert proposed
    back = pyproj.Transformer.from_crs(proposed[0].code, "EPSG:4490", always_xy=True).transform(x, y)
    assert back == pytest.approx((lon, lat), abs=1e-6)


def test_web_mercator_and_degrees_are_told_from_zones() -> None:
    x, y = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:3857", always_xy=True).transform(LON, LAT)
    assert propose_systems((x, y, x + 9, y + 9), (LON, LAT)) == [WEB]
    assert [one.code for one in propose_systems((LON, LAT, LON + 0.1, LAT + 0.1), None)] == ["EPSG:4490"]
    assert propose_systems((1, 2, 3, 4), (LON, LAT)) == []
    # Without a zone's number and without knowing where the district lies, any zone may be meant.
    assert len(propose_systems((380_000, 3_376_000, 390_000, 3_380_000), None)) > 10


# -- in the register -------------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.SECOND_FACTOR = False
    settings.MEDIA_ROOT = tmp_path / "files"
    return build_world()


def collection(*features: tuple[dict[str, Any], shapely.Geometry]) -> bytes:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": one, "geometry": shapely.geometry.mapping(shape)}
                for one, shape in features
            ],
        }
    ).encode()


def imported(world: World, data: bytes, name: str = "村界.geojson", **more: Any) -> ImportRun:
    return upload(ImportKind.OUTLINES, data, district=world.a.district.pk, name=name, **more)


def found(run: ImportRun) -> dict[str, dict[str, Any]]:
    return {one["code"]: one for one in run.findings}


@pytest.fixture
def placed(world: World) -> World:
    """A district whose villages have points."""
    rows = csv_file("代码,经度,纬度", "511603100200,106.8,30.5", "511603100201,106.82,30.5")
    run = upload(ImportKind.POINTS, rows, district=world.a.district.pk)
    services.apply_import(actor=SYSTEM, run=run)
    return world


@pytest.mark.parametrize(
    ("crs", "shown"), [("EPSG:4524", "3° 36"), ("EPSG:4545", "CM 108E"), ("EPSG:3857", "Web Mercator")]
)
def test_a_file_without_a_system_is_proposed_one_and_read_in_it_once_that_is_accepted(
    placed: World, tmp_path: Path, crs: str, shown: str
) -> None:
    turn = pyproj.Transformer.from_crs("EPSG:4490", crs, always_xy=True)
    flat = [shapely.transform(square(n), lambda p: np.column_stack(turn.transform(p[:, 0], p[:, 1]))) for n in (0, 1)]
    (tmp_path / "shp").mkdir()
    written(tmp_path / "shp", "cun", shapes=flat, crs=None)
    run = imported(placed, packed(tmp_path / "shp"), "村界.zip")
    proposed = found(run)["crs_proposed"]
    assert shown in proposed["facts"]["system"]
    with pytest.raises(Refused):
        services.apply_import(actor=SYSTEM, run=run)
    with pytest.raises(Refused, match="不再提供"):
        services.accept_offer(actor=SYSTEM, run=run, offer="EPSG:4499")
    services.accept_offer(actor=SYSTEM, run=run, offer=proposed["facts"]["code"])
    assert {"crs": proposed["facts"]["code"]} in [one.after for one in Entry.objects.order_by("-pk")[:3]]
    assert services.apply_import(actor=SYSTEM, run=run)["drawn"] == 2


def test_metres_in_a_file_that_claims_degrees_are_not_believed(placed: World) -> None:
    turn = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4524", always_xy=True)
    flat = shapely.transform(square(), lambda p: np.column_stack(turn.transform(p[:, 0], p[:, 1])))
    assert "crs_proposed" in found(imported(placed, collection(({"name": "岩门村"}, flat))))


def test_where_any_zone_may_be_meant_a_person_is_asked(world: World) -> None:
    flat = shapely.box(380_000, 3_376_000, 381_000, 3_377_000)
    run = imported(world, collection(({"name": "岩门村"}, flat)))
    assert "crs_ambiguous" in found(run)
    with pytest.raises(Refused):
        services.apply_import(actor=SYSTEM, run=run)


def test_an_exclave_in_a_row_of_its_own_is_joined_when_accepted(world: World) -> None:
    rows = [({"name": "岩门村"}, square()), ({"name": "大石村"}, square(1)), ({"name": "岩门村"}, square(3))]
    run = imported(world, collection(*rows))
    assert found(run)["village_in_parts"]["source"] == "3"
    with pytest.raises(Refused):
        services.apply_import(actor=SYSTEM, run=run)
    checked = services.accept_offer(actor=SYSTEM, run=run, offer="join")
    assert {one["code"]: one["facts"] for one in run.preview["read"]}["read_parts_joined"]["rows"] == "1、3"
    [own] = [draft for draft in checked.outlines if draft.place_name.startswith("岩门")]
    assert own.wkb is not None
    assert len(shapely.get_parts(shapely.from_wkb(own.wkb))) == 2
    assert services.apply_import(actor=SYSTEM, run=run)["drawn"] == 2


def test_the_same_ground_twice_for_one_village_is_no_exclave(world: World) -> None:
    run = imported(world, collection(({"name": "岩门村"}, square()), ({"name": "岩门村"}, square())))
    assert "village_twice" in found(run)


def test_equal_contained_and_overlapping_outlines_are_told_apart_with_their_areas(world: World) -> None:
    equal = imported(world, collection(({"name": "岩门村"}, square()), ({"name": "大石村"}, square())))
    assert found(equal)["geometry_equal"]["severity"] == "error"
    assert 1_000_000 < int(str(found(equal)["geometry_equal"]["facts"]["area"]).replace(",", "")) < 1_100_000
    inner = shapely.box(LON + 0.002, LAT + 0.002, LON + 0.004, LAT + 0.004)
    contained = found(imported(world, collection(({"name": "岩门村"}, square()), ({"name": "大石村"}, inner))))
    assert contained["geometry_contained"]["severity"] == "warning"
    assert contained["geometry_contained"]["facts"]["inner"].startswith("大石")
    half = shapely.transform(square(), lambda p: p + np.array([0.005, 0]))
    assert "geometry_overlaps" in found(
        imported(world, collection(({"name": "岩门村"}, square()), ({"name": "大石村"}, half)))
    )
    beside = found(imported(world, collection(({"name": "岩门村"}, square()), ({"name": "大石村"}, square(1)))))
    assert not {"geometry_equal", "geometry_contained", "geometry_overlaps"} & set(beside)


def test_the_preview_says_how_many_pairs_border_when_gaps_are_closed(world: World) -> None:
    apart = shapely.transform(square(1), lambda p: p + np.array([0.00008, 0]))  # about 8 m
    run = imported(world, collection(({"name": "岩门村"}, square()), ({"name": "大石村"}, apart)))
    assert found(run)["neighbours_by_gap"]["facts"]["pairs"] == "1 m: 0, 2 m: 0, 5 m: 0, 10 m: 1, 25 m: 1"


def test_the_land_surveys_codes_are_compared_by_their_first_twelve_digits(world: World) -> None:
    row = {"BSM": "1", "ZLDWDM": "5116031002000000000", "ZLDWMC": "岩门村委会", "DCMJ": 3200000.0}
    run = imported(world, collection((row, square())))
    assert [one["code"] for one in run.findings if one["severity"] == "error"] == []
    assert run.preview["counts"]["new"] == 1


def test_a_person_with_several_layers_is_led_to_choose_and_sees_what_was_decided(
    world: World, tmp_path: Path, client: Any
) -> None:
    (tmp_path / "gpkg").mkdir()
    path = written(tmp_path / "gpkg", "边界", [("511603100", "代市镇")], suffix=".gpkg", layer="乡镇界")
    written(tmp_path / "gpkg", "边界", suffix=".gpkg", layer="村界", append=True)
    officer = world.client("district_officer")
    with path.open("rb") as stream:
        sent = {"file": stream, "district": world.a.district.public_id, "on": str(ON)}
        answer = officer.post(reverse("places:imports:new", args=["outlines"]), sent)
    run = ImportRun.objects.latest("pk")
    columns_page = reverse("places:imports:columns", args=[run.public_id])
    assert (answer.status_code, answer["Location"]) == (303, columns_page)
    shown = officer.get(columns_page).content.decode()
    assert "乡镇界" in shown
    officer.post(columns_page, {"read-sheets": "乡镇界", "reread": "1"})
    run.refresh_from_db()
    assert run.options["reading"] == {"sheets": ["乡镇界"]}
    officer.post(columns_page, {"read-sheets": "村界", "reread": "1"})
    officer.post(columns_page, {"code": "0", "name": "1"})
    page = officer.get(reverse("places:imports:run", args=[run.public_id])).content.decode()
    assert "村界" in page
    assert "乡镇界 (1)" in page
