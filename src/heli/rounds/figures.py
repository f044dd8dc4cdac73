"""The figure of supervision rounds."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.kernel.declare import Ask, Direction, Figure
from heli.places.counted import CountedRow, counted, figure, moment_of
from heli.records.abouts import AboutVillage, villages_of
from heli.rounds.models import InspectionRound, Visit
from heli.rounds.queries import READ


def visited(ask: Ask) -> list[CountedRow]:
    """Villages a team has been to over villages, for every round begun by the day."""
    rounds = InspectionRound.objects.filter(
        district_id__in=ask.district_ids, first_on__lte=ask.on, opened_at__lte=moment_of(ask)
    )
    visits = {
        (row.round_id, row.place_id): row.visited_on
        for row in Visit.objects.filter(round__in=rounds, visited_on__lte=ask.on, recorded_at__lte=moment_of(ask))
    }
    villages: dict[str, list[AboutVillage]] = {}
    for village in villages_of(ask):
        villages.setdefault(village.about, []).append(village)
    found = []
    for one in rounds.order_by("pk"):
        url = reverse("rounds:round", args=[one.about, one.number])
        for village in villages.get(one.about, ()):
            day = visits.get((one.pk, village.place))
            cells = [gettext("Round %(number)s") % {"number": one.number}, day or ""]
            found.append(counted(ask, village.where, (int(day is not None), 1), cells, url))
    return found


SOURCE = _("Campaigns: visits of supervision rounds")

FIGURES: tuple[Figure, ...] = (
    figure("campaigns.inspection_coverage", _("Coverage of supervision rounds"),
           _("Villages a team has been to, over all villages, for every round begun by the day."), visited,
           (_("Round"), _("Visited on")), unit="%", decimals=1, source=SOURCE, action=READ, direction=Direction.UP),
)  # fmt: skip
