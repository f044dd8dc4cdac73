"""Posts shared among villages: worked out, changed with a reason, accepted by another under a document, then quotas."""

import json
from datetime import date
from typing import Any

import pytest

from heli.accounts.testing import World, build_world
from heli.audit.testing import unaudited
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.places import services as register
from heli.places.types import FactSpec
from heli.posts.ledger import ALLOTTINGS
from heli.posts.ledger.allotting import worked_out
from heli.posts.models import VillageAllotting
from heli.posts.queries.offices import quota_of, regular_posts
from heli.posts.rules.sharing import spread_posts
from heli.posts.services.allotting import begin_allotting, change_village, set_numbers
from heli.posts.services.offices import set_posts
from heli.posts.testing import DAY, allotting, committee, holder, sharing_of
from heli.records.services import move
from heli.records.testing import codes, district_of

pytestmark = pytest.mark.django_db
FROM = date(2026, 6, 1)


@pytest.fixture
def world() -> World:
    return build_world()


def moved(world: World, row: VillageAllotting, name: str, officer: Any = None, **values: Any) -> VillageAllotting:
    actor = officer or world.a.actor("district_officer")
    found: VillageAllotting = move(
        actor=actor, ledger=ALLOTTINGS, row=row, name=name, values=values, reason="重算", on=DAY
    )
    return found


def accepted(world: World, row: VillageAllotting) -> VillageAllotting:
    moved(world, row, "propose")
    return moved(world, row, "accept", SYSTEM, document="前府〔2026〕1号", valid_from=FROM)


def test_what_is_accepted_becomes_quotas_and_stands_in_the_register(world: World) -> None:
    row = accepted(world, allotting(world.a))
    _allotment, shares = worked_out(row)
    keys = [int(one.place) for one in shares]
    assert sorted(regular_posts(keys, FROM).values()) == sorted(one.posts for one in shares)
    assert sum(one.posts for one in shares) == 10
    told = places.facts_on(keys, "cadre_posts", FROM)
    assert {str(key): fact.value for key, fact in told.items()} == {one.place: one.posts for one in shares}


def test_a_village_is_changed_with_a_reason_and_the_total_stays(world: World) -> None:
    row = allotting(world.a)
    actor = world.a.actor("district_officer")
    _allotment, shares = worked_out(row)
    most, least = max(shares, key=lambda one: one.posts), min(shares, key=lambda one: one.posts)
    row = change_village(actor=actor, row=row, place=most.place, posts=most.posts - 1, why="已有专职人员")
    with pytest.raises(Refused) as refused:
        moved(world, row, "propose")
    assert codes(refused) == {"changed_total"}
    row = change_village(actor=actor, row=row, place=least.place, posts=least.posts + 1, why="片区大")
    assert moved(world, row, "propose").status == "proposed"
    with pytest.raises(Refused) as refused:
        change_village(actor=actor, row=row, place=least.place, posts=None)
    assert codes(refused) == {"not_now"}


def test_a_change_is_taken_back(world: World) -> None:
    row, actor = allotting(world.a), world.a.actor("district_officer")
    place = worked_out(row)[1][0].place
    row = change_village(actor=actor, row=row, place=place, posts=5, why="x")
    assert change_village(actor=actor, row=row, place=place, posts=None).changes == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [({"why": " "}, "why_empty"), ({"posts": 8}, "number_outside"), ({"place": "1"}, "place_outside")],
)
def test_a_change_without_reason_or_outside_is_refused(world: World, change: dict[str, Any], code: str) -> None:
    row = allotting(world.a)
    given = {"place": worked_out(row)[1][0].place, "posts": 4, "why": "x", **change}
    with pytest.raises(Refused) as refused:
        change_village(actor=world.a.actor("district_officer"), row=row, **given)
    assert codes(refused) == {code}


def test_other_numbers_are_kept_while_it_is_in_work(world: World) -> None:
    row, actor = allotting(world.a), world.a.actor("district_officer")
    row = set_numbers(actor=actor, row=row, total=21, least=3, most=7)
    assert {one.posts for one in worked_out(row)[1]} == {7}
    row = set_numbers(actor=actor, row=row, total=22, least=3, most=7)
    with pytest.raises(Refused) as refused:
        moved(world, row, "propose")
    assert codes(refused) == {"posts_too_many"}
    with pytest.raises(Refused) as refused:
        set_numbers(actor=actor, row=row, total=10, least=4, most=3)
    assert codes(refused) == {"least_above_most"}


def test_fewer_posts_than_are_held_are_refused_by_village_and_nothing_is_written(world: World) -> None:
    body = committee(world.a, member=5)
    set_posts(actor=SYSTEM, body=body, seats={"member": 7, "head": 0}, on=DAY, document_number="x")
    for number in range(6):
        holder(body, "member", f"委员{number}", DAY)
    name = places.committee_name("岩门村")
    body.name = name
    with unaudited():
        body.save()
    row = allotting(world.a)
    with pytest.raises(Refused) as refused:
        accepted(world, row)
    assert codes(refused) == {"below_holders"}
    assert {fault.source for fault in refused.value.faults} == {"岩门村"}
    row.refresh_from_db()
    assert row.status == "proposed"
    assert quota_of(body, FROM) == {"member": 7}


def test_from_the_register_every_village_needs_its_people(world: World) -> None:
    given: dict[str, Any] = {
        "actor": world.a.actor("district_officer"),
        "about": district_of(world.a),
        "title": "职数",
        "on": DAY,
    }
    with pytest.raises(Refused) as refused:
        begin_allotting(**given)
    assert codes(refused) == {"people_unknown"}
    keys = [row.id for row in places.villages_of(world.a.district.pk, DAY)]
    register.record_facts(
        actor=SYSTEM,
        facts=[FactSpec(place_id=key, measure="registered_population", on=DAY, value=1000) for key in keys],
    )
    row = begin_allotting(**given)
    assert (row.total, len(row.given["places"])) == (3 * len(keys), len(keys))


def test_a_file_names_villages_of_the_district(world: World) -> None:
    data = json.loads(sharing_of(world.a))
    data["places"][0]["id"] = "999999999999"
    with pytest.raises(Refused) as refused:
        allotting(world.a, text=json.dumps(data))
    assert codes(refused) == {"place_outside"}
    with pytest.raises(Refused) as refused:
        allotting(world.a, text="{}")
    assert refused.value.faults


def test_posts_spread_over_kinds_as_the_law_and_the_village_have_it() -> None:
    assert spread_posts(3, {}, 3) == {"secretary": 1, "head": 1, "deputy": 1, "member": 1}
    assert spread_posts(5, {"clerk": 1, "grid_worker": 2}, 3) == {
        "clerk": 1, "grid_worker": 2, "secretary": 1, "head": 1, "deputy": 1, "member": 2,
    }  # fmt: skip
    assert spread_posts(3, {}, 5)["part_time"] == 2
    for posts in range(3, 8):
        spread = spread_posts(posts, {}, 3)
        assert sum(spread.values()) - 1 == posts
