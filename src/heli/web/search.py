"""Pages of the navigation found by what they are called."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_noop

from heli.kernel.access import Actor, may
from heli.kernel.searching import SearchLine, SearchOffer
from heli.web.navigation import GROUPS


def find(actor: Actor, text: str, on: date) -> Sequence[SearchLine]:
    """Those the actor may open; asks nothing of the database."""
    lines = [(line, group) for group, lines in GROUPS for line in lines if may(actor, line.action)]
    return [
        SearchLine(str(line.label), str(group), reverse(line.view))
        for line, group in lines
        if text.casefold() in str(line.label).casefold()
    ]


SEARCHES = (SearchOffer("web.pages", gettext_noop("Pages of Heli"), find, order=5),)
