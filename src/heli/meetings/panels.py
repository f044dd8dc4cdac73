"""What meetings tell the archive of a place: only what the actor may read there."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.campaigns.panels import readable
from heli.kernel.access import Actor
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.meetings.models import Meeting
from heli.rounds.models import Visit


def meeting_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Meetings held there, and visits of supervision teams."""
    heads = (_("Day"), _("What"), _("Sittings"))
    mine = readable(actor, place_ids)
    meetings = Meeting.objects.filter(place__in=mine, held_on__lte=on).select_related("campaign")
    visits = Visit.objects.filter(place__in=mine, on__lte=on).select_related("round__campaign", "team")
    lines = [
        (
            m.held_on,
            m.title,
            m.sittings,
            reverse("meetings:meeting", args=[m.campaign.public_id, m.public_id]),
        )
        for m in meetings
    ]
    visited = _("Supervision round %(number)s: %(team)s")
    lines += [
        (
            v.on,
            visited % {"number": v.round.number, "team": v.team.name},
            1,
            reverse("rounds:round", args=[v.round.campaign.public_id, v.round.number]),
        )
        for v in visits
    ]
    lines.sort(key=lambda line: (line[0], line[1]))
    return Rows(heads, [line[:3] for line in lines], [line[3] for line in lines])


def offer_sections() -> None:
    """Called once at start-up."""
    offer_section(Section("meetings.meetings", gettext_lazy("Meetings and visits"), meeting_rows, order=53))
