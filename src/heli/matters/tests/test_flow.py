"""What the moves of a matter mean: clocks from the whistle, returns, back and forth, voices that are kept, closed is solved."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World, build_world
from heli.audit.services import writing
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM, Grant
from heli.kernel.faults import Refused
from heli.matters import services
from heli.matters.ledger import WHISTLES
from heli.matters.models import Matter, MatterVoice, Whistle
from heli.matters.testing import (
    answered,
    filed,
    handled_by_all,
    key_of,
    moved,
    photo,
    reported,
    shut,
    sitting,
    speaking,
    told,
    whistled,
)
from heli.places import services as places
from heli.planning.testing import square
from heli.records.checks import check_invariants
from heli.records.due import dues, gather, gather_for, is_for
from heli.records.models import Event
from heli.records.services import move
from heli.records.testing import DAY, DUE, codes, district_of

FRIDAY, SATURDAY = date(2026, 2, 13), date(2026, 2, 14)
"""The Saturday is worked instead of the Spring Festival, which lasts until Monday the 23rd."""
CONTACT = "13912345678 王阿姨"


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def give_back(world: World, row: Whistle, right: str, on: date = FRIDAY) -> Whistle:
    """The liaison gives it back, the centre accepts."""
    values = {"right": key_of(world.a, right)}
    row = moved(world.a, "department_liaison", row, "give_back", on, values=values, reason="职责清单第十二条")
    found: Whistle = moved(world.a, "district_officer", row, "accept", on)
    return found


def test_a_departments_clock_starts_at_the_whistle_and_each_stage_has_its_day(world: World) -> None:
    row = whistled(world.a, filed(world.a, on=FRIDAY), on=FRIDAY)[0]
    assert row.due_on == SATURDAY
    row = moved(world.a, "department_liaison", row, "arrive", SATURDAY)
    assert row.due_on == date(2026, 2, 16)  # three days by the calendar after the whistle, not after it reported in
    row = moved(world.a, "department_liaison", row, "answer", date(2026, 2, 16), values={"answer": "节后更换"})
    assert row.due_on == date(2026, 2, 25)  # a lamp: three working days after the whistle


def test_suspended_days_do_not_count_and_time_is_asked_for_before_it_is_due(world: World) -> None:
    day = [date(2026, 3, 2 + n) for n in range(8)]
    row = answered(world.a, whistled(world.a, filed(world.a, on=day[0]), on=day[0])[0], day[0])
    assert row.due_on == day[3]
    given: dict[str, Any] = {"ledger": WHISTLES, "actor": world.a.actor("department_liaison")}

    def at(one: date) -> dict[str, Any]:
        return {"on": one, "at": datetime(one.year, one.month, one.day, 3, tzinfo=UTC)}

    late = pytest.raises(Refused)
    with late as refused:
        move(row=row, name="ask_rest", reason="等配件", **given, **at(day[4]))
    assert codes(refused) == {"past_due"}
    row = move(row=row, name="ask_rest", reason="等配件", **given, **at(day[1]))
    given["actor"] = world.a.actor("district_officer")
    row = move(row=row, name="suspend", **given, **at(day[1]))
    row = move(row=row, name="resume", **given, **at(day[4]))
    # Of the 3rd to the 5th nothing counts: the 6th, the 9th and the 10th do.
    assert row.due_on == date(2026, 3, 10)
    given["actor"] = world.a.actor("department_liaison")
    row = move(row=row, name="ask_time", reason="等配件", values={"more": 2}, **given, **at(day[5]))
    given["actor"] = world.a.actor("district_officer")
    row = move(row=row, name="give_time", **given, **at(day[5]))
    assert (row.days, row.due_on) == (5, date(2026, 3, 12))


def test_what_is_not_theirs_is_given_back_within_a_working_day_with_whose_it_is(world: World) -> None:
    row = whistled(world.a, filed(world.a, on=FRIDAY), on=FRIDAY)[0]
    for right, on, code in (
        (key_of(world.a, "group"), date(2026, 2, 24), "too_late_to_give_back"),
        (key_of(world.a, "department"), SATURDAY, "right_is_another"),
        ("", SATURDAY, "right_empty"),
    ):
        with pytest.raises(Refused) as refused:
            moved(world.a, "department_liaison", row, "give_back", on, values={"right": right}, reason="不属我局")
        assert code in codes(refused)
    assert give_back(world, row, "group", SATURDAY).status == "returned"


def test_back_and_forth_goes_to_the_joint_sitting_whose_decision_stays(world: World) -> None:
    half, matter = world.a, filed(world.a, on=FRIDAY)
    give_back(world, whistled(half, matter, "department", on=FRIDAY)[0], "group")
    give_back(world, whistled(half, matter, "group", on=FRIDAY)[0], "department")
    assert whistled(half, matter, "department", on=FRIDAY) == []
    matter.refresh_from_db()
    assert matter.flagged_on == FRIDAY
    early, other = sitting(half, on=date(2026, 2, 1)), sitting(half, on=FRIDAY, kind="review")
    for said in ("2026年第3次联席会", early, other):
        with pytest.raises(Refused) as refused:
            whistled(half, matter, "department", on=FRIDAY, decided=said)
        assert codes(refused) == {"sitting_unknown"}
    row = whistled(half, matter, "department", on=FRIDAY, decided=sitting(half, on=FRIDAY))[0]
    assert row.decided == "第3次联席会（2026-02-13）"
    matter.refresh_from_db()
    assert matter.flagged_on is None
    with pytest.raises(Refused) as refused:
        give_back(world, row, "group")
    assert codes(refused) == {"decided"}


def test_a_department_is_not_whistled_twice_and_nothing_closes_while_one_is_outstanding(world: World) -> None:
    matter = filed(world.a, on=FRIDAY)
    whistled(world.a, matter, "department", "group", on=FRIDAY)
    with pytest.raises(Refused) as refused:
        whistled(world.a, matter, "group", on=FRIDAY)
    assert codes(refused) == {"whistled_already"}
    matter.refresh_from_db()
    with pytest.raises(Refused) as refused:
        moved(world.a, "district_officer", matter, "gather", FRIDAY, values={"result": "已修"})
    assert codes(refused) == {"whistles_open"}
    assert handled_by_all(world.a, matter, FRIDAY).status == "handled"


def test_a_liaison_speaks_for_the_departments_of_the_own_grants_and_for_no_other(world: World, settings: Any) -> None:
    """Neither does who has the role over the district, or leads the centre."""
    half, about = world.a, district_of(world.a)
    row = whistled(half, filed(half), "group")[0]
    liaison, other = half.actor("department_liaison"), Grant("department_liaison", half.district.pk)
    department = replace(other, body_id=half.bodies["department"].pk)
    for actor in (
        replace(liaison, grants=(other,)), replace(liaison, grants=(other, department)), half.actor("district_officer"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            move(actor=actor, ledger=WHISTLES, row=row, name="arrive")
        assert codes(refused) == {"no_liaison"}
        assert "岩门工作组" in refused.value.faults[0].message
        assert not [due for due, _one in gather_for(actor, [about.id], DUE, DAY) if due.id == "whistles.work"]
    for grants in ((other,), (department,), (replace(department, body_id=row.body_body_id),)):
        told = [one for due, one in gather(about, DUE, DAY) if due.id == "whistles.work"]
        due = next(due for due in dues() if due.id == "whistles.work")
        assert [is_for(replace(liaison, grants=grants), due, one) for one in told] == [
            grants[0].body_id == row.body_body_id
        ]
    assert [one.title for due, one in gather_for(liaison, [about.id], DUE, DAY) if due.id == "whistles.work"] == [
        "路灯不亮"
    ]
    assert moved(half, "department_liaison", row, "arrive").status == "arrived"


def test_a_department_without_a_liaison_is_not_whistled(world: World) -> None:
    half, matter = world.a, filed(world.a)
    half.bodies["mute"] = bodies.add_body(
        actor=SYSTEM, name="园林中心", kind=BodyKind.DEPARTMENT, place_id=half.district.pk, on=date(2020, 1, 1)
    )
    for bodies_named in (("mute",), ("department", "mute")):
        with pytest.raises(Refused) as refused:
            whistled(half, matter, *bodies_named)
        assert codes(refused) == {"no_liaison"}
        assert "园林中心" in refused.value.faults[0].message
    assert not Whistle.objects.exists()


def test_whoever_handled_it_for_a_department_neither_checks_nor_calls_back(world: World) -> None:
    matter = filed(world.a, on=FRIDAY)
    row = answered(world.a, whistled(world.a, matter, on=FRIDAY)[0], FRIDAY)
    done: dict[str, Any] = {"values": {"result": "已修", "cost": None}, "note": "亮了", "on": FRIDAY}
    move(actor=speaking(world.a, row, "district_officer"), ledger=WHISTLES, row=row, name="handle", **done)
    matter.refresh_from_db()
    matter = moved(world.a, "town_officer", matter, "gather", FRIDAY, values={"result": "已修"})
    with pytest.raises(Refused) as refused:
        moved(world.a, "district_officer", matter, "check", FRIDAY, upload=photo())
    assert codes(refused) == {"same_person"}
    with pytest.raises(Refused) as refused:
        moved(world.a, "grid_worker", matter, "check", FRIDAY, note="亮了")
    assert codes(refused) == {"photo_missing"}


def test_closed_is_what_was_solved_and_impossible_takes_two(world: World) -> None:
    matter = shut(world.a, reported(world.a, contact=CONTACT), "unsolved", "no")
    with pytest.raises(Refused) as refused:
        moved(world.a, "town_officer", matter, "close")
    assert codes(refused) == {"not_solved"}
    matter = moved(world.a, "town_officer", matter, "doubt", reason="管线在河道管理范围内")
    matter = moved(world.a, "district_officer", matter, "confirm", reason="现场复核属实")
    assert (matter.status, matter.outcome) == ("closed", "impossible")
    assert list(check_invariants()) == []


def test_who_left_no_contact_is_not_called_and_who_did_is(world: World) -> None:
    for contact, name, code in ((CONTACT, "close_unasked", "call_first"), ("", "call_back", "nobody_to_call")):
        voice = reported(world.a, contact=contact)
        matter = moved(
            world.a, "town_officer", voice.matter, "file", values={"title": "路灯不亮", "item": "street_lamp"}
        )
        values = {"result": "换了灯泡", "cost": None}
        matter = told(world.a, moved(world.a, "village_cadre", matter, "on_spot", values=values, note="灯亮了"))
        asked: dict[str, Any] = {"values": {"outcome": "solved", "content": "yes"}} if name == "call_back" else {}
        with pytest.raises(Refused) as refused:
            moved(world.a, "town_officer", matter, name, **asked)
        assert codes(refused) == {code}


def test_a_contact_is_sealed_opened_with_a_trace_and_forgotten(world: World) -> None:
    voice = reported(world.a, contact=CONTACT)
    assert CONTACT not in voice.contact
    matter = shut(world.a, voice)
    assert services.open_contacts(actor=world.a.actor("town_officer"), matter=matter) == [CONTACT]
    assert matter.closed_on is not None
    assert services.forget_contacts(actor=SYSTEM, on=date(2026, 5, 30)) == 0
    assert services.forget_contacts(actor=SYSTEM, on=date(2026, 5, 31)) == 1
    assert not MatterVoice.objects.exclude(contact="").exists()


def test_a_reporter_says_within_a_month_that_it_is_not_solved(world: World) -> None:
    voice = reported(world.a, contact=CONTACT)
    given: dict[str, Any] = {"actor": SYSTEM, "voice": voice, "reason": "还是不亮，电话13912345678"}
    with pytest.raises(Refused) as refused:
        services.object_to(**given)
    assert codes(refused) == {"not_now"}
    matter = shut(world.a, voice)
    with pytest.raises(Refused):
        services.object_to(**given, on=date(2026, 4, 2))
    again = services.object_to(**given, on=date(2026, 4, 1))
    assert (again.status, again.reopened, again.outcome, again.closed_on) == ("filed", 1, "", None)
    assert matter.pk == again.pk
    assert "13912345678" not in Event.objects.filter(row=matter.public_id, did="again").get().reason


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": " "}, "text_empty"), ({"text": "长" * 4_001}, "text_long"), ({"item": "aliens"}, "item_unknown"),
        ({"contact": "1" * 81}, "contact_long"), ({"point": (181_000_000, 0)}, "point_outside"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_report_is_named(world: World, change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        reported(world.a, **change)
    assert codes(refused) == {code}
    assert not Matter.objects.exists()


def test_a_report_is_refused_for_another_district_a_fourth_photo_and_a_photo_that_is_none(world: World) -> None:
    from heli.records.services import FormFile

    for change, code in (
        ({"place_id": world.b.village.pk}, "place_outside"),
        ({"photos": [photo() for _one in range(4)]}, "photos_many"),
    ):
        with pytest.raises(Refused) as refused:
            reported(world.a, **change)
        assert codes(refused) == {code}
    with pytest.raises(Refused):
        reported(world.a, photos=[FormFile("x.jpg", [b"no photo"])])
    assert not Matter.objects.exists()


def test_a_point_outside_the_outlines_of_the_district_is_refused(world: World) -> None:
    with writing(SYSTEM, "places.edit"):
        outline = places.add_outline(shape=square(0, 0), is_sample=True)
        given: dict[str, Any] = {"place_id": world.a.village.pk, "reason": "drawn", "outline_id": outline.pk}
        places.change_version(actor=SYSTEM, on=date(2012, 1, 1), **given)
    here = (round(outline.lon * 1e6), round(outline.lat * 1e6))
    assert reported(world.a, point=here).matter.lon_e6 == here[0]
    with pytest.raises(Refused) as refused:
        reported(world.a, point=(here[0] + 100_000, here[1]))
    assert codes(refused) == {"point_outside"}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"status": "gone"}, "matter_status_known"),
        ({"title": ""}, "matter_named"),
        ({"item": ""}, "matter_filed_with_item"),
        ({"status": "refused"}, "matter_refused_with_way"),
        ({"checked_by": "auditor", "handled_by": "auditor"}, "matter_checked_by_another"),
        ({"called_by": "auditor", "handled_by": "auditor"}, "matter_called_by_another"),
        ({"closed_by": "auditor", "doubted_by": "auditor"}, "matter_impossible_by_two"),
        ({"status": "called"}, "matter_called_on_a_day"),
        ({"status": "closed"}, "matter_closed_on_a_day"),
        ({"outcome": "impossible"}, "matter_impossible_was_doubted"),
        ({"lon_e6": 1}, "matter_point_whole"),
        ({"status": "merged"}, "matter_merged_into_one"),
    ],
)
def test_the_database_itself_refuses_of_a_matter(world: World, change: dict[str, Any], name: str) -> None:
    refuse(world, filed(world.a), change, name)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"status": "gone"}, "whistle_status_known"),
        ({"body_body": None}, "whistle_to_a_department"),
        ({"status": "returned"}, "whistle_given_back_to_whose_it_is"),
        ({"right_body": "department"}, "whistle_right_is_another"),
        ({"decided": "somebody"}, "whistle_decided_by_a_sitting"),
        ({"status": "handled"}, "whistle_handled_on_a_day"),
    ],
)
def test_the_database_itself_refuses_of_a_whistle(world: World, change: dict[str, Any], name: str) -> None:
    refuse(world, whistled(world.a, filed(world.a))[0], change, name)


def refuse(world: World, row: Any, change: dict[str, Any], name: str) -> None:
    """The change goes around the services and is refused by the constraint of that name."""
    keys = {
        key: world.a.users[value].pk if key.endswith("_by") else world.a.bodies[value].pk if value == "department" else value
        for key, value in change.items()
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "matters.test"):
        type(row).objects.filter(pk=row.pk).update(**keys)


def test_an_open_whistle_of_a_matter_is_once_to_a_department_and_a_code_is_there(world: World) -> None:
    matter = filed(world.a)
    first, second = whistled(world.a, matter, "department", "group")
    with pytest.raises(IntegrityError), transaction.atomic(), writing(SYSTEM, "matters.test"):
        Whistle.objects.filter(pk=second.pk).update(body_body=first.body_body)
    voice = reported(world.a)
    with (
        pytest.raises(IntegrityError, match="matter_voice_has_code"),
        transaction.atomic(),
        writing(SYSTEM, "matters.test"),
    ):
        MatterVoice.objects.filter(pk=voice.pk).update(code="")


def test_the_catalogue_proposes_who_leads_and_who_supports(world: World) -> None:
    from heli.matters.queries import departments, proposed

    on = date(2026, 3, 2)
    for name in ("前锋区城市管理局", "区公安分局"):
        place = world.a.district.pk
        bodies.add_body(actor=SYSTEM, name=name, kind=BodyKind.DEPARTMENT, place_id=place, on=date(2020, 1, 1))
    known = departments(district_of(world.a), on)
    named = {one.key: one.name for one in known}
    lead, support = proposed("street_trade", known)
    assert (named[lead], [named[one] for one in support]) == ("前锋区城市管理局", ["区公安分局"])
    assert proposed("gone", known) == ("", [])
