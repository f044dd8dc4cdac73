"""Who is elected by given votes: most votes above the threshold, ties, the woman's seat, near relatives, votes rolled down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

POSTS = ("chair", "vice", "woman_member", "member")
"""From the highest; who is elected higher is out of the lower ones."""

Votes = Mapping[str, Mapping[str, int]]
"""Votes by post and candidate."""


@dataclass(frozen=True, slots=True)
class PostOnBallot:
    """A post with its seats and who stands for it; `women` are those of the candidates who are women."""

    name: str
    seats: int
    candidates: tuple[str, ...]
    women: frozenset[str]


@dataclass(frozen=True, slots=True)
class ElectionTerms:
    """How this province elects in this round. `kin` are a person's near relatives among the candidates."""

    woman_seat: bool = False
    roll_down: bool = False
    next_follows: bool = False
    kin: Mapping[str, frozenset[str]] | None = None

    def barred(self, person: str, elected: Iterable[str]) -> bool:
        """Whether a near relative has been elected."""
        return self.kin is not None and not self.kin.get(person, frozenset()).isdisjoint(elected)


@dataclass(frozen=True, slots=True)
class PostResult:
    """Who is elected, most votes first; who is voted on again for a tie; how many seats stay open, one for a woman."""

    post: str
    elected: tuple[str, ...]
    revote: tuple[str, ...]
    seats_left: int
    woman_seat: bool

    def as_json(self) -> dict[str, object]:
        """A post of a result of heli.count/1."""
        return {
            "post": self.post,
            "elected": list(self.elected),
            "revote": list(self.revote),
            "seats_left": self.seats_left,
            "woman_seat": self.woman_seat,
        }


def elect(posts: Sequence[PostOnBallot], votes: Votes, need: int, terms: ElectionTerms) -> tuple[PostResult, ...]:
    """The result of every post, in the order of the posts; `need` is the least number of votes that elects."""
    results, elected, women = [], set[str](), set[str]()
    carried: dict[str, int] = {}
    for post in posts:
        own = votes[post.name]
        running = {one: own.get(one, 0) + carried.get(one, 0) for one in post.candidates if one not in elected}
        wants_woman = terms.woman_seat and post.name == "member" and not women
        result = _fill(post, running, need, terms, higher=elected, wants_woman=wants_woman)
        results.append(result)
        elected.update(result.elected)
        women.update(post.women.intersection(result.elected))
        if terms.roll_down:
            carried.update(running)
    return tuple(results)


def _fill(
    post: PostOnBallot,
    running: Mapping[str, int],
    need: int,
    terms: ElectionTerms,
    *,
    higher: set[str],
    wants_woman: bool,
) -> PostResult:
    ranked = sorted((one for one in running if running[one] >= need), key=lambda one: (-running[one], one))
    if terms.next_follows:
        ranked = [one for one in ranked if not terms.barred(one, higher)]
    seats, first, kept_open, revote = post.seats, list[str](), False, list[str]()
    if wants_woman and seats:
        best = _most([one for one in ranked if one in post.women], running)
        if not best:
            seats, kept_open = seats - 1, True
        elif len(best) == 1:
            first, seats = best, seats - 1
        elif best[0] not in _take(ranked, running, seats, terms, higher)[0]:
            # Several women have most votes and not by themselves a seat: they are voted on again for one.
            revote, seats = best, seats - 1
    stays = [one for one in first if not terms.barred(one, higher)]
    rest = [one for one in ranked if one not in first and one not in revote]
    taken, tied = _take(rest, running, seats, terms, higher.union(stays))
    elected = sorted([*stays, *taken], key=lambda one: (-running[one], one))
    return PostResult(post.name, tuple(elected), (*revote, *tied), post.seats - len(elected), kept_open)


def _most(people: Sequence[str], running: Mapping[str, int]) -> list[str]:
    return [one for one in people if running[one] == running[people[0]]]


def _take(
    ranked: Sequence[str], running: Mapping[str, int], seats: int, terms: ElectionTerms, before: set[str]
) -> tuple[list[str], list[str]]:
    """By votes into the seats; a tie that does not fit, and near relatives with equal votes, are voted on again.

    Who is a near relative of somebody elected leaves the seat open, or to the next, as the province has it.
    """
    taken, again = list[str](), list[str]()
    for _votes, tie in groupby(ranked, key=lambda one: running[one]):
        if not seats:
            break
        group = list(tie)
        free = [one for one in group if not terms.barred(one, before.union(taken))]
        if terms.next_follows:
            group = free
        if len(group) > seats:
            return taken, [*again, *(group if free else ())]
        seats -= len(group)
        equals = [one for one in free if terms.barred(one, free)]
        again += equals
        taken += [one for one in free if one not in equals]
    return taken, again
