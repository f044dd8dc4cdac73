"""The gate that meetings answer: rehearsed often enough."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.kernel.catalogues import whole
from heli.kernel.declare import Gate, Subject
from heli.kernel.faults import Fault
from heli.meetings.catalogues import kinds_of, meeting_kinds
from heli.meetings.models import Meeting
from heli.places.queries import chain_of


def rehearsed(*, subject: Subject, on: date) -> Iterable[Fault]:
    """Enough rehearsals were held in the place, its town or the district by the day."""
    held = Meeting.objects.filter(
        about=subject.about,
        kind__in=kinds_of("rehearsal"),
        held_on__lte=on,
        place_id__in=chain_of(subject.place, subject.district, on),
    ).aggregate(total=Sum("sittings"))["total"]
    need = whole(meeting_kinds().settings["rehearsals"])
    if (held or 0) >= need:
        return []
    message = _("%(held)s of %(need)s rehearsals were held.") % {"held": held or 0, "need": need}
    return [Fault("rehearsals_missing", message, source="campaigns.rehearsed")]


GATES = (Gate("campaigns.rehearsed", gettext_noop("Rehearsed often enough"), rehearsed),)
