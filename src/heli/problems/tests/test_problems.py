"""The problem ledger: entered, led, claimed, closed by a second person, reopened with its history."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.audit.services import writing
from heli.bodies import queries as bodies
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matter_pages import EDITORS
from heli.campaigns.testing.matters import bare_campaign
from heli.campaigns.testing.runs import campaign_of
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Forbidden, Refused
from heli.kernel.workdays import calendar
from heli.problems.ledger import PROBLEMS, proposes
from heli.problems.models import Problem, ProblemState
from heli.problems.testing import draft, enter, move, problem_in_hand, team_key
from heli.records.abouts import About
from heli.records.ledgers import Move
from heli.records.queries import events_of, evidence_of
from heli.records.testing import DAY, LedgerSuite, codes

LATER = date(2026, 3, 25)
JUDGES = ("district_officer", "town_officer")


class TestProblems(LedgerSuite):
    ledger, enterers, movers = PROBLEMS, EDITORS, {"close": JUDGES, "return": JUDGES, "reopen": JUDGES}

    def about(self, half: Any) -> About:
        """Problems of the half's campaign."""
        return about_of(campaign_of(half))


def test_a_problem_without_a_leader_is_open_and_with_one_in_hand(world: World) -> None:
    campaign = bare_campaign(world.a)
    (first,) = enter(world.a, campaign, draft(world.a))
    second = problem_in_hand(world.a, campaign)
    assert (first.number, first.status, first.town_id) == (1, ProblemState.OPEN, world.a.town.pk)
    assert (second.number, second.status) == (2, ProblemState.IN_HAND)


def test_who_claimed_a_problem_done_cannot_close_it_and_another_can(world: World) -> None:
    problem = problem_in_hand(world.a, bare_campaign(world.a))
    claimed = move(world.a, "town_officer", problem, "claim", note="对账单已签字", on=LATER)
    with pytest.raises(Refused) as refused:
        move(world.a, "town_officer", claimed, "close", on=LATER)
    assert codes(refused) == {"same_person"}
    closed = move(world.a, "district_officer", claimed, "close", on=LATER)
    assert (closed.status, closed.closed_on) == (ProblemState.CLOSED, LATER)
    assert evidence_of(PROBLEMS, closed).count() == 1


def test_reopening_says_why_and_keeps_the_history(world: World) -> None:
    problem = problem_in_hand(world.a, bare_campaign(world.a))
    closed = move(world.a, "district_officer", move(world.a, "town_officer", problem, "claim", note="done"), "close")
    due = {"due_on": date(2026, 4, 9)}
    for wrong in (
        {"reason": " ", "values": due},
        {"reason": "又有一笔"},
        {"reason": "旧", "values": {"due_on": date(2026, 3, 1)}},
    ):
        with pytest.raises(Refused):
            move(world.a, "district_officer", closed, "reopen", **wrong)
    again = move(world.a, "district_officer", closed, "reopen", reason="又有一笔", values=due)
    assert (again.status, again.due_on, again.closed_on) == (ProblemState.IN_HAND, date(2026, 4, 9), None)
    told = list(events_of(PROBLEMS, again).values_list("did", flat=True))
    assert told == ["opened", "claimed", "closed", "reopened"]
    assert evidence_of(PROBLEMS, again).count() == 1


