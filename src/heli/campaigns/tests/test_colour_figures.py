"""Colours as figures: they say what a frozen week says, at its moment, and count villages for towns and the district."""

from datetime import date

import pytest

from heli.campaigns.types import COLOUR_ORDER
from heli.figures.catalogue import find
from heli.figures.queries import evaluate
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Figure
from heli.warnings.services.weeks import freeze_week
from heli.warnings.testing import DrawnCampaign, moment

pytestmark = pytest.mark.django_db
DAYS = {"ask": 3, "plan": 3, "sign": 4}
FRIDAY, ON = moment(11, 8), date(2026, 3, 13)


@pytest.fixture
def run() -> DrawnCampaign:
    drawn = DrawnCampaign.draw({"代市镇": "甲村 乙村", "观塘镇": "丙村 丁村"}, DAYS)
    for village in ("甲村", "乙村", "丙村"):
        drawn.do(village, "ask", moment(1))
    drawn.do("甲村", "plan", moment(4))
    drawn.do("甲村", "sign", moment(8))
    return drawn


def figure(name: str) -> Figure:
    found = find(f"campaigns.{name}", ON)
    assert found is not None
    return found


def test_the_colour_of_every_place_is_that_of_the_week_frozen_at_the_moment(run: DrawnCampaign) -> None:
    week = freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=FRIDAY, at=FRIDAY)
    found = evaluate(
        SYSTEM, [figure("colour"), figure("days_late")], district_ids=[run.register.district], on=ON, at=FRIDAY
    )
    frozen = {row.place_id: (COLOUR_ORDER.index(row.colour), row.days_late) for row in week.colours.all()}
    ours = {
        key: (found.values["campaigns.colour"][key][0], found.values["campaigns.days_late"][key][0]) for key in frozen
    }
    assert ours == frozen


def test_villages_are_counted_by_colour_and_opened_worst_first(run: DrawnCampaign) -> None:
    names = ("red", "orange", "yellow", "green")
    figures = [figure(f"villages_{name}") for name in names]
    found = evaluate(SYSTEM, figures, district_ids=[run.register.district], on=ON, at=FRIDAY)
    counts = [found.of(f"campaigns.villages_{name}", run.register.district) for name in names]
    assert [value.numerator for value in counts if value] == [1, 2, 0, 1]
    town = found.of("campaigns.villages_green", run.register["代市镇"])
    assert town is not None
    assert town.numerator == 1


def test_without_a_campaign_there_is_no_colour() -> None:
    from heli.places.testing import draw_register

    register = draw_register({"代市镇": "甲村"})
    found = evaluate(SYSTEM, [figure("colour"), figure("villages_red")], district_ids=[register.district], on=ON)
    assert not any(len(pairs) for pairs in found.values.values())
