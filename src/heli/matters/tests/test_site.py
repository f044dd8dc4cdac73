"""A grid worker on site: two taps, counted once, nothing of persons; one's own list."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.db.transaction import atomic
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.audit.guard import allowed
from heli.kernel.faults import Refused
from heli.matters import queries, site_services
from heli.matters.models import Matter, SiteCount, SiteKind
from heli.records.testing import DAY, district_of

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def worker(world: World) -> Client:
    return world.client("grid_worker")


def test_a_finding_is_two_taps_and_stands_in_ones_own_list(world: World) -> None:
    client, site = worker(world), reverse("matter:site")
    page = client.get(site).content.decode()
    assert f'name="place" value="{world.a.village.pk}"' in page
    given = {"place": world.a.village.pk, "item": "street_lamp", "key": KEY}
    for _time in range(2):
        assert client.post(site, given).status_code == 303
    (matter,) = Matter.objects.all()
    assert (matter.channel, matter.status, matter.place_id) == ("grid", "collected", world.a.village.pk)
    assert matter.title in client.get(reverse("matter:mine")).content.decode()
    assert matter.title not in world.client("village_cadre").get(reverse("matter:mine")).content.decode()
    assert client.post(site, {**given, "place": world.a.other_village.pk}).status_code == 422
    assert client.post(site, {**given, "item": "nothing"}).status_code == 422


def test_what_is_settled_on_the_spot_is_a_tap_and_counted_once(world: World) -> None:
    client, site = worker(world), reverse("matter:site")
    for kind, key in (("hazard", KEY), ("hazard", KEY), ("hazard", ""), ("dispute", "")):
        assert client.post(site, {"kind": kind, "place": world.a.village.pk, "key": key}).status_code == 303
    day = SiteCount.objects.values_list("on", flat=True)[0]
    assert queries.diary_of(world.a.actor("grid_worker"), day, day) == queries.Diary(0, 2, 1)
    assert queries.diary_of(world.a.actor("village_cadre"), day, day) == queries.Diary(0, 0, 0)
    assert client.post(site, {"kind": "person", "place": world.a.village.pk}).status_code == 422


def noted(world: World, **more: Any) -> SiteCount:
    given = {"about": district_of(world.a), "place_id": world.a.village.pk, "kind": SiteKind.HAZARD, "on": DAY, **more}
    return site_services.note_on_site(actor=world.a.actor("grid_worker"), **given)


def test_a_count_is_refused_outside_its_bounds_and_held_by_the_database(world: World) -> None:
    for count in (0, 100):
        with pytest.raises(Refused):
            noted(world, count=count)
    made = noted(world, key=KEY)
    again = {"place": made.place, "district": made.district, "on": DAY, "kind": "hazard"}
    for name, change in (
        ("site_count_kind_known", {"kind": "person"}),
        ("site_count_at_least_one", {"count": 0}),
        ("site_count_taken_once|sitecount.key", {"key": KEY}),
    ):
        with pytest.raises(IntegrityError, match=name), allowed(), atomic():
            SiteCount.objects.create(**{**again, **change})
    with pytest.raises(Exception, match=r"site_counts_append_only|AppendOnly"), allowed(), atomic():
        SiteCount.objects.filter(pk=made.pk).update(count=2)
