"""Spoiled files: each is told by row, column and remedy, and nothing is written while it is neither mended nor excluded."""

import io
import json
import math
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from heli.audit.models import Entry
from heli.files.sheets import Unreadable
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.places.imports import readers, services, texts
from heli.places.imports.testing import LATER, ON, csv_file, excel_file, upload
from heli.places.imports.types import ImportKind, ImportStage
from heli.places.models import Fact, LineageEvent, Outline, Place, PlaceVersion
from heli.places.models_imports import ImportRun, OfficialUnit
from heli.places.testing import Register, draw_register

pytestmark = pytest.mark.django_db
HEAD = "code,name,town_name"
GOOD = "511603100200,甲村委会,代市镇"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def drawn() -> Register:
    return draw_register({"代市镇": "甲村 乙村", "观塘镇": "丙村 (丁社区)"})


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Place, PlaceVersion, OfficialUnit, Fact, Outline, LineageEvent))


def refused_at_the_door(kind: ImportKind, data: bytes, name: str, district: int | None = None) -> str:
    before, runs = written(), ImportRun.objects.count()
    with pytest.raises(Refused) as refusal:
        services.upload_file(
            actor=SYSTEM, kind=kind, district_id=district, on=ON, data=data, name=name, district_name="前锋区"
        )
    assert (written(), ImportRun.objects.count()) == (before, runs)
    return refusal.value.faults[0].code


def refused_when_applied(run: ImportRun, code: str, row: str = "", field: str = "") -> None:
    """The check names the problem with its row; applying is refused and writes nothing."""
    found = [one for one in run.findings if one["code"] == code]
    assert found, run.findings
    assert found[0]["severity"] == "error"
    assert row in found[0]["source"]
    assert field in found[0]["field"]
    said = texts.restored(found[0])
    assert said.message.endswith(("。", "."))
    assert "%(" not in said.message
    before = written()
    with pytest.raises(Refused):
        services.apply_import(actor=SYSTEM, run=run)
    assert written() == before


def codes(*rows: str, encoding: str = "utf-8", head: str = HEAD) -> ImportRun:
    return upload(ImportKind.CODES, csv_file(head, *rows, encoding=encoding), district=None, district_name="前锋区")


def test_gbk_is_read_as_well_as_utf8_with_and_without_mark() -> None:
    for encoding in ("gbk", "utf-8", "utf-8-sig", "gb18030", "utf-16"):
        table = readers.read_table(csv_file(HEAD, GOOD, encoding=encoding), "x.csv")
        assert table.rows[0].cells[1] == "甲村委会"


def test_bytes_that_are_no_text_are_refused() -> None:
    assert (
        refused_at_the_door(ImportKind.CODES, b"code,name\r\n\xff\xff\xff,\xfe\x81\r\n", "x.csv") == "encoding_unknown"
    )
    assert refused_at_the_door(ImportKind.CODES, b"\x00\x01\x02\x03abc" * 40, "x.csv") == "file_not_a_table"
    assert refused_at_the_door(ImportKind.CODES, b"  \r\n ", "x.csv") == "file_empty"


def test_a_missing_column_is_asked_for() -> None:
    run = codes("511603100200,代市镇", head="code,town_name")
    refused_when_applied(run, "column_missing")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("51160310020,乙村委会,代市镇", "row_code_eleven"),
        ("5116031002000,乙村委会,代市镇", "row_code_length"),
        ("5.116E+11,乙村委会,代市镇", "row_code_scientific"),
        ("<b>511603100201</b>,乙村委会,代市镇", "row_markup"),
        ("511603100201,<a href=x>乙村委会,代市镇", "row_markup"),
        ("991603100201,乙村委会,代市镇", "row_code_province"),
        ("511603100900,乙村委会,代市镇", "row_kind_unknown"),
        ("511603100201,,代市镇", "row_name_missing"),
        (",乙村委会,代市镇", "row_code_missing"),
        ("511603100200,乙村委会,代市镇", "row_code_twice"),
        ("511603777201,乙村委会,", "row_town_unknown"),
        ("511603100201,乙村委会,观塘镇", "row_town_two_names"),
    ],
)
def test_a_bad_row_of_a_code_list_is_named_and_nothing_written(row: str, code: str) -> None:
    refused_when_applied(codes(GOOD, row), code, "3")


