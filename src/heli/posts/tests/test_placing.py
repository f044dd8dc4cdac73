"""Whoever held a regular post is placed in one of four ways; before is the sum of the four, after adds up."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Subject
from heli.kernel.faults import Refused
from heli.posts.gates import settled
from heli.posts.ledger import PLACEMENTS
from heli.posts.ledger.placing import term_after
from heli.posts.models import Holding, Placement
from heli.posts.queries.placing import placed_by_village, regular_holders
from heli.posts.rules.sharing import OUTCOMES, PlacedCount, add_up
from heli.posts.services.offices import pair
from heli.posts.services.placing import begin_placements, take_post
from heli.posts.testing import DAY, committee, holder, placement
from heli.records.services import move
from heli.records.testing import codes, district_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def moved(world: World, row: Placement, name: str, role: str = "town_officer", **values: Any) -> Placement:
    values = {"outcome": "", "pay_kept_until": None, **values} if name == "decide" else {}
    found: Placement = move(
        actor=world.a.actor(role), ledger=PLACEMENTS, row=row, name=name, values=values, reason="重议", on=DAY
    )
    return found


def test_everybody_who_holds_a_regular_post_the_day_before_gets_one_row(world: World) -> None:
    body = committee(world.a, part_time=1)
    head, secretary = holder(body), holder(body, "secretary")
    pair(actor=SYSTEM, holding=head, other=secretary)
    holder(body, "member", "委员")
    holder(body, "part_time", "兼职")
    holder(body, "deputy", "副主任", DAY)
    about, actor = district_of(world.a), world.a.actor("district_officer")
    made = begin_placements(actor=actor, about=about, on=DAY)
    assert {row.before.person.name for row in made if row.before.person} == {"陈主任", "委员"}
    assert begin_placements(actor=actor, about=about, on=DAY) == []


def test_whoever_leaves_leaves_every_post_and_keeps_pay_for_a_term_at_most(world: World) -> None:
    body = committee(world.a)
    head, secretary = holder(body), holder(body, "secretary")
    pair(actor=SYSTEM, holding=head, other=secretary)
    (row,) = begin_placements(actor=world.a.actor("district_officer"), about=district_of(world.a), on=DAY)
    for wrong in (date(2031, 3, 3), DAY):
        with pytest.raises(Refused) as refused:
            moved(world, row, "decide", outcome="leaves", pay_kept_until=wrong)
        assert codes(refused) == {"pay_day"}
    with pytest.raises(Refused) as refused:
        moved(world, row, "decide", outcome="stays", pay_kept_until=date(2027, 1, 1))
    assert codes(refused) == {"pay_day"}
    row = moved(world, row, "decide", outcome="leaves", pay_kept_until=term_after(DAY))
    moved(world, row, "settle", "district_officer")
    assert regular_holders([body.place_id], DAY) == []
    row.before.refresh_from_db()
    assert row.before.pay_kept_until == date(2031, 3, 2)
    assert not Holding.objects.filter(person__isnull=False, valid_to=None).exists()


def test_the_last_day_of_a_term_exists() -> None:
    assert term_after(date(2028, 2, 29)) == date(2033, 2, 28)


def test_whoever_moves_has_a_post_elsewhere_and_whoever_stays_here(world: World) -> None:
    there = committee(world.a, world.a.other_village)
    row = moved(world, placement(world.a), "decide", outcome="moves")
    with pytest.raises(Refused) as refused:
        moved(world, row, "settle", "district_officer")
    assert codes(refused) == {"no_post_after"}
    actor = world.a.actor("district_officer")
    with pytest.raises(Refused) as refused:
        take_post(actor=actor, placement=row, body=row.before.post.body, kind="head")
    assert codes(refused) == {"stays_here"}
    row = take_post(actor=actor, placement=row, body=there, kind="deputy")
    with pytest.raises(Refused) as refused:
        take_post(actor=actor, placement=row, body=there, kind="member")
    assert codes(refused) == {"not_placed"}
    with pytest.raises(Refused) as refused:
        moved(world, row, "reopen")
    assert codes(refused) == {"in_post"}
    moved(world, row, "settle", "district_officer")
    found = placed_by_village(row.about, world.a.district.pk, DAY)
    assert found.all == PlacedCount({"moves": 1}, 0, 1, 0)
    assert {one.name: (one.placed.held_before, one.placed.held_after) for one in found.villages} == {
        "岩门村": (1, 0), "光明村": (0, 1),
    }  # fmt: skip


def test_whoever_keeps_the_post_they_hold_just_keeps_it(world: World) -> None:
    row = moved(world, placement(world.a), "decide", outcome="stays")
    row = take_post(actor=world.a.actor("district_officer"), placement=row, body=row.before.post.body, kind="head")
    assert row.after == row.before
    assert row.new_office


def test_whoever_is_undecided_and_still_in_office_is_not_newly_filled(world: World) -> None:
    row = placement(world.a)
    assert placed_by_village(row.about, world.a.district.pk, DAY).all == PlacedCount({"": 1})


def test_newly_filled_posts_are_those_nobody_was_placed_in(world: World) -> None:
    row = moved(world, placement(world.a), "decide", outcome="leaves")
    moved(world, row, "settle", "district_officer")
    holder(row.before.post.body, "head", "新主任", DAY)
    found = placed_by_village(row.about, world.a.district.pk, DAY)
    assert (found.all.held_before, found.all.held_after, found.all.new) == (1, 1, 1)
    assert [town for town, _one in found.towns] == ["代市镇"]


def test_the_gate_opens_when_everybody_is_settled(world: World) -> None:
    # A campaign asks; placements were begun under the district's tab.
    subject = Subject(district=world.a.district.pk, place=world.a.village.pk, about="abcabcabcabc")

    def closed() -> list[str]:
        return [fault.code for fault in settled(subject=subject, on=DAY)]

    assert closed() == ["placements_none"]
    row = placement(world.a)
    assert closed() == ["placements_open"]
    row = moved(world, row, "decide", outcome="business")
    assert closed() == ["placements_open"]
    moved(world, row, "settle", "district_officer")
    assert closed() == []


COUNTS = st.dictionaries(st.sampled_from((*OUTCOMES, "")), st.integers(0, 50))


@given(st.lists(st.builds(PlacedCount, COUNTS, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_placements_conserve_people_whatever_is_added_up(parts: list[PlacedCount]) -> None:
    whole = add_up(parts)
    assert whole.held_before == sum(part.held_before for part in parts)
    assert whole.held_before == sum(whole.before.get(one, 0) for one in OUTCOMES) + whole.undecided
    assert whole.held_after == sum(part.held_after for part in parts)
