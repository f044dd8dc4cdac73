"""Numbers that posts know of a village, taken by steps instead of being typed."""

from datetime import date

from django.utils.translation import gettext_noop

from heli.kernel.declare import Subject, SubjectFact
from heli.places import queries as places
from heli.posts.queries.offices import kept_since, regular_posts
from heli.posts.services.offices import MEASURE


def regular(subject: Subject, on: date) -> int | None:
    """Regular posts of a village: under its papers, or as the register has them where no paper sets any."""
    if subject.place is None:
        return None
    if subject.place in kept_since([subject.place]):
        return regular_posts([subject.place], on).get(subject.place, 0)
    known = places.facts_on([subject.place], MEASURE, on).get(subject.place)
    return known.value if known else None


FACTS = (SubjectFact("posts.regular", gettext_noop("Regular posts of the village"), "posts", regular),)
