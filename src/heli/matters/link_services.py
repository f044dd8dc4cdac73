"""Writes that tie matters to each other."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.matters.happened import subject_of, tell
from heli.matters.ledger.matter import DISPATCH
from heli.matters.models import Matter, MatterLink
from heli.places.queries import require_at
from heli.records.services import hold


def link(*, actor: Actor, matter: Matter, to: Matter, on: date | None = None, at: datetime | None = None) -> MatterLink:
    """Tie two matters that belong together and stay two, each with its voices; whoever leads one sees the other."""
    if to.pk == matter.pk or to.about != matter.about:
        raise Refused(Fault("link_to_itself", _("Give the number of another matter."), field="number"))
    first, second = sorted((matter.pk, to.pk))
    with writing(actor, "matters.link", action=DISPATCH, place_id=matter.place_id, at=at) as act:
        require_at(actor, DISPATCH, [to.place_id], timezone.localdate())
        hold(Matter.objects, pk=first)
        if MatterLink.objects.filter(first_id=first, second_id=second).exists():
            raise Refused(Fault("linked_already", _("These two are linked already."), field="number"))
        made = MatterLink.objects.create(
            first_id=first, second_id=second, linked_on=on or timezone.localdate(), linked_by=actor.name
        )
        tell(matter, "linked", act, reason=f"#{to.number}")
        tell(to, "linked", act, reason=f"#{matter.number}")
        act.subject, act.after = subject_of(matter), {"did": "link", "to": to.number}
    return made
