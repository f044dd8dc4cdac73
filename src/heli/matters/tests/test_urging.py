"""Who urges a department when, what it answers, and how a matter is handed on to another one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from conftest import OnDay
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.audit.services import writing
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.kernel.workdays import calendar
from heli.matters import board_queries
from heli.matters.ledger import WHISTLES
from heli.matters.models import Matter, Whistle
from heli.matters.rules.urging import RANKS, Urgency, colour_of, is_urged_next
from heli.matters.testing import answered, filed, handled_by_all, key_of, moved, speaking, whistled
from heli.notices.models import Message
from heli.records.due import dues, gather_for
from heli.records.models import Event
from heli.records.services import move
from heli.records.testing import codes, district_of

MONDAY = date(2026, 3, 2)
"""Whistled on it, the answer is due on Thursday; answered, the lamp on Thursday too."""
DAYS = [MONDAY + timedelta(days=n) for n in range(8)]


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def arrived(world: World, on: date = MONDAY) -> Whistle:
    """A whistle that was reported in, its answer due on the Thursday."""
    row = whistled(world.a, filed(world.a, on=on), on=on)[0]
    found: Whistle = moved(world.a, "department_liaison", row, "arrive", on)
    return found


def urge(world: World, row: Whistle, role: str, colour: str, on: date) -> Whistle:
    found: Whistle = moved(world.a, role, row, f"urge_{colour}", on, reason="请今日答复")
    return found


def waits_for(world: World, role: str, row: Whistle, on: date) -> set[str]:
    """What of the whistle waits for a role."""
    actor = speaking(world.a, row, role) if role == "department_liaison" else world.a.actor(role)
    found = gather_for(actor, [row.about], on, on)
    return {due.id for due, one in found if one.public_id == row.public_id}


@given(
    since=st.dates(date(2026, 1, 1), date(2026, 6, 1)), length=st.integers(1, 20), later=st.integers(0, 30)
)  # fmt: skip
def test_a_colour_only_grows_with_the_days(since: date, length: int, later: int) -> None:
    due, on = since + timedelta(days=length), since + timedelta(days=later)
    now, then = (colour_of(calendar(), since, due, day) for day in (on, on + timedelta(days=1)))
    assert RANKS.index(now) <= RANKS.index(then)
    assert (now is Urgency.RED) == (on > due)
    assert is_urged_next("", now) == (now is not Urgency.NONE)
    assert not is_urged_next(now, now)


def test_the_station_urges_before_the_day_the_town_on_it_the_district_after_it(world: World) -> None:
    row = arrived(world)
    levels = (
        ("village_cadre", "yellow", DAYS[2]),
        ("town_officer", "orange", DAYS[3]),
        ("district_officer", "red", DAYS[4]),
    )
    for role, colour, on in levels:
        for other, name, _day in levels:
            assert (f"whistles.urge_{name}" in waits_for(world, other, row, on)) == (name == colour)
        row = urge(world, row, role, colour, on)
        assert (row.urged, row.status, row.due_on) == (colour, "arrived", DAYS[3])
        assert waits_for(world, role, row, on) & {f"whistles.urge_{colour}"} == set()
        assert "whistles.urged" in waits_for(world, "department_liaison", row, on)
        row = move(
            actor=speaking(world.a, row), ledger=WHISTLES, row=row, name="reply", reason="配件明日到", on=on
        )  # fmt: skip
        assert "whistles.urged" not in waits_for(world, "department_liaison", row, on)
    told = list(Event.objects.filter(row=row.public_id).order_by("pk").values_list("did", flat=True))
    assert told == ["opened", "arrived", *(did for _r, c, _d in levels for did in (f"urged_{c}", "replied"))]


def test_a_colour_is_urged_once_for_each_due_day_and_only_on_its_day(world: World) -> None:
    row = arrived(world)
    for role, colour, on, code in (
        ("district_officer", "red", DAYS[3], "urge_colour"),
        ("district_officer", "yellow", MONDAY, "urge_colour"),
        ("district_officer", "orange", DAYS[2], "urge_colour"),
    ):
        with pytest.raises(Refused) as refused:
            urge(world, row, role, colour, on)
        assert codes(refused) == {code}
    row = urge(world, row, "village_cadre", "yellow", DAYS[2])
    with pytest.raises(Refused) as refused:
        urge(world, row, "village_cadre", "yellow", DAYS[2])
    assert codes(refused) == {"urged_already"}
    values = {"answer": "三日内更换灯头"}
    row = moved(world.a, "department_liaison", row, "answer", DAYS[3], values=values)
    assert row.urged == ""
    with pytest.raises(Refused) as refused:
        moved(world.a, "department_liaison", row, "reply", DAYS[3], reason="已办")
    assert codes(refused) == {"not_urged"}


def test_who_is_urged_and_who_urged_hear_of_it_and_the_board_shows_it(world: World, on_day: OnDay) -> None:
    row = urge(world, arrived(world), "district_officer", "red", DAYS[4])
    told = Message.objects.filter(kind="matters.urged")
    assert set(told.values_list("user_id", flat=True)) == {world.a.users["department_liaison"].pk}
    officer = world.a.actor("district_officer")
    assert [one.pk for one in board_queries.urged_now(officer, district_of(world.a))] == [row.pk]
    counts = board_queries.department_counts(officer, district_of(world.a), DAYS[4])
    assert [(one.urged, one.open) for one in counts] == [(1, 1)]
    on_day(datetime(2026, 3, 6, 4, tzinfo=UTC))
    client = world.client("district_officer")
    for path in (f"/matter/b/{row.about}/", f"/matters/{row.about}/{row.matter.public_id}/"):
        assert "尚未答复" in client.get(path).content.decode()
    moved(world.a, "department_liaison", row, "reply", DAYS[4], reason="配件明日到")
    assert told.filter(user_id=world.a.users["district_officer"].pk).count() == 1


def asked_on(world: World, to: str = "group", on: date = MONDAY) -> Whistle:
    """A whistle whose department asks to hand the matter on."""
    row = answered(world.a, whistled(world.a, filed(world.a, on=MONDAY), on=MONDAY)[0], MONDAY)
    values = {"right": key_of(world.a, to)}
    found: Whistle = moved(world.a, "department_liaison", row, "ask_transfer", on, values=values, reason="灯杆属供电")
    return found


def test_a_matter_is_handed_on_when_a_second_person_says_so(world: World) -> None:
    row = asked_on(world)
    due = row.matter.due_on
    gone = moved(world.a, "district_officer", row, "transfer", DAYS[1])
    matter = Matter.objects.get(pk=row.matter_id)
    new = matter.whistles.exclude(pk=row.pk).get()
    assert (gone.status, new.status, new.duty, new.whistled_on) == ("moved", "sent", "lead", DAYS[1])
    assert new.body_body == world.a.bodies["group"]
    assert matter.due_on >= due
    assert Message.objects.filter(kind="matters.whistled", about=f"whistle:{new.public_id}").exists()
    with pytest.raises(Refused) as refused:
        moved(world.a, "district_officer", matter, "gather", DAYS[1], values={"result": "已修"})
    assert codes(refused) == {"whistles_open"}
    assert handled_by_all(world.a, matter, DAYS[1]).status == "handled"


def test_it_is_asked_and_approved_before_the_day_only(world: World) -> None:
    row = asked_on(world)
    with pytest.raises(Refused) as refused:
        moved(world.a, "district_officer", row, "transfer", DAYS[4])
    assert codes(refused) == {"past_due"}
    row = moved(world.a, "district_officer", row, "decline", DAYS[4], reason="属本部门职责")
    assert (row.status, row.right_body_id) == ("answered", None)
    values = {"right": key_of(world.a, "group")}
    with pytest.raises(Refused) as refused:
        moved(world.a, "department_liaison", row, "ask_transfer", DAYS[4], values=values, reason="灯杆属供电")
    assert codes(refused) == {"past_due"}


def test_nothing_is_handed_back_and_forth_nor_to_who_is_there_nor_what_a_sitting_decided(world: World) -> None:
    row = asked_on(world)
    matter = Matter.objects.get(pk=row.matter_id)
    whistled(world.a, matter, "group", on=MONDAY)
    with pytest.raises(Refused) as refused:
        moved(world.a, "district_officer", row, "transfer", MONDAY)
    assert codes(refused) == {"whistled_already"}
    row = asked_on(world)
    moved(world.a, "district_officer", row, "transfer", MONDAY)
    new = answered(world.a, row.matter.whistles.get(status="sent"), MONDAY)
    values = {"right": key_of(world.a, "department")}
    with pytest.raises(Refused) as refused:
        moved(world.a, "department_liaison", new, "ask_transfer", MONDAY, values=values, reason="又退")
    assert codes(refused) == {"back_and_forth"}
    values = {"right": key_of(world.a, "group")}
    with pytest.raises(Refused) as refused:
        moved(world.a, "department_liaison", new, "ask_transfer", MONDAY, values=values, reason="又退")
    assert "right_is_another" in codes(refused)


@pytest.mark.parametrize("wrong", [{"urged": "red"}, {"replied_on": MONDAY}])
def test_the_database_holds_that_urging_has_a_day(world: World, wrong: dict[str, Any]) -> None:
    row = arrived(world)
    with (
        pytest.raises(IntegrityError, match="whistle_urged_on_a_day"),
        transaction.atomic(),
        writing(SYSTEM, "matters.test"),
    ):
        Whistle.objects.filter(pk=row.pk).update(**wrong)


def test_each_colour_is_offered_as_something_that_waits() -> None:
    assert {due.id for due in dues()} >= {f"whistles.urge_{colour}" for colour in ("yellow", "orange", "red")}
