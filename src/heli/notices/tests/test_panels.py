"""The page of a town says where its reports go, to those who keep that."""

from datetime import date

import pytest

from heli.accounts.testing import build_world
from heli.notices.panels import fill
from heli.notices.testing import add_wecom

TODAY = date(2026, 3, 1)


@pytest.mark.django_db
def test_a_town_shows_its_channels_to_those_who_keep_them_and_a_village_has_none() -> None:
    half = build_world().a
    officer = half.actor("town_officer")
    add_wecom(officer, place_id=half.town.pk)
    shown = fill(officer, half.town.pk, TODAY)
    assert shown is not None
    assert len(shown["channels"]) == 1
    assert fill(officer, half.village.pk, TODAY) is None
    assert fill(half.actor("village_cadre"), half.town.pk, TODAY) is None
    assert fill(officer, half.district.pk, TODAY) is None
