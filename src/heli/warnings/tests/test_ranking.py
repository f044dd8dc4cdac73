"""Towns in order, this week against last; the town that stands worst."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.campaigns.types import Colour, SeatLevel
from heli.warnings.rules.ranking import TownRank, rank_towns, worst_town
from heli.warnings.types import ColourStanding

DISTRICT = 1


def village(place: int, town: int, done: int, left: int, colour: Colour = Colour.GREEN) -> ColourStanding:
    return ColourStanding(place, SeatLevel.VILLAGE, town, colour, 0, left, 0, done)


def town(place: int, colour: Colour = Colour.GREEN, done: int = 0, left: int = 0) -> ColourStanding:
    return ColourStanding(place, SeatLevel.TOWN, DISTRICT, colour, 0, left, 0, done)


def test_steps_of_a_town_and_of_its_villages_count_together() -> None:
    rows = [town(10, done=1, left=1), village(11, 10, 2, 0), village(12, 10, 0, 2, Colour.RED)]
    [found] = rank_towns(rows)
    assert (found.done, found.every, found.villages, found.red, found.rank, found.before) == (3, 6, 2, 1, 1, None)


def test_a_town_that_climbs_and_one_that_falls_and_equals_share_a_rank() -> None:
    before = [town(10), village(11, 10, 1, 9), town(20), village(21, 20, 2, 8), town(30), village(31, 30, 2, 8)]
    now = [town(10), village(11, 10, 9, 1), town(20), village(21, 20, 3, 7), town(30), village(31, 30, 2, 8)]
    found = {one.town: (one.rank, one.before, one.climbed) for one in rank_towns(now, before)}
    assert found == {10: (1, 3, 2), 20: (2, 1, -1), 30: (3, 1, -2)}


def test_a_town_without_steps_is_not_ranked() -> None:
    assert rank_towns([town(10), town(20, done=1)])[0].town == 20
    assert rank_towns([town(10)]) == []


@pytest.mark.parametrize(
    ("rows", "worst"),
    [
        # The colour of the town decides, however few of its villages are red.
        ([town(10, Colour.RED, 5), village(11, 10, 5, 0), town(20, Colour.ORANGE, 0, 5), village(21, 20, 0, 5, Colour.RED)], 10),
        # Of equal colours the larger share of red villages.
        ([town(10, Colour.RED, 1), village(11, 10, 1, 1, Colour.RED), town(20, Colour.RED, 1),
          village(21, 20, 1, 1, Colour.RED), village(22, 20, 1, 1)], 10),
        # Of equal shares the one that is ranked last.
        ([town(10, done=9, left=1), town(20, done=1, left=9)], 20),
    ],
)  # fmt: skip
def test_the_worst_town(rows: list[ColourStanding], worst: int) -> None:
    found = worst_town(rank_towns(rows))
    assert found is not None
    assert found.town == worst


def test_of_no_towns_none_is_worst() -> None:
    assert worst_town([]) is None


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=8))
def test_ranks_follow_the_shares_whatever_the_order_of_rows(counts: list[tuple[int, int]]) -> None:
    rows = [town(10 * at, done=done, left=left) for at, (done, left) in enumerate(counts, start=1)]
    found: list[TownRank] = rank_towns(rows)
    assert found == rank_towns(rows[::-1])
    shares = [one.done / one.every for one in found]
    assert shares == sorted(shares, reverse=True)
    assert [one.rank for one in found] == sorted(one.rank for one in found)
