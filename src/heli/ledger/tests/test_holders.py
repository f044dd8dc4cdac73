"""Who keeps books: bodies of three kinds, for a village or a group, once."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

from heli.accounts.testing import BEGINNING, World
from heli.bodies import queries as bodies
from heli.bodies.models import BodyLink
from heli.bodies.services import add_body, add_link, end_link
from heli.bodies.types import BodyKind, LinkKind
from heli.kernel.access import SYSTEM, scope
from heli.kernel.faults import Refused
from heli.ledger.models import Collective
from heli.ledger.queries import collective_rows, collectives_at, find_collective
from heli.ledger.services import note_members, open_books
from heli.ledger.testing import YEAR, open_cooperative, past_services
from heli.records.testing import codes

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)


def test_the_books_of_a_co_operative_begin_with_a_month_and_a_dated_link(world: World) -> None:
    one = open_cooperative(world.a)
    assert bodies.property_places([one.body_id], ON) == {one.body_id: world.a.village.pk}
    assert collectives_at([world.a.village.pk], ON) == {world.a.village.pk: [one]}
    assert bodies.who_answers_for(world.a.other_village.pk, ON) == []


def test_who_keeps_the_property_of_a_place_does_not_answer_for_it(world: World) -> None:
    before = bodies.who_answers_for(world.a.village.pk, ON)
    open_cooperative(world.a)
    assert bodies.who_answers_for(world.a.village.pk, ON) == before


def test_a_holder_outlives_its_place(world: World) -> None:
    one = open_cooperative(world.a)
    end_link(actor=SYSTEM, link=BodyLink.objects.get(body=one.body), on=ON)
    other = world.a.place("大石村").pk
    add_link(actor=SYSTEM, kind=LinkKind.PROPERTY, place_id=other, body=one.body, on=ON)
    assert collectives_at([other], ON) == {other: [one]}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": BodyKind.WORK_GROUP}, "holder_kind"),
        ({"place": "town"}, "holder_place"),
        ({"begins_on": ON}, "begins_within_month"),
    ],
)
def test_who_may_not_hold_is_refused_with_the_field(world: World, given: dict[str, Any], code: str) -> None:
    place = world.a.town if given.get("place") else world.a.village
    kind = given.get("kind", BodyKind.COOPERATIVE)
    body = add_body(actor=SYSTEM, name="合作社", kind=kind, place_id=place.pk, on=BEGINNING)
    with pytest.raises(Refused) as refused:
        open_books(actor=SYSTEM, body=body, begins_on=given.get("begins_on", YEAR))
    assert codes(refused) == {code}


def test_a_body_keeps_one_set_of_books_and_one_places_property(world: World) -> None:
    one = open_cooperative(world.a)
    with pytest.raises(Refused) as refused:
        open_books(actor=SYSTEM, body=one.body, begins_on=YEAR)
    assert codes(refused) == {"books_exist"}
    with pytest.raises(Refused) as refused:
        add_link(actor=SYSTEM, kind=LinkKind.PROPERTY, place_id=world.a.other_village.pk, body=one.body, on=ON)
    assert codes(refused) == {"link_exists"}


def test_the_database_holds_what_the_services_ask(world: World) -> None:
    one = open_cooperative(world.a)
    with pytest.raises(IntegrityError, match="collective_begins_with_a_month"), past_services():
        Collective.objects.filter(pk=one.pk).update(begins_on=ON)
    link = BodyLink.objects.get(body=one.body)
    link.pk, link.public_id, link.place_id = None, "another", world.a.other_village.pk
    with pytest.raises(IntegrityError, match="link_property_once"), past_services():
        link.save(force_insert=True)


def test_a_holder_is_found_by_those_who_reach_its_place(world: World) -> None:
    one = open_cooperative(world.a)
    note_members(actor=world.a.actor("bookkeeper"), collective=one, members=312)
    for role, half, reached in (
        ("supervisor", world.a, True),
        ("grid_worker", world.a, False),
        ("auditor", world.b, False),
    ):
        found = find_collective(one.public_id, scope(half.actor(role), "ledger.read"))
        assert (found is not None) is reached, role
    rows = collective_rows(scope(world.a.actor("bookkeeper"), "ledger.read"), world.a.district.pk, ON)
    assert [(row.name, row.place_name, row.members) for row in rows] == [("岩门村股份经济合作社", "岩门村", 312)]
    with pytest.raises(Refused):
        note_members(actor=world.a.actor("bookkeeper"), collective=one, members=-1)
