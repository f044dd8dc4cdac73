"""Reads of the trail, always scoped.

The trail keeps place ids without a foreign key and stands below `places`; who knows places tells it at start-up which of
them lie under which (`ask_places_of`), as `kernel.access` is told about roles.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from heli.audit.models import Entry
from heli.audit.rules import GENESIS
from heli.audit.types import Head
from heli.kernel.access import Scope


@dataclass(frozen=True, slots=True)
class PlaceAnswers:
    """What the trail asks about places: the keys within a scope (as a subquery), and names."""

    within: Callable[[Scope], QuerySet[Any]]
    names: Callable[[Collection[int]], Mapping[int, str]]


_places: list[PlaceAnswers] = []


def ask_places_of(answers: PlaceAnswers) -> None:
    """Install the one party that knows places; called once at start-up."""
    _places[:] = [answers]


def in_scope(scope: Scope) -> QuerySet[Entry]:
    """The entries an auditor of this scope may read; entries without a place belong to the whole installation."""
    if scope.everything:
        return Entry.objects.all()
    if not scope.place_ids or not _places:
        return Entry.objects.none()
    return Entry.objects.filter(place_id__in=_places[0].within(scope))


def place_names(place_ids: Collection[int]) -> Mapping[int, str]:
    """Today's names of places."""
    return _places[0].names(place_ids) if _places and place_ids else {}


def times_of(what: str, subject: str, since: datetime) -> list[datetime]:
    """When something happened to a subject after a moment, oldest first."""
    return list(
        Entry.objects.filter(what=what, subject=subject, at__gt=since).order_by("seq").values_list("at", flat=True)
    )


def head() -> Head:
    """The last entry of the trail; number 0 when it is empty."""
    last = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    return Head(*last) if last else Head(0, GENESIS)
