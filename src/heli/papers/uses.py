"""What was made about places on paper, said to whoever changes the register."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from heli.kernel.declare import PlaceUse
from heli.papers.queries.work import count_papers_about


def built(founded: Collection[int], _ended: Collection[int]) -> list[str]:
    """How many documents were made about what was founded."""
    count = count_papers_about(founded)
    return [_("%(count)s documents were made about it.") % {"count": count}] if count else []


USES = (PlaceUse("papers", built),)
