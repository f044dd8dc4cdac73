"""Files made to kill the server: each is refused with words, by every door, and the server answers the next request."""

from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.audit.models import Entry
from heli.audit.services import writing
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.files import apart
from heli.files.services import store_document, store_photo
from heli.files.sheets import Unreadable, excel, read_book
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.places.imports import outlines, services
from heli.places.imports.testing import ON, csv_file
from heli.places.imports.types import ImportKind
from heli.places.models_imports import ImportRun
from heli.problems.ledger import PROBLEMS
from heli.records.lists import heads

from .builders import blank_picture, cell, far_cell, geojson, knot, ods, rows_xml, star, workbook

ROWS = [["代码", "名称", "乡镇"], ["511603100200", "岩门村", "代市镇"], ["511603100201", "大石村", "代市镇"]]
PHOTO: dict[str, Any] = {"action": "ui.read"}


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def upload(client: Client, kind: ImportKind, content: bytes, name: str, world: World) -> Any:
    data = {
        "file": SimpleUploadedFile(name, content),
        "district": world.a.district.public_id,
        "on": "2019-10-31",
    }
    return client.post(reverse("places:imports:new", kwargs={"kind": kind.value}), data)


# -- sheets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in ImportKind if kind is not ImportKind.OUTLINES])
def test_one_far_cell_is_refused_by_every_import(world: World, kind: ImportKind) -> None:
    client = world.client("district_officer")
    answer = upload(client, kind, far_cell(ROWS), "名单.xlsx", world)
    assert answer.status_code == 422
    assert "XFD999999" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_one_far_cell_is_refused_by_the_form_of_progress_for_whoever_may_fill_it(world: World) -> None:
    campaign = open_drawn(world.a, playbook=draw_playbook("ask village 3"))
    address = reverse("campaigns:fill", args=[campaign.public_id])
    client = world.client("village_cadre")
    answer = client.post(address, {"file": SimpleUploadedFile("进度.xlsx", far_cell(ROWS))})
    assert answer.status_code == 422
    assert "XFD999999" in answer.content.decode()
    assert client.get(address).status_code == 200


def test_one_far_cell_is_refused_by_the_problem_ledger(world: World) -> None:
    campaign = open_drawn(world.a, playbook=draw_playbook("ask village 3"))
    address = reverse("problems:take_in", args=[campaign.public_id])
    sent = {"file": SimpleUploadedFile("问题.xlsx", far_cell([heads(PROBLEMS)]))}
    answer = world.client("district_officer").post(address, sent)
    assert answer.status_code == 422
    assert "XFD999999" in answer.content.decode()


@pytest.mark.parametrize("declared", ["A1", "A1:C3", "A1:XFD1048576"])
def test_what_a_sheet_declares_is_not_believed_in_either_direction(declared: str) -> None:
    near = workbook(rows_xml(ROWS), dimension=declared)
    assert [row.cells for row in read_book(near, "x").sheets[0].rows] == [tuple(row) for row in ROWS]
    far = workbook(rows_xml(ROWS, after={999_999: [cell("XFD999999", "x")]}), dimension=declared)
    assert read_book(far, "x").sheets[0].reaches == "XFD999999"


@pytest.mark.parametrize("stray", [None, "", " ", "\u3000"], ids=["formatted", "empty", "space", "wide space"])
def test_a_stray_blank_far_away_does_no_harm(stray: object) -> None:
    rows = rows_xml(ROWS, after={2: [cell("XFD2", stray)], 999_999: [cell("B999999", stray), cell("XFC999999", stray)]})
    (sheet,) = read_book(workbook(rows), "x").sheets
    assert [row.cells for row in sheet.rows] == [tuple(row) for row in ROWS]


def test_cells_that_do_not_say_where_they_stand_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = "<row>" + "<c><v>1</v></c>" * 2_000 + "</row>"
    (sheet,) = read_book(workbook(plain * 3), "x").sheets
    assert [len(row.cells) for row in sheet.rows] == [2_000] * 3
    monkeypatch.setattr(excel, "MAX_CELLS", 5_999)
    (sheet,) = read_book(workbook(plain * 3), "x").sheets
    assert sheet.reaches == "BXX3"


def test_a_far_cell_in_another_sheet_does_not_hide_the_list() -> None:
    book = read_book(workbook(rows_xml(ROWS), rows_xml([], after={999_999: [cell("XFD999999", 1)]})), "x")
    assert [len(sheet.rows) for sheet in book.sheets] == [3, 0]
    assert book.sheets[1].reaches


def test_rows_and_columns_that_fit_are_read_to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbook(rows_xml(ROWS))
    monkeypatch.setattr(excel, "MAX_CELLS", 9)
    assert len(read_book(data, "x").sheets[0].rows) == 3
    monkeypatch.setattr(excel, "MAX_CELLS", 8)
    assert read_book(data, "x").sheets[0].reaches == "C3"
    monkeypatch.undo()
    monkeypatch.setattr(excel, "MAX_ROWS", 3)
    assert len(read_book(data, "x").sheets[0].rows) == 3
    monkeypatch.setattr(excel, "MAX_ROWS", 2)
    assert read_book(data, "x").sheets[0].reaches == "C3"


