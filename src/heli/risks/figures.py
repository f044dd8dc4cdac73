"""The figure of risk assessments, as they stood at a moment."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from heli.campaigns.counting import Counted, counted, figure, moment_of
from heli.campaigns.models import Track
from heli.kernel.declare import Ask, Direction, Figure
from heli.kernel.levels import Per
from heli.risks.models import RiskAssessment
from heli.risks.texts import RISK_LEVELS
from heli.risks.types import RiskLevel


def assessed(ask: Ask) -> list[Counted]:
    """Villages of campaigns with a signed assessment of their own, their town or their district, over all of them."""
    tracks = Track.objects.filter(
        campaign__district_id__in=ask.district_ids, per=Per.VILLAGE, created_at__lte=moment_of(ask)
    ).exclude(ended_at__lte=moment_of(ask))
    signed = RiskAssessment.objects.filter(
        campaign__district_id__in=ask.district_ids, signed_on__lte=ask.on, sealed_at__lte=moment_of(ask)
    )
    newest = {
        (campaign, place): (RiskLevel(level), day)
        for campaign, place, level, day in signed.order_by("version").values_list(
            "campaign_id", "place_id", "level", "signed_on"
        )
    }
    columns = ("campaign_id", "campaign__public_id", "place_id", "town_id", "campaign__district_id", "place__public_id")
    found = []
    for campaign, public_id, place, town, district, place_public_id in tracks.values_list(*columns):
        chain = (newest.get((campaign, key)) for key in (place, town, district))
        one = next((pair for pair in chain if pair is not None), None)
        cells = [str(RISK_LEVELS[one[0]]) if one else "", one[1] if one else ""]
        url = reverse("risks:risk", args=[public_id, place_public_id])
        found.append(counted(ask, (place, town, district), (int(one is not None), 1), cells, url))
    return found


FIGURES: tuple[Figure, ...] = (
    figure("risk_assessed", _("Risk assessed"),
           _("Villages of campaigns for which a signed risk assessment holds (their own, their town's or the district's), over "
             "all of them."), assessed, (_("Risk"), _("Signed on")), unit="%", decimals=1, source=_("Campaigns: risk assessments"),
           direction=Direction.UP),
)  # fmt: skip
