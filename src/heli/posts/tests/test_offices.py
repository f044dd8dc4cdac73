"""Posts are set under a document, held by one person each, and written into the register."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heli.accounts.testing import World, build_world
from heli.bodies import services as bodies
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Subject
from heli.kernel.faults import Refused
from heli.places.queries import facts_of
from heli.places.services import record_facts
from heli.places.types import FactSpec, PlaceKind
from heli.posts.catalogues import kinds, size_of
from heli.posts.facts import regular
from heli.posts.models import Holding, Post
from heli.posts.queries.offices import free_posts, held_on, quota_of, regular_posts
from heli.posts.services.offices import fill, leave_office, pair, say_word, seat_elected, set_posts, vacate
from heli.posts.testing import COMMITTEE, DAY, SINCE, committee, holder

pytestmark = pytest.mark.django_db
LATER = date(2026, 9, 1)


@pytest.fixture
def world() -> World:
    return build_world()


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def test_a_body_has_so_many_posts_from_a_day_on(world: World) -> None:
    body = committee(world.a)
    assert quota_of(body, SINCE) == COMMITTEE
    assert quota_of(body, date(2023, 12, 31)) == {}


def test_regular_posts_count_secretary_and_head_once_and_stand_in_the_register(world: World) -> None:
    body = committee(world.a, part_time=1)
    assert regular_posts([world.a.village.pk], DAY) == {world.a.village.pk: 3}
    set_posts(actor=SYSTEM, body=body, seats={**COMMITTEE, "member": 3}, on=DAY, document_number="定职2号")
    assert regular_posts([world.a.village.pk], DAY) == {world.a.village.pk: 6}
    told = {(fact.on, fact.value) for fact in facts_of(world.a.village.pk) if fact.measure == "cadre_posts"}
    assert told == {(SINCE, 3), (DAY, 6)}


def test_posts_of_what_is_no_village_are_not_in_the_register(world: World) -> None:
    set_posts(
        actor=SYSTEM,
        body=world.a.bodies["group"],
        seats={"station_head": 1, "station_member": 17},
        on=SINCE,
        document_number="x",
    )
    assert facts_of(world.a.town.pk) == []


def test_a_post_has_one_holder_and_the_quota_is_the_end(world: World) -> None:
    body = committee(world.a)
    one = holder(body, "deputy")
    with pytest.raises(Refused) as refused:
        holder(body, "deputy", "李副主任", DAY)
    assert codes(refused) == ["no_free_post"]
    vacate(actor=SYSTEM, holding=one, on=DAY)
    assert holder(body, "deputy", "李副主任", DAY).post == one.post


def test_a_post_is_not_held_before_it_is_there(world: World) -> None:
    body = committee(world.a)
    with pytest.raises(Refused) as refused:
        holder(body, on=date(2023, 1, 1))
    assert codes(refused) == ["no_free_post"]


def test_fewer_posts_than_holders_are_refused_and_free_ones_are_given_up_first(world: World) -> None:
    body = committee(world.a, member=3)
    second = holder(body, "member", "甲")
    holder(body, "member", "乙")
    vacate(actor=SYSTEM, holding=second, on=DAY)
    with pytest.raises(Refused) as refused:
        set_posts(actor=SYSTEM, body=body, seats={"head": 1, "deputy": 3}, on=LATER, document_number="定职2号")
    assert codes(refused) == ["below_holders"]
    set_posts(actor=SYSTEM, body=body, seats=COMMITTEE, on=LATER, document_number="定职2号")
    assert quota_of(body, LATER) == COMMITTEE
    assert free_posts(body, "member", LATER) == []
    assert [one.person.name for one in held_on(LATER) if one.person] == ["乙"]


def test_a_post_that_was_given_up_comes_back(world: World) -> None:
    body = committee(world.a, member=2)
    set_posts(actor=SYSTEM, body=body, seats=COMMITTEE, on=DAY, document_number="2号")
    set_posts(actor=SYSTEM, body=body, seats={**COMMITTEE, "member": 2}, on=LATER, document_number="3号")
    assert Post.objects.filter(body=body, kind="member").count() == 2
    assert [quota_of(body, on)["member"] for on in (SINCE, DAY, LATER)] == [2, 1, 2]


@pytest.mark.parametrize(
    ("seats", "joint", "code"),
    [
        ({"head": 1, "deputy": 1}, False, "committee_size"),
        ({"head": 1, "member": 7}, False, "committee_size"),
        ({"head": 2, "member": 2}, False, "exclusive_twice"),
        ({"head": 1, "member": 2}, True, "joint_of_two"),
        ({"mayor": 1}, False, "kind_unknown"),
        ({"clerk": -1}, False, "exclusive_twice"),
    ],
)
def test_unlawful_posts_are_refused(world: World, seats: dict[str, int], joint: bool, code: str) -> None:
    body = committee(world.a)
    with pytest.raises(Refused) as refused:
        set_posts(actor=SYSTEM, body=body, seats=seats, on=DAY, document_number="2号", joint=joint)
    assert codes(refused) == [code]


def test_a_paper_names_its_document_and_comes_after_the_last(world: World) -> None:
    body = committee(world.a)
    with pytest.raises(Refused) as refused:
        set_posts(actor=SYSTEM, body=body, seats=COMMITTEE, on=SINCE, document_number=" ")
    assert codes(refused) == ["document_number_empty", "paper_later"]


def test_the_size_of_a_committee_is_the_laws_of_the_day() -> None:
    village, residents = size_of(PlaceKind.VILLAGE, DAY), size_of(PlaceKind.COMMUNITY, DAY)
    assert village is not None
    assert residents is not None
    assert (village.least, village.most, village.article) == (3, 7, "村民委员会组织法第八条")
    assert (residents.least, residents.most) == (5, 9)
    before = size_of(PlaceKind.VILLAGE, date(2025, 12, 31))
    assert before is not None
    assert before.article == "村民委员会组织法第六条"
    assert size_of(PlaceKind.TOWN, DAY) is None


def test_two_posts_of_one_human_are_declared(world: World) -> None:
    body = committee(world.a)
    head, secretary = holder(body), holder(body, "secretary")
    deputy = holder(body, "deputy", "李副主任")
    assert pair(actor=SYSTEM, holding=head, other=secretary).same_as == secretary
    for one, other, code in (
        (head, secretary, "paired_already"), (secretary, deputy, "pair_names"), (deputy, deputy, "pair_of_two"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            pair(actor=SYSTEM, holding=one, other=other)
        assert codes(refused) == [code]


def test_posts_that_were_not_held_at_once_are_no_pair(world: World) -> None:
    body = committee(world.a)
    head = vacate(actor=SYSTEM, holding=holder(body), on=DAY)
    with pytest.raises(Refused) as refused:
        pair(actor=SYSTEM, holding=head, other=holder(body, "secretary", on=DAY))
    assert codes(refused) == ["pair_apart"]


def test_whoever_leaves_may_keep_the_pay_until_a_later_day(world: World) -> None:
    body = committee(world.a)
    with pytest.raises(Refused) as refused:
        vacate(actor=SYSTEM, holding=holder(body), on=DAY, pay_kept_until=DAY)
    assert codes(refused) == ["pay_day"]
    left = vacate(actor=SYSTEM, holding=Holding.objects.get(person__isnull=False), on=DAY, pay_kept_until=LATER)
    assert left.person is not None
    assert (left.valid_to, left.pay_kept_until, left.person.valid_to) == (DAY, LATER, DAY)
    with pytest.raises(Refused) as refused:
        vacate(actor=SYSTEM, holding=left, on=LATER)
    assert codes(refused) == ["no_office"]


def test_whoever_holds_a_post_leaves_it_among_posts(world: World) -> None:
    body = committee(world.a)
    person = holder(body).person
    assert person is not None
    with pytest.raises(Refused) as refused:
        bodies.end_person(actor=SYSTEM, person=person, on=DAY)
    assert codes(refused) == ["holds_post"]
    with pytest.raises(Refused) as refused:
        bodies.end_body(actor=SYSTEM, body=body, on=DAY, reason="并入")
    assert codes(refused) == ["holds_post"]


def test_a_time_may_be_known_from_the_start(world: World) -> None:
    body = world.a.bodies["group"]
    set_posts(actor=SYSTEM, body=body, seats={"seconded": 1}, on=SINCE, document_number="x")
    one = holder(body, "seconded", until=LATER)
    assert one.person is not None
    assert (one.how, one.person.valid_to) == ("seconded", LATER)
    assert holder(body, "seconded", on=LATER).post == one.post


def test_the_deciding_body_says_one_word_with_its_ground(world: World) -> None:
    one = holder(committee(world.a))
    said: dict[str, Any] = {"matter": "kin", "is_met": True, "ground": "第八条", "decided_by": "选举委员会", "on": DAY}
    assert say_word(actor=SYSTEM, holding=one, **said).is_met
    with pytest.raises(Refused) as refused:
        say_word(actor=SYSTEM, holding=one, **{**said, "ground": "", "matter": "politics"})
    assert codes(refused) == ["matter_unknown", "ground_empty"]


def test_kinds_are_data_and_six_of_them_are_a_key_villages_team() -> None:
    assert sum(key.startswith("role_") for key in kinds().entries) == 6


def test_a_longer_committee_takes_no_more_questions(world: World) -> None:
    def asked(body: object) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            quota_of(body, DAY)
            list(held_on(DAY))
            regular_posts([world.a.village.pk, world.a.other_village.pk], DAY)
        return len(queries)

    first = asked(committee(world.a))
    assert asked(committee(world.a, world.a.other_village, member=3)) == first


def test_all_or_nothing(world: World) -> None:
    body = committee(world.a)
    before = Post.objects.count(), Holding.objects.count()
    with pytest.raises(Refused):
        set_posts(actor=SYSTEM, body=body, seats={"head": 1, "member": 9}, on=DAY, document_number="2号")
    with pytest.raises(Refused):
        fill(actor=SYSTEM, body=body, kind="head", name=" ", on=DAY)
    assert (Post.objects.count(), Holding.objects.count()) == before


def test_whoever_is_elected_holds_a_post_where_posts_are_kept_and_the_former_holder_leaves(world: World) -> None:
    body = committee(world.a)
    before = holder(body)
    given: dict[str, Any] = {"actor": SYSTEM, "kind": "head", "name": "新主任", "office": "主任", "on": DAY}
    person = seat_elected(body=body, **given)
    before.refresh_from_db()
    assert before.valid_to == DAY
    assert [(one.person, one.how) for one in held_on(DAY)] == [(person, "elected")]
    leave_office(actor=SYSTEM, person=person, on=LATER)
    assert list(held_on(LATER)) == []


def elect(body: Any, kind: str, name: str, on: date = DAY, **more: Any) -> Any:
    return seat_elected(actor=SYSTEM, body=body, kind=kind, name=name, office=name, on=on, **more)


def test_an_election_sets_up_posts_where_no_paper_does_and_the_paper_takes_them_over(world: World) -> None:
    body = world.a.bodies["group"]
    for kind, name in (("head", "甲"), ("member", "乙"), ("member", "丙")):
        elect(body, kind, name)
    assert (quota_of(body, DAY), quota_of(body, SINCE)) == ({"head": 1, "member": 2}, {})
    assert regular_posts([body.place_id], DAY) == {}
    set_posts(actor=SYSTEM, body=body, seats={"head": 1, "member": 3}, on=SINCE, document_number="x")
    assert (quota_of(body, SINCE), regular_posts([body.place_id], DAY)) == (
        {"head": 1, "member": 3},
        {body.place_id: 4},
    )


def test_a_second_ballot_ends_nobodys_office_and_a_new_term_does(world: World) -> None:
    body = world.a.bodies["group"]
    elect(body, "member", "甲")
    elect(body, "member", "乙", LATER, new_term=False)
    assert [one.person.name for one in held_on(LATER) if one.person] == ["甲", "乙"]
    elect(body, "member", "丙", date(2029, 1, 1))
    assert [one.person.name for one in held_on(date(2029, 1, 1)) if one.person] == ["丙"]


def test_a_member_without_a_free_post_holds_a_part_time_one_and_the_quota_is_the_end(world: World) -> None:
    body = committee(world.a, part_time=1)
    for name in ("甲", "乙"):
        elect(body, "member", name)
    assert sorted(held_on(DAY).values_list("post__kind", flat=True)) == ["member", "part_time"]
    with pytest.raises(Refused) as refused:
        elect(body, "member", "丙")
    assert codes(refused) == ["no_free_post"]


def test_offices_without_a_post_are_persons_alone(world: World) -> None:
    person = elect(world.a.bodies["group"], "", "组长")
    assert not Holding.objects.exists()
    leave_office(actor=SYSTEM, person=person, on=LATER)
    person.refresh_from_db()
    assert person.valid_to == LATER


def test_the_measure_is_typed_until_a_paper_sets_posts_and_never_after(world: World) -> None:
    village, actor = world.a.village.pk, world.a.actor("district_officer")
    committee(world.a)
    typed = [FactSpec(place_id=village, measure="cadre_posts", on=on, value=9) for on in (date(2023, 12, 31), DAY)]
    assert record_facts(actor=actor, facts=typed[:1])["new"] == 1
    with pytest.raises(Refused) as refused:
        record_facts(actor=actor, facts=typed)
    assert codes(refused) == ["kept_elsewhere"]
    assert "岩门村" in refused.value.faults[0].message
    elsewhere = FactSpec(place_id=world.a.other_village.pk, measure="cadre_posts", on=DAY, value=9)
    assert record_facts(actor=actor, facts=[elsewhere])["new"] == 1


def test_a_step_takes_regular_posts_from_papers_or_from_the_register(world: World) -> None:
    def known(place: Any) -> int | None:
        return regular(Subject(district=world.a.district.pk, place=place.pk), DAY)

    assert known(world.a.village) is None
    record_facts(actor=SYSTEM, facts=[FactSpec(place_id=world.a.village.pk, measure="cadre_posts", on=SINCE, value=9)])
    assert known(world.a.village) == 9
    committee(world.a)
    assert known(world.a.village) == 3
