"""Posts by Webster's divisors between a least and a most, against exact fractions, and what never may happen."""

import json
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from heli.posts.rules.allotting import PostsToAllot, allot, read_allotting
from heli.posts.testing import allot_file

WEIGHTS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.one_of(st.integers(0, 9), st.integers(0, 10**15)), max_size=8
)


@st.composite
def asked(draw: st.DrawFn) -> PostsToAllot:
    """Totals that can be shared, and some around the edges."""
    weights = draw(WEIGHTS)
    least = draw(st.integers(0, 4))
    most = least + draw(st.integers(0, 5))
    total = draw(st.integers(max(0, least * len(weights) - 1), most * len(weights) + 1))
    return PostsToAllot(total, least, most, weights)


def by_the_book(what: PostsToAllot) -> dict[str, int] | str:
    """The definition with exact fractions, one post at a time."""
    posts = dict.fromkeys(what.weights, what.least)
    if sum(posts.values()) > what.total:
        return "too_few"
    while sum(posts.values()) < what.total:
        free = [key for key in posts if posts[key] < what.most]
        if not free:
            return "too_many"
        posts[min(free, key=lambda key: (-Fraction(what.weights[key], 2 * posts[key] + 1), key))] += 1
    return posts


@given(asked())
def test_the_allotment_is_that_of_the_definition(what: PostsToAllot) -> None:
    found = allot(what)
    assert (dict(found.posts) if found.status == "ok" else found.status) == by_the_book(what)


@given(asked())
def test_one_post_more_in_all_takes_none_from_anybody(what: PostsToAllot) -> None:
    before, after = allot(what), allot(PostsToAllot(what.total + 1, what.least, what.most, what.weights))
    if before.status == after.status == "ok":
        assert all(after.posts[key] >= number for key, number in before.posts.items())


@given(WEIGHTS.filter(bool), st.randoms(use_true_random=False))
def test_the_order_of_places_does_not_matter(weights: dict[str, int], rng: object) -> None:
    turned = dict(sorted(weights.items(), key=lambda _item: rng.random()))  # type: ignore[attr-defined]  # drawn
    total = 4 * len(weights)
    first, second = (
        allot(read_allotting(json.dumps(allot_file(given, total)))).as_json() for given in (weights, turned)
    )
    assert json.dumps(first) == json.dumps(second)


def test_a_total_that_cannot_be_shared_says_what_could_be() -> None:
    assert allot(PostsToAllot(5, 3, 7, {"a": 1, "b": 1})).as_json() == {"status": "too_few", "need": 6}
    assert allot(PostsToAllot(15, 3, 7, {"a": 1, "b": 1})).as_json() == {"status": "too_many", "most": 14}


def test_a_worked_example() -> None:
    """Each starts with three; of the two left both go to b: 2000/7 = 285.7, then 2000/9 = 222.2 before 1500/7 = 214.3."""
    assert allot(PostsToAllot(11, 3, 7, {"a": 1000, "b": 2000, "c": 1500})).posts == {"a": 3, "b": 5, "c": 3}
    assert allot(PostsToAllot(10, 3, 7, {"b": 5, "a": 5, "c": 5})).posts == {"a": 4, "b": 3, "c": 3}
