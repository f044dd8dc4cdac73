"""The gates that elections answer: a committee is elected, the election is valid, the work is handed over."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.assemblies.models import UnitContest
from heli.assemblies.queries.elections import board_facts
from heli.assemblies.rules.standing import HANDOVER_DAYS, ContestFacts, UnitStage, stage_of
from heli.kernel.declare import Gate, Subject
from heli.kernel.faults import Fault

ELECTED, VALID, HANDED = "assemblies.committee_elected", "assemblies.election_valid", "assemblies.handed_over"


def newest(subject: Subject, on: date) -> tuple[UnitContest, ContestFacts] | None:
    """The newest round of the place, with what its stage follows from; None where nothing was declared by the day."""
    rounds = UnitContest.objects.filter(election__about=subject.about, place=subject.place)
    found = rounds.filter(declaration__declared_on__lte=on).select_related("election", "declaration")
    last = found.order_by("-on", "-number").first()
    return None if last is None else (last, board_facts([last], subject.about)[last.pk])


def valid(*, subject: Subject, on: date) -> Iterable[Fault]:
    """The newest declared round of the place is neither void nor set aside on an objection."""
    found = newest(subject, on)
    if found is None:
        return [Fault("not_declared", _("No result has been declared in this place yet."), source=VALID)]
    if stage_of(found[1], on) in {UnitStage.VOID, UnitStage.SET_ASIDE}:
        return [
            Fault("election_void", _("The election of this place is void, or set aside on an objection."), source=VALID)
        ]
    return []


def elected(*, subject: Subject, on: date) -> Iterable[Fault]:
    """All seats of the place are filled by a valid election."""
    if faults := list(valid(subject=subject, on=on)):
        return faults
    found = newest(subject, on)
    if found is not None and found[1].status != "complete":
        return [Fault("seats_open", _("Seats of this place stay open for a second ballot."), source=ELECTED)]
    return []


def handed_over(*, subject: Subject, on: date) -> Iterable[Fault]:
    """The new committee of the place has taken over."""
    if faults := list(valid(subject=subject, on=on)):
        return faults
    found = newest(subject, on)
    if found is not None and (found[0].handed_over_on is None or found[0].handed_over_on > on):
        text = _("The work of this place is not handed over yet: within %(days)s days of the result.")
        return [Fault("not_handed_over", text % {"days": HANDOVER_DAYS}, source=HANDED)]
    return []


ELECTION_GATES = (
    Gate(ELECTED, gettext_noop("The new committee is elected"), elected),
    Gate(VALID, gettext_noop("The election is valid"), valid),
    Gate(HANDED, gettext_noop("The work is handed over"), handed_over),
)
