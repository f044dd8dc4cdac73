"""Elections: opened under the law of their day, declared once by nobody who keyed, and what follows until the names end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heli.accounts.testing import World
from heli.assemblies.election_figures import at_once, intent, one_shoulder, procedure
from heli.assemblies.election_figures import elected as progress
from heli.assemblies.election_gates import elected, handed_over, valid
from heli.assemblies.ledger import OBJECTIONS
from heli.assemblies.models import ContestKind, CountSheet, Nominee, UnitContest
from heli.assemblies.queries import elections as queries
from heli.assemblies.rules.standing import ContestFacts, UnitStage, stage_of
from heli.assemblies.services import declaring, elections, tallies
from heli.assemblies.testing.elections import (
    BEFORE,
    POLL,
    clerk,
    contest_of,
    declared,
    election_of,
    key_twice,
    paper,
)
from heli.assemblies.types import RoundPlan
from heli.audit.testing import unaudited
from heli.bodies.models import Person
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Ask, Subject
from heli.kernel.faults import Refused
from heli.records import services as records
from heli.records.services import Draft
from heli.records.testing import district_of

AFTER = POLL + timedelta(days=3)
pytestmark = pytest.mark.django_db


def codes(refused: Any) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def subject(world: World) -> Subject:
    half = world.a
    return Subject(district=half.district.pk, place=half.village.pk, about=half.district.public_id)


class TestOpening:
    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"seats": {"chair": 1}}, "size"),
            ({"seats": {"chair": 1, "member": 7}}, "size"),
            ({"jurisdiction": "CN-99"}, "unknown_province"),
            ({"on": date(2015, 5, 20)}, "no_pack"),
            ({"mode": "representatives"}, "mode_of_election"),
            ({"place_ids": []}, "place_missing"),
        ],
    )
    def test_what_the_law_of_the_day_does_not_know_is_refused(
        self, world: World, changed: dict[str, Any], code: str
    ) -> None:
        with pytest.raises(Refused) as refused:
            election_of(world.a, **changed)
        assert codes(refused) == [code]

    @pytest.mark.parametrize(
        ("numbers", "code"),
        [
            ({"registered": 100, "unreachable": 101}, "too_many_unreachable"),
            ({"agents": 2, "proxies": 7}, "too_many_proxies"),
        ],
    )
    def test_numbers_that_cannot_be_are_refused(self, world: World, numbers: dict[str, int], code: str) -> None:
        contest = election_of(world.a).contests.all()[0]
        with pytest.raises(Refused) as refused:
            elections.prepare(actor=world.a.actor("district_officer"), contest=contest, numbers=numbers, today=BEFORE)
        assert codes(refused) == [code]

    def test_a_qualification_is_answered_once_and_a_no_has_its_ground(self, world: World) -> None:
        officer, contest = world.a.actor("district_officer"), election_of(world.a).contests.all()[0]
        one = elections.nominate(actor=officer, contest=contest, post="chair", name="甲", is_woman=False, today=BEFORE)
        for given in ({"is_qualified": False}, {"is_qualified": True, "ground": "cult"}):
            with pytest.raises(Refused) as refused:
                elections.review(actor=officer, nominee=one, today=BEFORE, **given)
            assert codes(refused) == ["ground_missing"]
        elections.review(actor=officer, nominee=one, is_qualified=False, ground="cult", today=BEFORE)
        with pytest.raises(Refused) as refused:
            elections.review(actor=officer, nominee=one, is_qualified=True, today=BEFORE)
        assert codes(refused) == ["reviewed_already"]
        assert queries.facts_of(contest).standing == []


class TestDeclaring:
    def test_a_result_keeps_its_law_its_hash_and_who_takes_office(self, world: World) -> None:
        contest = declared(world.a)
        kept = contest.declaration
        assert (kept.status, kept.pack_id, kept.overlay_id) == ("complete", "village-committee", "sichuan-village")
        assert kept.sha256 == declaring.hash_of(kept.case, result=kept.result)
        people = Person.objects.filter(body__place=world.a.village, body__name="岩门村村民委员会")
        assert sorted(people.values_list("office", "name")) == [
            ("主任", "候选人1"), ("副主任", "候选人3"), ("委员", "候选人5"), ("委员", "候选人6"), ("委员", "候选人7"),
        ]  # fmt: skip
        assert not elected(subject=subject(world), on=AFTER)

    def test_it_is_declared_once_and_by_nobody_who_keyed(self, world: World) -> None:
        contest, town = contest_of(world.a), world.a.actor("town_officer")
        first, second = contest.sheets.all()
        key_twice(world.a, first)
        tallies.key_sheet(actor=town, sheet=second, numbers=paper(second), on=POLL)
        tallies.key_sheet(actor=clerk(world.a, 1), sheet=second, numbers=paper(second), on=POLL)
        given: dict[str, Any] = {"contest": contest, "kin_apart": True, "one_shoulder": True, "on": POLL}
        with pytest.raises(Refused) as refused:
            declaring.declare(actor=town, **given)
        assert codes(refused) == ["same_person"]
        officer = world.a.actor("district_officer")
        for more, code in (({"kin_apart": False}, "kin_not_apart"), ({"one_shoulder": None}, "one_shoulder_missing")):
            with pytest.raises(Refused) as refused:
                declaring.declare(actor=officer, **{**given, **more})
            assert codes(refused) == [code]
        declaring.declare(actor=officer, **given)
        for again in (
            lambda: declaring.declare(actor=officer, **given),
            lambda: tallies.withdraw_keying(actor=town, sheet=second),
            lambda: elections.prepare(actor=officer, contest=contest, numbers={"registered": 2000}),
        ):
            with pytest.raises(Refused) as refused:
                again()
            assert codes(refused) == ["declared_already"]

    def test_while_outstanding_ballots_could_change_it_the_page_says_how_many(self, world: World, client: Any) -> None:
        contest, officer = contest_of(world.a), world.a.actor("district_officer")
        first = contest.sheets.all()[0]
        key_twice(world.a, first)
        with pytest.raises(Refused) as refused:
            declaring.declare(actor=officer, contest=contest, kin_apart=True, one_shoulder=True, on=POLL)
        assert codes(refused) == ["undecidable"]
        assert "300" in refused.value.faults[0].message
        world.a.users["district_officer"].refresh_from_db()
        browser = world.client("district_officer")
        page = browser.get(reverse("assemblies:contest", args=[world.a.district.public_id, contest.public_id]))
        assert "尚有300张选票未计" in page.content.decode()

    def test_a_small_outstanding_box_that_cannot_change_anything_is_not_waited_for(self, world: World) -> None:
        contest, officer = contest_of(world.a, tables=1), world.a.actor("district_officer")
        elections.prepare(actor=officer, contest=contest, numbers={"registered": 500}, today=BEFORE)
        elections.add_table(actor=officer, contest=contest, name="流动", boxes=[("流动票箱", 20)])
        key_twice(world.a, contest.sheets.get(name="1号计票台"))
        made = declaring.declare(actor=officer, contest=contest, kin_apart=True, one_shoulder=False, on=POLL)
        assert (made.status, made.case["outstanding"]) == ("complete", 20)

    def test_open_seats_are_voted_on_again_by_those_next_in_votes(self, world: World) -> None:
        contest = declared(world.a, {"votes.member.6": 100, "votes.member.7": 100}, each=True)
        assert contest.declaration.status == "incomplete"
        again = declaring.open_second_ballot(
            actor=world.a.actor("town_officer"), contest=contest, on=POLL + timedelta(days=5)
        )
        assert (again.round, again.seats) == (2, {"member": 2})
        assert sorted(again.nominees.values_list("number", flat=True)) == [6, 7, 8]
        line = next(one for one in queries.board(SYSTEM, district_of(world.a), POLL) if one.contest == again)
        assert line.contest.earlier_id == contest.pk

    def test_an_office_ends_by_itself_or_by_a_sitting_and_its_seat_is_elected_again(self, world: World) -> None:
        contest, officer = declared(world.a), world.a.actor("district_officer")
        chair = contest.nominees.get(number=1)
        with pytest.raises(Refused) as refused:
            declaring.end_office(actor=officer, nominee=chair, how="recall", on=AFTER)
        assert codes(refused) == ["sitting_missing"]
        left = declaring.end_office(actor=officer, nominee=chair, how="by_itself", on=AFTER)
        assert left.person is not None
        assert left.person.valid_to == AFTER
        by = elections.open_by_election(
            actor=officer, contest=contest, seats={"chair": 1}, on=AFTER + timedelta(days=30)
        )
        assert (by.kind, by.round, by.number) == ("by_election", 1, 2)

    def test_the_congress_fills_a_seat_by_its_own_majorities_and_women_in_office_count(self, world: World) -> None:
        contest, officer = declared(world.a), world.a.actor("district_officer")
        for number in (6, 7):
            declaring.end_office(actor=officer, nominee=contest.nominees.get(number=number), how="by_itself", on=AFTER)
        given: dict[str, Any] = {"actor": officer, "contest": contest, "seats": {"member": 2}, "on": AFTER}
        by = elections.open_by_election(**given, is_by_congress=True)
        assert (by.is_by_congress, by.registered) == (True, None), "the members of the congress are counted anew"
        elections.prepare(actor=officer, contest=by, numbers={"registered": 60}, today=AFTER)
        by.refresh_from_db()
        facts = queries.facts_of(by)
        assert (facts.body, facts.mode) == ("by_election_village", "representatives")
        assert facts.extra["women_elected"] == 3, (
            "the chair, the deputy and one member; number 7, a woman too, has left"
        )
        plan = RoundPlan(seats={"member": 1}, on=AFTER, kind=ContestKind.BY_ELECTION, round=2)
        again = elections.next_round(actor=officer, contest=by, plan=plan)
        assert (again.is_by_congress, again.registered) == (True, 60)

    def test_an_upheld_objection_to_the_result_sets_it_aside(self, world: World) -> None:
        contest = declared(world.a)
        about, officer = district_of(world.a), world.a.actor("district_officer")
        given = {
            "place": world.a.village.pk, "body": "village_committee", "matter": "result", "text": "计票有误",
            "published_on": POLL, "found_on": POLL,
            "due_on": None,
        }  # fmt: skip
        row = records.enter(actor=officer, ledger=OBJECTIONS, about=about, drafts=[Draft(given)], on=POLL)[0]
        row = records.move(
            actor=world.a.actor("town_officer"), ledger=OBJECTIONS, row=row, name="examine", values={"ruling": "重新计票"},
            on=POLL,
        )  # fmt: skip
        ruled: dict[str, Any] = {"values": {"outcome": "upheld", "ruling": "重新计票"}, "note": "已公布", "on": POLL}
        records.move(actor=officer, ledger=OBJECTIONS, row=row, name="rule", **ruled)
        assert [fault.code for fault in valid(subject=subject(world), on=AFTER)] == ["election_void"]
        assert contest.declaration.status == "complete"

    def test_the_work_is_handed_over_after_the_result_and_once(self, world: World) -> None:
        contest, town = declared(world.a), world.a.actor("town_officer")
        assert [fault.code for fault in handed_over(subject=subject(world), on=AFTER)] == ["not_handed_over"]
        with pytest.raises(Refused):
            declaring.hand_over(actor=town, contest=contest, on=POLL - timedelta(days=1))
        declaring.hand_over(actor=town, contest=contest, on=AFTER)
        assert not handed_over(subject=subject(world), on=AFTER)

    def test_names_of_those_not_elected_end_a_year_after_the_objections(self, world: World) -> None:
        contest = declared(world.a)
        last = POLL + timedelta(days=30 + 365)
        assert declaring.forget_nominees(actor=SYSTEM, on=last - timedelta(days=1)) == 0
        assert declaring.forget_nominees(actor=SYSTEM, on=last) == 3
        names = dict(contest.nominees.values_list("number", "name"))
        assert [number for number, name in names.items() if name == declaring.FORGOTTEN] == [2, 4, 8]
        assert contest.declaration.sha256 == declaring.hash_of(
            contest.declaration.case, result=contest.declaration.result
        )


class TestFigures:
    def ask(self, world: World, on: date = AFTER) -> Ask:
        return Ask(district_ids=(world.a.district.pk,), on=on, at=datetime(2099, 1, 1, tzinfo=UTC))

    def test_shares_of_a_term_change_are_counted_from_declared_contests(self, world: World) -> None:
        declared(world.a)
        ask = self.ask(world)

        def sums(read: Any) -> tuple[int, int]:
            rows = read(ask)
            return sum(row.above for row in rows), sum(row.below for row in rows)

        assert sums(progress) == (1, 2)
        assert sums(at_once) == (1, 1)
        assert sums(one_shoulder) == (1, 1)
        # The list of voters was not posted; reviewed, keyed twice and valid it was.
        assert sums(procedure) == (3, 4)
        assert intent(ask) == []
        assert sums(lambda _ask: progress(self.ask(world, POLL - timedelta(days=1)))) == (0, 2)

    def test_what_was_intended_is_counted_after_the_fact_and_only_where_asked(self, world: World) -> None:
        officer = world.a.actor("district_officer")
        contest = declared(world.a, counts_intent=True)
        with pytest.raises(Refused):
            declaring.count_intended(actor=officer, contest=contest, won=6)
        declaring.count_intended(actor=officer, contest=contest, won=4)
        assert [(row.above, row.below) for row in intent(self.ask(world))] == [(4, 5)]


class TestBoard:
    def test_the_worst_stand_first_and_more_units_ask_no_more_questions(self, world: World) -> None:
        about, officer = district_of(world.a), world.a.actor("district_officer")
        contest = contest_of(world.a)
        sheet = contest.sheets.all()[0]
        tallies.key_sheet(actor=clerk(world.a, 1), sheet=sheet, numbers=paper(sheet), on=POLL)
        other = paper(sheet, {"votes.chair.1": 204})
        tallies.key_sheet(actor=clerk(world.a, 2), sheet=sheet, numbers=other, on=POLL)
        with CaptureQueriesContext(connection) as asked:
            lines = queries.board(officer, about, POLL)
        assert [line.stage for line in lines] == [UnitStage.DIFFERS, UnitStage.ROLL_LATE]
        assert len(asked) <= 12

    @pytest.mark.parametrize(
        ("facts", "stage"),
        [
            ({"is_set_aside": True, "status": "complete"}, UnitStage.SET_ASIDE),
            ({"status": "void_turnout"}, UnitStage.VOID),
            ({"status": "incomplete", "declared_on": POLL}, UnitStage.SECOND_BALLOT),
            ({"status": "complete", "declared_on": POLL}, UnitStage.ELECTED),
            ({"status": "complete", "declared_on": POLL - timedelta(days=11)}, UnitStage.HANDOVER_LATE),
            ({"status": "complete", "declared_on": POLL, "handed_over_on": POLL}, UnitStage.HANDED_OVER),
            ({"sheets": 2, "keyed": 2, "agreed": 2}, UnitStage.TO_DECLARE),
            ({"sheets": 2, "keyed": 1}, UnitStage.COUNTING),
            ({"readiness": "intended"}, UnitStage.INTENDED),
            ({"readiness": "settled", "not_reviewed": 1}, UnitStage.REVIEW),
            ({}, UnitStage.NOBODY),
        ],
    )
    def test_where_a_unit_stands_follows_from_counts_and_days(self, facts: dict[str, Any], stage: UnitStage) -> None:
        assert stage_of(ContestFacts(on=POLL, roll_on=BEFORE, **facts), POLL) is stage


class TestPages:
    def test_strangers_see_results_and_office_holders_and_nobody_else(self, world: World) -> None:
        contest = declared(world.a)
        page = world.client("stranger").get(reverse("assemblies:results", args=[contest.election.public_id]))
        text = page.content.decode()
        assert "候选人1" in text
        assert "候选人2" not in text
        for private in ("clerk1", "town_officer", world.a.district.public_id):
            assert private not in text
        other = election_of(world.b)
        address = reverse("assemblies:results", args=[other.public_id])
        assert world.client("stranger").get(address).status_code == 404

    def test_a_third_look_shows_what_differs_and_not_what_was_keyed(self, world: World) -> None:
        sheet = contest_of(world.a).sheets.all()[0]
        for number, votes in ((1, 240), (2, 217)):
            numbers = paper(sheet, {"votes.chair.1": votes})
            tallies.key_sheet(actor=clerk(world.a, number), sheet=sheet, numbers=numbers, on=POLL)
        text = world.client("tally_clerk").get(reverse("assemblies:sheet", args=[sheet.public_id])).content.decode()
        assert 'name="votes-chair-1"' in text
        assert 'name="votes-chair-2"' not in text
        assert "240" not in text
        assert "217" not in text


def test_no_table_links_a_voter_to_a_choice() -> None:
    """People of an election are officers who act, and those who stand; nobody who votes, and no column to name one."""
    people = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("assemblies").get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.label in {"accounts.User", "bodies.Person"}
    }
    acting = {name for name in people if name.endswith("_by")}
    assert people - acting == {"Nominee.person"}
    names = {
        field.name for model in apps.get_app_config("assemblies").get_models() for field in model._meta.local_fields
    }
    assert not {name for name in names if name in {"voter", "ballot", "voters_list", "choice", "voted_by", "roll"}}
    ballots = {"first", "second", "third", "numbers", "boxes", "issued", "returned", "unreturned", "invalid", "valid"}
    assert ballots < {field.name for field in CountSheet._meta.local_fields}


@pytest.mark.parametrize(
    ("constraint", "model", "changes"),
    [
        ("contest_three_for_each_agent", UnitContest, {"agents": 1, "proxies": 4}),
        ("contest_unreachable_registered", UnitContest, {"unreachable": 1001}),
        ("contest_settled_on_a_day", UnitContest, {"settled_on": None}),
        ("contest_second_after_first", UnitContest, {"round": 2}),
        ("contest_congress_by_election", UnitContest, {"is_by_congress": True}),
        ("nominee_named", Nominee, {"name": ""}),
        ("nominee_not_qualified_for_a_ground", Nominee, {"is_qualified": False}),
        ("nominee_reviewed_on_a_day", Nominee, {"reviewed_on": None}),
        ("nominee_left_an_office", Nominee, {"left_on": POLL, "left_how": "void"}),
        ("nominee_left_by_a_sitting", Nominee, {"left_how": "recall", "left_on": POLL}),
    ],
)
def test_the_database_refuses_what_cannot_be(
    world: World, constraint: str, model: Any, changes: dict[str, Any]
) -> None:
    contest = declared(world.a)
    rows = model.objects.filter(pk=contest.pk) if model is UnitContest else contest.nominees.filter(number=2)
    if constraint == "nominee_left_by_a_sitting":
        rows = contest.nominees.filter(number=1)
    with unaudited(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rows.update(**changes)
