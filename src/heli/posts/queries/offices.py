"""Reads of posts: how many a body has on a day, which are free, who holds them, what a village's regular posts come to."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from heli.posts.catalogues import kinds_that_are
from heli.posts.models import Establishment, Holding, Post

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


def regular_posts(place_ids: Collection[int], on: date) -> dict[int, int]:
    """How many regular posts the bodies of some places have on a day; a post that is one person's with another counts once."""
    asked = posts_on(on).filter(body__place__in=place_ids, kind__in=kinds_that_are("regular"))
    rows = list(asked.values_list("body_id", "body__place_id"))
    counted = Counter(place for _body, place in rows)
    places = dict(rows)
    for paper in papers_on(places, on).values():
        counted[places[paper.body_id]] -= paper.joint
    return dict(counted)


def held_after(person_ids: Collection[int], on: date) -> QuerySet[Holding]:
    """The posts that some persons hold after a day."""
    held = Holding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), person__in=person_ids)
    return held.select_related("person")
