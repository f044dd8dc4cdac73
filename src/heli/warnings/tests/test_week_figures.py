"""Figures of frozen weeks, statements and forecasts, each with the rows behind it."""

from datetime import date, timedelta

import pytest

from heli.accounts.testing import build_world
from heli.figures.catalogue import find
from heli.figures.queries import evaluate, rows_behind
from heli.kernel.access import SYSTEM
from heli.kernel.workdays import calendar
from heli.warnings.models import Forecast, Statement
from heli.warnings.services.statements import give_statement
from heli.warnings.services.weeks import freeze_due
from heli.warnings.testing import DrawnCampaign, ends, moment

pytestmark = pytest.mark.django_db
FOURTH = date(2026, 3, 27)


def number(run: DrawnCampaign, name: str, place: str = "", on: date = FOURTH) -> tuple[int, int] | None:
    figure = find(f"campaigns.{name}", on)
    assert figure is not None
    found = evaluate(SYSTEM, [figure], district_ids=[run.register.district], on=on)
    value = found.of(figure.id, run.register[place] if place else run.register.district)
    return None if value is None else (value.numerator, value.denominator)


def lines(run: DrawnCampaign, name: str, on: date = FOURTH) -> list[list[object]]:
    figure = find(f"campaigns.{name}", on)
    assert figure is not None
    return [list(line) for line in rows_behind(SYSTEM, figure, run.register.district, on).lines]


@pytest.fixture
def run() -> DrawnCampaign:
    drawn = DrawnCampaign.draw({"代市镇": "甲村 乙村", "观塘镇": "丙村"}, {"ask": 5})
    drawn.do("丙村", "ask", moment(1))
    return drawn


def test_the_frozen_colour_is_that_of_the_last_week_that_had_ended(run: DrawnCampaign) -> None:
    assert number(run, "frozen_colour", "甲村") is None
    freeze_due(actor=SYSTEM, at=ends(4))
    assert number(run, "frozen_colour", "甲村") == (3, 1)
    assert number(run, "frozen_colour", "甲村", date(2026, 3, 13)) == (2, 1)
    assert number(run, "frozen_colour", "丙村") == (0, 1)
    assert number(run, "frozen_colour") == (3, 1)


def test_red_villages_and_towns_add_up_over_the_district(run: DrawnCampaign) -> None:
    freeze_due(actor=SYSTEM, at=ends(4))
    assert (number(run, "frozen_red_villages"), number(run, "frozen_red_towns")) == ((2, 1), (1, 1))
    assert number(run, "frozen_red_villages", "观塘镇") == (0, 1)
    assert [line[0] for line in lines(run, "frozen_red_villages")] == ["甲村", "乙村"]
    assert [line[0] for line in lines(run, "frozen_red_towns")] == ["代市镇"]


def test_what_was_done_since_does_not_change_the_frozen_figure(run: DrawnCampaign) -> None:
    freeze_due(actor=SYSTEM, at=ends(4))
    run.do("甲村", "ask", moment(25))
    assert number(run, "frozen_red_villages") == (2, 1)


def test_the_forecast_is_counted_from_the_end_of_its_week(run: DrawnCampaign) -> None:
    freeze_due(actor=SYSTEM, at=ends(1))
    found = number(run, "forecast_days", "甲村", date(2026, 3, 6))
    kept = Forecast.objects.get(place_id=run.register["甲村"])
    assert found == (calendar().count(date(2026, 3, 6), kept.p80_on), 1)
    assert number(run, "forecast_days", "丙村", date(2026, 3, 6)) is None
    assert [line[0] for line in lines(run, "forecast_days", date(2026, 3, 6))] == ["Q", "代市镇", "甲村", "乙村"]


def test_statements_are_counted_when_demanded_and_in_time_when_given_by_their_day() -> None:
    world = build_world()
    run = DrawnCampaign.over(world.a.register, {"ask": 5}, towns=list(world.a.towns))
    freeze_due(actor=SYSTEM, at=ends(4))
    town = world.a.towns[0]
    assert number(run, "statements_demanded", town) == (1, 1)
    assert number(run, "statements_in_time", town) is None
    late = FOURTH + timedelta(days=10)
    assert number(run, "statements_in_time", town, late) == (0, 1)
    statement = Statement.objects.get(town=world.a.town)
    give_statement(actor=world.a.actor("town_officer"), statement=statement, text="三日内完成", at=moment(28))
    assert number(run, "statements_in_time", town, late) == (1, 1)
    assert {line[0] for line in lines(run, "statements_demanded")} == set(world.a.towns)
