"""The reserve holds only who signed, for a time; who withdraws is gone at once; it counts against a target."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from conftest import OnDay
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.audit.models import Entry
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.posts.models import ReserveMember
from heli.posts.queries.reserve import reserve_by_town
from heli.posts.services.reserve import end_reserve, enter_reserve, set_stage, set_target, withdraw
from heli.posts.testing import DAY, signed_up

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"signed": False}, "not_signed"),
        ({"ends_on": DAY}, "reserve_time"),
        ({"ends_on": date(2031, 3, 3)}, "reserve_time"),
        ({"source": "elsewhere"}, "source_unknown"),
        ({"signed_on": date(2026, 3, 3)}, "day_in_future"),
    ],
)
def test_only_who_signed_is_kept_and_for_five_years_at_most(world: World, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        signed_up(world.a, **more)
    assert code in [fault.code for fault in refused.value.faults]
    assert not ReserveMember.objects.exists()


def test_a_town_has_no_reserve_and_nobody_is_in_it_twice(world: World) -> None:
    with pytest.raises(Refused):
        signed_up(world.a, world.a.town)
    signed_up(world.a)
    with pytest.raises(Refused):
        signed_up(world.a)


def test_it_counts_against_the_target_of_its_villages(world: World) -> None:
    one = signed_up(world.a)
    signed_up(world.a, world.a.other_village, name="乙")
    assert reserve_by_town(world.a.district.pk, DAY)[0].target is None
    set_stage(actor=SYSTEM, member=one, stage="ready")
    set_target(actor=SYSTEM, district_id=world.a.district.pk, per_village=2, valid_from=DAY, document_number="1号")
    towns = reserve_by_town(world.a.district.pk, DAY)
    assert (sum(town.people for town in towns), sum(town.ready for town in towns)) == (2, 1)
    assert all(town.target == 2 * town.villages and town.missing == town.target - town.people for town in towns)


def test_who_withdraws_is_gone_at_once_and_the_trail_knows_no_name(world: World) -> None:
    one = signed_up(world.a, name="退出者")
    withdraw(actor=SYSTEM, member=one)
    assert not ReserveMember.objects.exists()
    assert all("退出者" not in str([entry.after, entry.subject, entry.reason]) for entry in Entry.objects.all())


def test_who_is_over_time_is_deleted(world: World) -> None:
    signed_up(world.a)
    assert end_reserve(actor=SYSTEM, on=date(2027, 3, 1)) == 0
    assert end_reserve(actor=SYSTEM, on=date(2027, 3, 2)) == 1
    assert not ReserveMember.objects.exists()


def test_names_are_seen_by_who_keeps_posts_and_counts_by_readers(world: World, on_day: OnDay) -> None:
    on_day(NOON)
    signed_up(world.a, name="储备人")
    for role in ("district_officer", "town_officer", "village_cadre", "department_liaison", "auditor"):
        page = world.client(role).get(reverse("post:reserve", args=[world.a.district.public_id])).content.decode()
        assert ("储备人" in page) == (role in ("district_officer", "town_officer")), role


def test_the_page_enters_moves_on_and_lets_go(world: World, on_day: OnDay) -> None:
    on_day(NOON)
    address = reverse("post:reserve", args=[world.a.district.public_id])
    place = str(world.a.village.pk)
    given = {
        "do": "enter",
        "place": place,
        "name": "丙",
        "source": "veteran",
        "signed_on": "2026-03-01",
        "ends_on": "2027-03-01",
    }
    browser = world.client("town_officer")
    assert browser.post(address, given).status_code == 422
    assert browser.post(address, {**given, "signed": "on"}).status_code == 303
    one = ReserveMember.objects.get()
    assert browser.post(address, {"do": "stage", "member": one.public_id, "stage": "ready"}).status_code == 303
    assert ReserveMember.objects.get().stage == "ready"
    assert browser.post(address, {"do": "target", "per_village": "2"}).status_code == 403
    assert browser.post(address, {"do": "leave", "member": one.public_id}).status_code == 303
    assert not ReserveMember.objects.exists()


def test_no_column_of_the_reserve_marks_or_orders_people() -> None:
    assert {field.name for field in ReserveMember._meta.get_fields()} == {
        "id", "public_id", "district", "place", "name", "source", "stage", "signed_on", "ends_on",
    }  # fmt: skip
    assert ReserveMember._meta.ordering == ["place", "name", "pk"]


def test_entering_is_a_service_of_its_own(world: World) -> None:
    with pytest.raises(Refused):
        enter_reserve(
            actor=SYSTEM,
            place_id=0,
            name="甲",
            source="veteran",
            signed=True,
            signed_on=DAY,
            ends_on=date(2027, 1, 1),
            on=DAY,
        )