def test_a_repeated_row_that_asks_for_gigabytes_is_refused_and_named_in_the_trail(world: World) -> None:
    client = world.client("district_officer")
    bomb = ods(ROWS, repeated=1_000_000, columns=16)
    answer = upload(client, ImportKind.CODES, bomb, "名单.xlsx", world)
    assert answer.status_code == 422
    assert not ImportRun.objects.exists()
    stopped = Entry.objects.filter(what="files.reading_stopped")
    assert [(one.actor_id, one.subject) for one in stopped] == [(world.a.users["district_officer"].pk, "名单.xlsx")]
    assert client.get("/").status_code == 200


def test_an_open_document_sheet_is_read() -> None:
    (sheet,) = read_book(ods(ROWS), "x").sheets
    assert [row.cells for row in sheet.rows[:3]] == [tuple(row) for row in ROWS]


def test_a_sheet_that_unpacks_to_far_more_than_itself_is_refused() -> None:
    with pytest.raises(Unreadable) as unreadable:
        read_book(workbook("<row><c><v>1</v></c></row>" + " " * 20_000_000), "x")
    assert unreadable.value.code == "zip_bomb"


# -- outlines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corners", [150, 3_000, 30_000])
def test_a_knot_is_refused_by_its_row_before_anybody_tries_to_mend_it(world: World, corners: int) -> None:
    data = geojson(({"name": "岩门村"}, knot(corners)))
    run = services.upload_file(
        actor=SYSTEM, kind=ImportKind.OUTLINES, district_id=world.a.district.pk, on=ON, data=data, name="边界.geojson"
    )
    services.check_import(actor=SYSTEM, run=run)
    found = {one["code"]: one for one in run.findings}
    assert "geometry_crosses_itself_often" in found
    assert found["geometry_crosses_itself_often"]["source"] == "1"


@pytest.mark.parametrize("corners", [100, 30_000])
def test_a_long_outline_that_crosses_itself_once_is_still_offered_a_repair(world: World, corners: int) -> None:
    data = geojson(({"name": "岩门村"}, star(corners)))
    run = services.upload_file(
        actor=SYSTEM, kind=ImportKind.OUTLINES, district_id=world.a.district.pk, on=ON, data=data, name="边界.geojson"
    )
    services.check_import(actor=SYSTEM, run=run)
    assert [one["code"] for one in run.findings if one["severity"] == "error"] == ["geometry_crosses_itself"]


def test_an_outline_given_twice_point_by_point_does_not_count_as_crossing() -> None:
    layer = outlines.read_layer(geojson(({}, star(500))), "x.geojson")
    (shape,) = layer.shapes
    assert shape is not None
    doubled = [point for point in shapely.get_coordinates(shape) for _twice in range(3)]
    assert not outlines.crosses_often(shapely.Polygon(doubled))


def test_lines_that_are_nested_without_end_are_refused(world: World) -> None:
    deep = '{"type":"GeometryCollection","geometries":[' * 100_000
    address = reverse("places:imports:neighbours", args=[world.a.district.public_id])
    client = world.client("district_officer")
    sent = {"barriers": SimpleUploadedFile("河.geojson", deep.encode())}
    assert client.post(address, sent).status_code == 303
    assert "河.geojson" in client.get(reverse("places:imports:home")).content.decode()


# -- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "1"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGB")]
)
@pytest.mark.django_db
def test_sixty_four_million_equal_pixels_are_refused_before_they_are_unpacked(kind: str, mode: str) -> None:
    picture = blank_picture(8_000, 8_000, kind=kind, mode=mode)
    for store in (store_photo, store_document):
        with writing(SYSTEM, "files.test"), pytest.raises(Refused) as refused:
            store(actor=SYSTEM, chunks=picture, name=f"x.{kind.lower()}", **PHOTO)
        assert refused.value.faults[0].code == "photo_empty"
        assert "8000 × 8000" in refused.value.faults[0].message


@pytest.mark.django_db
def test_a_small_picture_of_one_colour_is_kept() -> None:
    with writing(SYSTEM, "files.test"):
        stored = store_photo(actor=SYSTEM, chunks=blank_picture(2_000, 2_000), name="x.png", **PHOTO)
    assert stored.content_type == "image/jpeg"


@pytest.mark.django_db
def test_a_picture_whose_reading_is_stopped_leaves_no_row_but_says_who_sent_it(monkeypatch: pytest.MonkeyPatch) -> None:
    apart._pool.end()
    monkeypatch.setattr(apart, "MEMORY", 60_000_000)
    with pytest.raises(Refused) as refused, writing(SYSTEM, "files.test"):
        store_photo(actor=SYSTEM, chunks=blank_picture(4_000, 4_000), name="x.png", **PHOTO)
    apart._pool.end()
    assert refused.value.faults[0].code in ("file_overtaxes", "photo_damaged")
    stopped = Entry.objects.filter(what="files.reading_stopped").count()
    assert stopped == (refused.value.faults[0].code == "file_overtaxes")


# -- text ------------------------------------------------------------------------------------------------------------


def test_a_list_of_text_is_read_in_the_child_as_well(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = apart.call

    def noted(what: Any, *given: Any, **named: Any) -> Any:
        asked.append(what.__name__)
        return real(what, *given, **named)

    monkeypatch.setattr(apart, "call", noted)
    data = csv_file("代码,名称,乡镇", "511603100200,岩门村,代市镇")
    services.upload_file(
        actor=SYSTEM, kind=ImportKind.CODES, district_id=world.a.district.pk, on=ON, data=data, name="x.csv"
    )
    assert asked == ["read_table"]
