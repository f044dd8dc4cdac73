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
from heli.meetings.queries import meetings_at


def meeting_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Meetings held there."""
    heads = (_("Day"), _("What"), _("Sittings"))
    meetings = list(meetings_at(readable(actor, place_ids), on))
    lines = [(one.held_on, one.title, one.sittings) for one in meetings]
    return Rows(
        heads, lines, [reverse("meetings:meeting", args=[one.campaign.public_id, one.public_id]) for one in meetings]
    )


def offer_sections() -> None:
    """Called once at start-up."""
    offer_section(Section("meetings.meetings", gettext_lazy("Meetings"), meeting_rows, order=53))
