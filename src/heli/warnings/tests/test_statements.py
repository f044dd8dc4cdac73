"""Contested reds, demanded statements, proposals for the record: who may, who may not, and what the database refuses."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from heli.accounts.testing import World
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Forbidden, Refused
from heli.notices.queries import inbox
from heli.places.services import record_facts
from heli.places.types import FactSpec
from heli.records.services import FormFile
from heli.warnings.models import AppraisalProposal, FrozenColour, Statement
from heli.warnings.queries.key_villages import key_rules, key_villages, suggestions
from heli.warnings.queries.weeks import (
    find_contest,
    find_statement,
    statements_of,
    strip_of,
    visible_places,
    week_table,
    weeks_of,
)
from heli.warnings.rules.key_villages import Reason, compute_points, compute_reasons, tier_of
from heli.warnings.services.key_villages import confirm_key_village, end_key_village, propose_key_village
from heli.warnings.services.statements import (
    acknowledge_statement,
    contest_red,
    decide_contest,
    decide_proposal,
    give_statement,
)
from heli.warnings.services.weeks import freeze_due
from heli.warnings.testing import MONDAY, DrawnCampaign, ends, red_town
from heli.warnings.types import ProposalStatus, StatementStatus, Tier

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(world: World) -> DrawnCampaign:
    return red_town(world.a)


def second(world: World) -> Actor:
    """Another officer of the district."""
    return Actor(world.b.users["district_officer"].pk, "second", world.a.actor("district_officer").grants)


def codes(refused: Any) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def statement(run: DrawnCampaign) -> Statement:
    return Statement.objects.get(campaign=run.campaign)


# --- contests ----------------------------------------------------------------------------------------------------------


def test_an_upheld_contest_leaves_the_frozen_colour_and_takes_the_red_out_of_the_streak(
    world: World, run: DrawnCampaign
) -> None:
    freeze_due(actor=SYSTEM, at=ends(4))
    week, town = weeks_of(run.campaign)[0], world.a.town
    before = list(FrozenColour.objects.filter(week=week).values_list())
    contest = contest_red(
        actor=world.a.actor("town_officer"),
        week=week,
        town_id=town.pk,
        text="材料已于周三送达",
        upload=FormFile("说明.txt", [b"proof"]),
        at=ends(4) + timedelta(hours=1),
    )
    assert contest.file is not None
    assert find_contest(run.campaign, contest.public_id, None) == contest
    assert statement(run).status == StatementStatus.DEMANDED
    decide_contest(
        actor=world.a.actor("district_officer"),
        contest=contest,
        uphold=True,
        reason="属实",
        at=ends(4) + timedelta(hours=2),
    )
    assert list(FrozenColour.objects.filter(week=week).values_list()) == before
    assert statement(run).status == StatementStatus.WITHDRAWN
    assert AppraisalProposal.objects.get().status == ProposalStatus.LAPSED
    row = next(row for row in strip_of(run.campaign, None, MONDAY) if row.place == town.pk)
    assert [cell.is_upheld for cell in row.cells] == [False, False, False, True]
    # Weeks 3 and 5 do not follow each other in red; 5 and 6 do.
    freeze_due(actor=SYSTEM, at=ends(5))
    assert Statement.objects.exclude(status=StatementStatus.WITHDRAWN).count() == 0
    freeze_due(actor=SYSTEM, at=ends(6))
    standing = Statement.objects.exclude(status=StatementStatus.WITHDRAWN).get()
    assert (standing.first_week.number, standing.last_week.number) == (5, 6)


def test_a_rejected_contest_changes_nothing_and_the_red_may_be_contested_again(
    world: World, run: DrawnCampaign
) -> None:
    week, officer = weeks_of(run.campaign)[0], world.a.actor("town_officer")
    contest = contest_red(actor=officer, week=week, town_id=world.a.town.pk, text="不服")
    with pytest.raises(Refused) as refused:
        contest_red(actor=officer, week=week, town_id=world.a.town.pk, text="再次")
    assert codes(refused) == ["contested_already"]
    decide_contest(actor=world.a.actor("district_officer"), contest=contest, uphold=False, reason="证据不足")
    again = contest_red(actor=officer, week=week, town_id=world.a.town.pk, text="补充证据")
    row = next(row for row in week_table(week, None) if row.place == world.a.town.pk)
    assert row.contest == again


def test_only_a_red_of_the_own_town_can_be_contested_and_with_a_reason(world: World, run: DrawnCampaign) -> None:
    week = weeks_of(run.campaign)[0]
    officer = world.a.actor("town_officer")
    with pytest.raises(Refused) as refused:
        contest_red(actor=officer, week=weeks_of(run.campaign)[-1], town_id=world.a.town.pk, text=" ")
    assert codes(refused) == ["text_missing", "not_red"]
    with pytest.raises(Refused) as refused:
        contest_red(actor=officer, week=week, town_id=world.a.town.pk, text="字" * 4_001)
    assert codes(refused) == ["text_long"]
    for stranger in (world.a.actor("village_cadre"), world.b.actor("town_officer"), world.a.actor("auditor")):
        with pytest.raises(Forbidden):
            contest_red(actor=stranger, week=week, town_id=world.a.town.pk, text="不服")
    with pytest.raises(Refused) as refused:
        contest_red(actor=SYSTEM, week=week, town_id=world.a.town.pk, text="不服")
    assert codes(refused) == ["no_person"]


def test_a_contest_is_decided_once_by_a_second_person_of_the_district_with_a_reason(
    world: World, run: DrawnCampaign
) -> None:
    chief = world.a.actor("district_officer")
    contest = contest_red(actor=chief, week=weeks_of(run.campaign)[0], town_id=world.a.town.pk, text="不服")
    with pytest.raises(Refused) as refused:
        decide_contest(actor=chief, contest=contest, uphold=True, reason=" ")
    assert codes(refused) == ["text_missing", "own_contest"]
    with pytest.raises(Forbidden):
        decide_contest(actor=world.a.actor("town_officer"), contest=contest, uphold=True, reason="同意")
    decide_contest(actor=second(world), contest=contest, uphold=True, reason="同意")
    with pytest.raises(Refused) as refused:
        decide_contest(actor=second(world), contest=contest, uphold=False, reason="改")
    assert codes(refused) == ["decided"]


# --- statements --------------------------------------------------------------------------------------------------------


def test_a_statement_is_given_by_the_town_and_taken_note_of_by_somebody_else(world: World, run: DrawnCampaign) -> None:
    freeze_due(actor=SYSTEM, at=ends(4))
    asked = statement(run)
    officer, chief = world.a.actor("town_officer"), world.a.actor("district_officer")
    with pytest.raises(Refused) as refused:
        acknowledge_statement(actor=chief, statement=asked)
    assert codes(refused) == ["not_given"]
    with pytest.raises(Refused) as refused:
        give_statement(actor=officer, statement=asked, text="")
    assert codes(refused) == ["text_missing"]
    with pytest.raises(Forbidden):
        give_statement(actor=world.b.actor("town_officer"), statement=asked, text="不是我们的")
    give_statement(actor=officer, statement=asked, text="下周完成")
    given = give_statement(
        actor=officer, statement=statement(run), text="三日内完成", upload=FormFile("表态.txt", [b"signed"])
    )
    assert (given.text, given.status) == ("三日内完成", StatementStatus.GIVEN)
    noted = acknowledge_statement(actor=chief, statement=given)
    assert noted.status == StatementStatus.ACKNOWLEDGED
    with pytest.raises(Refused) as refused:
        give_statement(actor=officer, statement=noted, text="又")
    assert codes(refused) == ["not_open"]


def test_nobody_takes_note_of_the_own_statement_or_of_one_that_was_changed_meanwhile(
    world: World, run: DrawnCampaign
) -> None:
    freeze_due(actor=SYSTEM, at=ends(4))
    chief = world.a.actor("district_officer")
    seen = give_statement(actor=chief, statement=statement(run), text="代为表态")
    with pytest.raises(Refused) as refused:
        acknowledge_statement(actor=chief, statement=seen)
    assert codes(refused) == ["own_statement"]
    give_statement(actor=world.a.actor("town_officer"), statement=seen, text="本镇表态")
    with pytest.raises(Refused) as refused:
        acknowledge_statement(actor=second(world), statement=seen)
    assert codes(refused) == ["moved_on"]


def test_a_proposal_for_the_record_waits_for_a_person_with_a_reason(world: World, run: DrawnCampaign) -> None:
    freeze_due(actor=SYSTEM, at=ends(4))
    proposal = AppraisalProposal.objects.get()
    chief = world.a.actor("district_officer")
    assert proposal.status == ProposalStatus.PROPOSED
    for actor, code in ((SYSTEM, "no_person"), (chief, "text_missing")):
        with pytest.raises(Refused) as refused:
            decide_proposal(actor=actor, proposal=proposal, confirm=True, reason="")
        assert codes(refused) == [code]
    with pytest.raises(Forbidden):
        decide_proposal(actor=world.a.actor("town_officer"), proposal=proposal, confirm=False, reason="不必")
    decided = decide_proposal(actor=chief, proposal=proposal, confirm=True, reason="情况属实")
    note = apps.get_model("appraisal.AppraisalNote").objects.get()
    assert (note.source, note.place_id, note.text) == (
        f"proposal:{proposal.public_id}",
        proposal.statement.town_id,
        proposal.text,
    )
    assert (decided.status, decided.decided_by_name) == (
        ProposalStatus.CONFIRMED,
        str(world.a.users["district_officer"]),
    )
    with pytest.raises(Refused) as refused:
        decide_proposal(actor=chief, proposal=decided, confirm=False, reason="改")
    assert codes(refused) == ["decided"]


def test_a_town_sees_its_own_statements_only(world: World, run: DrawnCampaign) -> None:
    freeze_due(actor=SYSTEM, at=ends(4))
    own = visible_places(world.a.actor("town_officer"), run.campaign)
    assert own is not None
    assert visible_places(world.a.actor("district_officer"), run.campaign) is None
    assert len(statements_of(run.campaign, own)) == 1
    assert statements_of(run.campaign, frozenset()) == []
    assert find_statement(run.campaign, statement(run).public_id, frozenset()) is None
    assert find_statement(run.campaign, statement(run).public_id, own) is not None


def test_the_town_is_told_of_a_demand_and_the_district_of_the_statement(world: World, run: DrawnCampaign) -> None:
    def told(role: str) -> list[str]:
        return [one.kind for one in inbox(world.a.actor(role))]

    freeze_due(actor=SYSTEM, at=ends(4))
    assert told("town_officer") == ["warnings.statement"]
    assert told("district_officer") == []
    give_statement(actor=world.a.actor("town_officer"), statement=statement(run), text="三日内完成", at=ends(4))
    assert told("district_officer") == ["warnings.statement_given"]
    contest = contest_red(
        actor=world.a.actor("town_officer"),
        week=weeks_of(run.campaign)[0],
        town_id=world.a.town.pk,
        text="不服",
        at=ends(5),
    )
    decide_contest(actor=world.a.actor("district_officer"), contest=contest, uphold=False, reason="属实", at=ends(5))
    assert sorted(told("district_officer")) == ["warnings.contested", "warnings.statement_given"]
    assert sorted(told("town_officer")) == ["warnings.contested", "warnings.statement"]
    assert told("village_cadre") == []


# --- key villages ------------------------------------------------------------------------------------------------------


def test_facts_propose_key_villages_with_their_reasons(world: World, run: DrawnCampaign) -> None:
    rules = key_rules()
    assert suggestions(run.campaign, MONDAY, None) == []
    freeze_due(actor=SYSTEM, at=ends(4))
    record_facts(
        actor=SYSTEM,
        facts=[FactSpec(place_id=world.a.village.pk, measure="registered_population", on=MONDAY, value=4_000)],
    )
    found = suggestions(run.campaign, MONDAY + timedelta(days=30), None)
    assert [(one.name, one.tier, one.points) for one in found] == [("岩门村", Tier.TOWN, 4)]
    assert [(one.kind, one.value) for one in found[0].reasons] == [("large_population", 4_000), ("red_weeks", 2)]
    assert compute_reasons({"large_population": 2_999}, rules) == []
    assert compute_points([Reason("debts", 3), Reason("debts", 4)], rules) == 2
    assert [tier_of(points, rules) for points in (2, 3, 5, 9)] == [None, Tier.TOWN, Tier.DISTRICT, Tier.CITY]


def test_a_key_village_is_confirmed_by_a_second_person_and_ends_with_a_reason(world: World, run: DrawnCampaign) -> None:
    chief, day = world.a.actor("district_officer"), MONDAY
    proposed = propose_key_village(
        actor=chief,
        campaign=run.campaign,
        place_id=world.a.village.pk,
        tier=Tier.CITY,
        reasons=[Reason("debts", 120, "村级债务未清")],
        on=day,
        team=f"body:{world.a.bodies['group'].public_id}",
        leader=world.a.links["group"],
    )
    with pytest.raises(Refused) as refused:
        confirm_key_village(actor=chief, village=proposed)
    assert codes(refused) == ["own_proposal"]
    confirm_key_village(actor=second(world), village=proposed)
    row = key_villages(run.campaign, day, None)[0]
    assert (row.name, row.kept.team, row.reasons[0].note) == ("岩门村", world.a.bodies["group"], "村级债务未清")
    with pytest.raises(Refused) as refused:
        end_key_village(actor=chief, village=proposed, on=day, reason="")
    assert codes(refused) == ["reason_missing", "period_backward"]
    end_key_village(actor=chief, village=proposed, on=day + timedelta(days=9), reason="已化解")
    assert key_villages(run.campaign, day + timedelta(days=9), None) == []
    with pytest.raises(Refused) as refused:
        confirm_key_village(actor=second(world), village=proposed)
    assert codes(refused) == ["decided"]


def test_a_key_village_needs_a_village_of_the_campaign_and_known_reasons(world: World, run: DrawnCampaign) -> None:
    chief = world.a.actor("district_officer")
    with pytest.raises(Refused) as refused:
        propose_key_village(
            actor=chief, campaign=run.campaign, place_id=world.a.town.pk, tier=Tier.TOWN, reasons=[], on=MONDAY,
            team="body:x", leader="x",
        )  # fmt: skip
    assert codes(refused) == ["foreign_place", "reason_missing", "unknown_team", "unknown_leader"]
    place = world.a.village.pk
    with pytest.raises(Refused) as refused:
        propose_key_village(
            actor=chief, campaign=run.campaign, place_id=place, tier=Tier.TOWN, reasons=[Reason("x", 1), Reason("debts", -1)],
            on=MONDAY,
        )  # fmt: skip
    assert codes(refused) == ["unknown_kind", "value_negative"]
    reasons = [Reason("debts", 1)]
    propose_key_village(actor=chief, campaign=run.campaign, place_id=place, tier=Tier.TOWN, reasons=reasons, on=MONDAY)
    with pytest.raises(Refused) as refused:
        propose_key_village(
            actor=chief, campaign=run.campaign, place_id=place, tier=Tier.TOWN, reasons=reasons, on=MONDAY
        )
    assert codes(refused) == ["key_already"]


# --- what the database refuses -----------------------------------------------------------------------------------------
