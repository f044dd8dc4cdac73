"""Figures of matters: as they stood at a day, added up, and each number opens its rows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heli.accounts.testing import World
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matters import AT, DAY
from heli.campaigns.testing.runs import campaign_of
from heli.consultation.figures import FIGURES as CONSULTATION
from heli.consultation.models import OpinionChannel
from heli.consultation.services import notices as consult
from heli.consultation.services import surveys
from heli.consultation.testing import campaign_about, notice_of, opinion_of, survey_of
from heli.inquiries.figures import FIGURES as INQUIRIES
from heli.inquiries.testing import inquiry_of
from heli.kernel.declare import Ask, Figure
from heli.problems.figures import FIGURES as PROBLEMS
from heli.problems.testing import move, problem_in_hand, team_key
from heli.risks.figures import FIGURES as RISKS
from heli.rounds import services as rounds
from heli.rounds.figures import FIGURES as ROUNDS

LATER = date(2026, 3, 25)
LISTED = (*PROBLEMS, *RISKS, *CONSULTATION, *INQUIRIES, *ROUNDS)
ALL = {figure.id.removeprefix("campaigns."): figure for figure in LISTED}


def value(world: World, name: str, on: date = LATER, **more: Any) -> dict[int, tuple[int, int]]:
    ask = Ask(district_ids=(world.a.district.pk,), on=on, **more)
    return dict(ALL[name].evaluate(ask))


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def close_one(world: World) -> None:
    """One of two problems is claimed and closed on 25 March, five days after its due day."""
    campaign = campaign_of(world.a)
    problem = problem_in_hand(world.a, campaign)
    problem_in_hand(world.a, campaign, due_on=date(2026, 4, 30))
    claimed = move(world.a, "town_officer", problem, "claim", note="done", on=LATER, at=moment(LATER))
    move(world.a, "district_officer", claimed, "close", on=LATER, at=moment(LATER))


def test_a_problem_counts_as_closed_from_the_day_it_was_closed(world: World) -> None:
    close_one(world)
    village = world.a.village.pk
    assert value(world, "problems") == {village: (2, 1)}
    assert value(world, "problems_closed") == {village: (1, 2)}
    assert value(world, "problems_in_time") == {village: (0, 1)}
    day_before = LATER - timedelta(days=1)
    assert value(world, "problems_closed", day_before) == {village: (0, 2)}
    assert value(world, "problems_late", day_before) == {village: (1, 1)}
    assert value(world, "problems_late") == {}


def test_rows_entered_later_than_the_moment_do_not_count(world: World) -> None:
    problem_in_hand(world.a, campaign_of(world.a))
    assert value(world, "problems", at=AT - timedelta(hours=1)) == {}


def test_voices_are_counted_and_answered_over_received(world: World) -> None:
    officer = world.a.actor("town_officer")
    consult.answer_opinion(actor=officer, opinion=opinion_of(world.a), answer="会讨论", on=LATER)
    consult.add_opinion(
        actor=officer, about=campaign_about(world.a), place_id=world.a.village.pk, channel=OpinionChannel.MEETING, topic="land",
        text="林地怎么分", count=29, on=DAY,
    )  # fmt: skip
    village = world.a.village.pk
    assert value(world, "opinions") == {village: (30, 1)}
    assert value(world, "opinions_answered") == {village: (1, 30)}
    assert value(world, "opinions_answered", DAY) == {village: (0, 30)}


def test_views_of_a_notice_in_one_village_count_there(world: World) -> None:
    for _time in range(3):
        consult.count_view(notice=notice_of(world.a), on=DAY)
    consult.count_view(notice=notice_of(world.a), on=LATER)
    assert value(world, "notices", DAY) == {}  # its row was written after that day
    assert value(world, "notice_views", date(2099, 1, 1)) == {world.a.village.pk: (4, 1)}


def test_talks_take_the_newest_counts(world: World) -> None:
    officer = world.a.actor("town_officer")
    for done, day in ((10, DAY), (18, LATER)):
        consult.record_talks(
            actor=officer, about=campaign_about(world.a), place_id=world.a.village.pk, on=day, at=moment(day),
            counts={"representatives": (done, 30)},
        )  # fmt: skip
    assert value(world, "talks_representatives") == {world.a.village.pk: (18, 30)}
    assert value(world, "talks_representatives", DAY) == {world.a.village.pk: (10, 30)}


def test_rates_of_few_answers_are_kept_back(world: World) -> None:
    survey, officer = survey_of(world.a), world.a.actor("district_officer")
    for place, returned in ((world.a.village, 4), (world.a.other_village, 40)):
        surveys.record_tally(
            actor=officer,
            survey=survey,
            place_id=place.pk,
            given=50,
            returned=returned,
            counts={"q1": {"o1": returned}},
        )
    assert value(world, "survey_participation") == {world.a.village.pk: (4, 50), world.a.other_village.pk: (40, 50)}
    assert value(world, "survey_support") == {world.a.other_village.pk: (40, 40)}
    assert value(world, "survey_awareness") == {}


def test_a_round_covers_the_villages_that_were_visited(world: World) -> None:
    campaign, officer = campaign_of(world.a), world.a.actor("district_officer")
    opened = rounds.open_round(actor=officer, about=about_of(campaign), first_on=DAY, last_on=LATER, at=AT)
    rounds.record_visits(
        actor=officer,
        round=opened,
        team=team_key(world.a),
        place_ids=[world.a.village.pk],
        visited_on=DAY,
        on=DAY,
        at=AT,
    )
    pairs = value(world, "inspection_coverage")
    assert (sum(pair[0] for pair in pairs.values()), len(pairs)) == (1, sum(pair[1] for pair in pairs.values()))
    assert pairs[world.a.village.pk] == (1, 1)


@pytest.mark.parametrize("figure", LISTED, ids=lambda figure: figure.id)
def test_every_number_opens_its_rows_in_a_constant_number_of_queries(world: World, figure: Figure) -> None:
    close_one(world)
    for build in (notice_of, opinion_of, survey_of, inquiry_of):
        build(world.a)
    ask = Ask(district_ids=(world.a.district.pk,), on=date(2099, 1, 1))
    with CaptureQueriesContext(connection) as queries:
        values = figure.evaluate(ask)
    assert len(queries) <= 6
    rows = figure.rows(ask, list(values))
    assert all(len(line) == len(rows.heads) for line in rows.lines)
    assert len(rows.links) == len(rows.lines)
    if figure.unit != "%" and figure.id not in ("campaigns.notice_views", "campaigns.opinions"):
        assert sum(pair[0] for pair in values.values()) == len(rows.lines)
