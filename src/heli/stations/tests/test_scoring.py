"""Points from what became of matters: both sides, once, taken back when a matter is opened again, twice running changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.matters.models import Matter
from heli.matters.testing import answered, filed, handled_by_all, moved, told, whistled
from heli.points.catalogues import acts, outcome_acts, recorded_acts
from heli.points.models import PointsEntry
from heli.points.rules import fold
from heli.points.types import EarnedBy, Line
from heli.records.testing import DAY, district_of
from heli.stations.rules import compute_changes
from heli.stations.scoring import Scored, score

LATER = DAY + timedelta(days=60)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def closed(half: Any, on: Any = DAY, **more: Any) -> Matter:
    """A lamp, whistled, handled, checked, told and closed without a call."""
    matter = filed(half, **more)
    whistled(half, matter)
    return close(half, matter, on)


def close(half: Any, matter: Matter, on: Any = DAY) -> Matter:
    matter = told(half, handled_by_all(half, matter, on), on)
    found: Matter = moved(half, "district_officer", matter, "close_unasked", on)
    return found


def lines(world: World) -> list[tuple[str, int]]:
    found = PointsEntry.objects.filter(district_id=world.a.district.pk).order_by("pk")
    return list(found.values_list("act", "points"))


def balance(world: World) -> int:
    found = PointsEntry.objects.filter(district_id=world.a.district.pk)
    columns = ("public_id", "act", "on", "place_id", "minutes", "points", "reverses__public_id", "reason")
    return fold(Line(*row) for row in found.values_list(*columns)).points


def run(world: World) -> Scored:
    return score(about=district_of(world.a), on=LATER)


def test_both_sides_of_a_solved_matter_are_scored_once(world: World) -> None:
    closed(world.a, channel="station")
    closed(world.a, channel="online")
    assert run(world) == Scored(3, 0, 0)
    assert sorted(lines(world)) == [("brought", 3), ("solved", 5), ("solved", 5)]
    assert run(world) == Scored()
    assert balance(world) == 13


def test_late_earns_less_and_a_return_that_names_whose_it_is_earns_too(world: World) -> None:
    closed(world.a, DAY + timedelta(days=40), channel="online")
    matter = filed(world.a)
    row = whistled(world.a, matter)[0]
    right = {"right": f"body:{world.a.bodies['group'].public_id}"}
    row = moved(world.a, "department_liaison", row, "give_back", values=right, reason="属城管局职责")
    assert run(world) == Scored(1, 0, 0)
    moved(world.a, "district_officer", row, "accept")
    assert run(world) == Scored(1, 0, 0)
    assert lines(world) == [("solved_late", 2), ("returned", 1)]


def test_what_is_open_earns_nothing(world: World) -> None:
    answered(world.a, whistled(world.a, filed(world.a))[0])
    assert run(world) == Scored()


def test_a_matter_opened_again_gives_its_points_back_and_earns_anew_by_whoever_handles_it_then(world: World) -> None:
    matter = closed(world.a, channel="station")
    run(world)
    for times in (1, 2):
        matter = moved(world.a, "district_officer", matter, "reopen", values={"item": "street_lamp"}, reason="又灭了")
        assert run(world) == Scored(0, 2, 0)
        assert balance(world) == 0
        whistled(world.a, matter)
        matter = close(world.a, matter)
        assert run(world) == Scored(2, 0, 0)
        assert balance(world) == 8
        assert run(world) == Scored()
        assert PointsEntry.objects.filter(reverses__isnull=False).count() == 2 * times


def test_every_outcome_has_its_act_and_none_of_them_is_entered_by_hand_or_earned_by_a_person() -> None:
    named = outcome_acts()
    assert set(named) == set(EarnedBy)
    assert not set(named.values()) & set(recorded_acts(may_award=True))
    assert {str(acts().entries[key].more["earner"]) for key in named.values()} == {"unit", "place"}


SOURCES = st.sets(st.sampled_from("abcdefgh"))


@given(st.lists(SOURCES, max_size=12))
def test_whatever_is_wanted_stands_unless_it_was_taken_back_and_twice_changes_nothing(days: list[set[str]]) -> None:
    standing: set[str] = set()
    ever: set[str] = set()
    for wanted in days:
        for _time in range(2):
            new, gone = compute_changes(dict.fromkeys(wanted), standing, ever)
            standing = (standing | set(new)) - set(gone)
            ever |= set(new)
        assert compute_changes(dict.fromkeys(wanted), standing, ever) == ([], [])
        assert standing <= wanted
