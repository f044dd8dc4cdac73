"""The gates that consultation answers: talks held widely enough, notices hung long enough."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.consultation.catalogues import talk_classes
from heli.consultation.models import TalkCount
from heli.consultation.queries.notices import hung_until
from heli.consultation.rules import uncovered
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
    until = hung_until(subject.about, chain_of(subject.place, subject.district, on))
    if until is None:
        return [Fault("notice_missing", _("No notice hangs for this place."), source="campaigns.notice_hung")]
    if until > on:
        message = _("The notice must hang until %(day)s.") % {"day": until.isoformat()}
        return [Fault("notice_still_hangs", message, source="campaigns.notice_hung")]
    return []


GATES = (
    Gate("campaigns.talks_covered", gettext_noop("Talks held as widely as asked"), talks_covered),
    Gate("campaigns.notice_hung", gettext_noop("Notice hung as long as the law asks"), notice_hung),
)