def test_a_claim_without_evidence_and_a_return_without_a_reason_are_refused(world: World) -> None:
    problem = problem_in_hand(world.a, bare_campaign(world.a))
    with pytest.raises(Refused) as refused:
        move(world.a, "town_officer", problem, "claim")
    assert codes(refused) == {"evidence_missing"}
    claimed = move(world.a, "town_officer", problem, "claim", note="done")
    with pytest.raises(Refused):
        move(world.a, "district_officer", claimed, "return", reason="")
    back = move(world.a, "district_officer", claimed, "return", reason="缺票据")
    assert (back.status, back.claimed_on) == (ProblemState.IN_HAND, None)


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_entered(world: World) -> None:
    wrong: dict[str, Any] = {
        "place": world.b.village.pk, "kind": "persons", "title": "", "leader": "body:nobody", "found_on": date(2027, 1, 1),
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        enter(world.a, bare_campaign(world.a), draft(world.a, **wrong), role="district_officer")
    assert codes(refused) == {
        "place_outside", "kind_unknown", "title_empty", "day_in_future", "leader_unknown", "due_missing",
    }  # fmt: skip
    assert not Problem.objects.exists()


def test_a_list_is_entered_whole_or_not_at_all(world: World) -> None:
    campaign = bare_campaign(world.a)
    drafts = [draft(world.a, "row 2"), draft(world.a, "row 3", kind="nonsense")]
    with pytest.raises(Refused) as refused:
        enter(world.a, campaign, *drafts)
    assert [problem.source for problem in refused.value.faults] == ["row 3"]
    made = enter(world.a, campaign, *drafts[:1] * 113)
    assert [problem.number for problem in made] == list(range(1, 114))


def test_a_town_officer_enters_nothing_in_another_town_and_a_cadre_nothing_at_all(world: World) -> None:
    campaign = bare_campaign(world.a)
    own, elsewhere = draft(world.a), draft(world.a, place=world.a.other_village.pk)
    # In a list too, where the district as a whole is asked about: each place by itself.
    refused = (
        ("town_officer", [elsewhere]), ("village_cadre", [own]), ("town_officer", [own, elsewhere]),
        ("village_cadre", [own, own]),
    )  # fmt: skip
    for role, drafts in refused:
        with pytest.raises(Forbidden):
            enter(world.a, campaign, *drafts, role=role)
    assert not Problem.objects.exists()
    assert len(enter(world.a, campaign, own, own)) == 2


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
    problem = problem_in_hand(world.a, bare_campaign(world.a))
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "problems.test"):
        Problem.objects.filter(pk=problem.pk).update(**change)


def test_the_database_refuses_one_person_for_both_steps_two_leaders_and_a_number_twice(world: World) -> None:
    campaign = bare_campaign(world.a)
    problem, other = problem_in_hand(world.a, campaign), problem_in_hand(world.a, campaign)
    user = world.a.users["town_officer"].pk
    both = {"claimed_by_id": user, "claimed_on": DAY, "closed_by_id": user, "closed_on": DAY, "status": "closed"}
    person = next(one.id for one in bodies.holders_in(world.a.district.pk, DAY) if one.is_person)
    wrong: list[tuple[dict[str, Any], str]] = [
        (both, "problem_closed_by_a_second_person"),
        ({"leader_person_id": person}, "problem_one_leader"),
        ({"number": other.number}, "problem_numbered_once|number"),
    ]
    for change, name in wrong:
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "problems.test"):
            Problem.objects.filter(pk=problem.pk).update(**change)


def test_the_work_group_leads(world: World) -> None:
    problem = problem_in_hand(world.a, bare_campaign(world.a))
    asked = {"leader": team_key(world.a), "due_on": date(2026, 4, 1), "measures": "对账"}
    changed = move(world.a, "town_officer", problem, "change", values=asked, on=DAY)
    assert (changed.due_on, changed.measures) == (date(2026, 4, 1), "对账")
    with pytest.raises(Refused):
        move(world.a, "town_officer", problem, "change", values={"leader": "", "due_on": date(2026, 4, 1)}, on=DAY)


def test_a_leader_without_a_day_is_proposed_the_working_days_of_the_kind() -> None:
    values = {"kind": "debts", "found_on": DAY, "leader": "body:x", "due_on": None}
    assert proposes(values) == {"due_on": calendar().add(DAY, 20)}
    assert proposes(values | {"leader": ""}) == proposes(values | {"due_on": LATER}) == {}


@given(st.lists(st.sampled_from(PROBLEMS.moves), max_size=12))
def test_a_problem_is_closed_only_after_somebody_claimed_it(moves: list[Move]) -> None:
    status, claimed = PROBLEMS.first, False
    for step in moves:
        if status not in step.sources:
            continue
        assert step.to is not ProblemState.CLOSED or claimed
        status = step.to or status
        claimed = step.name == "claim"
