"""How near a result is to another: the fewest ballots, read otherwise, that would change anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from heli.assemblies.rules.electing import ElectionTerms, PostOnBallot, PostResult


@dataclass(frozen=True, slots=True)
class NarrowMargin:
    """So many ballots, and what they would change: the turnout, somebody's half (or third), or who comes next; at which post."""

    ballots: int
    reason: str
    post: str = ""

    def as_json(self) -> dict[str, object]:
        """A part of a result of heli.count/1."""
        return {"ballots": self.ballots, "reason": self.reason, "post": self.post}


def narrowest(
    posts: Sequence[PostOnBallot],
    votes: Mapping[str, Mapping[str, int]],
    terms: ElectionTerms,
    *,
    need: int,
    found: Sequence[PostResult],
) -> Iterator[NarrowMargin]:
    """The margins of every post: each to the threshold, the last seat to the next. A ballot moved closes a gap of two."""
    elected = set[str]()
    carried: dict[str, int] = {}
    for post, result in zip(posts, found, strict=True):
        running = {one: votes[post.name][one] + carried.get(one, 0) for one in post.candidates if one not in elected}
        for number in running.values():
            yield NarrowMargin(number - need + 1 if number >= need else need - number, "threshold", post.name)
        above = sorted((number for number in running.values() if number >= need), reverse=True)
        if len(above) > post.seats:
            gap = above[post.seats - 1] - above[post.seats]
            yield NarrowMargin(max(1, -(-gap // 2)), "next", post.name)
        elected.update(result.elected)
        if terms.roll_down:
            carried.update(running)
