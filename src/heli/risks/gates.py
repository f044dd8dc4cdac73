"""The gate that risks answer: the assessment is signed."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.kernel.declare import Gate, Subject
from heli.kernel.faults import Fault
from heli.places.queries import chain_of
from heli.risks.catalogues import risk_pack
from heli.risks.models import RiskAssessment
from heli.risks.rules import is_allowed
from heli.risks.texts import LEVELS
from heli.risks.types import RiskLevel


def risk_signed(*, subject: Subject, on: date) -> Iterable[Fault]:
    """The nearest assessment is signed by the day, not above the allowed level, and nothing newer is being written."""
    chain = chain_of(subject.place, subject.district, on)
    rows = list(RiskAssessment.objects.filter(about=subject.about, place_id__in=chain).order_by("version"))
    nearest = next((key for key in chain if any(row.place_id == key for row in rows)), None)
    if nearest is None:
        return [
            Fault(
                "risk_missing", _("No risk assessment has been written for this place."), source="campaigns.risk_signed"
            )
        ]
    last = [row for row in rows if row.place_id == nearest][-1]
    if last.signed_on is None or last.signed_on > on:
        return [
            Fault("risk_unsigned", _("The newest risk assessment is not signed yet."), source="campaigns.risk_signed")
        ]
    if not is_allowed(RiskLevel(last.level), risk_pack()):
        message = _("The assessed risk is %(level)s: reduce it by measures and assess anew before deciding.")
        return [Fault("risk_too_high", message % {"level": LEVELS[last.level]}, source="campaigns.risk_signed")]
    return []


GATES = (Gate("campaigns.risk_signed", gettext_noop("Risk assessment signed"), risk_signed),)
