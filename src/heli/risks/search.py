"""Risks found by what could go wrong."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_noop

from heli.kernel.access import Actor, may
from heli.kernel.searching import SearchLine, SearchOffer
from heli.places import queries as places
from heli.risks.queries import READ, items_named

MOST = 8


def find(actor: Actor, text: str, on: date) -> Sequence[SearchLine]:
    """The newest first; two queries."""
    if not may(actor, READ):
        return []
    found = [(item.what, item.assessment) for item in items_named(actor, text)[:MOST]]
    names = places.names_at({one.place_id for _what, one in found}, on)
    return [
        SearchLine(what, names.get(one.place_id, ""), reverse("risks:risk", args=[one.about, one.place.public_id]))
        for what, one in found
    ]


SEARCHES = (SearchOffer("risks", gettext_noop("Risks"), find, order=32),)
