"""Reads of posts: how many a body has on a day, which are free, who holds them, what a village's regular posts come to."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.posts.catalogues import kind_words, kinds_that_are
from heli.posts.models import Establishment, Holding, HowHeld, OfficeMatter, OfficeWord, Post

READ = "posts.read"


def on_day(on: date, prefix: str = "") -> Q:
    """Rows whose period holds the day."""
    later = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": on})
    return Q(**{f"{prefix}valid_from__lte": on}) & later


def posts_on(on: date) -> QuerySet[Post]:
    """The posts that are there on a day: the quotas."""
    away = Holding.objects.filter(on_day(on), post=OuterRef("pk"), person=None)
    return Post.objects.filter(~Exists(away))


def held_on(on: date) -> QuerySet[Holding]:
    """Who holds a post on a day, with person, post and body."""
    return Holding.objects.filter(on_day(on), person__isnull=False).select_related("person", "post__body")


def quota_of(body: Any, on: date) -> Mapping[str, int]:
    """How many posts of each kind a body has on a day."""
    return Counter(posts_on(on).filter(body=body).values_list("kind", flat=True))


def free_posts(body: Any, kind: str, on: date, until: date | None = None) -> list[Post]:
    """The posts of a kind that are there and held by nobody from a day until another (or for good)."""
    used = Holding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), post=OuterRef("pk"))
    if until is not None:
        used = used.filter(valid_from__lt=until)
    return list(Post.objects.filter(~Exists(used), body=body, kind=kind).order_by("number"))


def papers_on(body_ids: Collection[int], on: date) -> dict[int, Establishment]:
    """The paper that sets the posts of each body on a day."""
    papers = Establishment.objects.filter(body__in=body_ids, valid_from__lte=on).order_by("valid_from")
    return {one.body_id: one for one in papers}


def kept_since(place_ids: Collection[int]) -> dict[int, date]:
    """The day of the first paper that sets posts of a body of each of some places, where there is one."""
    papers = Establishment.objects.filter(body__place__in=place_ids).values_list("body__place")
    return dict(papers.annotate(first=Min("valid_from")).order_by())


def regular_posts(place_ids: Collection[int], on: date) -> dict[int, int]:
    """How many regular posts papers give the bodies of some places on a day; one that is one person's with another counts once."""
    asked = posts_on(on).filter(body__place__in=place_ids, kind__in=kinds_that_are("regular"))
    rows = list(asked.values_list("body_id", "body__place_id"))
    papers = papers_on({body for body, _place in rows}, on)
    counted = Counter(place for body, place in rows if body in papers)
    where = dict(rows)
    for paper in papers.values():
        counted[where[paper.body_id]] -= paper.joint
    return dict(counted)


def held_after(person_ids: Collection[int], on: date) -> QuerySet[Holding]:
    """The posts that some persons hold after a day."""
    held = Holding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), person__in=person_ids)
    return held.select_related("person")


@dataclass(frozen=True, slots=True)
class PostLine:
    """The posts of a kind that a body has on a day, and who holds them."""

    kind: str
    label: str
    posts: int
    holders: list[Holding]

    @property
    def people(self) -> list[tuple[Holding, str]]:
        """Who holds them, with how they came to it in words."""
        return [(one, str(HowHeld(one.how).label)) for one in self.holders]

    @property
    def free(self) -> int:
        """Those held by nobody."""
        return self.posts - len(self.holders)


def post_lines(body: Any, on: date) -> list[PostLine]:
    """The posts of a body on a day by kind, in the order of the catalogue."""
    quota = quota_of(body, on)
    held: dict[str, list[Holding]] = {}
    for one in held_on(on).filter(post__body=body).select_related("same_as__post").order_by("post__number"):
        held.setdefault(one.post.kind, []).append(one)
    words = kind_words()
    return [PostLine(kind, str(words[kind]), quota[kind], held.get(kind, [])) for kind in words if quota.get(kind)]


@dataclass(frozen=True, slots=True)
class BodyPosts:
    """A body with posts, as the board shows it: its place and town, regular posts and all, holders of both."""

    public_id: str
    name: str
    place: str
    town: str
    regular: int
    posts: int
    held: int

    @property
    def free(self) -> int:
        """Posts that nobody holds."""
        return self.posts - self.held


def board_of(actor: Actor, district_id: int, on: date) -> list[BodyPosts]:
    """The bodies of a district with posts on a day, as far as the actor reaches them; a constant number of queries."""
    mine = places.in_scope(scope(actor, READ)).filter(Q(pk=district_id) | Q(district=district_id)).values("pk")
    there = posts_on(on).filter(body__place__in=mine).select_related("body")
    bodies: dict[int, list[Post]] = {}
    for post in there.order_by("body__name", "pk"):
        bodies.setdefault(post.body_id, []).append(post)
    held = Counter(held_on(on).filter(post__body__in=bodies).values_list("post__body_id", flat=True))
    keys = {posts[0].body.place_id for posts in bodies.values()}
    towns = places.townships_of(district_id, keys, on)
    names = places.names_at({*keys, *(town for town in towns.values() if town is not None)}, on)
    papers, regular = papers_on(bodies, on), kinds_that_are("regular")
    return [
        BodyPosts(
            posts[0].body.public_id, posts[0].body.name, names.get(posts[0].body.place_id, ""),
            names.get(towns.get(posts[0].body.place_id) or 0, ""),
            sum(post.kind in regular for post in posts) - papers[key].joint if key in papers else 0, len(posts), held[key],
        )
        for key, posts in bodies.items()
    ]  # fmt: skip


def holding_of(body: Any, public_id: str) -> Holding | None:
    """A holding of a body by its public id."""
    return Holding.objects.filter(post__body=body, public_id=public_id).select_related("person", "post__body").first()


def words_of_holders(body: Any) -> list[tuple[OfficeWord, str]]:
    """What deciding bodies said of those who hold posts of a body now, the newest first, with what it was about in words."""
    said = OfficeWord.objects.filter(holding__post__body=body, holding__valid_to=None)
    found = said.select_related("holding__post", "holding__person").order_by("-pk")
    return [(one, str(OfficeMatter(one.matter).label)) for one in found]


def bodies_with_room(row: Any, district_id: int) -> tuple[dict[str, tuple[Any, str]], list[tuple[str, str]]]:
    """Bodies of a district that have a free post on the day of a placement, and that of the post held before, by public id with
    their names; and the kinds of such posts in words.
    """
    used = Holding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=row.on), post=OuterRef("pk"))
    free = Post.objects.filter(~Exists(used), body__place__district=district_id).select_related("body")
    found = [*free.order_by("body__name", "pk"), row.before.post]
    words = kind_words()
    bodies = {post.body.public_id: (post.body, post.body.name) for post in found}
    kinds = {post.kind: str(words.get(post.kind, post.kind)) for post in found}
    return bodies, list(kinds.items())
