"""The gates that consultation answers: talks held widely enough, notices hung long enough."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.consultation.catalogues import talk_classes
from heli.consultation.models import Notice, TalkCount
from heli.consultation.rules import earliest_end, uncovered
from heli.kernel.declare import Gate, Subject
from heli.kernel.faults import Fault
from heli.places.queries import chain_of
from heli.records.words import words_of


def talks_covered(*, subject: Subject, on: date) -> Iterable[Fault]:
    """Every class was talked with as widely as the rule asks, by the newest counts of the day."""
    rows = TalkCount.objects.filter(about=subject.about, place=subject.place, on__lte=on)
    counts = {row.kind: (row.done, row.base) for row in rows.order_by("on", "pk")}
    pack = talk_classes()
    names = words_of(pack)
    return [
        Fault(
            "talks_missing",
            _("%(class)s: no talks recorded yet.") % {"class": names[key]}
            if missing is None
            else _("%(class)s: %(missing)s more talks are needed.") % {"class": names[key], "missing": missing},
            source="campaigns.talks_covered",
        )
        for key, missing in uncovered(counts, pack).items()
    ]


def notice_hung(*, subject: Subject, on: date) -> Iterable[Fault]:
    """A notice hung in the place for all the days the law asks for, and they are over by the day."""
    chain = chain_of(subject.place, subject.district, on)
    notices = Notice.objects.filter(about=subject.about, least_days__gt=1, places__place_id__in=chain)
    periods = notices.values_list("first_on", "least_days", "taken_down_on")
    ends = [
        earliest_end(first, least)
        for first, least, down in periods
        if down is None or down >= earliest_end(first, least)
    ]
    if not ends:
        return [Fault("notice_missing", _("No notice hangs for this place."), source="campaigns.notice_hung")]
    if min(ends) > on:
        message = _("The notice must hang until %(day)s.") % {"day": min(ends).isoformat()}
        return [Fault("notice_still_hangs", message, source="campaigns.notice_hung")]
    return []


GATES = (
    Gate("campaigns.talks_covered", gettext_noop("Talks held as widely as asked"), talks_covered),
    Gate("campaigns.notice_hung", gettext_noop("Notice hung as long as the law asks"), notice_hung),
)
