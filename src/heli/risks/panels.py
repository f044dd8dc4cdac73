"""What risks tell the archive of a place: only what the actor may read there."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.kernel.access import Actor
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.risks.queries import signed_at
from heli.risks.texts import LEVELS


def risk_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Signed risk assessments."""
    heads = (_("Signed"), _("Version"), _("Level"), _("Signed by"))
    risks = list(signed_at(actor, place_ids, on))
    lines = [(one.signed_on, one.version, str(LEVELS[one.level]), one.signed_by_name) for one in risks]
    return Rows(heads, lines, [reverse("risks:risk", args=[one.about, one.place.public_id]) for one in risks])


def offer_sections() -> None:
    """Called once at start-up."""
    offer_section(Section("risks.risks", gettext_lazy("Risk assessments"), risk_rows, order=54, is_brief=True))
