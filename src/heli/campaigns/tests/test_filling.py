"""Progress of many villages by one Excel file: the form goes out, comes back, and is written whole or not at all."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.models import Campaign, Evidence, Step
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.types import StepStatus

pytestmark = pytest.mark.django_db
PROOF = {
    "ask": 'evidence = [{ kind = "number", least = 1, name = { zh = "户数", en = "households" }, unit = "户" }, '
    '{ kind = "minutes", least = 1, name = { zh = "记录", en = "minutes" } }]'
}
KEY, VALUE, DAY, SUBMIT = 1, 7, 8, 9


@pytest.fixture
def world(settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


@pytest.fixture
def campaign(world: World) -> Campaign:
    book = draw_playbook("ask village 3", "wait village 1 < ask", more=PROOF)
    return open_drawn(world.a, playbook=book, starts_on=date(2026, 1, 5))


def form_of(world: World, campaign: Campaign, role: str) -> list[list[Any]]:
    """The form as the role downloads it."""
    answer = world.client(role).get(reverse("campaigns:fill_form", args=[campaign.public_id]))
    assert answer.status_code == 200
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def send(world: World, campaign: Campaign, role: str, lines: list[list[Any]]) -> Any:
    """Send a filled form back."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, cells in enumerate(lines):
        sheet.write_row(row, 0, cells)
    book.close()
    sent = SimpleUploadedFile("进度.xlsx", stream.getvalue())
    return world.client(role).post(reverse("campaigns:fill", args=[campaign.public_id]), {"file": sent})


def filled(lines: list[list[Any]], fill: Callable[[int, list[Any]], None]) -> list[list[Any]]:
    """The form with every line but the heading filled in."""
    wide = [[*line, *[""] * (10 - len(line))] for line in lines]
    for number, line in enumerate(wide[1:]):
        fill(number, line)
    return wide


def test_numbers_that_cannot_be_are_refused_with_their_row(world: World) -> None:
    more = {
        "ask": "evidence = ["
        '{kind = "number", key = "all", name = {zh = "应到", en = "all"}, unit = "people"}, '
        '{kind = "number", key = "here", name = {zh = "实到", en = "here"}, unit = "people"}]\n'
        'relations = [{lte = ["here", "all"]}]'
    }
    campaign = open_drawn(world.a, playbook=draw_playbook("ask village 3", more=more), starts_on=date(2026, 1, 5))
    lines = form_of(world, campaign, "village_cadre")

    def sent(*numbers: str) -> Any:
        def fill(number: int, line: list[Any]) -> None:
            line[VALUE] = numbers[number]

        return send(world, campaign, "village_cadre", filled(lines, fill))

    refused = sent("420", "500")
    assert refused.status_code == 422
    assert "500" in refused.content.decode()
    assert not Evidence.objects.exists()
    # Written again it replaces what was written before, full-width digits are digits.
    assert [sent("420", "４１９").status_code, sent("420", "420").status_code] == [303, 303]
    assert list(Evidence.objects.filter(withdrawn_at=None).values_list("number", flat=True)) == [420, 420]


def test_a_town_fills_its_villages_and_hands_them_in(world: World, campaign: Campaign) -> None:
    lines = form_of(world, campaign, "town_officer")
    # Two villages of the town, two proofs each; the step that waits is not asked for.
    assert [line[KEY] for line in lines[1:]] == ["ask"] * 4

    def fill(number: int, line: list[Any]) -> None:
        line[VALUE] = 312 if line[6] else "户代表会议"
        line[SUBMIT] = "是"

    answer = send(world, campaign, "town_officer", filled(lines, fill))
    assert answer.status_code == 303
    written = [(one.number, one.text) for one in Evidence.objects.order_by("requirement", "pk")]
    assert written == [(312, ""), (312, ""), (None, "户代表会议"), (None, "户代表会议")]
    assert Step.objects.filter(campaign=campaign, status=StepStatus.SUBMITTED).count() == 2


def test_only_what_people_fill_in_is_in_sight_and_open(world: World, campaign: Campaign) -> None:
    answer = world.client("town_officer").get(reverse("campaigns:fill_form", args=[campaign.public_id]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet, styles = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/styles.xml").decode()
    assert len(re.findall(r'<col min="[123]" max="[123]" [^>]*hidden="1"', sheet)) == 3
    assert sheet.count('hidden="1"') == 3
    assert "<sheetProtection" in sheet
    drawn = styles.partition("<cellXfs")[2].partition("</cellXfs>")[0].split("<xf ")[1:]
    open_styles = {str(number) for number, style in enumerate(drawn) if 'locked="0"' in style}
    assert {cell for cell, style in re.findall(r'<c r="([A-Z])2" s="(\d+)"', sheet) if style in open_styles} == set(
        "HIJ"
    )
    assert all(part in sheet for part in ("<dataValidation", 'orientation="landscape"', 'ySplit="1"'))


def test_one_bad_row_writes_nothing_and_each_is_told_with_its_row(world: World, campaign: Campaign) -> None:
    lines = form_of(world, campaign, "town_officer")

    def fill(number: int, line: list[Any]) -> None:
        line[VALUE] = ("三百" if number == 0 else 312) if line[6] else "记录"
        line[DAY] = "2026/13/45" if number == 3 else ""

    spoiled = filled(lines, fill)
    answer = send(world, campaign, "town_officer", spoiled)
    assert answer.status_code == 422
    assert "I5" in answer.content.decode()
    spoiled[4][DAY] = ""
    answer = send(world, campaign, "town_officer", spoiled)
    assert answer.status_code == 422
    told = answer.content.decode()
    assert [part for part in ("H2", "“三百”", "村 · ask：户数", "不小于零的整数") if part not in told] == []
    assert not Evidence.objects.exists()


def test_another_towns_line_slipped_in_is_refused(world: World, campaign: Campaign) -> None:
    theirs = form_of(world, campaign, "district_officer")
    foreign = [theirs[0], *(line for line in theirs[1:] if line[3] == "观塘镇")]
    answer = send(world, campaign, "town_officer", filled(foreign, lambda _n, line: line.__setitem__(VALUE, "312")))
    assert answer.status_code in (403, 422)
    assert not Evidence.objects.exists()


def test_something_else_than_the_form_is_told_so(world: World, campaign: Campaign) -> None:
    answer = send(world, campaign, "town_officer", [["村", "户数"], ["岩门村", 12]])
    assert answer.status_code == 422
    assert "这不是填报表" in answer.content.decode()
