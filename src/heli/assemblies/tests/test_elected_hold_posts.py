"""Whoever was elected before posts were kept holds a post after the migration, once."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from heli.accounts.testing import World, build_world
from heli.assemblies.election_figures import support
from heli.assemblies.testing.elections import declared
from heli.audit.guard import allowed
from heli.bodies.models import Person
from heli.kernel.declare import Ask
from heli.posts.models import Holding, Post
from heli.posts.queries.offices import held_on, quota_of

pytestmark = pytest.mark.django_db
seat: Any = import_module("heli.assemblies.migrations.0006_elected_hold_posts").seat


def test_persons_in_office_become_holders(world: World) -> None:
    contest = declared(world.a)
    declaration = contest.declaration.declared_on
    was = list(held_on(declaration).values_list("person__name", "post__kind", "post__number", "how"))
    with allowed():
        Holding.objects.all().delete()
        Post.objects.all().delete()
        seat(apps, None)
        seat(apps, None)
    assert sorted(held_on(declaration).values_list("person__name", "post__kind", "post__number", "how")) == sorted(was)
    assert len(was) == 5
    body = Person.objects.get(name="候选人1").body
    assert quota_of(body, declaration) == {"head": 1, "deputy": 1, "member": 3}


def test_support_of_chairs_is_votes_over_ballots_returned(world: World) -> None:
    contest = declared(world.a)
    found = support(Ask(district_ids=(world.a.district.pk,), on=contest.declaration.declared_on))
    returned = sum(sheet["returned"] for sheet in contest.declaration.case["sheets"])
    assert [row.below for row in found] == [returned]
    assert 0 < found[0].above <= returned


@pytest.fixture
def world() -> World:
    return build_world()
