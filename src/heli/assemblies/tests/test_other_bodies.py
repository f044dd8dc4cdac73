"""What is elected besides committees: groups' heads, representatives, supervision, the board; by the law of each, from counts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from heli.accounts.testing import World
from heli.assemblies.catalogues import bodies_that_are, election_kind, election_kinds, post_words
from heli.assemblies.election_figures import units
from heli.assemblies.election_gates import ELECTED, elected
from heli.assemblies.facts import FACTS
from heli.assemblies.ledger import OBJECTIONS
from heli.assemblies.models import UnitContest
from heli.assemblies.queries import elections as queries
from heli.assemblies.rules.counting import count
from heli.assemblies.rules.law import shelf
from heli.assemblies.rules.standing import UnitStage
from heli.assemblies.services import declaring, elections, tallies
from heli.assemblies.testing.elections import BEFORE, COUNTED, POLL, clerk, election_of
from heli.assemblies.testing.sittings import sitting_in
from heli.assemblies.types import ElectedSort
from heli.bodies.models import Person
from heli.kernel.declare import Ask, Subject
from heli.kernel.faults import Refused
from heli.kernel.quantities import Ratio
from heli.records import services as records
from heli.records.services import Draft
from heli.records.testing import district_of

AFTER = POLL + timedelta(days=20)
STANDS = {"chair": ("甲", "乙"), "member": ("丙", "丁", "戊")}


def case(body: str, mode: str, registered: int, returned: int, votes: int, **more: Any) -> dict[str, Any]:
    """One post with one seat, two who stand, and so many votes for the first."""
    standing = [{"id": "1", "woman": True, "votes": votes}, {"id": "2", "woman": False, "votes": 0}]
    return {
        "id": "x", "on": "2026-05-20", "jurisdiction": "CN", "body": body, "mode": mode, "round": 1, "registered": registered,
        "issued": returned, "returned": returned, "invalid": 0,
        "posts": [{"post": "chair", "seats": 1, "candidates": standing}], **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (case("head_village", "households", 30, 20, 11), "complete"),
        (case("head_village", "households", 30, 20, 10), "incomplete"),
        (case("head_village", "households", 30, 19, 19), "void_turnout"),
        (case("head_village", "households", 30, 20, 10, round=2), "incomplete"),
        (case("representatives_village", "adults", 60, 40, 21), "complete"),
        (case("supervision_village", "adults", 60, 31, 16), "complete"),
        (case("supervision_village", "adults", 60, 30, 30), "void_turnout"),
        (case("supervision_village", "representatives", 60, 40, 21), "complete"),
        (case("supervision_village", "representatives", 60, 39, 39), "void_turnout"),
        (case("supervision_residents", "representatives", 60, 40, 21), "complete"),
        (case("head_residents", "households", 60, 31, 16), "complete"),
        (case("coop_directors", "members", 90, 60, 60), "complete"),
        (case("coop_directors", "members", 90, 60, 59), "incomplete"),
        (case("coop_directors", "members", 90, 59, 59), "void_turnout"),
        (case("coop_directors", "delegates", 30, 25, 20), "complete"),
        (case("coop_directors", "delegates", 30, 19, 19, jurisdiction="CN-51"), "void_turnout"),
        (case("by_election_village", "representatives", 60, 40, 21), "complete"),
        (case("by_election_village", "representatives", 60, 40, 20), "incomplete"),
        (case("by_election_village", "representatives", 60, 40, 20, jurisdiction="CN-46"), "complete"),
        (case("by_election_village", "representatives", 60, 39, 39), "void_turnout"),
        (case("by_election_residents", "representatives", 60, 40, 14, round=2), "complete"),
        (case("by_election_village", "representatives", 60, 40, 21, jurisdiction="CN-33", participants=39), "void_box"),
        (case("by_election_village", "representatives", 60, 40, 21, jurisdiction="CN-33", participants=41), "complete"),
        (case("head_village", "voters", 30, 20, 11), "refused"),
        (case("villagers_assembly", "adults", 30, 20, 11), "refused"),
        (case("head_village", "households", 30, 20, 11, on="2020-05-20"), "refused"),
    ],
)
def test_each_body_is_elected_by_the_majorities_of_whoever_elects_it(given: dict[str, Any], status: str) -> None:
    assert count(given, shelf()).status == status


@pytest.mark.parametrize("body", list(election_kinds().entries))
def test_every_kind_has_its_law_its_posts_and_words(body: str) -> None:
    kind = election_kind(body)
    law = shelf().law_of(kind.law, "CN", date(2026, 5, 20))
    assert law.modes(body)
    assert body in shelf().electing
    for mode in law.modes(body):
        assert {"box", "turnout", "elected", "second_ballot"} <= {rule.test for rule in law.rules_for(body, mode)}
    assert all(post_words(body, post) for post in kind.posts)
    assert body in bodies_that_are(kind.elects)


def held(world: World, body: str, mode: str, seats: dict[str, int], parts: tuple[str, ...] = ()) -> list[UnitContest]:
    """The contests of the cadre's village, declared by counts in which the first who stand win."""
    half = world.a
    given: dict[str, Any] = {
        "body": body,
        "mode": mode,
        "place_ids": [half.village.pk],
        "seats": seats,
        "parts": parts,
        "jurisdiction": "CN",
    }
    contests = list(election_of(half, title=body, **given).contests.all())
    officer, town = half.actor("district_officer"), half.actor("town_officer")
    for contest in contests:
        elections.prepare(actor=officer, contest=contest, numbers={"registered": 30}, today=BEFORE)
        for post in seats:
            for number, name in enumerate(STANDS[post]):
                elections.nominate(
                    actor=officer, contest=contest, post=post, name=f"{name}{contest.part}", is_woman=number == 0, today=BEFORE,
                )  # fmt: skip
        sheet = elections.add_table(actor=officer, contest=contest, name="计票", boxes=[("票箱", 24)])
        won = {(one.post, one.number) for one in contest.nominees.all()}
        numbers = {"box.0": 24, "unreturned": 0, "invalid": 0, "valid": 24}
        for post, seat in seats.items():
            ranked = sorted(number for name, number in won if name == post)
            numbers |= {f"votes.{post}.{number}": 20 if at < seat else 2 for at, number in enumerate(ranked)}
        for number in (1, 2):
            tallies.key_sheet(actor=clerk(half, number), sheet=sheet, numbers=numbers, on=POLL)
        apart = {"kin_apart": True} if election_kind(body).avoids_kin else {}
        declaring.declare(actor=town, contest=contest, **apart, on=POLL, at=COUNTED)
    return contests


