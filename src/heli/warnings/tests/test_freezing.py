"""Freezing weeks: the same whenever it is asked, once, and never rewritten."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from heli.audit.testing import unaudited
from heli.campaigns.types import Colour, Did, SeatLevel
from heli.kernel.access import PUBLIC, SYSTEM
from heli.kernel.faults import Forbidden, Refused
from heli.places.testing import draw_register
from heli.warnings.models import AppraisalProposal, Contest, Forecast, FrozenColour, FrozenWeek, Statement
from heli.warnings.queries.weeks import as_known_now, find_week, missing_weeks, strip_of, week_table, weeks_of
from heli.warnings.services.weeks import escalate, freeze_due, freeze_week
from heli.warnings.testing import MONDAY, DrawnCampaign, ends, moment
from heli.warnings.types import StatementStatus

pytestmark = pytest.mark.django_db


def two_towns() -> DrawnCampaign:
    return DrawnCampaign.draw({"代市镇": "岩门村 大石村", "观塘镇": "光明村"}, {"ask": 5, "tell": 5})


def colour(week: FrozenWeek, place: int) -> str:
    return FrozenColour.objects.get(week=week, place_id=place).colour


def test_a_week_is_kept_with_its_colours_forecasts_rules_and_hash() -> None:
    run = two_towns()
    run.do("光明村", "ask", moment(3))
    week = freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(3), at=ends(3))
    assert (week.number, week.label, week.counts, week.pack_id, week.pack_version) == (
        3,
        "2026-W12",
        True,
        "colours",
        1,
    )
    assert len(week.sha256) == len(week.pack_sha256) == 64
    assert colour(week, run.register["岩门村"]) == Colour.RED
    assert colour(week, run.register["光明村"]) == Colour.ORANGE
    assert FrozenColour.objects.filter(week=week).count() == 6
    town = Forecast.objects.get(week=week, place_id=run.register["代市镇"])
    assert town.p50_on > MONDAY + timedelta(days=18)
    assert Forecast.objects.filter(week=week).count() == 6


def test_freezing_again_gives_the_very_same_week() -> None:
    run = two_towns()
    first = freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(1), at=ends(1))
    run.do("岩门村", "ask", moment(6))
    assert freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(1), at=ends(2)) == first
    assert weeks_of(run.campaign) == [first]


def test_only_the_end_of_a_week_that_is_over_can_be_frozen() -> None:
    run = two_towns()
    for wrong in (ends(1) + timedelta(minutes=1), ends(2)):
        with pytest.raises(Refused):
            freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=wrong, at=ends(1) + timedelta(hours=1))
    with pytest.raises(Forbidden):
        freeze_week(actor=PUBLIC, campaign=run.campaign, ends_at=ends(1), at=ends(1))


def test_every_missed_week_of_every_campaign_is_made_up_for() -> None:
    run = two_towns()
    other = DrawnCampaign.draw({"藤桥镇": "上潘村"}, {"ask": 1}, code="330302")
    freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(2), at=ends(2))
    assert missing_weeks(run.campaign, ends(3)) == 2
    assert [(week.campaign, week.number) for week in freeze_due(actor=SYSTEM, at=ends(3))] == [
        (run.campaign, 1),
        (run.campaign, 3),
        *((other.campaign, number) for number in (1, 2, 3)),
    ]
    assert freeze_due(actor=SYSTEM, at=ends(3)) == []
    assert missing_weeks(run.campaign, ends(3)) == 0


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["岩门村", "大石村", "光明村"]),
        st.sampled_from(["ask", "tell"]),
        st.sampled_from([Did.STARTED, Did.SUBMITTED, Did.RETURNED, Did.ACCEPTED, Did.EXTENDED, Did.REOPENED]),
        st.integers(0, 27),
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=25)
@given(MOVES, st.randoms(use_true_random=False))
def test_a_week_frozen_late_is_the_week_frozen_in_time(moves: list[Any], random: Any) -> None:
    """The same history told twice: weeks frozen as they end, and all at the end in any order."""
    with transaction.atomic():
        register = draw_register({"代市镇": "岩门村 大石村", "观塘镇": "光明村"})
        runs = [
            DrawnCampaign.over(register, {"ask": 5, "tell": 5}, towns=["代市镇", "观塘镇"], name=name)
            for name in ("一", "二")
        ]
        in_time, late = runs
        with unaudited():
            # The same seed: forecasts are drawn by the campaign's public id.
            type(late.campaign).objects.filter(pk=in_time.campaign.pk).update(public_id="same")
            in_time.campaign.refresh_from_db()
        todo = sorted(moves, key=lambda move: move[3])
        for number in range(1, 5):
            while todo and moment(todo[0][3], todo[0][3] % 8) <= ends(number):
                village, key, did, day = todo.pop(0)
                for run in runs:
                    due = MONDAY + timedelta(days=day + 7) if did is Did.EXTENDED else None
                    run.log(village, key, did, moment(day, day % 8), due_on=due, reason="理由")
            freeze_week(actor=SYSTEM, campaign=in_time.campaign, ends_at=ends(number), at=ends(number))
        with unaudited():
            type(late.campaign).objects.filter(pk=in_time.campaign.pk).update(public_id="once")
            type(late.campaign).objects.filter(pk=late.campaign.pk).update(public_id="same")
            late.campaign.refresh_from_db()
        order = [1, 2, 3, 4]
        random.shuffle(order)
        for number in order:
            freeze_week(actor=SYSTEM, campaign=late.campaign, ends_at=ends(number), at=ends(9))
        hashes = [[week.sha256 for week in weeks_of(run.campaign)] for run in runs]
        assert hashes[0] == hashes[1]
        demands = [
            sorted(
                Statement.objects.filter(campaign=run.campaign).values_list(
                    "town_id", "first_week__number", "last_week__number"
                )
            )
            for run in runs
        ]
        assert demands[0] == demands[1]
        transaction.set_rollback(True)


def test_a_later_correction_shows_beside_the_frozen_week_and_changes_nothing_in_it() -> None:
    run = two_towns()
    week = freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(3), at=ends(3))
    before = list(FrozenColour.objects.filter(week=week).values_list())
    place = run.register["岩门村"]
    run.log("岩门村", "ask", Did.SUBMITTED, moment(20), submitted_on=MONDAY + timedelta(days=3))
    run.log("岩门村", "tell", Did.EXTENDED, moment(20), due_on=MONDAY + timedelta(days=40))
    now = {one.place: one for one in as_known_now(week)}
    assert now[place].colour is Colour.GREEN
    row = next(row for row in week_table(week, None) if row.place == place)
    assert (row.colour, row.now, row.changed) == (Colour.RED, Colour.GREEN, True)
    assert list(FrozenColour.objects.filter(week=week).values_list()) == before
    assert freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(3), at=ends(4)) == week


def test_frozen_rows_are_never_changed_by_anybody() -> None:
    run = two_towns()
    week = freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(1), at=ends(1))
    for rows, change in (
        (FrozenWeek.objects.all(), {"label": "2026-W01"}),
        (FrozenColour.objects.all(), {"colour": Colour.GREEN}),
        (Forecast.objects.all(), {"draws": 1}),
    ):
        with unaudited(), pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
        with unaudited(), pytest.raises(IntegrityError), transaction.atomic():
            rows.delete()
    assert find_week(run.campaign, 1) == week


def test_a_paused_week_does_not_count_and_a_holiday_week_neither() -> None:
    run = two_towns()
    run.pause(MONDAY + timedelta(days=5), MONDAY + timedelta(days=12))
    weeks = [freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(n), at=ends(n)) for n in (1, 2, 3)]
    assert [(week.counts, week.why_not) for week in weeks] == [(True, ""), (False, "paused"), (True, "")]


def test_what_has_no_towns_steps_or_villages_left_still_freezes() -> None:
    run = DrawnCampaign.draw({"代市镇": "岩门村"}, {"ask": 1})
    run.do("岩门村", "ask", moment(0))
    week = freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(1), at=ends(1))
    assert set(FrozenColour.objects.filter(week=week).values_list("colour", flat=True)) == {Colour.GREEN}
    assert not Forecast.objects.filter(week=week).exists()


def test_freezing_a_whole_district_takes_a_constant_number_of_queries(django_assert_max_num_queries: Any) -> None:
    small = DrawnCampaign.draw({"代市镇": "岩门村"}, {"ask": 5})
    large = DrawnCampaign.draw(
        {f"{n}镇": f"甲{n}村 乙{n}村 丙{n}村" for n in range(6)}, {"ask": 5, "tell": 3}, code="330302"
    )
    for run in (small, large):
        with django_assert_max_num_queries(40):
            freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(1), at=ends(1))


# --- escalation --------------------------------------------------------------------------------------------------------


def test_two_red_weeks_in_a_row_demand_one_statement_with_a_due_day_and_propose_it_for_the_record() -> None:
    run = two_towns()
    freeze_due(actor=SYSTEM, at=ends(4))
    statement = Statement.objects.get(town_id=run.register["代市镇"])
    assert (statement.first_week.number, statement.last_week.number) == (3, 4)
    assert statement.status == StatementStatus.DEMANDED
    # Demanded on Friday evening, three working days: Wednesday.
    assert statement.due_on == MONDAY + timedelta(days=30)
    proposal = AppraisalProposal.objects.get(statement=statement)
    assert "代市镇" in proposal.text
    freeze_due(actor=SYSTEM, at=ends(7))
    assert Statement.objects.filter(town_id=run.register["代市镇"]).count() == 1
    assert escalate(actor=SYSTEM, campaign=run.campaign, at=ends(8)) == []


def test_a_pause_between_two_red_weeks_neither_breaks_the_streak_nor_counts() -> None:
    run = two_towns()
    run.pause(MONDAY + timedelta(days=19), MONDAY + timedelta(days=26))
    freeze_due(actor=SYSTEM, at=ends(5))
    statement = Statement.objects.get(town_id=run.register["代市镇"])
    assert (statement.first_week.number, statement.last_week.number) == (3, 5)


def test_weeks_made_up_for_later_demand_what_they_would_have_demanded_in_time() -> None:
    run = two_towns()
    for number in (4, 3, 1):
        freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(number), at=ends(5))
    assert not Statement.objects.exists()
    freeze_week(actor=SYSTEM, campaign=run.campaign, ends_at=ends(2), at=ends(5))
    assert Statement.objects.filter(town_id=run.register["代市镇"], first_week__number=3).count() == 1


def test_the_strip_shows_the_district_and_its_towns_oldest_week_first() -> None:
    run = two_towns()
    freeze_due(actor=SYSTEM, at=ends(3))
    strip = strip_of(run.campaign, None, MONDAY)
    assert [row.level for row in strip] == [SeatLevel.DISTRICT, SeatLevel.TOWN, SeatLevel.TOWN]
    assert [cell.week.number for cell in strip[0].cells] == [1, 2, 3]
    only = strip_of(run.campaign, {run.register["观塘镇"]}, MONDAY)
    assert [row.name for row in only] == ["观塘镇"]
    # Who sees no town whole sees the villages: a village has its weeks too.
    village = next(row.place_id for row in FrozenColour.objects.filter(level=SeatLevel.VILLAGE))
    (own,) = strip_of(run.campaign, {village}, MONDAY)
    assert (own.level, [cell.colour is not None for cell in own.cells]) == (SeatLevel.VILLAGE, [True, True, True])
    assert not Contest.objects.exists()
