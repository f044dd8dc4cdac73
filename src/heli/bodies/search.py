"""Organisations and people in office found by their names."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_noop

from heli.bodies.queries import bodies_named, persons_named
from heli.kernel.access import Actor, scope
from heli.kernel.searching import SearchLine, SearchOffer

READ, MOST = "bodies.read", 8


def find(actor: Actor, text: str, on: date) -> Sequence[SearchLine]:
    """Organisations, then people with their offices; two queries."""
    reach = scope(actor, READ)
    bodies = bodies_named(reach, text, on)[:MOST]
    persons = persons_named(reach, text, on)[:MOST]
    return [
        *(SearchLine(one.name, "", reverse("bodies:body", args=[one.public_id])) for one in bodies),
        *(
            SearchLine(one.name, f"{one.body.name} {one.office}", reverse("bodies:body", args=[one.body.public_id]))
            for one in persons
        ),
    ]


SEARCHES = (SearchOffer("bodies", gettext_noop("Organisations and people in office"), find, order=40),)
