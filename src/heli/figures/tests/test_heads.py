"""Heads of reports: kind and addressee agree, weeks and offices are written as offices write them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from heli.figures.reports.heads import headed, office_of, subject_of
from heli.figures.reports.types import Addressee, Recipient, ReportKind
from heli.figures.reports.writing import week_text
from heli.figures.tests.test_sentences import DISTRICT, FIRST, ROWS, writer
from heli.places.types import PlaceKind


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


UP, DOWN = ("专报", "简报"), ("通报",)


@pytest.mark.parametrize("kind", [ReportKind.WEEKLY, ReportKind.INTERIM])
@pytest.mark.parametrize(
    ("recipient", "place", "called", "to"),
    [
        (Recipient.DISTRICT, DISTRICT, "专报", "中共前锋区委、前锋区人民政府"),
        (Recipient.TOWN, FIRST, "通报", "代市镇党委、政府"),
        (Recipient.LEADER, DISTRICT, "简报", ""),
    ],
)
def test_what_a_report_is_called_goes_with_whom_it_is_for(
    recipient: Recipient, place: int, called: str, to: str, kind: ReportKind
) -> None:
    head = headed(writer({}).scene, Addressee(recipient, "x", place, ()), kind)
    assert head["letterhead"] == f"村改工作{called}"
    assert head["recipient"] == to
    others = {*UP, *DOWN} - {called}
    assert not any(word in head["letterhead"] + head["title"] for word in others)
    assert head["title"].endswith("的通报") is (called in DOWN)


def test_the_title_of_a_week_names_the_week() -> None:
    scene = writer({}).scene
    district, town = Addressee(Recipient.DISTRICT, "x", DISTRICT, ()), Addressee(Recipient.TOWN, "x", FIRST, ())
    assert headed(scene, district, ReportKind.WEEKLY)["title"] == "第11周（3.9—3.15）村改进展情况"
    assert headed(scene, town, ReportKind.WEEKLY)["title"] == "关于代市镇第11周（3.9—3.15）村改进展情况的通报"
    assert headed(scene, district, ReportKind.INTERIM)["title"] == "截至2026年3月13日村改进展情况"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 23), "第48周（11.23—11.29）"),
        (date(2026, 11, 29), "第48周（11.23—11.29）"),
        (date(2026, 11, 30), "第49周（11.30—12.6）"),
        (date(2026, 1, 1), "第1周（2025.12.29—2026.1.4）"),
        (date(2027, 1, 3), "第53周（2026.12.28—2027.1.3）"),
    ],
)
def test_weeks_run_from_monday_to_sunday(day: date, said: str) -> None:
    assert week_text(day) == said


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("奎阁街道", PlaceKind.STREET, "奎阁街道党工委、办事处"),
        ("代市镇", PlaceKind.TOWN, "代市镇党委、政府"),
        ("光辉乡", PlaceKind.TOWNSHIP, "光辉乡党委、政府"),
        ("经开区", PlaceKind.TOWNSHIP_LIKE, "经开区"),
    ],
)
def test_a_town_is_addressed_by_its_kind(name: str, kind: PlaceKind, said: str) -> None:
    assert office_of(replace(ROWS[FIRST], name=name, kind=kind)) == said


@pytest.mark.parametrize(
    ("campaign", "subject"),
    [
        ("村级建制调整改革（示例）", "村级建制调整改革"),
        ("村改 (sample)", "村改"),
        ("（示例）", "（示例）"),
        ("村改", "村改"),
    ],
)
def test_the_mark_of_a_sample_is_no_part_of_the_subject(campaign: str, subject: str) -> None:
    assert subject_of(campaign) == subject
