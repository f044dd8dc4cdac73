"""The figure of supervision rounds."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.campaigns.counting import Counted, counted, figure, moment_of
from heli.campaigns.models import Track
from heli.kernel.declare import Ask, Direction, Figure
from heli.kernel.levels import Per
from heli.rounds.models import InspectionRound, Visit


def visited(ask: Ask) -> list[Counted]:
    """Villages a team has been to over villages, for every round begun by the day."""
    rounds = InspectionRound.objects.filter(
        campaign__district_id__in=ask.district_ids, first_on__lte=ask.on, opened_at__lte=moment_of(ask)
    )
    visits = {
        (row.round_id, row.place_id): row.on
        for row in Visit.objects.filter(round__in=rounds, on__lte=ask.on, recorded_at__lte=moment_of(ask))
    }
    tracks = Track.objects.filter(campaign__in=rounds.values("campaign_id"), per=Per.VILLAGE).exclude(
        ended_at__lte=moment_of(ask)
    )
    villages: dict[int, list[tuple[int, int | None]]] = {}
    for campaign, place, town in tracks.order_by("pk").values_list("campaign_id", "place_id", "town_id"):
        villages.setdefault(campaign, []).append((place, town))
    found = []
    for one in rounds.select_related("campaign").order_by("pk"):
        url = reverse("rounds:round", args=[one.campaign.public_id, one.number])
        for place, its_town in villages.get(one.campaign_id, ()):
            day = visits.get((one.pk, place))
            cells = [gettext("Round %(number)s") % {"number": one.number}, day or ""]
            found.append(
                counted(ask, (place, its_town, one.campaign.district_id), (int(day is not None), 1), cells, url)
            )
    return found


SOURCE = _("Campaigns: visits of supervision rounds")

FIGURES: tuple[Figure, ...] = (
    figure("inspection_coverage", _("Coverage of supervision rounds"),
           _("Villages a team has been to, over all villages, for every round begun by the day."), visited,
           (_("Round"), _("Visited on")), unit="%", decimals=1, source=SOURCE, direction=Direction.UP),
)  # fmt: skip
