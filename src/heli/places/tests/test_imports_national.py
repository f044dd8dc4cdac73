"""National lists in small: what is untidy passes with warnings, what is wrong is named, a later list only proposes."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from heli.kernel.access import SYSTEM
from heli.places.imports import national
from heli.places.imports.national_services import NationalResult, import_national
from heli.places.models import Place, PlaceVersion
from heli.places.models_imports import Comparison, OfficialList, Proposal
from heli.places.types import Level, PlaceKind

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2019, 10, 31), date(2020, 6, 30)

ABOVE = {
    "provinces": ["35,福建省", "44,广东省", "51,四川省"],
    "cities": ["3505,泉州市", "4419,东莞市", "5116,广安市"],
    "areas": ["350527,金门县", "441900,东莞市", "511603,前锋区"],
    "streets": ["350527000,金门县", "441900003,东城街道", "511603100,代市镇", "511603200,小井乡"],
}
VILLAGES = [
    '350527000000,"金门县"', "441900003001,岗贝社区居民委员会", "511603100200,甲村委会", "511603100201,乙村委会",
    "511603200200,小良村委会",
]  # fmt: skip


def folder(path: Path, villages: list[str], **above: list[str]) -> Path:
    path.mkdir()
    for part, rows in {**ABOVE, **above, "villages": villages}.items():
        (path / f"{part}.csv").write_text("\n".join(["code,name", *rows]) + "\n", "utf-8")
    return path


def bring(path: Path, on: date) -> NationalResult:
    listed = national.open_national(path)
    return import_national(actor=SYSTEM, listed=listed, check=national.check_national(listed), on=on, title=path.name)


def test_a_city_without_counties_and_a_county_standing_as_a_village_pass_with_warnings(tmp_path: Path) -> None:
    path = folder(tmp_path / "first", VILLAGES)
    check = national.check_national(national.open_national(path))
    assert check.errors == []
    assert check.warnings == {"county_as_village": 1, "city_without_counties": 1}
    result = bring(path, FIRST)
    assert result.listed == 4
    dongguan = PlaceVersion.objects.get(code="441900000000")
    assert (dongguan.kind, dongguan.place.level) == (PlaceKind.CITY, Level.DISTRICT)
    village = PlaceVersion.objects.get(code="441900003001")
    assert village.district_id == dongguan.place_id
    kinmen = PlaceVersion.objects.get(code="350527000000")
    assert kinmen.kind == PlaceKind.DISTRICT


def test_markup_in_a_code_column_is_reported_and_never_imported(tmp_path: Path) -> None:
    path = folder(tmp_path / "first", [*VILLAGES, '"<a href=""x"">51160310020</a>",丙村委会'])
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("import", "national", str(path), "--on", "2019-10-31", stderr=said)
    assert "<a href" in said.getvalue()
    assert not Place.objects.exists()
    call_command(
        "import",
        "national",
        str(path),
        "--on",
        "2019-10-31",
        "--exclude",
        "7",
        "--reason",
        "markup",
        stderr=StringIO(),
        stdout=StringIO(),
    )
    assert not PlaceVersion.objects.filter(name__contains="丙").exists()
    assert PlaceVersion.objects.filter(name="甲村委会").exists()


def test_the_same_list_again_changes_nothing(tmp_path: Path) -> None:
    path = folder(tmp_path / "first", VILLAGES)
    bring(path, FIRST)
    before = (Place.objects.count(), PlaceVersion.objects.count(), OfficialList.objects.count())
    assert bring(path, FIRST).nothing_new
    assert (Place.objects.count(), PlaceVersion.objects.count(), OfficialList.objects.count()) == before


def test_a_later_list_proposes_district_by_district_and_writes_no_place(tmp_path: Path) -> None:
    bring(folder(tmp_path / "first", VILLAGES), FIRST)
    places = Place.objects.count()
    later = folder(
        tmp_path / "second",
        ["441900003001,岗贝社区居民委员会", "511603100200,甲村村民委员会", "511603100205,小良村委会"],
        streets=["441900003,东城街道", "511603100,代市镇"],
    )
    result = bring(later, SECOND)
    assert Place.objects.count() == places
    assert result.compared == 2
    assert Comparison.objects.count() == 2
    groups = dict(Proposal.objects.values_list("old_name", "group"))
    # Of 乙村 no notice tells: the unit of its township that is left is proposed as its heir.
    assert groups == {"小井乡": "town", "小良村委会": "town_gone", "乙村委会": "unclear"}
