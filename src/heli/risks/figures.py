"""The figure of risk assessments, as they stood at a moment."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from heli.kernel.declare import Ask, Direction, Figure
from heli.places.counted import CountedRow, counted, figure, moment_of
from heli.records.abouts import villages_of
from heli.risks.models import RiskAssessment
from heli.risks.queries import READ
from heli.risks.texts import LEVELS


def assessed(ask: Ask) -> list[CountedRow]:
    """Villages of campaigns with a signed assessment of their own, their town or their district, over all of them."""
    signed = RiskAssessment.objects.filter(
        district_id__in=ask.district_ids, signed_on__lte=ask.on, sealed_at__lte=moment_of(ask)
    )
    columns = ("about", "place_id", "level", "signed_on")
    newest = {
        (about, place): (LEVELS[level], day)
        for about, place, level, day in signed.order_by("version").values_list(*columns)
    }
    found = []
    for village in villages_of(ask):
        chain = (newest.get((village.about, key)) for key in village.where)
        one = next((pair for pair in chain if pair is not None), None)
        cells = [str(one[0]), one[1]] if one else ["", ""]
        url = reverse("risks:risk", args=[village.about, village.public_id])
        found.append(counted(ask, village.where, (int(one is not None), 1), cells, url))
    return found


FIGURES: tuple[Figure, ...] = (
    figure("campaigns.risk_assessed", _("Risk assessed"),
           _("Villages of campaigns for which a signed risk assessment holds (their own, their town's or the district's), over "
             "all of them."), assessed, (_("Risk"), _("Signed on")), unit="%", decimals=1, source=_("Campaigns: risk assessments"),
           action=READ, direction=Direction.UP),
)  # fmt: skip
