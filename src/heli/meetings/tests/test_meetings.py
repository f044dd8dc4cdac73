"""Meetings as counts, decisions as tasks, rounds that cover every place, findings that become problems."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World
from heli.audit.services import writing
from heli.campaigns.registry import subject_of
from heli.campaigns.testing.matters import DAY, bare_campaign
from heli.kernel.access import SYSTEM
from heli.kernel.problems import Forbidden, Refused
from heli.meetings import services as service
from heli.meetings.gates import rehearsed
from heli.meetings.models import Decision, Meeting
from heli.problems.testing import team_key
from heli.problems.types import IssueSource, IssueStatus
from heli.rounds import services as rounds
from heli.rounds.models import Finding, InspectionRound

END = date(2026, 3, 13)


def held(world: World, **more: Any) -> Meeting:
    given: dict[str, Any] = {
        "kind": "training", "title": "业务培训", "held_on": DAY, "attendance": {"cadres": 175, "staff": 0},
        "place_id": world.a.town.pk,
        **more,
    }  # fmt: skip
    campaign = given.pop("campaign", None) or bare_campaign(world.a)
    return service.record_meeting(actor=world.a.actor("town_officer"), campaign=campaign, on=DAY, **given)


def test_a_meeting_keeps_counts_and_no_names(world: World) -> None:
    meeting = held(world)
    assert list(meeting.attendance.values_list("kind", "present")) == [("cadres", 175)]


def test_a_meeting_that_has_not_been_held_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        held(world, held_on=date(2026, 3, 3), kind="party", title="", attendance={"neighbours": 3}, sittings=0)
    assert [p.code for p in refused.value.problems] == [
        "kind_unknown", "title_empty", "count_outside", "attendance_wrong", "day_in_future",
    ]  # fmt: skip


def test_three_rehearsals_open_the_gate(world: World) -> None:
    campaign = bare_campaign(world.a)
    ask: dict[str, Any] = {"subject": subject_of(campaign, world.a.village.pk), "on": DAY}
    held(world, campaign=campaign, kind="sand_table", sittings=2)
    assert [p.code for p in rehearsed(**ask)] == ["rehearsals_missing"]
    held(world, campaign=campaign, kind="drill", place_id=world.a.village.pk)
    assert not list(rehearsed(**ask))
    assert [p.code for p in rehearsed(subject=subject_of(campaign, world.a.other_village.pk), on=DAY)] == [
        "rehearsals_missing"
    ]


def test_a_decision_is_done_when_a_second_person_has_looked(world: World) -> None:
    officer, district = world.a.actor("town_officer"), world.a.actor("district_officer")
    decision = service.add_decision(
        actor=officer, meeting=held(world), text="三日内核清债务", owner=team_key(world.a), due_on=END, on=DAY
    )
    with pytest.raises(Refused):
        service.check_decision(actor=district, decision=decision, on=DAY)
    done = service.report_done(actor=officer, decision=decision, result="已核清", on=END)
    with pytest.raises(Refused) as refused:
        service.check_decision(actor=officer, decision=done, on=END)
    assert refused.value.problems[0].code == "same_person"
    assert service.check_decision(actor=district, decision=done, on=END).checked_on == END
    with pytest.raises(Refused):
        service.report_done(actor=officer, decision=done, result="又改", on=END)


def test_a_decision_needs_words_an_owner_and_a_day(world: World) -> None:
    meeting = held(world)
    with pytest.raises(Refused) as refused:
        service.add_decision(
            actor=world.a.actor("town_officer"),
            meeting=meeting,
            text="",
            owner=team_key(world.a),
            due_on=date(2026, 3, 1),
        )
    assert [p.code for p in refused.value.problems] == ["decision_empty", "due_before_meeting"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"text": ""}, "decision_says_what"),
        ({"owner_body_id": None}, "decision_one_owner"),
        ({"checked_on": END}, "decision_checked_when_done"),
    ],
)
def test_the_database_refuses_half_a_decision(world: World, change: dict[str, Any], name: str) -> None:
    decision = service.add_decision(
        actor=world.a.actor("town_officer"),
        meeting=held(world),
        text="核清",
        owner=team_key(world.a),
        due_on=END,
        on=DAY,
    )
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "campaigns.meetings"):
        Decision.objects.filter(pk=decision.pk).update(**change)
    user = world.a.users["town_officer"].pk
    alone = {"done_by_id": user, "done_on": END, "checked_by_id": user, "checked_on": END}
    second = "decision_checked_by_a_second_person"
    with pytest.raises(IntegrityError, match=second), transaction.atomic(), writing(SYSTEM, "campaigns.meetings"):
        Decision.objects.filter(pk=decision.pk).update(**alone)


# -- rounds ------------------------------------------------------------------------------------------------------------


def opened(world: World) -> InspectionRound:
    return rounds.open_round(
        actor=world.a.actor("district_officer"),
        campaign=bare_campaign(world.a),
        first_on=DAY,
        last_on=END,
        subject="程序",
    )


def test_a_visit_is_recorded_once_and_its_finding_becomes_a_problem_once(world: World) -> None:
    round_, officer = opened(world), world.a.actor("town_officer")
    found = rounds.FindingSpec("procedure", "公示张贴未留照片")
    given: dict[str, Any] = {
        "actor": officer,
        "round": round_,
        "team": team_key(world.a),
        "place_ids": [world.a.village.pk],
        "visited_on": DAY,
        "on": DAY,
    }
    (visit,) = rounds.record_visits(**given, findings=[found])
    assert rounds.record_visits(**given) == [visit]
    finding = Finding.objects.get()
    issue = rounds.to_problem(actor=officer, finding=finding, on=DAY)
    assert (issue.source, issue.status, issue.title) == (IssueSource.INSPECTION, IssueStatus.OPEN, "公示张贴未留照片")
    finding.refresh_from_db()
    assert finding.issue_id == issue.pk
    with pytest.raises(Refused) as refused:
        rounds.to_problem(actor=officer, finding=finding, on=DAY)
    assert refused.value.problems[0].code == "finding_entered"


def test_visits_lie_within_the_round_and_go_to_a_team(world: World) -> None:
    round_ = opened(world)
    given: dict[str, Any] = {
        "actor": world.a.actor("district_officer"),
        "round": round_,
        "place_ids": [world.a.village.pk, world.a.other_village.pk],
    }
    with pytest.raises(Refused) as refused:
        rounds.record_visits(
            **given,
            team=team_key(world.a),
            visited_on=date(2026, 3, 20),
            findings=[rounds.FindingSpec("x", "")],
            on=date(2026, 3, 20),
        )
    assert [p.code for p in refused.value.problems] == [
        "outside_round",
        "findings_of_one",
        "kind_unknown",
        "finding_empty",
    ]
    assert len(rounds.record_visits(**given, team=team_key(world.a), visited_on=DAY, on=DAY)) == 2


def test_a_town_officer_records_no_visit_of_another_town(world: World) -> None:
    with pytest.raises(Forbidden):
        rounds.record_visits(
            actor=world.a.actor("town_officer"), round=opened(world), team=team_key(world.a),
            place_ids=[world.a.other_village.pk], visited_on=DAY, on=DAY,
        )  # fmt: skip


def test_a_round_runs_forward(world: World) -> None:
    with pytest.raises(Refused):
        rounds.open_round(
            actor=world.a.actor("district_officer"), campaign=bare_campaign(world.a), first_on=END, last_on=DAY
        )
    with (
        pytest.raises(IntegrityError, match="inspection_round_runs_forward"),
        transaction.atomic(),
        writing(SYSTEM, "x.y"),
    ):
        InspectionRound.objects.filter(pk=opened_pk(world)).update(last_on=date(2020, 1, 1))


def opened_pk(world: World) -> int:
    campaign = bare_campaign(world.a, "另一项")
    return rounds.open_round(actor=world.a.actor("district_officer"), campaign=campaign, first_on=DAY, last_on=END).pk
