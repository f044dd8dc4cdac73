"""Problems found by their title."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_noop

from heli.kernel.access import Actor
from heli.kernel.searching import SearchLine, SearchOffer
from heli.places import queries as places
from heli.problems.ledger import PROBLEMS
from heli.problems.queries import problems_named

MOST = 8


def find(actor: Actor, text: str, on: date) -> Sequence[SearchLine]:
    """The newest first; two queries."""
    found = list(problems_named(actor, text)[:MOST])
    names = places.names_at({one.place_id for one in found}, on)
    return [
        SearchLine(one.title, names.get(one.place_id, ""), PROBLEMS.url("row", one.about, one.public_id))
        for one in found
    ]


SEARCHES = (SearchOffer("problems", gettext_noop("Problems"), find, order=30),)
