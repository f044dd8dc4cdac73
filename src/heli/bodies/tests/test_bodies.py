"""Bodies, persons in office and their links to places: what services do, what they refuse, what the database refuses.

2020        2021        2022
|--王组长 responsible --|--李局长 …    one responsible at a time
|--民政局 linked ------------------    several may be linked
"""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.audit.models import Entry
from heli.audit.testing import unaudited
from heli.bodies import queries, services
from heli.bodies.checks import check_invariants
from heli.bodies.models import Body, BodyLink, Person
from heli.bodies.types import BodyKind, LinkKind
from heli.kernel.access import SYSTEM, Actor, Grant, Scope
from heli.kernel.faults import Forbidden, Refused
from heli.places.testing import Register, draw_register

Y20, Y21, Y22 = date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)


@pytest.fixture
def places(db: None) -> Register:
    return draw_register({"代市镇": "岩门村 大石村", "观塘镇": "光明村"})


@pytest.fixture
def bureau(places: Register) -> Body:
    return services.add_body(actor=SYSTEM, name="民政局", kind=BodyKind.DEPARTMENT, place_id=places.district, on=Y20)


@pytest.fixture
def wang(bureau: Body) -> Person:
    return services.add_person(actor=SYSTEM, body=bureau, name="王明", office="副局长", on=Y20)


def link(place: int, kind: LinkKind, on: date, until: date | None = None, **holder: Any) -> BodyLink:
    return services.add_link(actor=SYSTEM, kind=kind, place_id=place, on=on, until=until, **holder)


def codes(refused: Any) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def test_who_answers_for_a_village_on_a_day(places: Register, bureau: Body, wang: Person) -> None:
    village = places["岩门村"]
    link(village, LinkKind.VILLAGE_LINK, Y20, body=bureau)
    link(village, LinkKind.RESPONSIBLE, Y20, Y21, person=wang)
    li = services.add_person(actor=SYSTEM, body=bureau, name="李强", office="科长", on=Y20)
    link(village, LinkKind.RESPONSIBLE, Y21, person=li)

    def names(on: date) -> list[str]:
        return [answering.name for answering in queries.who_answers_for(village, on)]

    assert names(date(2020, 12, 31)) == ["王明", "民政局"]
    assert names(Y21) == ["李强", "民政局"]
    assert names(date(2019, 1, 1)) == []
    first = queries.who_answers_for(village, Y20)[0]
    assert (first.office, first.of, first.kind) == ("副局长", "民政局", LinkKind.RESPONSIBLE)
    assert queries.who_answers_for_all([village, places["大石村"]], Y21).keys() == {village}


def test_a_place_has_one_responsible_at_a_time_and_may_have_several_linked(
    places: Register, bureau: Body, wang: Person
) -> None:
    village = places["岩门村"]
    link(village, LinkKind.RESPONSIBLE, Y20, person=wang)
    with pytest.raises(Refused) as refused:
        link(village, LinkKind.RESPONSIBLE, Y21, body=bureau)
    assert codes(refused) == ["link_exists"]
    assert "王明" in refused.value.faults[0].message
    link(village, LinkKind.VILLAGE_LINK, Y20, body=bureau)
    link(village, LinkKind.VILLAGE_LINK, Y20, person=wang)
    with pytest.raises(Refused):
        link(village, LinkKind.VILLAGE_LINK, Y21, body=bureau)
    link(places["大石村"], LinkKind.RESPONSIBLE, Y20, person=wang)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"body": None, "person": None}, "link_holder"),
        ({"until": Y20}, "period_backward"),
    ],
)
def test_a_wrong_link_is_refused(places: Register, bureau: Body, change: dict[str, Any], code: str) -> None:
    given: dict[str, Any] = {"body": bureau, **change}
    with pytest.raises(Refused) as refused:
        link(places["岩门村"], LinkKind.RESPONSIBLE, Y20, **given)
    assert code in codes(refused)


def test_bodies_and_persons_need_a_name_and_a_living_body(places: Register, bureau: Body) -> None:
    for name, code in ((" ", "name_missing"), ("民政局", "body_exists")):
        with pytest.raises(Refused) as refused:
            services.add_body(actor=SYSTEM, name=name, kind=BodyKind.OTHER, place_id=places.district, on=Y20)
        assert codes(refused) == [code]
    for name, office, on, code in (
        ("", "局长", Y20, "name_missing"),
        ("王", "", Y20, "office_missing"),
        ("王", "局长", date(2019, 1, 1), "body_not_there"),
    ):
        with pytest.raises(Refused) as refused:
            services.add_person(actor=SYSTEM, body=bureau, name=name, office=office, on=on)
        assert codes(refused) == [code]


def test_ending_a_body_ends_its_persons_and_links(places: Register, bureau: Body, wang: Person) -> None:
    held = link(places["岩门村"], LinkKind.RESPONSIBLE, Y20, person=wang)
    services.end_body(actor=SYSTEM, body=bureau, on=Y21, reason="机构改革")
    held.refresh_from_db()
    wang.refresh_from_db()
    assert (held.valid_to, wang.valid_to) == (Y21, Y21)
    assert Entry.objects.order_by("-seq")[0].after == {"to": "2021-01-01", "links": 1, "persons": 1}
    with pytest.raises(Refused) as refused:
        services.end_body(actor=SYSTEM, body=bureau, on=Y22, reason="again")
    assert codes(refused) == ["ended"]
    assert not list(check_invariants())


