"""The page of a place says who answers for it, and for the town it stands in."""

from datetime import date

import pytest

from heli.accounts.testing import build_world
from heli.bodies.panels import fill
from heli.kernel.access import PUBLIC

TODAY = date(2026, 3, 1)


@pytest.mark.django_db
def test_a_village_shows_its_own_group_and_nobody_elses() -> None:
    world = build_world()
    values = fill(world.a.actor("village_cadre"), world.a.village.pk, TODAY)
    assert values is not None
    assert [(line.answering.name, line.of_place) for line in values["lines"]] == [("王组长", "")]
    other = fill(world.a.actor("district_officer"), world.a.other_village.pk, TODAY)
    assert other is not None
    assert other["lines"] == []


@pytest.mark.django_db
def test_strangers_are_shown_nothing() -> None:
    world = build_world()
    assert fill(PUBLIC, world.a.village.pk, TODAY) is None
