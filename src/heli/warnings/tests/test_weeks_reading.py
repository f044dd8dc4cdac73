"""How steps stood at a past moment is read from the log alone, and which rules and weeks a campaign has."""

from datetime import UTC, date, datetime, timedelta

import pytest

from heli.campaigns.queries.colours import live_colours, rules_in_force, rules_of
from heli.campaigns.queries.standing import clock_of, heirs_on, standing_as_known_now, standing_at
from heli.campaigns.types import Colour, Did, StepStatus
from heli.places.queries import events_of
from heli.places.testing import draw_register, merge
from heli.warnings.models import FrozenWeek
from heli.warnings.queries.weeks import moments_of
from heli.warnings.testing import MONDAY, DrawnCampaign, moment

pytestmark = pytest.mark.django_db


def colours(run: DrawnCampaign, on: date) -> dict[str, Colour]:
    names = {key: name for name, key in run.register.keys.items()}
    return {names[one.place]: one.colour for one in live_colours(run.campaign, on)}


def test_a_step_is_read_as_it_stood_at_the_moment() -> None:
    run = DrawnCampaign.draw({"代市镇": "岩门村 大石村"}, {"ask": 5})
    run.log("岩门村", "ask", Did.STARTED, moment(1))
    run.log("岩门村", "ask", Did.SUBMITTED, moment(3))
    run.log("岩门村", "ask", Did.ACCEPTED, moment(4))

    def status(at: datetime) -> str:
        return next(one.status for one in standing_at(run.campaign, at).steps if one.place == run.register["岩门村"])

    assert status(run.campaign.opened_at) == StepStatus.NOT_STARTED
    assert status(moment(1)) == StepStatus.IN_PROGRESS
    assert status(moment(3)) == StepStatus.SUBMITTED
    assert status(moment(9)) == StepStatus.ACCEPTED


def test_the_live_colours_follow_from_the_days_that_have_passed() -> None:
    run = DrawnCampaign.draw({"代市镇": "岩门村 大石村", "观塘镇": "光明村"}, {"ask": 5})
    due = MONDAY + timedelta(days=4)
    assert set(colours(run, due).values()) == {Colour.GREEN}
    assert colours(run, due + timedelta(days=3))["岩门村"] is Colour.YELLOW
    run.log("岩门村", "ask", Did.SUBMITTED, moment(4))
    late = colours(run, due + timedelta(days=14))
    assert (late["岩门村"], late["大石村"], late["代市镇"], late["光明村"]) == (
        Colour.GREEN,
        Colour.RED,
        Colour.RED,
        Colour.RED,
    )


def test_reading_takes_a_constant_number_of_queries(django_assert_num_queries: object) -> None:
    small = DrawnCampaign.draw({"代市镇": "岩门村"}, {"ask": 5})
    large = DrawnCampaign.draw(
        {f"{n}镇": f"甲{n}村 乙{n}村 丙{n}村" for n in range(5)}, {"ask": 5, "tell": 3}, code="330302"
    )
    for run in (small, large):
        with django_assert_num_queries(5):  # type: ignore[operator]  # a fixture of pytest-django
            live_colours(run.campaign, MONDAY + timedelta(days=30))


def test_a_pause_stops_the_clock_and_an_extension_moves_the_due_day() -> None:
    run = DrawnCampaign.draw({"代市镇": "岩门村"}, {"ask": 5})
    late = MONDAY + timedelta(days=18)
    assert colours(run, late)["岩门村"] is Colour.RED
    run.pause(MONDAY + timedelta(days=7), MONDAY + timedelta(days=18))
    assert clock_of(run.campaign, late).between(MONDAY + timedelta(days=4), late) == 1
    assert colours(run, late)["岩门村"] is Colour.YELLOW
    run.log("岩门村", "ask", Did.EXTENDED, moment(5), due_on=late)
    assert colours(run, late)["岩门村"] is Colour.GREEN


def test_what_was_typed_later_about_an_earlier_day_shows_only_in_what_is_known_now() -> None:
    run = DrawnCampaign.draw({"代市镇": "岩门村 大石村 水口村"}, {"ask": 5})
    run.log("大石村", "ask", Did.SUBMITTED, moment(2))
    run.log("大石村", "ask", Did.ACCEPTED, moment(3))
    then = moment(14)
    run.log("岩门村", "ask", Did.SUBMITTED, moment(20), submitted_on=MONDAY + timedelta(days=14))
    run.log("水口村", "ask", Did.SUBMITTED, moment(20), submitted_on=MONDAY + timedelta(days=15))
    run.log("大石村", "ask", Did.REOPENED, moment(21), reason="证据不符")

    def statuses(standing: object) -> list[str]:
        return [one.status for one in standing.steps]  # type: ignore[attr-defined]  # a campaign as it stands

    assert statuses(standing_at(run.campaign, then)) == [
        StepStatus.NOT_STARTED,
        StepStatus.ACCEPTED,
        StepStatus.NOT_STARTED,
    ]
    assert statuses(standing_as_known_now(run.campaign, then)) == [
        StepStatus.SUBMITTED,
        StepStatus.RETURNED,
        StepStatus.NOT_STARTED,
    ]


def test_a_village_that_went_on_in_a_successor_stops_being_counted_from_that_moment() -> None:
    run = DrawnCampaign.draw({"代市镇": "岩门村 大石村"}, {"ask": 5})
    run.end("岩门村", into="大石村", at=moment(8))
    assert {seat.place for seat in standing_at(run.campaign, moment(7)).seats} >= {run.register["岩门村"]}
    later = standing_at(run.campaign, moment(8))
    assert run.register["岩门村"] not in {seat.place for seat in later.seats}
    assert later.gone == {run.register["岩门村"]: run.register["大石村"]}


def test_a_place_goes_on_elsewhere_from_the_day_of_the_event() -> None:
    drawn = draw_register({"代市镇": "岩门村 大石村"})
    merge(drawn, "岩门村 大石村", "新村", MONDAY, parent="代市镇")
    events, new = events_of([drawn["岩门村"]], only_in_force=True), drawn["新村"]
    assert heirs_on(events, {new}, MONDAY) == {drawn["岩门村"]: new, drawn["大石村"]: new}
    assert heirs_on(events, {new}, MONDAY - timedelta(days=1)) == {}


def test_weeks_end_on_fridays_at_five_from_the_opening_to_the_end_of_the_campaign() -> None:
    run = DrawnCampaign.draw({"代市镇": "岩门村"}, {"ask": 5})
    rules = rules_of(run.campaign)
    assert rules == rules_in_force(MONDAY)
    ends = moments_of(run.campaign, moment(20), rules)
    assert [one.astimezone(UTC) for one in ends] == [
        datetime(2026, 3, 6, 9, tzinfo=UTC),
        datetime(2026, 3, 13, 9, tzinfo=UTC),
        datetime(2026, 3, 20, 9, tzinfo=UTC),
    ]
    run.finish(moment(10))
    assert len(moments_of(run.campaign, moment(40), rules)) == 1


def test_the_models_say_what_they_are() -> None:
    assert str(FrozenWeek(label="2026-W10")) == "2026-W10"