def test_nothing_ends_before_what_hangs_on_it(places: Register, bureau: Body, wang: Person) -> None:
    held = link(places["岩门村"], LinkKind.RESPONSIBLE, Y22, person=wang)
    for end, arguments, code in (
        (services.end_body, {"body": bureau, "reason": "x"}, "body_in_use"),
        (services.end_person, {"person": wang}, "person_in_use"),
        (services.end_link, {"link": held}, "period_backward"),
    ):
        with pytest.raises(Refused) as refused:
            end(actor=SYSTEM, on=Y21, **arguments)
        assert codes(refused) == [code]


def test_a_town_officer_links_in_the_own_town_only(places: Register, bureau: Body) -> None:
    officer = Actor(1, "officer", (Grant("town_officer", places["代市镇"]),))
    services.add_link(actor=officer, kind=LinkKind.VILLAGE_LINK, place_id=places["岩门村"], on=Y20, body=bureau)
    with pytest.raises(Forbidden):
        services.add_link(actor=officer, kind=LinkKind.VILLAGE_LINK, place_id=places["光明村"], on=Y20, body=bureau)
    with pytest.raises(Forbidden):
        services.end_body(actor=officer, body=bureau, on=Y21, reason="x")


def test_a_scope_reaches_bodies_of_its_places_and_bodies_held(places: Register, bureau: Body) -> None:
    group = services.add_body(actor=SYSTEM, name="工作组", kind=BodyKind.WORK_GROUP, place_id=places["代市镇"], on=Y20)
    town = Scope(place_ids=frozenset({places["代市镇"]}))
    assert list(queries.in_scope(town)) == [group]
    assert list(queries.in_scope(Scope(body_ids=frozenset({bureau.pk})))) == [bureau]
    assert not queries.in_scope(Scope()).exists()
    assert [row.persons for row in queries.body_rows(Scope(everything=True), Y20)] == [0, 0]


def test_the_trail_holds_no_name_of_a_person(wang: Person) -> None:
    assert "王明" not in str([entry.after for entry in Entry.objects.all()])


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("link_one_responsible", {"kind": "responsible", "valid_from": Y21}),
        ("link_one_area_lead", {"kind": "area_lead", "valid_from": Y21}),
        ("link_body_once", {"kind": "village_link", "valid_from": Y21}),
        ("link_person_once", {"kind": "village_link", "valid_from": Y21, "person": True}),
        ("link_reports_in_body_once", {"kind": "reports_in", "valid_from": Y21}),
        ("link_part_time_person_once", {"kind": "part_time", "valid_from": Y21, "person": True}),
        ("link_one_holder", {"both": True}),
        ("link_kind_known", {"kind": "friend"}),
        ("link_period_forward", {"valid_to": Y20}),
    ],
)
def test_each_constraint_of_links_fires(
    places: Register, bureau: Body, wang: Person, constraint: str, fields: dict[str, Any]
) -> None:
    person, both = fields.pop("person", False), fields.pop("both", False)
    holder: dict[str, Any] = {"person": wang} if person else {"body": bureau}
    holder |= {"body": bureau, "person": wang} if both else {}
    kind = LinkKind(fields.get("kind", "area_lead")) if fields.get("kind") != "friend" else LinkKind.AREA_LEAD
    if "valid_from" in fields:
        link(places["岩门村"], kind, Y20, **holder)
    given = {"public_id": "x", "kind": "area_lead", "place_id": places["岩门村"], "valid_from": Y20, **holder, **fields}
    with unaudited(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BodyLink.objects.create(**given)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("body_period_forward", {"valid_to": Y20}),
        ("body_kind_known", {"kind": "club"}),
        ("body_named", {"name": ""}),
        ("body_once_in_place", {"name": "民政局"}),
    ],
)
def test_each_constraint_of_bodies_fires(
    places: Register, bureau: Body, constraint: str, fields: dict[str, Any]
) -> None:
    given = {"public_id": "x", "name": "n", "kind": "other", "place_id": places.district, "valid_from": Y20, **fields}
    expected = f"{constraint}|bodies_body.place_id, bodies_body.name"
    with unaudited(), pytest.raises(IntegrityError, match=expected), transaction.atomic():
        Body.objects.create(**given)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [("person_period_forward", {"valid_to": Y20}), ("person_named_with_office", {"office": ""})],
)
def test_each_constraint_of_persons_fires(bureau: Body, constraint: str, fields: dict[str, Any]) -> None:
    given = {"public_id": "x", "name": "n", "office": "o", "body": bureau, "valid_from": Y20, **fields}
    with unaudited(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Person.objects.create(**given)


def test_check_finds_a_link_that_outlives_its_body(places: Register, bureau: Body) -> None:
    link(places["岩门村"], LinkKind.VILLAGE_LINK, Y20, body=bureau)
    with unaudited():
        Body.objects.update(valid_to=Y21)
    assert [fault.code for fault in check_invariants()] == ["link_outlives_holder"]