def test_a_bad_row_can_be_mended_on_the_page() -> None:
    run = codes(GOOD, "51160310020,乙村委会,代市镇")
    services.mend_rows(actor=SYSTEM, run=run, mended={3: {"code": "511603100201"}})
    services.apply_import(actor=SYSTEM, run=run)
    assert PlaceVersion.objects.filter(code="511603100201", name="乙村委会").exists()


def test_a_bad_row_can_be_left_out_only_with_a_reason_that_the_trail_keeps() -> None:
    run = codes(GOOD, "51160310020,乙村委会,代市镇")
    with pytest.raises(Refused):
        services.exclude_rows(actor=SYSTEM, run=run, rows=[3], reason=" ")
    services.exclude_rows(actor=SYSTEM, run=run, rows=[3], reason="已撤销")
    entry = Entry.objects.filter(reason="已撤销").get()
    assert entry.after["excluded"]["3"]["name"] == "乙村委会"
    services.apply_import(actor=SYSTEM, run=run)
    assert not PlaceVersion.objects.filter(name="乙村委会").exists()
    services_run = ImportRun.objects.get(pk=run.pk)
    assert services_run.stage == ImportStage.APPLIED


def test_a_good_row_cannot_be_left_out() -> None:
    run = codes(GOOD, "51160310020,乙村委会,代市镇")
    with pytest.raises(Refused):
        services.exclude_rows(actor=SYSTEM, run=run, rows=[2], reason="x")


def test_formula_cells_give_their_values_and_broken_ones_are_named(drawn: Register) -> None:
    data = excel_file(
        ["代码", "名称", "户籍人口"],
        ["511603100200", "甲村"],
        ["511603100201", "乙村"],
        ["511603101200", "丙村"],
        formulas=[(1, 2, "=600+23", 623), (2, 2, "=1/0", "#DIV/0!"), (3, 2, "=SUM(A1)", "")],
    )
    run = upload(ImportKind.FACTS, data, district=drawn.district, name="人口.xlsx")
    refused_when_applied(run, "formula_error", "3")
    refused_when_applied(run, "formula_without_value", "4")
    services.mend_rows(
        actor=SYSTEM, run=run, mended={3: {"registered_population": "１２３"}, 4: {"registered_population": "88"}}
    )
    services.apply_import(actor=SYSTEM, run=run)
    assert sorted(Fact.objects.values_list("value", flat=True)) == [88, 123, 623]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("六百", "number_unreadable"),
        ("-5", "number_negative"),
        ("12。5", "number_not_whole"),
        ("99999999", "number_too_large"),
    ],
)
def test_a_figure_that_cannot_be_right_is_named(drawn: Register, cell: str, code: str) -> None:
    data = csv_file("代码,户籍人口", f"511603100200,{cell}")
    run = upload(ImportKind.FACTS, data, district=drawn.district)
    refused_when_applied(run, code, "2")


def test_figures_that_can_be_read_but_look_wrong_are_warned_of(drawn: Register) -> None:
    data = csv_file("代码,面积(平方公里),党员同意票数,党员表决总票数", "511603100200,9。98,41,40")
    run = upload(ImportKind.FACTS, data, district=drawn.district)
    found = {fault["code"]: fault["severity"] for fault in run.findings}
    assert (found["number_mended"], found["votes_above_base"]) == ("warning", "warning")
    services.apply_import(actor=SYSTEM, run=run)
    assert Fact.objects.get(measure="area").value == 998_000_000


def test_an_unknown_or_contradicting_village_is_named(drawn: Register) -> None:
    refused_when_applied(
        upload(ImportKind.FACTS, csv_file("名称,户籍人口", "戊村,5"), district=drawn.district), "village_unknown", "2"
    )
    contradicting = upload(
        ImportKind.FACTS, csv_file("代码,名称,户籍人口", "511603100200,乙村,5"), district=drawn.district
    )
    refused_when_applied(contradicting, "village_contradicts", "2")


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 60_000_000)
        archive.writestr("layer.shp", b"\0" * 1000)
    return buffer.getvalue()


def test_a_zip_bomb_is_not_opened_as_excel_nor_as_shapefile(drawn: Register) -> None:
    assert refused_at_the_door(ImportKind.CODES, bomb(), "x.xlsx") == "zip_bomb"
    assert refused_at_the_door(ImportKind.OUTLINES, bomb(), "x.zip", drawn.district) == "zip_bomb"


