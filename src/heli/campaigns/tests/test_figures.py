"""Figures of steps: equal to counting one by one, at any past moment too; meetings, and the burden of typing."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heli.audit.testing import unaudited
from heli.campaigns.abouts import about_of
from heli.campaigns.figures import FIGURES as OWN
from heli.campaigns.models import Evidence
from heli.campaigns.queries.picture import picture
from heli.campaigns.types import Did, EvidenceKind
from heli.inquiries.models import Inquiry, Reply
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Ask, Pair
from heli.meetings.figures import FIGURES as MEETINGS
from heli.meetings.services import record_meeting
from heli.places import services as register
from heli.places.testing import arrows
from heli.places.types import EventKind, EventSpec
from heli.problems.models import Problem
from heli.warnings.testing import MONDAY, DrawnCampaign, moment

pytestmark = pytest.mark.django_db
FIGURES = (*OWN, *MEETINGS)
BY_ID = {figure.id: figure for figure in FIGURES}
FRIDAY = date(2026, 3, 6)


@pytest.fixture
def run() -> DrawnCampaign:
    """Two villages with two steps each: A has done both, one of them after a return; B is late with the first."""
    drawn = DrawnCampaign.draw({"T": "A B", "U": "X"}, {"ask": 2, "vote": 3})
    drawn.log("A", "ask", Did.SUBMITTED, moment(1))
    drawn.log("A", "ask", Did.RETURNED, moment(1, 2), reason="补照片")
    drawn.do("A", "ask", moment(3))
    drawn.do("A", "vote", moment(4))
    return drawn


def _ask(run: DrawnCampaign, on: date) -> Ask:
    return Ask(district_ids=(run.register.district,), on=on)


def value(run: DrawnCampaign, name: str, on: date, place: str = "") -> dict[str, Pair] | Pair | None:
    """The values of all drawn places, or of one."""
    names = {key: drawn for drawn, key in run.register.keys.items()}
    found = BY_ID[f"campaigns.{name}"].evaluate(_ask(run, on))
    values = {names[key]: pair for key, pair in found.items() if key in names}
    return values.get(place) if place else values


def test_steps_are_counted_by_village(run: DrawnCampaign) -> None:
    assert value(run, "steps", FRIDAY) == {"A": (2, 1), "B": (2, 1), "X": (2, 1)}
    assert value(run, "steps_accepted", FRIDAY) == {"A": (2, 1), "B": (0, 1), "X": (0, 1)}
    assert value(run, "steps_late", FRIDAY) == {"A": (0, 1), "B": (1, 1), "X": (1, 1)}
    assert value(run, "progress", FRIDAY) == {"A": (2, 2), "B": (0, 2), "X": (0, 2)}
    assert value(run, "finished", FRIDAY) == {"A": (1, 1), "B": (0, 1), "X": (0, 1)}
    assert value(run, "on_time", FRIDAY) == {"A": (1, 2)}  # the first was submitted again after its due day
    assert value(run, "returned", FRIDAY, "A") == (1, 3)


@pytest.mark.parametrize("day", range(4, 11))
def test_what_is_late_is_late_on_the_board_and_in_the_figure(run: DrawnCampaign, day: int) -> None:
    """Handed in by the due day and waiting, handed in later, still open, over a weekend: one meaning on every page."""
    run.log("B", "ask", Did.SUBMITTED, moment(1))
    run.log("X", "ask", Did.SUBMITTED, moment(3))
    on = moment(day).date()
    seen = picture(SYSTEM, run.campaign, on)
    lanes = {track.lane.id: track.lane.place for track in seen.tracks.values()}
    late = {
        lanes[lane]: sum(seen.days_late(row) > 0 for row in rows.values()) for lane, rows in seen.rows.items() if rows
    }
    figure = BY_ID["campaigns.steps_late"].evaluate(_ask(run, on))
    assert {place: pair[0] for place, pair in figure.items()} == late
    assert late[run.register["B"]] == (day >= 7), "on Monday the second step is late, the first waits"


def test_what_is_done_before_its_day_is_early(run: DrawnCampaign) -> None:
    run.do("X", "vote", moment(2))
    assert value(run, "steps_early", date(2026, 3, 5), "X") == (1, 1)
    assert value(run, "steps_early", FRIDAY, "X") == (0, 1), "its due day has come"
    assert value(run, "steps_early", date(2026, 3, 5), "A") == (0, 1)


def test_a_past_day_is_read_from_the_log(run: DrawnCampaign) -> None:
    assert value(run, "steps_accepted", date(2026, 3, 4), "A") == (0, 1)
    assert value(run, "steps_accepted", date(2026, 3, 5), "A") == (1, 1)
    assert value(run, "steps_waiting", date(2026, 3, 3), "A") == (0, 1)  # submitted and returned on that day
    run.log("B", "ask", Did.EXTENDED, moment(7), due_on=date(2026, 3, 20))
    late = {
        on: [line[3] for line in BY_ID["campaigns.steps_late"].rows(_ask(run, on), [run.register["B"]]).lines]
        for on in (FRIDAY, date(2026, 3, 9))
    }
    assert late == {FRIDAY: ["ask"], date(2026, 3, 9): ["vote"]}


def test_a_campaign_counts_until_the_day_it_was_finished(run: DrawnCampaign) -> None:
    run.finish(moment(10))
    assert value(run, "steps", date(2026, 3, 12), "A") == (2, 1)
    assert value(run, "steps", date(2026, 3, 13)) == {}


def test_steps_of_a_village_that_ended_count_in_its_town(run: DrawnCampaign) -> None:
    register.record_event(
        actor=SYSTEM,
        event=EventSpec(kind=EventKind.DISSOLVE, on=date(2026, 3, 5), links=arrows((run.register["A"], None, 10_000))),
    )
    assert value(run, "steps_accepted", FRIDAY) == {"T": (2, 1), "B": (0, 1), "X": (0, 1)}
    assert value(run, "steps", date(2026, 3, 4), "A") == (2, 1)


def test_each_step_behind_a_number_opens_its_page(run: DrawnCampaign) -> None:
    ask = _ask(run, date(2026, 3, 3))
    rows = BY_ID["campaigns.steps"].rows(ask, [run.register["A"]])
    assert [line[0] for line in rows.lines] == ["A", "A"]
    assert rows.links[0].startswith(f"/campaigns/c/{run.campaign.public_id}/p/")
    assert rows.lines[0][6] == date(2026, 3, 3)


def test_steps_are_read_once_for_all_figures_and_in_as_many_queries_for_more_villages() -> None:
    def asked(run: DrawnCampaign) -> int:
        ask = _ask(run, FRIDAY)
        with CaptureQueriesContext(connection) as caught:
            for figure in FIGURES:
                figure.evaluate(ask)
        return len(caught)

    few = DrawnCampaign.draw({"T": "A B"}, {"ask": 2})
    many = DrawnCampaign.draw({"T": "A B C D E F G H"}, {"ask": 2, "vote": 3}, code="330302", name="more")
    assert asked(few) == asked(many)


def test_meetings_trainings_and_who_came_are_counted_apart(run: DrawnCampaign) -> None:
    for kind, sittings, present in (
        ("special", 3, 40),
        ("training", 2, 90),
        ("training", 1, 60),
        ("sand_table", 3, 20),
    ):
        record_meeting(
            actor=SYSTEM, about=about_of(run.campaign), place_id=run.register["A"], kind=kind, title=kind, held_on=FRIDAY,
            attendance={"cadres": present, "residents": 5}, sittings=sittings, on=FRIDAY,
        )  # fmt: skip
    assert value(run, "meetings", FRIDAY, "A") == (3, 1)
    assert value(run, "trainings", FRIDAY, "A") == (3, 1)
    assert value(run, "training_attendances", FRIDAY, "A") == (160, 1)
    assert value(run, "rehearsals", FRIDAY, "A") == (3, 1)
    assert value(run, "trainings", MONDAY) == {}
    rows = BY_ID["campaigns.training_attendances"].rows(_ask(run, FRIDAY), [run.register["A"]])
    assert [line[-1] for line in rows.lines] == [95, 65]


def test_the_burden_is_what_heli_asked_villages_to_type_within_the_week(run: DrawnCampaign) -> None:
    step = run.step("A", "ask")
    common = {"requirement": 0, "on": FRIDAY, "added_by_name": "test"}
    with unaudited():
        for number, (kind, at) in enumerate(
            ((EvidenceKind.NUMBER, moment(3)), (EvidenceKind.MINUTES, moment(4)), (EvidenceKind.NUMBER, moment(-9)))
        ):
            text = "会议记录" if kind is EvidenceKind.MINUTES else ""
            Evidence.objects.create(
                public_id=f"e{number}", step=step, kind=kind, number=None if text else 7, text=text, added_at=at, **common
            )  # fmt: skip
        inquiry = Inquiry.objects.create(
            public_id="q", about=run.campaign.public_id, district=run.campaign.district, form="basics", version=1, title="村情",
            fields=[], asked_on=FRIDAY,
            sent_on=MONDAY, due_on=FRIDAY, sent_by="test", sent_at=moment(0),
        )  # fmt: skip
        Reply.objects.create(
            inquiry=inquiry, place_id=run.register["B"], status="answered", typed=3, confirmed=9, answered_on=FRIDAY,
            answered_at=moment(4),
        )  # fmt: skip
        Problem.objects.create(
            public_id="i", about=run.campaign.public_id, district=run.campaign.district, number=1, status="open",
            place_id=run.register["B"], kind="debt", source="report",
            title="欠款", description="三笔", found_on=FRIDAY, opened_by="test", opened_at=moment(4),
        )  # fmt: skip
    assert value(run, "fields_typed", FRIDAY) == {"A": (2, 1), "B": (3 + 4, 1)}
    assert value(run, "fields_typed", date(2026, 3, 20)) == {}
    rows = BY_ID["campaigns.fields_typed"].rows(_ask(run, FRIDAY), [run.register["B"]])
    assert sorted((line[1], line[3]) for line in rows.lines) == [("村情", 3), ("欠款", 4)]
