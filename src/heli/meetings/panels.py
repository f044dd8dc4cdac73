"""What meetings tell the archive of a place: only what the actor may read there."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.kernel.access import Actor, scope
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.meetings.queries import READ, meetings_at
from heli.meetings.tables import url_of
from heli.places import queries as places


def meeting_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Meetings held there."""
    heads = (_("Day"), _("What"), _("Sittings"))
    found = meetings_at(places.reached_among(scope(actor, READ), place_ids), on)
    lines = [(one.held_on, one.title, one.sittings) for one in found]
    return Rows(heads, lines, [url_of(one) for one in found])


def offer_sections() -> None:
    """Called once at start-up."""
    offer_section(Section("meetings.meetings", gettext_lazy("Meetings"), meeting_rows, order=53, is_brief=True))
