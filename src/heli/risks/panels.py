"""What risks tell the archive of a place: only what the actor may read there."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.campaigns.panels import readable
from heli.kernel.access import Actor
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.risks.models import RiskAssessment
from heli.risks.texts import RISK_LEVELS
from heli.risks.types import RiskLevel


def risk_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Signed risk assessments."""
    heads = (_("Signed"), _("Version"), _("Level"), _("Signed by"))
    found = RiskAssessment.objects.filter(place__in=readable(actor, place_ids), signed_on__lte=on)
    risks = list(found.select_related("campaign", "place").order_by("signed_on", "version"))
    lines = [(r.signed_on, r.version, str(RISK_LEVELS[RiskLevel(r.level)]), r.signed_by_name) for r in risks]
    return Rows(heads, lines, [reverse("risks:risk", args=[r.campaign.public_id, r.place.public_id]) for r in risks])


def offer_sections() -> None:
    """Called once at start-up."""
    offer_section(Section("risks.risks", gettext_lazy("Risk assessments"), risk_rows, order=54))
