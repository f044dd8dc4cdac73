"""A ballot: posts side by side, names by strokes, a line for another name for every seat; nothing that tells two apart."""

from dataclasses import dataclass

from heli.assemblies.rules.strokes import in_stroke_order
from heli.kernel.faults import Finding, Unsound

POSTS, LINES_A5, LINES_A4 = 4, 8, 20
"""Posts side by side, and lines below each other that half a sheet and a sheet have room for."""
POSTS_A5 = 3


@dataclass(frozen=True, slots=True)
class BallotPost:
    """A post as it stands on the ballot: its name, how many are to be elected, who stands for it."""

    title: str
    seats: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BallotForm:
    """The ballot of a unit: posts with names by strokes, how many lines a post has, whether two fit on a sheet of A4."""

    posts: tuple[BallotPost, ...]
    lines: int
    is_half: bool


def draw_ballot(posts: tuple[BallotPost, ...]) -> BallotForm:
    """The ballot. Raises `Unsound` where somebody stands twice for a post, a post has no seat, or a sheet has no room."""
    found = []
    if not posts or len(posts) > POSTS:
        found.append(Finding("ballot_posts", {"most": POSTS}, "posts"))
    for post in posts:
        if post.seats < 1:
            found.append(Finding("ballot_no_seat", {"post": post.title}, "posts"))
        if twice := next((name for name in post.names if post.names.count(name) > 1), None):
            found.append(Finding("ballot_name_twice", {"post": post.title, "name": twice}, "posts"))
    lines = max((len(post.names) + post.seats for post in posts), default=0)
    if lines > LINES_A4:
        found.append(Finding("ballot_too_long", {"most": LINES_A4}, "posts"))
    if found:
        raise Unsound(*found)
    ordered = tuple(BallotPost(post.title, post.seats, tuple(in_stroke_order(post.names))) for post in posts)
    return BallotForm(ordered, lines, lines <= LINES_A5 and len(posts) <= POSTS_A5)
