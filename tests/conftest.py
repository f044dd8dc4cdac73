"""The world that the walks over every page share: built once for a file, and as it was for every case."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from conftest import BUILT_UNTIL, OnDay
from django.conf import settings
from django.db import connection, transaction

from heli.accounts.testing import World, build_world


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, built once for the whole walk and rolled back at its end."""
    # With every marked test deselected (-k) no test database is made, and the walk would run on the real one.
    assert str(connection.settings_dict["NAME"]) != settings.TRAIL_ANCHOR_DATABASE, 'add "or every_url" to -k'
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(built: World, settings: Any, on_day: OnDay, django_db_blocker: Any) -> Iterator[World]:
    """The world as it was built, soon after its days: what a case writes is rolled back."""
    settings.SECOND_FACTOR = False
    on_day(BUILT_UNTIL)  # weeks wait to be frozen: every month later would make the walk longer
    with django_db_blocker.unblock(), transaction.atomic():
        halves = {key: replace(half, links=dict(half.links)) for key, half in (("a", built.a), ("b", built.b))}
        yield replace(built, kept=dict(built.kept), **halves)
        transaction.set_rollback(True)
