"""How long the first village took and all of them, how far ahead of plan, which statements are owed."""

from datetime import date

import pytest

from heli.figures.catalogue import find
from heli.figures.queries import evaluate, rows_behind
from heli.figures.types import Value
from heli.kernel.access import SYSTEM
from heli.warnings.services.weeks import freeze_due
from heli.warnings.testing import DrawnCampaign, moment

pytestmark = pytest.mark.django_db
DAYS = {"ask": 3, "plan": 3}
ON = date(2026, 3, 20)


@pytest.fixture
def run() -> DrawnCampaign:
    return DrawnCampaign.draw({"代市镇": "甲村 乙村", "观塘镇": "丙村"}, DAYS)


def number(run: DrawnCampaign, name: str, place: str = "", on: date = ON) -> Value | None:
    figure = find(f"campaigns.{name}", on)
    assert figure is not None
    found = evaluate(SYSTEM, [figure], district_ids=[run.register.district], on=on)
    return found.of(figure.id, run.register[place] if place else run.register.district)


def finish(run: DrawnCampaign, village: str, day: int) -> None:
    for key in DAYS:
        run.do(village, key, moment(day))


def test_days_are_counted_from_the_first_day_both_included(run: DrawnCampaign) -> None:
    finish(run, "丙村", 2)
    finish(run, "甲村", 4)
    first = number(run, "days_to_first")
    assert first is not None
    assert first.numerator == 3
    town = number(run, "days_to_all", "观塘镇")
    assert town is not None
    assert town.numerator == 3


def test_while_a_village_is_open_there_are_no_days_for_all(run: DrawnCampaign) -> None:
    finish(run, "甲村", 4)
    assert number(run, "days_to_all") is None
    assert number(run, "days_ahead") is None
    assert number(run, "days_to_first", "观塘镇") is None


def test_a_campaign_that_ends_before_its_planned_day_is_ahead_and_later_is_below_nought(run: DrawnCampaign) -> None:
    finish(run, "甲村", 1)
    finish(run, "乙村", 1)
    finish(run, "丙村", 3)
    ahead = number(run, "days_ahead")
    assert ahead is not None
    assert ahead.numerator == 4  # finished on Thursday the 5th, planned for Monday the 9th
    figure = find("campaigns.days_to_all", ON)
    assert figure is not None
    rows = rows_behind(SYSTEM, figure, run.register.district, ON)
    assert [line[0] for line in rows.lines] == ["甲村", "乙村", "丙村"]


def test_a_town_owes_a_statement_after_two_red_weeks_and_the_others_owe_none(run: DrawnCampaign) -> None:
    finish(run, "丙村", 1)
    freeze_due(actor=SYSTEM, at=moment(25, 8))
    owed = {place: number(run, "statements_owed", place, date(2026, 3, 27)) for place in ("代市镇", "观塘镇")}
    assert {place: value and value.numerator for place, value in owed.items()} == {"代市镇": 1, "观塘镇": 0}