def says(world: World, sort: ElectedSort) -> list[str]:
    return [fault.code for fault in elected(subject=subject(world), on=AFTER, sort=sort)]


def subject(world: World) -> Subject:
    half = world.a
    return Subject(district=half.district.pk, place=half.village.pk, about=half.district.public_id)


def fact(world: World, name: str) -> int | None:
    one = next(one for one in FACTS if one.id == f"assemblies.{name}")
    return one.value(subject(world), AFTER)


@pytest.mark.django_db
class TestTheWay:
    def test_groups_elect_their_heads_each_by_itself_and_the_step_waits_for_all_of_them(self, world: World) -> None:
        assert says(world, ElectedSort.HEADS) == ["not_declared"]
        held(world, "head_village", "households", {"chair": 1}, ("第一组", "第二组"))
        assert says(world, ElectedSort.HEADS) == []
        people = Person.objects.filter(body__place=world.a.village, body__name="岩门村村民小组")
        assert sorted(people.values_list("office", "name")) == [("第一组组长", "甲第一组"), ("第二组组长", "甲第二组")]
        assert fact(world, "heads") == 2
        lines = queries.board(world.a.actor("district_officer"), district_of(world.a), AFTER)
        assert [(line.place, line.stage) for line in lines] == [
            ("岩门村第一组", UnitStage.ELECTED), ("岩门村第二组", UnitStage.ELECTED),
        ]  # fmt: skip
        election_of(world.a, body="head_village", mode="adults", seats={"chair": 1}, parts=("第三组",))
        assert says(world, ElectedSort.HEADS) == ["groups_open"]
        assert says(world, ElectedSort.COMMITTEE) == ["not_declared"]

    def test_pages_open_the_election_for_groups_and_ask_in_the_words_and_order_of_the_ballot(
        self, world: World
    ) -> None:
        about, browser = district_of(world.a), world.client("district_officer")
        given = {
            "title": "推选小组长", "body": "head_village", "mode": "households", "on": "2026-05-20", "jurisdiction": "CN-51",
            "places": [world.a.village.pk], "chair": 1, "parts": "第一组\n\n 第二组 ",
        }  # fmt: skip
        opened = browser.post(reverse("assemblies:election_new", args=[about.id]), given)
        assert opened.status_code == 303
        contests = list(UnitContest.objects.filter(election__body="head_village").order_by("part"))
        assert [one.part for one in contests] == ["第一组", "第二组"]
        address = reverse("assemblies:contest", args=[about.id, contests[0].public_id])
        for name in ("张三", "丁一"):
            sent = {"did": "nominate", "post": "chair", "name": name}
            assert browser.post(address, sent).status_code == 303
        browser.post(address, {"did": "table", "name": "计票", "boxes": "票箱 24"})
        text = browser.get(address).content.decode()
        assert "岩门村第一组" in text
        assert text.index("组长 2 丁一") < text.index("组长 1 张三"), "by strokes, as on the ballot"
        assert "票务会场材料" not in text
        sheet = contests[0].sheets.get()
        keyed = browser.get(reverse("assemblies:sheet", args=[sheet.public_id])).content.decode()
        assert "近亲属" not in text, "the law asks it of committees"
        assert keyed.index("组长 2 丁一") < keyed.index("组长 1 张三")
        refused = browser.post(address, {"did": "table", "name": "计票", "boxes": "票箱"})
        assert refused.status_code == 422
        assert browser.post(address, {"did": "hand", "on": "2026-05-21"}).status_code == 404

    def test_they_are_no_units_of_a_term_change_and_an_objection_is_to_one_election(self, world: World) -> None:
        officer, about = world.a.actor("district_officer"), district_of(world.a)
        head = held(world, "head_village", "households", {"chair": 1}, ("第一组",))[0]
        election_of(world.a)
        ask = Ask(district_ids=(world.a.district.pk,), on=AFTER, at=datetime(2099, 1, 1, tzinfo=UTC))
        assert len(units(ask)) == 2, "the committees of two villages"
        browser = world.client("district_officer")
        page = browser.get(reverse("assemblies:elections", args=[about.id]))
        assert page.context["done"] == Ratio(0, 2)
        waiting = election_of(world.a, body="head_village", mode="adults", seats={"chair": 1}, parts=("第二组",))
        contest = waiting.contests.get(place=world.a.village)
        assert browser.get(reverse("assemblies:pack", args=[about.id, contest.public_id])).status_code == 404
        objection = {
            "place": world.a.village.pk, "matter": "result", "text": "计票有误", "published_on": POLL, "found_on": POLL,
            "due_on": POLL + timedelta(days=9),
        }  # fmt: skip
        for body, is_open in (("village_committee", 0), ("head_village", 1)):
            drafts = [Draft({**objection, "body": body})]
            records.enter(actor=officer, ledger=OBJECTIONS, about=about, drafts=drafts, on=POLL)
            assert queries.board_facts([head], about.id)[head.pk].open_objections == is_open

    def test_a_community_without_groups_has_no_heads_to_elect(self, world: World) -> None:
        place = world.a.register.keys["代市社区"]
        there = Subject(district=world.a.district.pk, place=place, about=world.a.district.public_id)
        assert list(elected(subject=there, on=AFTER, sort=ElectedSort.HEADS)) == []
        assert next(one for one in FACTS if one.id == "assemblies.heads").value(there, AFTER) == 0
        assert [one.code for one in elected(subject=there, on=AFTER, sort=ElectedSort.REPRESENTATIVES)] == [
            "not_declared"
        ]

    def test_representatives_and_supervision_are_counted_not_typed_and_no_leader_is_asked(self, world: World) -> None:
        assert fact(world, "representatives") is None
        held(world, "representatives_village", "households", {"member": 2})
        made = held(world, "supervision_village", "representatives", {"chair": 1, "member": 2})
        assert [fact(world, name) for name in ("representatives", "women", "supervisors")] == [2, 1, 3]
        assert (says(world, ElectedSort.REPRESENTATIVES), says(world, ElectedSort.SUPERVISION)) == ([], [])
        made[0].refresh_from_db()
        assert made[0].one_shoulder is None
        chair = made[0].nominees.get(post="chair", number=1)
        officer = world.a.actor("district_officer")
        with pytest.raises(Refused) as refused:
            declaring.end_office(actor=officer, nominee=chair, how="recall", on=AFTER)
        assert refused.value.faults[0].code == "sitting_missing"
        passed = sitting_in(world.a, body="villagers_assembly", matter="village_affairs")
        declaring.end_office(actor=officer, nominee=chair, how="recall", on=AFTER, sitting=passed)
        assert fact(world, "supervisors") == 2
        with pytest.raises(Refused) as refused:
            elections.open_by_election(
                actor=officer, contest=made[0], seats={"chair": 1}, on=AFTER, is_by_congress=True
            )
        assert refused.value.faults[0].code == "no_congress"
        again = elections.open_by_election(actor=officer, contest=made[0], seats={"chair": 1}, on=AFTER)
        assert (again.part, again.number, again.kind) == ("", 2, "by_election")

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"seats": {"vice": 1}}, "seats"),
            ({"mode": "voters"}, "mode_of_election"),
            ({"on": date(2020, 5, 20)}, "mode_of_election"),
            ({"parts": ("一组", "一组")}, "parts"),
        ],
    )
    def test_a_post_a_way_or_a_day_it_does_not_have_is_refused(
        self, world: World, changed: dict[str, Any], code: str
    ) -> None:
        given: dict[str, Any] = {"body": "representatives_village", "mode": "households", "seats": {"member": 2}}
        with pytest.raises(Refused) as refused:
            election_of(world.a, **{**given, **changed})
        assert [fault.code for fault in refused.value.faults] == [code]


def test_every_sort_of_body_has_its_gate() -> None:
    assert set(ELECTED) == set(ElectedSort)
