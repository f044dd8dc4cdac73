"""Meetings as counts, decisions as tasks."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World
from heli.audit.services import writing
from heli.campaigns.abouts import about_of
from heli.campaigns.registry import subject_of
from heli.campaigns.testing.matters import DAY, bare_campaign
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.meetings import services as service
from heli.meetings.gates import rehearsed
from heli.meetings.models import Decision, Meeting
from heli.problems.testing import team_key

END = date(2026, 3, 13)


def held(world: World, **more: Any) -> Meeting:
    given: dict[str, Any] = {
        "kind": "training", "title": "业务培训", "held_on": DAY, "attendance": {"cadres": 175, "staff": 0},
        "place_id": world.a.town.pk,
        **more,
    }  # fmt: skip
    campaign = given.pop("campaign", None) or bare_campaign(world.a)
    return service.record_meeting(actor=world.a.actor("town_officer"), about=about_of(campaign), on=DAY, **given)


def test_a_meeting_keeps_counts_and_no_names(world: World) -> None:
    meeting = held(world)
    assert list(meeting.attendance.values_list("kind", "present")) == [("cadres", 175)]


def test_a_meeting_that_has_not_been_held_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        held(world, held_on=date(2026, 3, 3), kind="party", title="", attendance={"neighbours": 3}, sittings=0)
    assert [p.code for p in refused.value.faults] == [
        "kind_unknown", "title_empty", "day_in_future", "number_outside", "attendance_wrong",
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
    assert refused.value.faults[0].code == "same_person"
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
    assert [p.code for p in refused.value.faults] == ["text_empty", "due_before_meeting"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"text": ""}, "decision_says_what"),
        ({"owner_body_id": None}, "decision_one_owner"),
        ({"checked_on": END}, "decision_checked_when_done"),
        ({"status": "done"}, "decision_done_on_a_day"),
        ({"status": "late"}, "decision_status_known"),
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
    alone = {"status": "checked", "done_by_id": user, "done_on": END, "checked_by_id": user, "checked_on": END}
    second = "decision_checked_by_a_second_person"
    with pytest.raises(IntegrityError, match=second), transaction.atomic(), writing(SYSTEM, "campaigns.meetings"):
        Decision.objects.filter(pk=decision.pk).update(**alone)
