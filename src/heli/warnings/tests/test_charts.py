"""Charts of a campaign: planned and done by working day, the towns in order, colours week by week."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.campaigns.types import Did
from heli.kernel.access import SYSTEM
from heli.warnings.queries.charts import colour_history, progress
from heli.warnings.rules.charts import StepFact, compute_curves
from heli.warnings.services.weeks import freeze_missing
from heli.warnings.testing import MONDAY, DrawnCampaign, moment

DAYS = st.integers(0, 40).map(lambda days: MONDAY + timedelta(days=days))
FACTS = st.lists(st.builds(StepFact, st.just(1), DAYS, st.none() | DAYS), max_size=40)


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


def test_work_of_a_weekend_counts_from_the_next_working_day() -> None:
    saturday = MONDAY + timedelta(days=5)
    curves = compute_curves([StepFact(1, MONDAY, saturday)], MONDAY, MONDAY + timedelta(days=7), is_weekday)
    assert [count for _day, count in curves.achieved] == [0, 0, 0, 0, 0, 1]
    assert saturday not in {day for day, _count in curves.achieved}


def test_without_steps_there_is_nothing_to_do() -> None:
    curves = compute_curves([], MONDAY, MONDAY, is_weekday)
    assert (curves.total, curves.done, curves.due) == (0, 0, 0)


@given(FACTS, DAYS)
def test_curves_only_rise_and_end_in_what_they_say(facts: list[StepFact], on: date) -> None:
    curves = compute_curves(facts, MONDAY, on, is_weekday)
    for points in (curves.planned, curves.achieved):
        counts = [count for _day, count in points]
        assert counts == sorted(counts)
    assert curves.planned[-1][1] == curves.total == len(facts)
    assert curves.achieved[-1][1] == curves.done
    assert curves.due == sum(fact.planned_on <= on for fact in facts)


@pytest.fixture
def world(settings: object) -> World:
    settings.SECOND_FACTOR = False  # type: ignore[attr-defined]  # a fixture of pytest-django
    return build_world()


@pytest.fixture
def run(world: World) -> DrawnCampaign:
    """Two towns; one village of the first has done its first step, one of the second both."""
    run = DrawnCampaign.over(world.a.register, {"visit": 5, "vote": 5}, towns=list(world.a.towns))
    run.do("岩门村", "visit", moment(3))
    run.do("光明村", "visit", moment(2))
    run.do("光明村", "vote", moment(8))
    return run


@pytest.mark.django_db
def test_towns_stand_in_the_order_of_their_share(world: World, run: DrawnCampaign) -> None:
    found = progress(SYSTEM, run.campaign, date(2026, 3, 11))
    assert [(town.name, town.curves.done, town.curves.total) for town in found.towns] == [
        ("观塘镇", 2, 4),
        ("代市镇", 1, 6),
    ]
    assert (found.whole.done, found.whole.total, found.whole.due) == (3, 10, 5)


@pytest.mark.django_db
def test_a_waived_step_is_done_on_the_day_it_was_waived_and_one_reopened_is_not(
    world: World, run: DrawnCampaign
) -> None:
    run.log("水口村", "visit", Did.WAIVED, moment(4), reason="已并入社区")
    run.log("岩门村", "visit", Did.REOPENED, moment(4), reason="照片不清")
    found = progress(SYSTEM, run.campaign, date(2026, 3, 6))
    assert found.whole.done == 2
    assert dict(found.whole.achieved)[date(2026, 3, 5)] == 1
    assert dict(found.whole.achieved)[date(2026, 3, 6)] == 2


@pytest.mark.django_db
def test_the_colours_of_every_frozen_week_add_up_to_the_villages(world: World, run: DrawnCampaign) -> None:
    freeze_missing(actor=SYSTEM, campaign=run.campaign, at=moment(20))
    weeks = colour_history(SYSTEM, run.campaign)
    assert [week.number for week in weeks] == [1, 2, 3]
    assert {sum(week.counts) for week in weeks} == {5}
    assert weeks[0].counts[0] == 5
    assert weeks[1].counts[0] == 2


@pytest.mark.django_db
def test_the_page_has_every_chart_and_the_table_of_the_same(world: World, run: DrawnCampaign) -> None:
    answer = world.client("district_officer").get(f"/warnings/{run.campaign.public_id}/charts/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<svg xmlns") == 3
    assert "50.00 %" in page


@pytest.mark.django_db
def test_a_town_sees_its_own_curve_only(world: World, run: DrawnCampaign) -> None:
    found = progress(world.a.actor("town_officer"), run.campaign, date(2026, 3, 11))
    assert [town.name for town in found.towns] == ["代市镇"]
    assert found.whole.total == 6
