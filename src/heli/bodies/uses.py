"""Which organisations and persons are there for places that a plan founded, said to whoever takes the plan back."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from heli.bodies.queries import names_at_places
from heli.kernel.declare import PlaceUse


def built(founded: Collection[int], _ended: Collection[int]) -> list[str]:
    """Organisations of what was founded, and those linked to it, by name."""
    names = names_at_places(founded)
    return (
        [_("Organisations are entered for it or linked to it: %(names)s.") % {"names": _(", ").join(names)}]
        if names
        else []
    )


USES = (PlaceUse("bodies", built),)
