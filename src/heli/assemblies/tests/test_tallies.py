"""Papers of counting tables: keyed blind by two, settled by a third, identities exact, nothing lost by order or splitting."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.assemblies.models import CountSheet, SheetState
from heli.assemblies.queries.elections import sheets_to_key
from heli.assemblies.rules.counting import count
from heli.assemblies.rules.law import shelf
from heli.assemblies.rules.tallies import (
    BallotLine,
    PollFacts,
    TablePaper,
    check_numbers,
    differing,
    returned_of,
    runners_up,
)
from heli.assemblies.services import elections, tallies
from heli.assemblies.testing.elections import POLL, clerk, contest_of, key_twice, paper
from heli.audit.testing import unaudited
from heli.kernel.faults import Refused

FACTS = PollFacts(
    id="c", on=POLL, jurisdiction="CN", body="village_committee", mode="voters", round=1, registered=1000,
    seats={"chair": 1, "member": 3},
    standing=[BallotLine("chair", 1, True), BallotLine("chair", 2, False), *(BallotLine("member", n, n == 3) for n in range(3, 7))],
)  # fmt: skip
GOOD = {
    "box.0": 280, "box.1": 15, "unreturned": 5, "invalid": 4, "valid": 291, "votes.chair.1": 200, "votes.chair.2": 80,
    "votes.member.3": 200, "votes.member.4": 190, "votes.member.5": 180, "votes.member.6": 40,
}  # fmt: skip
PAPER = TablePaper("1号计票台", (("固定票箱", 285), ("流动票箱", 15)))


def codes(refused: Any) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def found(**changed: int) -> list[tuple[str, str]]:
    numbers = {**GOOD, **{name.replace("_", "."): number for name, number in changed.items()}}
    checked = check_numbers(FACTS, PAPER, numbers, shelf=shelf(), least=10, is_alone=False)
    return [(one.code, one.field) for one in checked if one.source == PAPER.name]


class TestIdentities(SimpleTestCase):
    def test_a_paper_that_adds_up_is_taken(self) -> None:
        assert found() == []

    def test_each_identity_broken_once_is_named_with_its_field(self) -> None:
        assert found(box_1=16) == [("returned_over_issued", "box.1")]
        assert found(unreturned=6) == [("identity_issued", "unreturned")]
        assert found(valid=290) == [("identity_returned", "valid")]
        assert found(votes_chair_1=292) == [("identity_votes", "")]
        assert found(votes_member_6=400 - 97) == [("identity_votes", "")]
        assert found(votes_chair_2=92) == [("identity_votes_total", "")]
        assert found(invalid=-4, valid=299) == [("identity_negative", "")]

    def test_a_number_left_out_or_too_many_are_named(self) -> None:
        short = {name: number for name, number in GOOD.items() if name != "invalid"}
        checked = check_numbers(FACTS, PAPER, short, shelf=shelf(), least=10, is_alone=False)
        assert [(one.code, one.field) for one in checked] == [("number_missing", "invalid")]
        assert found(votes_chair_9=1)

    def test_a_few_ballots_are_not_counted_apart_unless_there_is_no_other_table(self) -> None:
        few = dict.fromkeys(GOOD, 0) | {"box.0": 9, "valid": 9, "unreturned": 291}
        for alone, expected in ((False, ["too_few_together"]), (True, [])):
            checked = check_numbers(FACTS, PAPER, few, shelf=shelf(), least=10, is_alone=alone)
            assert [one.code for one in checked] == expected

    def test_two_keyings_differ_in_the_fields_where_they_differ(self) -> None:
        assert differing(GOOD, {**GOOD, "invalid": 5, "valid": 290}) == ["invalid", "valid"]

    def test_who_stands_again_is_one_more_than_seats_and_whoever_ties(self) -> None:
        votes = {"1": 50, "2": 40, "3": 30, "4": 30, "5": 1}
        assert runners_up(votes, ["1"], [], 1) == ["2", "3", "4"]
        assert runners_up(votes, ["1"], ["2", "3"], 1) == ["2", "3"]


@st.composite
def sheets(draw: Any) -> list[TablePaper]:
    papers = []
    for number in range(draw(st.integers(1, 5))):
        valid, invalid, out = (draw(st.integers(0, most)) for most in (60, 5, 5))
        votes, left = {}, valid
        for one in (1, 2):
            votes[f"votes.chair.{one}"] = draw(st.integers(0, left))
            left -= votes[f"votes.chair.{one}"]
        votes |= {f"votes.member.{one}": draw(st.integers(0, valid * 3 // 4)) for one in range(3, 7)}
        numbers = {"box.0": valid + invalid, "unreturned": out, "invalid": invalid, "valid": valid, **votes}
        papers.append(TablePaper(f"{number}", (("票箱", valid + invalid + out),), numbers))
    return papers


@given(sheets(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_and_splitting_of_sheets_change_nothing(papers: list[TablePaper], random: Any) -> None:
    whole = count(FACTS.case(papers), shelf())
    mixed = random.sample(papers, len(papers))
    first = papers[0]
    assert first.agreed is not None
    # One table's paper as two: one person's ballot (or nothing) on a paper of its own.
    part = dict.fromkeys(first.agreed, 0)
    if first.agreed["invalid"]:
        part |= {"box.0": 1, "invalid": 1}
    rest = {name: number - part[name] for name, number in first.agreed.items()}
    split = [
        TablePaper("a", (("票箱", returned_of(part)),), part),
        TablePaper("b", (("票箱", first.issued - returned_of(part)),), rest),
        *papers[1:],
    ]
    for other in (mixed, split):
        again = count(FACTS.case(other), shelf())
        assert (again.status, again.posts) == (whole.status, whole.posts)


@pytest.mark.django_db
class TestKeying:
    def test_the_same_numbers_keyed_by_two_people_are_agreed(self, world: World) -> None:
        sheet = contest_of(world.a).sheets.all()[0]
        once = tallies.key_sheet(actor=clerk(world.a, 1), sheet=sheet, numbers=paper(sheet), on=POLL)
        assert (once.state, once.numbers, once.returned) == (SheetState.ONCE, None, None)
        twice = tallies.key_sheet(actor=clerk(world.a, 2), sheet=sheet, numbers=paper(sheet), on=POLL)
        assert (twice.state, twice.returned, twice.issued) == (SheetState.AGREED, 300, 300)

    @pytest.mark.parametrize("role", ["tally_clerk", "district_officer"])
    def test_nobody_keys_a_sheet_twice_whatever_their_role(self, world: World, role: str) -> None:
        sheet, actor = contest_of(world.a).sheets.all()[0], world.a.actor(role)
        tallies.key_sheet(actor=actor, sheet=sheet, numbers=paper(sheet), on=POLL)
        with pytest.raises(Refused) as refused:
            tallies.key_sheet(actor=actor, sheet=sheet, numbers=paper(sheet), on=POLL)
        assert codes(refused) == ["same_person"]

    def test_what_differs_goes_to_a_third_person_and_only_that(self, world: World) -> None:
        sheet = contest_of(world.a).sheets.all()[0]
        first, second = paper(sheet), paper(sheet, {"votes.chair.1": 204})
        for number, numbers in ((1, first), (2, second)):
            held = tallies.key_sheet(actor=clerk(world.a, number), sheet=sheet, numbers=numbers, on=POLL)
        assert held.state == SheetState.DIFFERS
        with pytest.raises(Refused) as refused:
            tallies.settle_sheet(actor=clerk(world.a, 2), sheet=sheet, values={"votes.chair.1": 204}, on=POLL)
        assert codes(refused) == ["same_person"]
        with pytest.raises(Refused) as refused:
            tallies.settle_sheet(actor=clerk(world.a, 3), sheet=sheet, values={}, on=POLL)
        assert [(f.code, f.field) for f in refused.value.faults] == [("number_missing", "votes.chair.1")]
        third = tallies.settle_sheet(
            actor=clerk(world.a, 3), sheet=sheet, values={"votes.chair.1": 204, "votes.chair.2": 0}, on=POLL
        )
        assert third.numbers == second
        assert third.third == {"votes.chair.1": 204}

    def test_unusually_many_invalid_ballots_ask_for_a_word(self, world: World) -> None:
        sheet = contest_of(world.a).sheets.all()[0]
        numbers = paper(sheet, {"votes.chair.1": 200, "votes.vice.3": 200}, invalid=16, valid=284)
        given: dict[str, Any] = {"actor": clerk(world.a, 1), "sheet": sheet, "numbers": numbers, "on": POLL}
        with pytest.raises(Refused) as refused:
            tallies.key_sheet(**given)
        assert [(f.code, f.field, f.source) for f in refused.value.faults] == [("word_missing", "word", "1号计票台")]
        assert tallies.key_sheet(**given, word="多人写了两个主任").state == SheetState.ONCE

    def test_a_keying_is_taken_back_by_whoever_keyed_it_until_two_agree(self, world: World) -> None:
        sheet = contest_of(world.a).sheets.all()[0]
        tallies.key_sheet(actor=clerk(world.a, 1), sheet=sheet, numbers=paper(sheet), on=POLL)
        with pytest.raises(Refused) as refused:
            tallies.withdraw_keying(actor=clerk(world.a, 2), sheet=sheet)
        assert codes(refused) == ["not_yours"]
        other = paper(sheet, {"votes.chair.1": 204})
        tallies.key_sheet(actor=clerk(world.a, 2), sheet=sheet, numbers=other, on=POLL)
        back = tallies.withdraw_keying(actor=clerk(world.a, 1), sheet=sheet)
        assert (back.state, back.first, back.second, back.first_by_id) == (
            SheetState.ONCE, other, None, clerk(world.a, 2).id,
        )  # fmt: skip
        agreed = tallies.key_sheet(actor=clerk(world.a, 1), sheet=sheet, numbers=other, on=POLL)
        assert agreed.state == SheetState.AGREED
        with pytest.raises(Refused) as refused:
            tallies.withdraw_keying(actor=clerk(world.a, 1), sheet=sheet)
        assert codes(refused) == ["agreed_already"]

    def test_a_small_mobile_box_is_poured_together_before_it_is_keyed(self, world: World) -> None:
        contest, officer = contest_of(world.a), world.a.actor("district_officer")
        with pytest.raises(Refused) as refused:
            elections.add_table(actor=officer, contest=contest, name="流动", boxes=[("流动票箱", 9)])
        assert codes(refused) == ["too_few_together"]
        first, second = contest.sheets.all()
        whole = elections.pour_together(actor=officer, sheet=second, into=first, today=date(2026, 5, 20))
        assert (whole.issued, len(whole.boxes)) == (600, 4)
        key_twice(world.a, whole)
        with pytest.raises(Refused) as refused:
            tallies.key_sheet(actor=clerk(world.a, 3), sheet=second, numbers={}, on=POLL)
        assert codes(refused) == ["table_unknown"]

    def test_a_clerk_sees_the_sheets_within_reach_and_nothing_once_declared(self, world: World) -> None:
        contest = contest_of(world.a)
        assert {one.contest_id for one in sheets_to_key(clerk(world.a, 1))} == {contest.pk}
        assert list(sheets_to_key(clerk(world.b, 1))) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("sheet_second_by_another", {"second_by": 1}),
        ("sheet_third_not_first", {"second_by": 2, "third_by": 1}),
        ("sheet_third_not_second", {"second_by": 2, "third_by": 2}),
        ("sheet_agreed_by_two", {"state": SheetState.AGREED}),
        ("sheet_state_known", {"state": "lost", "returned": None}),
        ("sheet_adds_up", {"returned": 299, "unreturned": 0, "valid": 300, "invalid": 0}),
    ],
)
def test_the_database_refuses_what_no_sheet_can_be(world: World, constraint: str, changes: dict[str, Any]) -> None:
    people = {number: clerk(world.a, number).id for number in (1, 2)}
    sheet = key_twice(world.a, contest_of(world.a).sheets.all()[0])
    written = {
        (f"{name}_id" if name.endswith("_by") else name): (people[value] if name.endswith("_by") else value)
        for name, value in changes.items()
    }
    if constraint == "sheet_agreed_by_two":
        written["second_by_id"] = None
    with unaudited(), pytest.raises((IntegrityError, ValidationError), match=constraint), transaction.atomic():
        CountSheet.objects.filter(pk=sheet.pk).update(**written)


@pytest.mark.django_db
def test_a_table_stands_once_in_its_unit(world: World) -> None:
    contest = contest_of(world.a)
    with unaudited(), pytest.raises(IntegrityError), transaction.atomic():
        CountSheet.objects.create(public_id="x", contest=contest, name="1号计票台", boxes=[["箱", 20]], issued=20)
