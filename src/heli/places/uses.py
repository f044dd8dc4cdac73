"""What the register has on places that a plan founded, said to whoever takes the plan back."""

from collections.abc import Collection

from django.utils.translation import ngettext

from heli.kernel.declare import PlaceUse
from heli.places.queries import count_facts_about


def built(founded: Collection[int], _ended: Collection[int]) -> list[str]:
    """How many figures were recorded of what was founded."""
    count = count_facts_about(founded)
    text = ngettext("%(count)s figure of it is recorded.", "%(count)s figures of it are recorded.", count)
    return [text % {"count": count}] if count else []


USES = (PlaceUse("places", built),)
