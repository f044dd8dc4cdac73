"""The problem ledger: entered, led, claimed, closed by a second person, reopened with its history."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.audit.services import writing
from heli.campaigns.testing.matters import DAY, bare_campaign
from heli.kernel.access import SYSTEM
from heli.kernel.problems import Forbidden, Refused
from heli.problems import services as service
from heli.problems.models import Issue, IssueEvent
from heli.problems.rules import AGES, MOVES, age_class, can_do, days_late
from heli.problems.testing import issue_in_hand, spec, team_key
from heli.problems.types import IssueDid, IssueStatus

LATER = date(2026, 3, 25)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refused.value.problems}


def test_a_problem_without_a_leader_is_open_and_with_one_in_hand(world: World) -> None:
    campaign = bare_campaign(world.a)
    officer = world.a.actor("town_officer")
    first = service.add_issue(actor=officer, campaign=campaign, spec=spec(world.a), on=DAY)
    second = issue_in_hand(world.a, campaign)
    assert (first.number, first.status, first.town_id) == (1, IssueStatus.OPEN, world.a.town.pk)
    assert (second.number, second.status) == (2, IssueStatus.IN_HAND)


def test_who_claimed_a_problem_done_cannot_close_it_and_another_can(world: World) -> None:
    issue = issue_in_hand(world.a, bare_campaign(world.a))
    officer, district = world.a.actor("town_officer"), world.a.actor("district_officer")
    claimed = service.claim_done(actor=officer, issue=issue, note="对账单已签字", on=LATER)
    with pytest.raises(Refused) as refused:
        service.close_issue(actor=officer, issue=claimed, on=LATER)
    assert codes(refused) == {"same_person"}
    closed = service.close_issue(actor=district, issue=claimed, on=LATER)
    assert (closed.status, closed.closed_on, closed.evidence.count()) == (IssueStatus.CLOSED, LATER, 1)


def test_reopening_says_why_and_keeps_the_history(world: World) -> None:
    issue = issue_in_hand(world.a, bare_campaign(world.a))
    officer, district = world.a.actor("town_officer"), world.a.actor("district_officer")
    closed = service.close_issue(
        actor=district, issue=service.claim_done(actor=officer, issue=issue, note="done", on=LATER)
    )
    with pytest.raises(Refused):
        service.reopen_issue(actor=district, issue=closed, reason=" ", due_on=date(2026, 4, 9))
    again = service.reopen_issue(actor=district, issue=closed, reason="又有一笔", due_on=date(2026, 4, 9))
    assert (again.status, again.due_on, again.closed_on) == (IssueStatus.IN_HAND, date(2026, 4, 9), None)
    assert list(again.events.values_list("did", flat=True)) == ["opened", "claimed", "closed", "reopened"]
    assert again.evidence.count() == 1


def test_a_claim_without_evidence_and_a_return_without_a_reason_are_refused(world: World) -> None:
    issue = issue_in_hand(world.a, bare_campaign(world.a))
    with pytest.raises(Refused) as refused:
        service.claim_done(actor=world.a.actor("town_officer"), issue=issue)
    assert codes(refused) == {"evidence_missing"}
    claimed = service.claim_done(actor=world.a.actor("town_officer"), issue=issue, note="done")
    with pytest.raises(Refused):
        service.return_issue(actor=world.a.actor("district_officer"), issue=claimed, reason="")
    back = service.return_issue(actor=world.a.actor("district_officer"), issue=claimed, reason="缺票据")
    assert (back.status, back.claimed_on) == (IssueStatus.IN_HAND, None)


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_entered(world: World) -> None:
    campaign = bare_campaign(world.a)
    wrong = spec(
        world.a, place_id=world.b.village.pk, kind="persons", title="", leader="body:nobody", found_on=date(2027, 1, 1)
    )
    with pytest.raises(Refused) as refused:
        service.add_issue(actor=world.a.actor("district_officer"), campaign=campaign, spec=wrong, on=DAY)
    assert codes(refused) == {
        "place_outside", "kind_unknown", "title_empty", "day_in_future", "leader_unknown", "due_missing",
    }  # fmt: skip
    assert not Issue.objects.exists()


def test_a_list_is_entered_whole_or_not_at_all(world: World) -> None:
    campaign = bare_campaign(world.a)
    specs = [spec(world.a, row="row 2"), spec(world.a, kind="nonsense", row="row 3")]
    with pytest.raises(Refused) as refused:
        service.add_issues(actor=world.a.actor("district_officer"), campaign=campaign, specs=specs, on=DAY)
    assert [problem.source for problem in refused.value.problems] == ["row 3"]
    made = service.add_issues(actor=world.a.actor("district_officer"), campaign=campaign, specs=specs[:1] * 113, on=DAY)
    assert [issue.number for issue in made] == list(range(1, 114))


def test_a_town_officer_enters_nothing_in_another_town_and_a_cadre_nothing_at_all(world: World) -> None:
    campaign = bare_campaign(world.a)
    elsewhere = spec(world.a, place_id=world.a.other_village.pk)
    with pytest.raises(Forbidden):
        service.add_issue(actor=world.a.actor("town_officer"), campaign=campaign, spec=elsewhere, on=DAY)
    with pytest.raises(Forbidden):
        service.add_issue(actor=world.a.actor("village_cadre"), campaign=campaign, spec=spec(world.a), on=DAY)
    # In a list too, where the district as a whole is asked about: each place by itself.
    for role, specs in (("town_officer", [spec(world.a), elsewhere]), ("village_cadre", [spec(world.a)] * 2)):
        with pytest.raises(Forbidden):
            service.add_issues(actor=world.a.actor(role), campaign=campaign, specs=specs, on=DAY)
    assert not Issue.objects.exists()
    assert (
        len(service.add_issues(actor=world.a.actor("town_officer"), campaign=campaign, specs=[spec(world.a)] * 2)) == 2
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"status": "gone"}, "problem_status_known"),
        ({"source": "gossip"}, "problem_source_known"),
        ({"title": ""}, "problem_has_title_and_kind"),
        ({"due_on": None}, "problem_in_hand_is_led"),
        ({"leader_body_id": None}, "problem_in_hand_is_led"),
        ({"status": "claimed"}, "problem_claimed_on_a_day"),
        ({"status": "closed", "claimed_on": DAY}, "problem_closed_on_a_day"),
    ],
)
def test_the_database_itself_refuses(world: World, change: dict[str, Any], name: str) -> None:
    issue = issue_in_hand(world.a, bare_campaign(world.a))
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "campaigns.problems"):
        Issue.objects.filter(pk=issue.pk).update(**change)


def test_the_database_refuses_one_person_for_both_steps_two_leaders_and_a_number_twice(world: World) -> None:
    campaign = bare_campaign(world.a)
    issue, other = issue_in_hand(world.a, campaign), issue_in_hand(world.a, campaign)
    user = world.a.users["town_officer"].pk
    alone: dict[str, Any] = {
        "claimed_by_id": user,
        "claimed_on": DAY,
        "closed_by_id": user,
        "closed_on": DAY,
        "status": "closed",
    }
    wrong: list[tuple[dict[str, Any], str]] = [
        (alone, "problem_closed_by_a_second_person"),
        ({"leader_person_id": _person(world)}, "problem_one_leader"),
    ]
    for change, name in wrong:
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "campaigns.problems"):
            Issue.objects.filter(pk=issue.pk).update(**change)
    twice = "problem_numbered_once" if connection.vendor == "postgresql" else "number"
    with pytest.raises(IntegrityError, match=twice), transaction.atomic(), writing(SYSTEM, "campaigns.problems"):
        Issue.objects.filter(pk=other.pk).update(number=issue.number)


def _person(world: World) -> int:
    from heli.bodies import queries as bodies

    return next(h.id for h in bodies.holders_in(world.a.district.pk, DAY) if h.is_person)


def test_history_and_evidence_are_never_changed(world: World) -> None:
    issue = issue_in_hand(world.a, bare_campaign(world.a))
    service.claim_done(actor=world.a.actor("town_officer"), issue=issue, note="done")
    for rows, change in (
        (IssueEvent.objects.filter(issue=issue), {"reason": "x"}),
        (issue.evidence.all(), {"note": "x"}),
    ):
        with pytest.raises(Exception, match="AppendOnly"), transaction.atomic(), writing(SYSTEM, "campaigns.problems"):
            rows.update(**change)


@given(st.lists(st.sampled_from(list(MOVES)), max_size=12))
def test_a_problem_is_closed_only_after_somebody_claimed_it(acts: list[IssueDid]) -> None:
    status, claimed = IssueStatus.OPEN, False
    for did in acts:
        if not can_do(did, status):
            continue
        assert did is not IssueDid.CLOSED or claimed
        status = MOVES[did][1]
        claimed = did is IssueDid.CLAIMED
    assert status in IssueStatus


@given(st.integers(0, 10_000))
def test_every_age_has_one_class(days: int) -> None:
    assert age_class(days) in {name for name, _last in AGES}


def test_lateness_stops_at_the_close() -> None:
    assert days_late(DAY, date(2026, 3, 5), date(2027, 1, 1)) == 3
    assert days_late(DAY, None, date(2026, 3, 1)) == 0
    assert days_late(None, None, DAY) == 0


def test_the_work_group_leads(world: World) -> None:
    issue = issue_in_hand(world.a, bare_campaign(world.a))
    officer = world.a.actor("town_officer")
    changed = service.take_in_hand(
        actor=officer, issue=issue, leader=team_key(world.a), due_on=date(2026, 4, 1), measures="对账", on=DAY
    )
    assert (changed.due_on, changed.measures) == (date(2026, 4, 1), "对账")
    with pytest.raises(Refused):
        service.take_in_hand(actor=officer, issue=issue, leader="", due_on=date(2026, 4, 1), on=DAY)
