"""Stations: acts written down, members as counts, departments on call called to a site and how soon they come."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.audit.testing import unaudited
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Ask
from heli.kernel.faults import Refused
from heli.records.checks import check_invariants
from heli.records.models import Event
from heli.records.testing import DAY, LedgerSuite, MoveSuite, district_of, enter_row, make
from heli.stations import figures, services
from heli.stations.catalogues import PLATFORM, POWER, acts_of, group_words
from heli.stations.ledger import CALLOUTS, STATION_ACTS
from heli.stations.models import Callout, MemberCount
from heli.stations.queries import members_at
from heli.stations.rules import median
from heli.stations.testing import KEEPERS, arrived, call_of, called, on_call, speaking

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


class TestActs(LedgerSuite):
    ledger, enterers = STATION_ACTS, KEEPERS


class TestCallouts(MoveSuite):
    ledger, enterers = CALLOUTS, KEEPERS
    movers = {"arrive": ("department_liaison",)}

    def row_in(self, half: Any, status: str) -> Any:
        row: Any = called(half)
        if status == "arrived":
            row = make(CALLOUTS, half, speaking(half, row), row, CALLOUTS.by_name["arrive"])
        elif status == "absent":
            row = make(CALLOUTS, half, half.actor("town_officer"), row, CALLOUTS.by_name["miss"])
        return row


def code(do: Callable[..., object], *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        do(*args, **more)
    return refused.value.faults[0].code


def ask(world: World, on: date = DAY) -> Ask:
    return Ask(district_ids=(world.a.district.pk,), on=on)


# -- what the files say ------------------------------------------------------------------------------------------------


def test_there_are_five_powers_five_platforms_and_six_groups() -> None:
    assert (len(acts_of(POWER)), len(acts_of(PLATFORM)), len(group_words())) == (5, 5, 6)


def test_a_power_is_exercised_towards_a_department_and_a_visit_is_a_persons(world: World) -> None:
    about = district_of(world.a)
    group = f"body:{world.a.bodies['group'].public_id}"
    assert code(enter_row, STATION_ACTS, world.a, about, bare=True, act="coordinate") == "power_towards"
    assert code(enter_row, STATION_ACTS, world.a, about, act="visit", whom=group) == "visit_whose"
    assert enter_row(STATION_ACTS, world.a, about, act="recommend", whom=group).act == "recommend"


# -- called and arrived --------------------------------------------------------------------------------------------------


def test_departments_on_call_are_called_together_and_hear_of_it(world: World, settings: Any) -> None:
    keys = [on_call(world.a), on_call(world.a, "group")]
    first, second = services.call_out(
        actor=world.a.actor("town_officer"), **call_of(world, departments=[*keys, keys[0]])
    )
    assert (first.call, first.number, second.number) == (second.call, 1, 2)
    page = world.client("department_liaison").get(CALLOUTS.url("row", first.about, first.public_id))
    assert "占道经营" in page.content.decode()


def test_only_who_is_on_call_there_that_day_is_called(world: World) -> None:
    actor = world.a.actor("district_officer")
    assert code(services.call_out, actor=actor, **call_of(world, departments=[])) == "departments_none"
    assert code(services.call_out, actor=actor, **call_of(world, title=" ")) == "title_empty"
    group = f"body:{world.a.bodies['group'].public_id}"
    assert code(services.call_out, actor=actor, **call_of(world, departments=[group])) == "not_on_call"
    assert code(services.call_out, actor=actor, **call_of(world, on=date(2025, 12, 31))) == "not_on_call"
    assert not Callout.objects.exists()


def test_a_department_nobody_speaks_for_is_not_called(world: World) -> None:
    mute = bodies.add_body(
        actor=SYSTEM, name="应急管理局", kind=BodyKind.DEPARTMENT, place_id=world.a.district.pk, on=date(2020, 1, 1)
    )
    world.a.bodies["mute"] = mute
    key = on_call(world.a, "mute")
    assert (
        code(services.call_out, actor=world.a.actor("town_officer"), **call_of(world, departments=[key]))
        == "no_liaison"
    )


def test_the_time_until_it_arrives_is_the_median_of_those_that_came(world: World) -> None:
    for minutes in (12, 20, 47, 90):
        arrived(world.a, called(world.a, at=NOON), NOON + timedelta(minutes=minutes))
    called(world.a, at=NOON)
    found = figures.arrival(ask(world))
    assert [found[key][0] for key in (world.a.village.pk, world.a.town.pk, world.a.district.pk)] == [20, 20, 20]
    rows = figures.calls(ask(world))
    assert (sum(row.above for row in rows), len(rows)) == (4, 5)
    assert figures.arrival(ask(world, DAY - timedelta(days=1))) == {}


def test_a_call_and_an_arrival_from_paper_are_entered_later_with_a_reason_and_count_from_their_own_time(
    world: World,
) -> None:
    keeper, later = world.a.actor("town_officer"), NOON + timedelta(days=3)
    wrong: dict[str, Any]
    given = call_of(world, called_at=NOON, at=later)
    for wrong, refusal in (
        ({"reason": " "}, "reason_empty"), ({"reason": "手机没电", "called_at": later + timedelta(minutes=1)}, "moment_to_come")
    ):  # fmt: skip
        assert code(services.call_out, actor=keeper, **{**given, **wrong}) == refusal
    (row,) = services.call_out(actor=keeper, **given, reason="现场先打电话，事后补录")
    assert row.opened_at == NOON
    speaks = speaking(world.a, row)
    said: dict[str, Any] = {"actor": speaks, "row": row, "reason": "当日未带手机", "on": DAY, "at": later}
    for wrong, refusal in (
        ({"came_at": NOON - timedelta(minutes=1)}, "before_the_call"),
        ({"came_at": later + timedelta(minutes=1)}, "moment_to_come"),
        ({"came_at": NOON, "reason": ""}, "reason_empty"),
    ):
        assert code(services.arrive_late, **{**said, **wrong}) == refusal
    assert (
        code(services.arrive_late, **{**said, "actor": world.a.actor("district_officer"), "came_at": NOON})
        == "no_liaison"
    )
    row = services.arrive_late(**said, came_at=NOON + timedelta(minutes=25))
    assert (row.status, row.minutes) == ("arrived", 25)
    assert code(services.arrive_late, **said, came_at=NOON) == "not_now"
    told = Event.objects.filter(row=row.public_id).order_by("pk").values_list("did", "reason")
    assert list(told) == [("late", "现场先打电话，事后补录"), ("late", "当日未带手机")]
    assert list(check_invariants()) == []


@given(st.lists(st.integers(0, 600), max_size=9))
def test_as_many_came_by_the_median_as_after_it(minutes: list[int]) -> None:
    middle = median(minutes)
    assert (middle is None) == (not minutes)
    if middle is not None:
        assert 2 * sum(one <= middle for one in minutes) >= len(minutes)
        assert 2 * sum(one < middle for one in minutes) < len(minutes) or not minutes


# -- members -----------------------------------------------------------------------------------------------------------


def test_403_members_of_six_groups_stand_as_counts_and_what_did_not_change_is_not_written_again(world: World) -> None:
    counts = dict(zip(group_words(), (120, 96, 60, 40, 37, 50), strict=True))
    given: dict[str, Any] = {"about": district_of(world.a), "place_id": world.a.village.pk, "on": DAY}
    actor = world.a.actor("village_cadre")
    assert services.count_members(actor=actor, counts=counts, **given) == 6
    assert services.count_members(actor=actor, counts={**counts, "residents": 49}, **given) == 1
    assert services.count_members(actor=actor, counts=counts, **{**given, "on": DAY + timedelta(days=1)}) == 1
    assert sum(members_at(world.a.village.pk, DAY).values()) == 402
    assert sum(row.above for row in figures.members(ask(world, DAY + timedelta(days=1)))) == 403
    assert code(services.count_members, actor=actor, counts={"cadres": 1}, **given) == "group_unknown"
    assert code(services.count_members, actor=actor, counts={"residents": -1}, **given) == "members_outside"


def test_acts_are_counted_by_class_and_the_withdrawn_ones_are_not(world: World) -> None:
    about, group = district_of(world.a), f"body:{world.a.bodies['group'].public_id}"
    for act in ("coordinate", "recommend", "three_in_one"):
        enter_row(STATION_ACTS, world.a, about, act=act, whom=group, held_on=DAY, at=NOON)
    gone = enter_row(STATION_ACTS, world.a, about, act="consent", whom=group, held_on=DAY, at=NOON)
    make(STATION_ACTS, world.a, world.a.actor("town_officer"), gone, STATION_ACTS.by_name["withdraw"])
    later = ask(world, date(2026, 4, 1))
    assert [len(figures.acts(later, sort)) for sort in ("power", "platform", "visit")] == [2, 1, 0]


def test_the_page_of_a_station_shows_what_it_does_and_others_do_not(world: World) -> None:
    station = bodies.add_body(
        actor=SYSTEM, name="岩门红领工作站", kind=BodyKind.STATION, place_id=world.a.village.pk, on=date(2020, 1, 1)
    )
    on_call(world.a)
    client = world.client("village_cadre")
    shown = client.get(reverse("bodies:body", args=[station.public_id])).content.decode()
    assert reverse("stations:members", args=[world.a.district.public_id, world.a.village.public_id]) in shown
    department = world.client("district_officer").get(
        reverse("bodies:body", args=[world.a.bodies["department"].public_id])
    )
    assert "/stations/" not in department.content.decode()
    auditor = world.client("auditor").get(reverse("bodies:body", args=[station.public_id])).content.decode()
    assert "民政局" in auditor
    assert "/members/" not in auditor


# -- what the database holds --------------------------------------------------------------------------------------


def change(row: Any, **values: Any) -> None:
    with unaudited(), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**values)


BROKEN: list[tuple[str, str, str, dict[str, Any]]] = [
    ("station_act_named", "act", "noted", {"title": ""}),
    ("station_act_status_known", "act", "noted", {"status": "lost"}),
    ("station_act_answered_on_a_day", "act", "noted", {"answered_on": DAY}),
    ("station_act_withdrawn_on_a_day", "act", "noted", {"withdrawn_on": DAY}),
    ("callout_of_a_department", "call", "called", {"department_body": None}),
    ("callout_status_known", "call", "called", {"status": "lost"}),
    ("callout_arrived_at_a_moment", "call", "called", {"arrived_at": NOON + timedelta(days=3_000)}),
    ("callout_came_after_the_call", "call", "arrived", {"arrived_at": NOON - timedelta(days=3_000)}),
]


@pytest.mark.parametrize(("name", "kind", "status", "values"), BROKEN, ids=[one[0] for one in BROKEN])
def test_the_database_holds(world: World, name: str, kind: str, status: str, values: dict[str, Any]) -> None:
    is_act = kind == "act"
    row = enter_row(STATION_ACTS, world.a, district_of(world.a)) if is_act else TestCallouts().row_in(world.a, status)
    with pytest.raises(IntegrityError, match=name):
        change(row, **values)


def test_a_department_is_once_in_a_call_and_numbered_once(world: World) -> None:
    first, second = called(world.a), called(world.a)
    with pytest.raises(IntegrityError, match=r"callout_once_in_a_call|call, stations_callout.department"):
        change(second, call=first.call)
    with pytest.raises(IntegrityError, match=r"callout_numbered_once|about, stations_callout.number"):
        change(second, number=first.number)
    act, other = (enter_row(STATION_ACTS, world.a, district_of(world.a)) for _time in range(2))
    with pytest.raises(IntegrityError, match=r"station_act_numbered_once|about, stations_stationact.number"):
        change(act, number=other.number)


def test_counts_of_members_are_never_changed(world: World) -> None:
    given: dict[str, Any] = {"about": district_of(world.a), "place_id": world.a.village.pk, "on": DAY}
    services.count_members(actor=world.a.actor("town_officer"), counts={"residents": 3}, **given)
    row = MemberCount.objects.get()
    with pytest.raises(IntegrityError, match=r"member_counts_append_only|AppendOnly"):
        change(row, members=4)
    with pytest.raises(IntegrityError, match="member_count_of_a_group"), unaudited(), transaction.atomic():
        MemberCount.objects.create(place_id=row.place_id, district_id=row.district_id, group="", members=1, on=DAY)
