"""How outstanding ballots could turn out: the few extreme ways among which one changes the result if any way does.

By definition 0 … n ballots come back, each valid with at most one vote per candidate and as many as there are seats, or
invalid. A result that can change is changed by one of these: no vote for anyone (the threshold rises), or all n votes for some
people of one post, as many people as a ballot may name. Where votes roll down to lower posts, those of the higher ones are
added to both, and shared among rivals of somebody elected as far as they are needed.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from heli.assemblies.rules.electing import ElectionTerms, PostOnBallot, PostResult

Added = dict[str, dict[str, int]]


def completions(
    posts: Sequence[PostOnBallot],
    votes: Mapping[str, Mapping[str, int]],
    terms: ElectionTerms,
    *,
    need: int,
    outstanding: int,
    found: Sequence[PostResult],
) -> Iterator[tuple[int, Mapping[str, Mapping[str, int]]]]:
    """Ballots returned and the votes with them; `need` is the threshold when all came back, `found` the result without them."""
    yield outstanding, votes
    for at, post in enumerate(posts):
        higher = posts[:at] if terms.roll_down else ()
        running = {one: sum(votes[each.name].get(one, 0) for each in (*higher, post)) for one in post.candidates}
        stands = {one: [each for each in higher if one in each.candidates] for one in post.candidates}
        rivals = [one for one in post.candidates if running[one] + outstanding * (1 + len(stands[one])) >= need]
        for size in range(1, min(post.seats, len(rivals)) + 1):
            for some in combinations(rivals, size):
                added = {post.name: dict.fromkeys(some, outstanding)}
                yield outstanding, _sum(votes, added)
                if size == 1 and stands[some[0]]:
                    every = {each.name: dict.fromkeys(some, outstanding) for each in (*stands[some[0]], post)}
                    yield outstanding, _sum(votes, every)
                if size == 1 and terms.kin:
                    yield from (
                        (outstanding, _sum(votes, more))
                        for more in _drawing_level(some[0], running, stands, post, outstanding)
                    )
                for goal in {max(need, running[one]) for one in found[at].elected if one not in some} if higher else ():
                    missing = {one: goal - running[one] - outstanding for one in some}
                    if shared := _share(missing, stands, higher, outstanding):
                        yield outstanding, _sum(votes, {**shared, **added})


def _drawing_level(
    one: str,
    running: Mapping[str, int],
    stands: Mapping[str, Sequence[PostOnBallot]],
    post: PostOnBallot,
    outstanding: int,
) -> Iterator[Added]:
    """Votes with which somebody draws level with each who is ahead: near relatives with equal votes are voted on again."""
    for lacks in {running[other] - running[one] for other in running}:
        if 0 < lacks <= outstanding * (1 + len(stands[one])):
            added: Added = {}
            for each in (post, *stands[one]):
                added[each.name] = {one: min(lacks, outstanding)}
                lacks -= min(lacks, outstanding)  # noqa: PLW2901 - what is still missing
            yield added


def _share(
    missing: Mapping[str, int],
    stands: Mapping[str, Sequence[PostOnBallot]],
    higher: Sequence[PostOnBallot],
    outstanding: int,
) -> Added:
    """Votes of the higher posts that make up for what rivals miss, each ballot naming as many as it may; empty when they cannot."""
    left = {post.name: outstanding * post.seats for post in higher}
    added: Added = {post.name: {} for post in higher}
    for one in sorted(missing, key=lambda each: len(stands[each])):
        lacks = missing[one]
        for post in sorted(stands[one], key=lambda each: -left[each.name]):
            if lacks > 0:
                given = min(lacks, outstanding, left[post.name])
                added[post.name][one] = given
                left[post.name] -= given
                lacks -= given
        if lacks > 0:
            return {}
    return added


def _sum(votes: Mapping[str, Mapping[str, int]], added: Added) -> dict[str, dict[str, int]]:
    return {
        name: {one: number + added.get(name, {}).get(one, 0) for one, number in by_one.items()}
        for name, by_one in votes.items()
    }