def test_a_damaged_zip_and_a_false_excel_are_refused() -> None:
    whole = excel_file(["code", "name"])
    assert refused_at_the_door(ImportKind.CODES, whole[: len(whole) // 2], "x.xlsx") == "zip_broken"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x.txt", "x")
    assert refused_at_the_door(ImportKind.CODES, buffer.getvalue(), "x.xlsx") == "file_is_archive"


def test_a_hundred_megabytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(Unreadable) as unreadable:
        readers.check_size(100 * 1024 * 1024)
    assert unreadable.value.code == "file_too_large"
    assert unreadable.value.facts["limit"] == "100"
    readers.check_size(100 * 1024 * 1024 - 1)


# -- outlines --------------------------------------------------------------------------------------------------------

SQUARE = [[106.8, 30.5], [106.81, 30.5], [106.81, 30.51], [106.8, 30.51], [106.8, 30.5]]
BOW = [[106.8, 30.5], [106.81, 30.51], [106.81, 30.5], [106.8, 30.51], [106.8, 30.5]]
# A tiny loop on one corner of a square, as digitising leaves it.
LOOP = [
    [106.8, 30.5],
    [106.81, 30.5],
    [106.81, 30.51],
    [106.8, 30.51],
    [106.8, 30.5001],
    [106.8001, 30.5],
    [106.8, 30.4999],
    [106.8, 30.5],
]


def geojson(*features: tuple[str, object]) -> bytes:
    rows = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]} if ring else None,
        }
        for code, ring in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def outlines(drawn: Register, *features: tuple[str, object], crs: str = "") -> ImportRun:
    return upload(ImportKind.OUTLINES, geojson(*features), district=drawn.district, name="x.geojson", crs=crs)


def test_a_self_crossing_outline_is_told_with_its_place(drawn: Register) -> None:
    run = outlines(drawn, ("511603100200", SQUARE), ("511603100201", BOW))
    refused_when_applied(run, "geometry_crosses_itself_badly", "2")


def test_a_small_crossing_is_repaired_only_when_accepted(drawn: Register) -> None:
    run = outlines(drawn, ("511603100200", LOOP))
    refused_when_applied(run, "geometry_crosses_itself", "1")
    services.accept_offer(actor=SYSTEM, run=run, offer="repair")
    result = services.apply_import(actor=SYSTEM, run=run)
    assert result["repaired"] == 1
    outline = Outline.objects.get()
    assert outline.wkb is not None
    assert shapely.from_wkb(bytes(outline.wkb)).is_valid


def test_nan_coordinates_are_told(drawn: Register, tmp_path: Path) -> None:
    # GeoJSON cannot say NaN; GeoPackage can.
    import pyogrio

    ring = [(106.8, 30.5), (math.nan, math.nan), (106.81, 30.51), (106.8, 30.5)]
    path = tmp_path / "nan.gpkg"
    import numpy as np

    pyogrio.raw.write(
        path, geometry=np.array([shapely.to_wkb(shapely.Polygon(ring))], dtype=object),
        field_data=[np.array(["511603100200"], dtype=object)], fields=["code"], crs="EPSG:4490", geometry_type="Polygon",
    )  # fmt: skip
    run = upload(ImportKind.OUTLINES, path.read_bytes(), district=drawn.district, name="nan.gpkg")
    refused_when_applied(run, "geometry_nan", "1")


def test_an_outline_elsewhere_or_missing_is_told(drawn: Register) -> None:
    refused_when_applied(outlines(drawn, ("511603100200", None)), "geometry_missing", "1")
    swapped = [[y, x] for x, y in SQUARE]
    refused_when_applied(outlines(drawn, ("511603100200", swapped)), "geometry_outside", "1")


def test_geodata_that_cannot_be_opened_is_refused(drawn: Register) -> None:
    assert refused_at_the_door(ImportKind.OUTLINES, b"{not json", "x.geojson", drawn.district) == "geodata_broken"
    empty = json.dumps({"type": "FeatureCollection", "features": []}).encode()
    assert refused_at_the_door(ImportKind.OUTLINES, empty, "x.geojson", drawn.district) in (
        "layer_empty",
        "geodata_broken",
    )


