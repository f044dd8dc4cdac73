"""What plans tell the archive of a place: opinions on proposals that concern it, as matters, without anybody's name."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.consultation.queries.notices import voices_of
from heli.kernel.access import Actor, scope
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.places import queries as places


def opinion_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Opinions received about merger proposals, and whether they were answered."""
    heads = (_("Received"), _("No."), _("Stance"), _("Answered"))
    allowed = places.reached_among(scope(actor, "planning.read"), place_ids)
    rows = places.rows_of(allowed, on)
    districts = {row.district_id for row in rows.values() if row.district_id is not None}
    if not districts:
        return Rows(heads, ())
    found = voices_of(districts, on, "planning.read", allowed)
    lines = [
        (one.received_on, one.number, one.stance_label, _("yes") if one.is_answered(on) else _("no")) for one in found
    ]
    return Rows(heads, lines, [reverse("consultation:opinions", args=[one.about]) for one in found])


def offer_sections() -> None:
    """Called once at start-up."""
    section = Section(
        "planning.opinions", gettext_lazy("Opinions on merger proposals"), opinion_rows, order=45, is_brief=True
    )
    offer_section(section)
