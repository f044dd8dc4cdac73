"""Merger lists as towns write them: what stays, what is one, what is several; nobody is renamed to 不变."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.places.imports import services, wordings
from heli.places.imports.types import ImportKind
from heli.places.models import Place, PlaceVersion
from heli.places.models_imports import ImportRun
from heli.places.testing import Register, draw_register

from .builders import book

pytestmark = pytest.mark.django_db
ON = date(2020, 5, 10)
HEAD = ["原村", "新村", "文号"]
PAPER = "前府〔2020〕8号"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def drawn() -> Register:
    return draw_register({"代市镇": "甲村 乙村 丙村 丁村 戊村", "观塘镇": "庚村 己村"})


def check(drawn: Register, *rows: list[Any], head: list[str] = HEAD, **options: Any) -> ImportRun:
    content = book({"rows": [head, *rows], "merged": options.pop("merged", ())})
    run = services.upload_file(
        actor=SYSTEM, kind=ImportKind.MERGERS, district_id=drawn.district, on=ON, data=content, name="调整表.xlsx",
        options=options,
    )  # fmt: skip
    services.check_import(actor=SYSTEM, run=run)
    return run


def errors(run: ImportRun) -> list[str]:
    return [one["code"] for one in run.findings if one["severity"] == "error"]


def read(run: ImportRun) -> dict[str, Any]:
    return {one["code"]: one["facts"] for one in run.preview["read"]}


def members(run: ImportRun) -> list[tuple[str, list[str]]]:
    return [(event["title"], event["members"]) for event in run.preview["events"]]


@pytest.mark.parametrize("word", ["不变", "同左", "/", "—"])
def test_a_word_for_staying_is_no_name(drawn: Register, word: str) -> None:
    run = check(drawn, ["乙村", "新合村", PAPER], ["丙村", "新合村", PAPER], ["丁村", word, PAPER])
    assert errors(run) == []
    assert members(run) == [("新合村", ["乙村", "丙村"])]
    assert read(run)["read_stays"] == {"count": 1}
    services.apply_import(actor=SYSTEM, run=run)
    names = set(PlaceVersion.objects.filter(valid_to__isnull=True).values_list("name", flat=True))
    assert "丁村" in names
    assert word not in names


@pytest.mark.parametrize(
    "word",
    [
        "保留", "——", "-", "－", "保持不变", "维持原状",
        "不调整", "未调整", "不 变", "（不变）", "继续保留", "保留不变", "N/A", "无变化",
        "不作调整", "同前", "原名", "不撤并",
    ],
)  # fmt: skip
def test_words_for_staying(word: str) -> None:
    assert wordings.stays(word)


@pytest.mark.parametrize("name", ["不老村", "保留地村", "同左村", "无为村", "保安村"])
def test_a_name_that_begins_like_such_a_word_is_a_name(name: str) -> None:
    assert not wordings.stays(name)


def test_a_part_that_stays_goes_on_in_its_own_village(drawn: Register) -> None:
    head = ["原村", "自然村", "新村", "人口", "面积"]
    run = check(
        drawn,
        ["乙村", "一组", "新合村", 60, 6],
        ["乙村", "其余", "不变", 40, 4],
        ["丙村", None, "新合村", 50, 5],
        head=head,
    )
    assert errors(run) == []
    services.apply_import(actor=SYSTEM, run=run)
    assert PlaceVersion.objects.filter(name="乙村", valid_to__isnull=True).count() == 1


def test_a_blank_new_village_is_asked_about_and_may_mean_staying(drawn: Register) -> None:
    run = check(drawn, ["乙村", "新合村", PAPER], ["丙村", "新合村", PAPER], ["丁村", None, PAPER])
    assert errors(run) == ["new_name_missing"]
    services.accept_offer(actor=SYSTEM, run=run, offer="blank_stays")
    assert errors(run) == []
    assert read(run)["read_stays"] == {"count": 1}


def test_a_village_that_stays_and_goes_contradicts_itself(drawn: Register) -> None:
    run = check(drawn, ["乙村", "新合村", PAPER], ["丙村", "新合村", PAPER], ["乙村", "不变", PAPER])
    assert errors(run) == ["stays_and_goes"]


@pytest.mark.parametrize(
    "cell",
    [
        "乙村、丙村、丁村",
        "乙村，丙村；丁村",
        "1.乙村 2.丙村 3.丁村",
        "乙村、丙村和丁村",
        "乙村\n丙村\n丁村",
        "乙村、丙村、丁村等3个村",
        "乙、丙、丁三个村",
    ],
)
def test_several_old_villages_of_one_cell_are_split_and_said(drawn: Register, cell: str) -> None:
    run = check(drawn, [cell, "新合村", PAPER])
    assert errors(run) == []
    assert members(run) == [("新合村", ["乙村", "丙村", "丁村"])]
    assert read(run)["read_split"]["count"] == 1


def test_what_stands_in_brackets_is_not_split_and_a_wrong_count_is_told(drawn: Register) -> None:
    assert wordings.split_names("乙村（1、2组）、丙村") == (["乙村(1、2组)", "丙村"], None)
    assert wordings.split_names("和平村") == (["和平村"], None)
    assert wordings.split_names("三合村") == (["三合村"], None)
    assert errors(check(drawn, ["乙村、丙村等3个村", "新合村", PAPER])) == ["names_counted"]


def test_several_new_villages_in_one_cell_are_no_name(drawn: Register) -> None:
    assert errors(check(drawn, ["乙村", "新合村、新和村", PAPER])) == ["new_name_several"]


@pytest.mark.parametrize("number", ["1.", "1、", "（一）", "一、", "①", "(2) ", "１．"])
def test_numbers_of_a_list_are_taken_from_names_and_said(drawn: Register, number: str) -> None:
    run = check(drawn, [f"{number}乙村", "新合村", PAPER], [f"{number}丙村", "新合村", PAPER])
    assert members(run) == [("新合村", ["乙村", "丙村"])]
    assert read(run)["read_list_numbers"]["count"] == 2


def test_as_above_is_what_stands_above(drawn: Register) -> None:
    run = check(drawn, ["乙村", "新合村", PAPER], ["丙村", "同上", "〃"])
    assert (errors(run), members(run)) == ([], [("新合村", ["乙村", "丙村"])])
    assert run.preview["events"][0]["document"] == PAPER
    assert read(run)["read_ditto"]["count"] == 2


def test_two_spellings_of_one_new_village_are_asked_about_and_joined_on_demand(drawn: Register) -> None:
    run = check(drawn, ["乙村", "新合村", PAPER], ["丙村", "新合村村民委员会", PAPER], ["丁村", "新合 村", PAPER])
    assert errors(run) == ["new_name_spellings"]
    with pytest.raises(Refused):
        services.apply_import(actor=SYSTEM, run=run)
    services.accept_offer(actor=SYSTEM, run=run, offer="join_spellings")
    assert members(run) == [("新合村", ["乙村", "丙村", "丁村"])]
    services.apply_import(actor=SYSTEM, run=run)
    assert PlaceVersion.objects.filter(name__startswith="新合").count() == 1


def test_a_community_beside_a_village_of_the_same_short_name_is_another(drawn: Register) -> None:
    run = check(
        drawn,
        ["乙村", "新合村", PAPER],
        ["丙村", "新合村", PAPER],
        ["丁村", "新合社区", PAPER],
        ["戊村", "新合社区", PAPER],
    )
    assert errors(run) == []
    assert Place.objects.filter(level="village").count() == 7


def test_merged_new_villages_and_documents_stand_for_their_rows(drawn: Register) -> None:
    rows = [["乙村", "新合村", PAPER], ["丙村", None, None], ["丁村", "新和村", None], ["戊村", None, None]]
    run = check(drawn, *rows, merged=[(2, 2, 3, 2), (4, 2, 5, 2), (2, 3, 5, 3)])
    assert (errors(run), members(run)) == ([], [("新合村", ["乙村", "丙村"]), ("新和村", ["丁村", "戊村"])])
    assert {event["document"] for event in run.preview["events"]} == {PAPER}


def test_a_month_is_no_day_of_an_event(drawn: Register) -> None:
    run = check(
        drawn, ["乙村", "新合村", "2020年5月"], ["丙村", "新合村", "2020年5月"], head=["原村", "新村", "批准日期"]
    )
    assert errors(run) == ["date_unreadable", "date_unreadable"]
