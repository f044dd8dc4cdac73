"""The pages of imports as people use them: upload, match, mend, apply, decide; every page opens, every refusal is shown."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.places.imports.testing import LATER, csv_file, excel_file
from heli.places.imports.types import ImportKind
from heli.places.models import Fact, LineageEvent
from heli.places.models_imports import Comparison, ImportRun, Proposal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("district_officer")


def give(client: Client, world: World, kind: str, data: bytes, name: str = "list.csv") -> ImportRun | None:
    before = set(ImportRun.objects.values_list("pk", flat=True))
    client.post(
        reverse("places:imports:new", args=[kind]),
        {"file": SimpleUploadedFile(name, data), "district": world.a.district.public_id, "on": str(LATER)},
    )
    return ImportRun.objects.exclude(pk__in=before).first()


def page(client: Client, run: ImportRun) -> str:
    answer = client.get(reverse("places:imports:run", args=[run.public_id]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_every_page_of_an_import_opens(officer: Client, world: World) -> None:
    assert officer.get(reverse("places:imports:home")).status_code == 200
    for kind in ImportKind:
        assert officer.get(reverse("places:imports:new", args=[kind.value])).status_code == 200
    template = officer.get(reverse("places:imports:template", args=[world.a.district.public_id]))
    assert template.content.startswith(b"PK")
    run = give(officer, world, "facts", csv_file("代码,户籍人口", "511603100200,5"))
    assert run is not None
    columns = officer.get(reverse("places:imports:columns", args=[run.public_id]))
    assert "户籍人口" in columns.content.decode()


def test_a_file_that_cannot_be_read_is_refused_at_its_field(officer: Client, world: World) -> None:
    answer = officer.post(
        reverse("places:imports:new", args=["codes"]),
        {
            "file": SimpleUploadedFile("x.csv", b"\xff\xff\xff"),
            "district": world.a.district.public_id,
            "on": "2020-06-30",
        },
    )
    assert answer.status_code == 422
    assert not ImportRun.objects.exists()
    assert "field--wrong" in answer.content.decode()


def test_figures_are_matched_mended_and_applied(officer: Client, world: World) -> None:
    data = excel_file(["代码", "名称", "户籍人口"], ["511603100200", "岩门村", 600], ["511603100201", "大石村", "六百"])
    run = give(officer, world, "facts", data, "人口.xlsx")
    assert run is not None
    officer.post(
        reverse("places:imports:columns", args=[run.public_id]),
        {"code": "0", "name": "1", "registered_population": "2"},
    )
    assert "六百" in page(officer, run)
    officer.post(reverse("places:imports:apply", args=[run.public_id]))
    assert not Fact.objects.exists()
    officer.post(
        reverse("places:imports:mend", args=[run.public_id]), {"cell-3-registered_population": "600", "reason": ""}
    )
    officer.post(reverse("places:imports:apply", args=[run.public_id]))
    assert Fact.objects.count() == 2
    assert ImportRun.objects.get(pk=run.pk).stage == "applied"
    page(officer, run)


def test_a_bad_row_is_left_out_by_name(officer: Client, world: World) -> None:
    run = give(officer, world, "facts", csv_file("代码,户籍人口", "511603100200,5", "511603100999,6"))
    assert run is not None
    officer.post(reverse("places:imports:columns", args=[run.public_id]), {"code": "0", "registered_population": "1"})
    officer.post(reverse("places:imports:mend", args=[run.public_id]), {"exclude": "3", "reason": "已撤销"})
    run.refresh_from_db()
    assert run.excluded == {"3": "已撤销"}
    assert "已撤销" in page(officer, run)
    officer.post(reverse("places:imports:apply", args=[run.public_id]))
    assert Fact.objects.count() == 1


def test_a_later_list_leads_to_proposals_that_a_person_confirms(officer: Client, world: World) -> None:
    data = csv_file(
        "code,name,town_name", "511603100200,岩门村村民委员会,代市镇", "511603100001,代市社区,代市镇", "511603101200,光明村,观塘镇",
        "511603101201,水口社区居委会,观塘镇", "511603101205,新村,观塘镇",
    )  # fmt: skip
    run = give(officer, world, "codes", data)
    assert run is not None
    page(officer, run)
    officer.post(reverse("places:imports:apply", args=[run.public_id]))
    comparison = Comparison.objects.get()
    assert officer.get(reverse("places:imports:comparison", args=[comparison.public_id])).status_code == 200
    for group in Proposal.objects.values_list("group", flat=True).distinct():
        answer = officer.get(reverse("places:imports:group", args=[comparison.public_id, group]))
        assert answer.status_code == 200
    address = reverse("places:imports:group", args=[comparison.public_id, "suffix"])
    officer.post(address, {"decision": "all", "on": str(LATER), "document_number": "1号"})
    assert LineageEvent.objects.filter(document_number="1号").count() == 1
    # Ticked without a choice: asked for, nothing written.
    unclear = Proposal.objects.get(old_name="大石村")
    address = reverse("places:imports:group", args=[comparison.public_id, unclear.group])
    officer.post(address, {"chosen": str(unclear.pk), "decision": "chosen", "on": str(LATER)})
    assert Proposal.objects.get(pk=unclear.pk).decision == "open"
    officer.post(
        address, {"chosen": str(unclear.pk), f"choice-{unclear.pk}": "none", "decision": "chosen", "on": str(LATER)}
    )
    assert Proposal.objects.get(pk=unclear.pk).decision == "confirmed"


def test_another_districts_import_and_file_are_not_there(officer: Client, world: World) -> None:
    run = give(officer, world, "facts", csv_file("代码,户籍人口", "511603100200,5"))
    assert run is not None
    stranger = world.client("district_officer", world.b)
    assert stranger.get(reverse("places:imports:run", args=[run.public_id])).status_code == 404
    assert stranger.get(reverse("files:download", args=[run.file.public_id])).status_code == 404
    own = officer.get(reverse("files:download", args=[run.file.public_id]))
    assert b"".join(own.streaming_content).startswith("代码".encode())  # type: ignore[attr-defined]  # a file is streamed
    assert own["X-Content-Type-Options"] == "nosniff"
