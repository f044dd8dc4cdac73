"""The gates that elections answer: bodies are elected, the election is valid, the work is handed over."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.assemblies.models import UnitContest
from heli.assemblies.queries.elections import board_facts, elects, newest_declared, undeclared
from heli.assemblies.rules.standing import HANDOVER_DAYS, ContestFacts, UnitStage, stage_of
from heli.assemblies.types import ElectedSort
from heli.kernel.declare import Gate, Subject
from heli.kernel.faults import Fault

VALID, HANDED = "assemblies.election_valid", "assemblies.handed_over"
ELECTED = {
    ElectedSort.COMMITTEE: ("assemblies.committee_elected", gettext_noop("The new committee is elected")),
    ElectedSort.HEADS: ("assemblies.heads_elected", gettext_noop("The heads of the groups are elected")),
    ElectedSort.REPRESENTATIVES: (
        "assemblies.representatives_elected",
        gettext_noop("The representatives are elected"),
    ),
    ElectedSort.SUPERVISION: ("assemblies.supervision_elected", gettext_noop("The supervision committee is elected")),
    ElectedSort.BOARD: ("assemblies.board_elected", gettext_noop("The board of the co-operative is elected")),
}
COMMITTEE = ElectedSort.COMMITTEE


def newest(subject: Subject, on: date, sort: ElectedSort = COMMITTEE) -> list[tuple[UnitContest, ContestFacts]]:
    """The newest declared round of the place, of each group where groups elect, with what its stage follows from."""
    rows = newest_declared(subject.about, subject.place, sort, on) if subject.place is not None else []
    facts = board_facts(rows, subject.about)
    return [(row, facts[row.pk]) for row in rows]


def valid(*, subject: Subject, on: date, sort: ElectedSort = COMMITTEE, gate: str = VALID) -> Iterable[Fault]:
    """The newest declared round of the place is neither void nor set aside on an objection."""
    found = newest(subject, on, sort)
    if not found:
        return [Fault("not_declared", _("No result has been declared in this place yet."), source=gate)]
    if any(stage_of(facts, on) in {UnitStage.VOID, UnitStage.SET_ASIDE} for _row, facts in found):
        text = _("The election of this place is void, or set aside on an objection.")
        return [Fault("election_void", text, source=gate)]
    return []


def elected(*, subject: Subject, on: date, sort: ElectedSort = COMMITTEE) -> Iterable[Fault]:
    """All seats of the place, and of all its groups that elect, are filled by a valid election."""
    gate = ELECTED[sort][0]
    if subject.place is not None and not elects(subject.about, subject.place, sort, on):
        return []
    if faults := list(valid(subject=subject, on=on, sort=sort, gate=gate)):
        return faults
    if any(facts.status != "complete" for _row, facts in newest(subject, on, sort)):
        return [Fault("seats_open", _("Seats of this place stay open for a second ballot."), source=gate)]
    if waiting := undeclared(subject.about, subject.place, sort, on) if subject.place is not None else []:
        text = _("No result has been declared yet in: %(groups)s.")
        return [Fault("groups_open", text % {"groups": "、".join(waiting)}, source=gate)]
    return []


def handed_over(*, subject: Subject, on: date) -> Iterable[Fault]:
    """The new committee of the place has taken over."""
    if faults := list(valid(subject=subject, on=on, gate=HANDED)):
        return faults
    if any(row.handed_over_on is None or row.handed_over_on > on for row, _facts in newest(subject, on)):
        text = _("The work of this place is not handed over yet: within %(days)s days of the result.")
        return [Fault("not_handed_over", text % {"days": HANDOVER_DAYS}, source=HANDED)]
    return []


ELECTION_GATES = (
    *(Gate(gate, title, partial(elected, sort=sort)) for sort, (gate, title) in ELECTED.items()),
    Gate(VALID, gettext_noop("The election is valid"), valid),
    Gate(HANDED, gettext_noop("The work is handed over"), handed_over),
)
