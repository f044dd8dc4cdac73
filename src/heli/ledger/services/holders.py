"""Writes about holders: books are opened for a body, its members counted."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind, LinkKind
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.ledger.models import Collective
from heli.places import queries as places
from heli.places.types import Level

OPEN = "ledger.approve"
HOLDERS = (BodyKind.COOPERATIVE, BodyKind.COMMITTEE, BodyKind.GROUP_COLLECTIVE)
"""Who may hold: a committee where there is no co-operative (农村集体经济组织法 Art. 64)."""
LEVELS = (Level.VILLAGE, Level.GROUP)


def open_books(
    *,
    actor: Actor,
    body: Any,
    begins_on: date,
    place_id: int | None = None,
    members: int = 0,
    at: datetime | None = None,
) -> Collective:
    """Books begin for a body that keeps the property of a village or a group (its own unless another is given), from the first of a
    month. Refused: a body of another kind, a place of another level, a second set of books, a day within a month.
    """
    kept = place_id or body.place_id
    place = places.version_on(kept, begins_on)
    faults = []
    if body.kind not in HOLDERS:
        faults.append(
            Fault(
                "holder_kind",
                _("Only a co-operative, a committee or a group's collective holds property."),
                field="body",
            )
        )
    if place is None or place.level not in LEVELS:
        faults.append(
            Fault("holder_place", _("Choose a village or a villagers' group that stands on that day."), field="place")
        )
    if begins_on.day != 1:
        faults.append(Fault("begins_within_month", _("Books begin on the first of a month."), field="begins_on"))
    if Collective.objects.filter(body=body).exists():
        faults.append(Fault("books_exist", _("This body keeps books already."), field="body"))
    if faults:
        raise Refused(faults)
    with writing(actor, "ledger.open_books", action=OPEN, place_id=body.place_id, at=at) as act:
        one = Collective(public_id=new_public_id(), body=body, members=members, begins_on=begins_on)
        one.save(force_insert=True)
        bodies.add_link(actor=actor, kind=LinkKind.PROPERTY, place_id=kept, body=body, on=begins_on, action=OPEN, at=at)
        act.subject, act.after = f"collective {one.pk}", {"body": body.pk, "place": kept, "from": begins_on}
    return one


def note_members(*, actor: Actor, collective: Collective, members: int, at: datetime | None = None) -> None:
    """How many members the roll of the holder has now."""
    if members < 0:
        raise Refused(Fault("below_zero", _("There are no fewer members than none."), field="members"))
    with writing(actor, "ledger.note_members", action="ledger.books", place_id=collective.body.place_id, at=at) as act:
        held = Collective.objects.select_for_update().get(pk=collective.pk)
        act.subject, act.before, act.after = f"collective {held.pk}", {"members": held.members}, {"members": members}
        held.members = members
        held.save(update_fields=["members"])
