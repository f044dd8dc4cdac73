"""Figures of appraisals: how far they are, objections, who was not proposed as a number of the reviewed."""

from dataclasses import replace
from functools import partial

from django.utils.translation import gettext_noop as _

from heli.appraisal.ledger import APPRAISALS, SEE
from heli.appraisal.models import ReviewCount
from heli.kernel.declare import Ask, Direction
from heli.places.counted import CountedRow, counted, figure, moment_of
from heli.records.figures import Past

PAST = Past(APPRAISALS, ("title", "pack"))
HEADS = (_("Who is appraised"), _("Appraisal"), _("Status"), _("Due"), _("Closed on"))


def graded(ask: Ask) -> list[CountedRow]:
    """Appraisals that are graded by two people, over all of the year asked for."""
    done = ("graded", "objected", "ruled", "sealed")
    return [_replaced(then.row, int(then.status in done)) for then in PAST.rows(ask)]


def _replaced(row: CountedRow, above: int) -> CountedRow:
    return replace(row, above=above)


def not_proposed(ask: Ask) -> list[CountedRow]:
    """Office-holders not proposed after review over those reviewed, by town: numbers, never who."""
    rows = ReviewCount.objects.filter(year__district_id__in=ask.district_ids, at__lt=moment_of(ask)).order_by("pk")
    last = {
        (year, place, district, reason): number
        for year, place, district, reason, number in rows.values_list(
            "year_id", "place_id", "year__district", "reason", "number"
        )
    }
    sums: dict[tuple[int, int, int], list[int]] = {}
    for (year, place, district, reason), number in last.items():
        sums.setdefault((int(year), int(place), int(district or 0)), [0, 0])[0 if reason else 1] += number
    return [counted(ask, (place, place, district), (k, n), (k, n)) for (_year, place, district), (k, n) in sums.items()]


declared = partial(figure, source=_("Appraisal year"), action=SEE)
FIGURES = (
    declared("appraisal.graded", _("Appraised"), _("Appraisals graded by two people, over all that were begun."), graded, HEADS,
             unit="%", decimals=1, direction=Direction.UP),
    declared("appraisal.not_proposed", _("Not proposed after review"),
             _("Office-holders who were not proposed after their review, over those reviewed; classes of reasons and "
               "numbers only."),
             not_proposed, (_("Not proposed"), _("Reviewed")), unit="%", decimals=2),
)  # fmt: skip
