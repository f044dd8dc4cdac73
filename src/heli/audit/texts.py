"""Words for entries of the trail: an act as a sentence that officers read."""

from django.utils.translation import gettext as _

from heli.kernel.access import SYSTEM


def sentence(who: str, did: str, place: str) -> str:
    """An entry in one sentence: who (as the trail keeps the name) did what, and where, if it was somewhere."""
    parts = {"who": _("Heli") if who == SYSTEM.name else who, "what": did, "place": place}
    return (_("%(who)s %(what)s: %(place)s") if place else _("%(who)s %(what)s")) % parts
