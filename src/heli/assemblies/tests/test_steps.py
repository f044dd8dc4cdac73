"""The four steps 四议两公开: none before its turn, two in one meeting only under one leader, supervised with three committees."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World, build_world
from heli.assemblies.models import FourSteps
from heli.assemblies.rules.steps import missing_before, step_of, too_early
from heli.assemblies.services.sittings import record_sitting, withdraw_sitting
from heli.assemblies.services.steps import hold_meeting, link_notice, supervise
from heli.assemblies.testing.sittings import counts, meeting_held, resolved_steps, steps_in
from heli.audit.services import writing
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import campaign_of
from heli.consultation.testing import notice_of
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.meetings.models import Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def codes(refused: Any) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def linked(world: World, row: FourSteps, step: str = "decision_notice") -> FourSteps:
    actor, notice = world.a.actor("town_officer"), notice_of(world.a)
    about = about_of(campaign_of(world.a))
    return link_notice(actor=actor, about=about, steps=row, step=step, notice_id=notice.public_id)


def test_steps_follow_each_other_in_days_and_in_order() -> None:
    done = {"proposed": date(2026, 3, 1), "discussed": date(2026, 3, 5)}
    assert missing_before("resolved", done) == ["reviewed"]
    assert too_early("reviewed", date(2026, 3, 4), done) == date(2026, 3, 5)
    assert too_early("reviewed", date(2026, 3, 5), done) is None
    assert [step_of(body) for body in ("party_members", "villagers_congress", "coop_members")] == [
        "reviewed",
        "resolved",
        "",
    ]


def test_two_steps_are_one_meeting_only_under_one_leader(world: World) -> None:
    actor, both = world.a.actor("village_cadre"), ["proposed", "discussed"]
    with pytest.raises(Refused) as refused:
        hold_meeting(actor=actor, steps=steps_in(world.a), **meeting_held(world.a, taken=both))
    assert codes(refused) == ["two_meetings"]
    row = steps_in(world.a, is_one_shoulder=True, variant="three")
    row = hold_meeting(actor=actor, steps=row, **meeting_held(world.a, taken=both))
    assert row.proposed_id is not None
    assert row.proposed_id == row.discussed_id
    assert Meeting.objects.get(pk=row.proposed_id).kind == "joint"
    with pytest.raises(Refused) as refused:
        hold_meeting(actor=actor, steps=row, **meeting_held(world.a))
    assert codes(refused) == ["step_taken"]


def test_nothing_is_discussed_before_it_was_proposed_nor_decided_before_it_was_reviewed(world: World) -> None:
    actor, row = world.a.actor("village_cadre"), steps_in(world.a)
    with pytest.raises(Refused) as refused:
        hold_meeting(actor=actor, steps=row, **meeting_held(world.a, taken=["discussed"]))
    assert codes(refused) == ["step_missing"]
    given: dict[str, Any] = {"about": about_of(campaign_of(world.a)), "place_id": row.place_id, "steps": row, "on": DAY}
    with pytest.raises(Refused) as refused:
        record_sitting(actor=actor, values=counts(), **given)
    assert codes(refused) == ["step_missing"]
    with pytest.raises(Refused) as refused:
        record_sitting(actor=actor, values=counts("coop_members", "", matter="merge_coop"), **given)
    assert codes(refused) == ["no_step"]


def test_a_sitting_that_did_not_pass_is_no_step_taken(world: World) -> None:
    actor, row = world.a.actor("district_officer"), resolved_steps(world.a)
    assert row.resolved is not None
    withdraw_sitting(actor=actor, sitting=row.resolved, reason="抄错", on=DAY)
    row.refresh_from_db()
    assert row.resolved_id is None
    given: dict[str, Any] = {"about": about_of(campaign_of(world.a)), "place_id": row.place_id, "steps": row, "on": DAY}
    assert record_sitting(actor=actor, values=counts(votes_for=100), **given).status == "failed"
    row.refresh_from_db()
    assert row.resolved_id is None


def test_what_later_steps_rest_on_is_not_withdrawn(world: World) -> None:
    row = resolved_steps(world.a)
    assert row.reviewed is not None
    with pytest.raises(Refused) as refused:
        withdraw_sitting(actor=SYSTEM, sitting=row.reviewed, reason="抄错", on=DAY)
    assert codes(refused) == ["steps_after"]


def test_the_result_is_published_after_the_decision_and_under_supervision_where_three_committees_sit(
    world: World,
) -> None:
    row = resolved_steps(world.a, variant="three")
    with pytest.raises(Refused) as refused:
        linked(world, row, "result_notice")
    assert codes(refused) == ["step_missing"]
    linked(world, row)
    with pytest.raises(Refused) as refused:
        linked(world, row, "result_notice")
    assert codes(refused) == ["unsupervised"]
    supervise(actor=world.a.actor("village_cadre"), steps=row, supervision="全程到场，票箱两次查验")
    row.refresh_from_db()
    assert (row.decision_notice_id, row.supervision) == (notice_of(world.a).pk, "全程到场，票箱两次查验")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"title": ""}, "four_steps_say_what"),
        ({"reviewed": None}, "four_steps_in_order"),
        ({"is_one_shoulder": False}, "four_steps_one_meeting_under_one"),
    ],
)
def test_the_database_refuses_steps_out_of_turn(world: World, change: dict[str, Any], name: str) -> None:
    row = resolved_steps(world.a)
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "assemblies.keep"):
        FourSteps.objects.filter(pk=row.pk).update(**change)


def test_the_database_refuses_a_result_without_supervision(world: World) -> None:
    row, notice = resolved_steps(world.a, variant="three"), notice_of(world.a)
    other = {"decision_notice": notice, "result_notice": notice}
    broken = pytest.raises(IntegrityError, match="four_steps_supervised")
    with broken, transaction.atomic(), writing(SYSTEM, "assemblies.keep"):
        FourSteps.objects.filter(pk=row.pk).update(**other)