def test_shifted_coordinates_are_converted_and_marked(drawn: Register) -> None:
    run = outlines(drawn, ("511603100200", SQUARE), crs="gcj02")
    services.apply_import(actor=SYSTEM, run=run)
    outline = Outline.objects.get()
    assert outline.is_converted
    assert 100 < math.hypot((outline.lon - 106.805) * 95_900, (outline.lat - 30.505) * 110_900) < 900


def test_points_with_exchanged_columns_are_told(drawn: Register) -> None:
    data = csv_file("code,lon,lat", "511603100200,30.5,106.8")
    refused_when_applied(upload(ImportKind.POINTS, data, district=drawn.district), "point_swapped", "2")


# -- merger lists ----------------------------------------------------------------------------------------------------


def mergers(drawn: Register, *rows: str, head: str = "原村,村民小组,新村,人口,面积") -> ImportRun:
    data = csv_file(head, *rows)
    return upload(
        ImportKind.MERGERS, data, district=drawn.district, on=LATER, options={"document": "前府发〔2020〕1号"}
    )


def test_parts_that_are_all_nothing_are_no_shares(drawn: Register) -> None:
    run = mergers(drawn, "甲村,一组,新村,0,1", "甲村,二组,乙村,0,2")
    refused_when_applied(run, "shares_needed", "2")


def test_an_unknown_old_village_is_told(drawn: Register) -> None:
    refused_when_applied(mergers(drawn, "戊村,,新村,,"), "old_village_unknown", "2")


def test_what_changed_meanwhile_makes_a_preview_stale(drawn: Register) -> None:
    run = upload(ImportKind.FACTS, csv_file("代码,户籍人口", "511603100200,5"), district=drawn.district)
    other = upload(ImportKind.FACTS, csv_file("代码,户籍人口", "511603100200,6"), district=drawn.district)
    services.apply_import(actor=SYSTEM, run=other)
    with pytest.raises(Refused) as refusal:
        services.apply_import(actor=SYSTEM, run=run)
    assert refusal.value.faults[0].code == "preview_stale"
    assert Fact.objects.filter(superseded_at__isnull=True).get().value == 6
    # It was computed anew, and can be applied after another look.
    services.apply_import(actor=SYSTEM, run=ImportRun.objects.get(pk=run.pk))
    assert Fact.objects.filter(superseded_at__isnull=True).get().value == 5


def test_a_list_older_than_the_register_is_refused(drawn: Register) -> None:
    run = upload(ImportKind.CODES, csv_file(HEAD, GOOD), district=drawn.district, on=date(2000, 1, 1))
    refused_when_applied(run, "on_before_register")


VIRTUAL = """<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{path}</SrcDataSource>
<SrcLayer>secret</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"""


@pytest.mark.parametrize("called", ["a.json", "a.geojson", "a.shp", "a.gpkg"])
def test_a_virtual_layer_in_an_archive_opens_no_other_file(drawn: Register, tmp_path: Path, called: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("name,password\n甲,opensesame\n", encoding="utf-8")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(called, VIRTUAL.format(path=secret))
    with pytest.raises(Refused) as refused:
        upload(ImportKind.OUTLINES, buffer.getvalue(), district=drawn.district, on=ON, name="x.zip")
    assert "opensesame" not in str(refused.value.faults)
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("text", ["[" * 50_000, '{"type": "Catalog"}', "[1]", "<OGRVRTDataSource/>"])
def test_what_is_no_geojson_is_refused(drawn: Register, text: str) -> None:
    with pytest.raises(Refused):
        upload(ImportKind.OUTLINES, text.encode(), district=drawn.district, on=ON, name="x.geojson")


def test_an_archive_that_says_it_is_encrypted_is_refused(drawn: Register) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.geojson", "{}")
    spoiled = bytearray(buffer.getvalue())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        spoiled[spoiled.index(mark) + at] |= 1
    with pytest.raises(Refused):
        upload(ImportKind.OUTLINES, bytes(spoiled), district=drawn.district, on=ON, name="x.zip")


@pytest.mark.parametrize("on", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_day_that_cannot_be_meant_is_refused(drawn: Register, on: date) -> None:
    with pytest.raises(Refused) as refused:
        upload(ImportKind.CODES, csv_file(HEAD, GOOD), district=drawn.district, on=on)
    assert refused.value.faults[0].code == "day_implausible"
    assert not ImportRun.objects.exists()
