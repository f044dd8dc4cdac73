"""What handover does when a step is accepted: the handover to the new village or community begins."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.handover import services
from heli.handover.catalogues import service_items
from heli.kernel.access import Actor
from heli.kernel.declare import Act, Subject


def open_handover(*, actor: Actor, subject: Subject, on: date) -> str:
    """Begin the handover to the subject's place; begun already: nothing happens."""
    place = subject.place or subject.district
    services.open_handover(actor=actor, place_id=place, district_id=subject.district, on=on)
    return str(place)


def tell_handover(_subject: Subject) -> str:
    """What would be listed."""
    return _("%(count)s services are listed to be handed over from {act_on} on.") % {
        "count": len(service_items().entries)
    }


ACTS = (Act("handover.open", gettext_noop("Begin the handover of services"), open_handover, tell_handover),)
