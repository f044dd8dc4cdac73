"""What consultation tells the archive of a place: only what the actor may read there."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.consultation.queries.notices import notices_hung
from heli.kernel.access import Actor, scope
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.places import queries as places
from heli.records.abouts import kinds


def consultation_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Public notices that hung there."""
    heads = (_("Notice"), _("From"), _("Until"))
    rights = sorted({kind.consulting.reads for kind in kinds()})
    found = [
        one for right in rights for one in notices_hung(places.reached_among(scope(actor, right), place_ids), on, right)
    ]
    notices = sorted(found, key=lambda one: one.first_on)
    lines = [(notice.title, notice.first_on, notice.last_on) for notice in notices]
    links = [reverse("consultation:notice_sheet", args=[n.about, n.public_id]) for n in notices]
    return Rows(heads, lines, links)


def offer_sections() -> None:
    """Called once at start-up."""
    offer_section(
        Section("consultation.notices", gettext_lazy("Public notices"), consultation_rows, order=52, is_brief=True)
    )
