"""The planner's reasons in the reader's language: each of its sentences is known by its shape."""

import re
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOLD: Sequence[tuple[str, Promise]] = (
    (
        r"The rules allow (?P<fewest>[\d,]+)–(?P<most>[\d,]+) units in all; at most (?P<asked>[\d,]+) were asked: .*",
        _("The rules allow %(fewest)s to %(most)s in all; at most %(asked)s were asked for."),
    ),
    (
        r"Ask for at most (?P<count>[\d,]+) instead of (?P<asked>[\d,]+)\.",
        _("Ask for at most %(count)s instead of %(asked)s."),
    ),
)


def told(text: str) -> str:
    """A sentence of the planner in the reader's language; as it is where its shape is not known."""
    for shape, words in TOLD:
        found = re.fullmatch(shape, text)
        if found:
            return str(words) % found.groupdict()
    return text
