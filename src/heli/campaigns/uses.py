"""What campaigns have on places, said to whoever changes the register."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from heli.campaigns.queries.uses import campaigns_built_on, campaigns_over
from heli.kernel.declare import PlaceUse


def built(founded: Collection[int], ended: Collection[int]) -> list[str]:
    """A sentence for each campaign that goes on in what was founded."""
    text = _("The campaign “%(name)s” goes on there with %(count)s steps.")
    return [text % {"name": name, "count": count} for name, count in campaigns_built_on(founded, ended)]


def running(place_ids: Collection[int], scenario: str) -> list[str]:
    """A sentence for each campaign that runs there without this plan."""
    text = _("The campaign “%(name)s” of %(count)s steps is running over these villages under another plan.")
    return [text % {"name": name, "count": count} for name, count in campaigns_over(place_ids, scenario)]


USES = (PlaceUse("campaigns", built, running),)
