"""Whether outstanding ballots can change a result: the extreme ways against every way there is."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from heli.assemblies.rules.counting import ContestCount, is_open, outcome, read_contest
from heli.assemblies.rules.law import shelf
from heli.assemblies.testing import contest, post

PLACES = {"CN": ("CN", 1), "second": ("CN", 2), "CN-46": ("CN-46", 1), "CN-51": ("CN-51", 1), "CN-33": ("CN-33", 1)}


@st.composite
def contests(draw: st.DrawFn) -> dict[str, Any]:
    """Small contests with every number near the edge."""
    jurisdiction, round_ = PLACES[draw(st.sampled_from(sorted(PLACES)))]
    returned = draw(st.integers(4, 9))
    people = draw(st.sampled_from([["a", "b", "wc"], ["a", "b", "wc", "wd"], ["a", "wb", "wc", "d"]]))
    shape = draw(
        st.sampled_from([[("chair", 1)], [("member", 2)], [("chair", 1), ("member", 2)], [("vice", 1), ("member", 1)]])
    )
    posts = []
    for name, seats in shape:
        votes = {one: draw(st.integers(0, returned)) for one in people}
        while sum(votes.values()) > returned * seats:
            votes[max(votes, key=lambda one: votes[one])] -= 1
        posts.append(post(name, seats, **votes))
    pairs = draw(st.sampled_from([[], [], [], [people[:2]], [people[1:3]]]))
    outstanding = draw(st.integers(1, 2))
    return contest(
        *posts, returned=returned, round=round_, jurisdiction=jurisdiction, relatives=pairs, outstanding=outstanding,
        registered=draw(st.integers(returned + outstanding, 2 * returned + 2)),
    )  # fmt: skip


def every_way(counted: ContestCount) -> Iterator[tuple[int, Any]]:
    """All completions by definition: 0 … n come back, each valid with at most as many votes as seats, or invalid."""
    for returned in range(counted.outstanding + 1):
        for valid in range(returned + 1):
            for given_ in product(
                *(
                    [
                        more
                        for more in product(range(valid + 1), repeat=len(one.candidates))
                        if sum(more) <= valid * one.seats
                    ]
                    for one in counted.posts
                )
            ):
                yield (
                    returned,
                    {
                        one.name: {
                            who: counted.votes[one.name][who] + number
                            for who, number in zip(one.candidates, more, strict=True)
                        }
                        for one, more in zip(counted.posts, given_, strict=True)
                    },
                )


def sight(found: Any) -> object:
    status, posts = found
    return status, [(frozenset(one.elected), frozenset(one.revote), one.seats_left) for one in posts]


@settings(max_examples=150, deadline=None)
@given(contests())
def test_the_extreme_ways_say_what_every_way_says(case: dict[str, Any]) -> None:
    counted = read_contest(case, shelf())
    found = outcome(counted, 0, counted.votes)
    can_change = any(sight(outcome(counted, k, votes)) != sight(found) for k, votes in every_way(counted))
    assert is_open(counted, found) == can_change
