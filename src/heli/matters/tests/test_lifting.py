"""A matter or a theme becomes a problem: once, with a link both ways, and the matters go on."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World, build_world
from heli.audit.services import writing
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.matters.lift_services import lift, theme_of
from heli.matters.models import Matter, MatterLift
from heli.matters.queries import lifted_from, lifted_into
from heli.matters.testing import filed, reported, whistled
from heli.problems.queries import Problem
from heli.records.testing import DAY, codes, district_of


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def lifted(world: World, matter: Matter, **more: Any) -> Problem:
    given = {"about": district_of(world.a), "matter": matter, "title": "路灯年久失修", "kind": "works", "on": DAY}
    return lift(actor=world.a.actor("district_officer"), **{**given, **more})


def test_a_theme_is_lifted_once_with_all_that_belong_to_it_and_they_go_on(world: World) -> None:
    first, second, other = filed(world.a), filed(world.a), filed(world.a, place=world.a.other_village)
    unseen = reported(world.a).matter
    assert list(theme_of(first)) == [second]
    problem = lifted(world, first, with_theme=True)
    assert lifted_from(problem) == [first, second]
    assert lifted_into(first) == lifted_into(second) == problem
    assert lifted_into(other) is None
    assert (problem.place_id, problem.source, problem.status) == (world.a.village.pk, "matter", "open")
    assert (f"#{first.number}" in problem.description, f"#{second.number}" in problem.description) == (True, True)
    for matter, code in ((second, "lifted_already"), (unseen, "not_now")):
        with pytest.raises(Refused) as refused:
            lifted(world, matter)
        assert codes(refused) == {code}
    assert Problem.objects.count() == 1
    assert whistled(world.a, first)


def test_without_kind_or_title_nothing_is_written(world: World) -> None:
    matter = filed(world.a)
    for wrong in ({"kind": ""}, {"title": " "}, {"kind": "nosuch"}):
        with pytest.raises(Refused):
            lifted(world, matter, **wrong)
    assert not MatterLift.objects.exists()
    assert not Problem.objects.exists()


def test_both_pages_lead_to_each_other(world: World) -> None:
    matter, _second = filed(world.a), filed(world.a)
    client, about = world.client("district_officer"), district_of(world.a)
    form = f"/matter/m/{about.id}/{matter.public_id}/lift/"
    assert "同类事项" in client.get(form).content.decode()
    sent = {"title": "路灯年久失修", "kind": "works", "with_theme": "on"}
    assert client.post(form, sent).status_code == 303
    problem = Problem.objects.get()
    there, here = f"/problems/{about.id}/{problem.public_id}/", f"/matters/{about.id}/{matter.public_id}/"
    assert there in client.get(here).content.decode()
    page = client.get(there).content.decode()
    assert here in page
    assert f"/problems/{about.id}/" in page


def test_the_database_holds_that_a_matter_is_lifted_once(world: World) -> None:
    matter = filed(world.a)
    problem = lifted(world, matter)
    with pytest.raises(IntegrityError), transaction.atomic(), writing(SYSTEM, "matters.test"):
        MatterLift.objects.create(matter=matter, problem=problem, lifted_on=DAY, lifted_by="x")
