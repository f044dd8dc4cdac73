"""What people may try at the borders: of towns, of the second person, of what a field can hold."""

import contextlib
import io
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from heli.accounts.testing import World, build_world
from heli.campaigns.models import Step, Track
from heli.campaigns.services import deputies, follow_lineage, runs, steps
from heli.campaigns.sheets import heads, read_form
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.testing.runs import OPENED, STARTS, step_of
from heli.campaigns.types import StepStatus
from heli.files.templating.local_docx import open_form
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Forbidden, Refused
from heli.papers.queries.templates import catalogue
from heli.places import services as register
from heli.places.testing import arrows
from heli.places.types import EventKind, EventSpec, PlaceKind, PlaceSpec
from heli.problems.models import Problem
from heli.problems.testing import move as move_problem
from heli.problems.testing import problem_in_hand

pytestmark = pytest.mark.django_db
LATER = OPENED + timedelta(days=3)
NUMBER = 'evidence = [{ kind = "number", least = 1, name = { zh = "户数", en = "households" }, unit = "户" }]'


@pytest.fixture
def world(settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def who(world: World, role: str) -> Actor:
    return world.a.actor(role)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


# -- borders of towns ----------------------------------------------------------------------------------------------------


def test_a_village_that_moved_is_judged_by_its_new_town_and_no_longer_by_its_old_one(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    village, other_town = world.a.village, world.a.register[world.a.towns[1]]
    step = step_of(campaign, village, "ask")
    steps.submit_step(actor=who(world, "village_cadre"), step=step, at=LATER)
    becomes: Any = {village.pk: PlaceSpec(name="岩门村", kind=PlaceKind.VILLAGE, parent=other_town)}
    moved = EventSpec(kind=EventKind.MOVE, on=STARTS, links=arrows((village.pk, village.pk, 10_000)), becomes=becomes)
    register.record_event(actor=SYSTEM, event=moved)
    with pytest.raises(Forbidden):
        steps.accept_step(actor=who(world, "town_officer"), step=step_of(campaign, village, "ask"), at=LATER)
    follow_lineage(actor=who(world, "district_officer"), campaign=campaign, on=date(2026, 3, 5), at=LATER)
    assert Track.objects.get(campaign=campaign, place=village).town_id == other_town
    with pytest.raises(Forbidden):
        steps.accept_step(actor=who(world, "town_officer"), step=step_of(campaign, village, "ask"), at=LATER)
    follow_lineage(actor=who(world, "district_officer"), campaign=campaign, on=date(2026, 3, 5), at=LATER)
    steps.accept_step(actor=who(world, "district_officer"), step=step_of(campaign, village, "ask"), at=LATER)


def test_choosing_another_towns_village_for_acceptance_tells_nothing_of_it(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    for place in (world.a.village, world.a.other_village):
        steps.submit_step(actor=who(world, "district_officer"), step=step_of(campaign, place, "ask"), at=LATER)
    address = reverse("campaigns:column", args=[campaign.public_id, "ask"])
    given = {"place": [world.a.village.public_id, world.a.other_village.public_id]}
    page = world.client("town_officer").post(address, given).content.decode()
    assert "岩门村" in page
    assert "光明村" not in page
    done = world.client("town_officer").post(address, {**given, "did": "accept"})
    assert done.status_code == 303
    assert list(Step.objects.filter(status=StepStatus.ACCEPTED).values_list("track__place", flat=True)) == [
        world.a.village.pk
    ]


# -- the second person ---------------------------------------------------------------------------------------------------


def test_more_time_asked_for_by_or_through_a_deputy_is_decided_by_neither_of_the_two(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    cadre, lent = world.a.users["village_cadre"], world.a.users["district_officer"]
    deputies.appoint_deputy(
        actor=who(world, "district_officer"), campaign=campaign, principal=lent.username, deputy=cadre.username,
        valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 1), at=OPENED,
    )  # fmt: skip
    later = date(2026, 5, 6)
    through = step_of(campaign, world.a.other_village, "ask")
    steps.ask_extension(actor=who(world, "village_cadre"), step=through, due_on=later, reason="雨", at=LATER)
    own = step_of(campaign, world.a.village, "ask")
    steps.ask_extension(actor=who(world, "district_officer"), step=own, due_on=later, reason="雨", at=LATER)
    for step, decider in ((through, "district_officer"), (through, "village_cadre"), (own, "village_cadre")):
        with pytest.raises(Refused) as refused:
            steps.decide_extension(actor=who(world, decider), step=step, approve=True, at=LATER)
        assert codes(refused) == ["own_request"]


def test_who_closes_a_problem_is_compared_with_who_claims_it_now_not_when_the_page_was_opened(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    fault, claim = problem_in_hand(world.a, campaign), {"note": "已核实", "on": date(2026, 3, 4)}
    seen = move_problem(world.a, "district_officer", fault, "claim", **claim)
    move_problem(world.a, "town_officer", seen, "return", reason="不实")
    move_problem(world.a, "town_officer", fault, "claim", **claim)
    moves: tuple[Callable[[], object], ...] = (
        lambda: move_problem(world.a, "town_officer", seen, "close"),
        lambda: move_problem(world.a, "town_officer", seen, "return", reason="不实"),
    )
    for move in moves:
        with pytest.raises(Refused) as refused:
            move()
        assert codes(refused) == ["same_person"]
    assert move_problem(world.a, "district_officer", Problem.objects.get(), "close").closed_by_id


# -- what a field can hold -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "x"])
def test_a_day_that_cannot_be_meant_is_refused_and_not_taken_for_today(world: World, day: str) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    step = step_of(campaign, world.a.village, "ask")
    address = reverse("campaigns:step", args=[campaign.public_id, world.a.village.public_id, "ask"])
    client = world.client("district_officer")
    asked = client.post(address, {"did": "ask_extension", "due_on": day, "reason": "雨"})
    assert asked.status_code == 422
    steps.submit_step(actor=who(world, "village_cadre"), step=step, at=LATER)
    assert client.post(address, {"did": "accept", "act_on": day}).status_code == 422
    step.refresh_from_db()
    assert (step.status, step.asked_due_on) == (StepStatus.SUBMITTED, None)


def form_with(*cells: Any) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "nan_inf_to_errors": True})
    sheet = book.add_worksheet()
    for column, text in enumerate(heads()):
        sheet.write_string(0, column, text)
    for column, cell in enumerate(cells):
        sheet.write(1, column, cell)
    book.close()
    return stream.getvalue()


@pytest.mark.parametrize("which", ["1", "9" * 5_000, "-1", "0", "٣", "1.5"])
@pytest.mark.parametrize("value", ["9" * 5_000, "-3", "٣", "字" * 30_000, float("inf"), 1e300, "\t"])
def test_a_spoiled_form_is_refused_row_by_row(world: World, which: str, value: Any) -> None:
    campaign = open_drawn(world.a, playbook=draw_playbook("ask village 3", more={"ask": NUMBER}))
    sent = form_with(world.a.village.public_id, "ask", which, "", "", "", "", value, "", "1")
    file = SimpleUploadedFile("form.xlsx", sent)
    address = reverse("campaigns:fill", args=[campaign.public_id])
    assert world.client("town_officer").post(address, {"file": file}).status_code == 422
    assert not Step.objects.filter(status=StepStatus.SUBMITTED).exists()


@pytest.mark.parametrize("seed", range(5))
def test_damaged_files_are_refused_and_never_crash(world: World, seed: int) -> None:
    stream, draw = io.BytesIO(), random.Random(seed)
    paper = Document()
    paper.add_paragraph("{{ today }} " * 50)
    paper.save(stream)
    for good, read in (
        (stream.getvalue(), lambda content: open_form(content, catalogue().fields)),
        (form_with("x", "ask", "1", "", "", "", "", "3"), read_form),
    ):
        for _attempt in range(20):
            spoiled = bytearray(good)
            for _byte in range(draw.choice((1, 5, 30))):
                spoiled[draw.randrange(len(spoiled))] = draw.randrange(256)
            with contextlib.suppress(Refused):
                read(bytes(spoiled[: draw.randrange(len(spoiled)) if draw.random() < 0.2 else None]))


def test_a_name_that_is_taken_meanwhile_is_refused_like_any_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin = runs.pin_playbook

    def late(*given: Any, **rest: Any) -> Any:
        """Somebody else opens one of this name after the service has looked."""
        monkeypatch.undo()
        open_drawn(world.a, "ask village 3", name="后")
        return pin(*given, **rest)

    monkeypatch.setattr(runs, "pin_playbook", late)
    with pytest.raises(Refused) as refused:
        open_drawn(world.a, "ask village 3", name="后")
    assert codes(refused) == ["name_taken"]
