"""What documents tell the archive of a place: the batches that were made over it."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.kernel.access import Actor
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.papers.queries.work import batches_at


def batch_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Batches of documents over the place, by day."""
    heads = (_("Day"), _("Documents"), _("Campaign"), _("Who"))
    found = list(batches_at(actor, place_ids, on))
    lines = [(one.on, one.total, one.campaign.name, one.asked_by) for one in found]
    return Rows(heads, lines, [reverse("papers:batch", args=[one.campaign.public_id, one.public_id]) for one in found])


def offer_sections() -> None:
    """Called once at start-up."""
    offer_section(Section("papers.batches", gettext_lazy("Documents"), batch_rows, order=56, is_brief=True))
