"""The gates that sittings answer: decided by whom the law asks, reviewed, published long enough."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.assemblies.election_gates import ELECTION_GATES
from heli.assemblies.models import Sitting, SittingStatus
from heli.assemblies.queries.sittings import OPENS, opening, standing_at
from heli.assemblies.texts import BODIES
from heli.consultation.queries.notices import hung_until
from heli.kernel.declare import Gate, Subject
from heli.kernel.faults import Fault
from heli.places.queries import chain_of

DECISIONS, AUDITS = ("disclosure", "resolution"), ("audit",)


def sitting_for(gate: str, subject: Subject, on: date) -> Sitting | None:
    """The sitting that opens the gate for a place; else the newest that tried, None where there was none."""
    return opening(gate, standing_at(subject.about, subject.place, on)) if subject.place is not None else None


def decided(gate: str, *, subject: Subject, on: date) -> Iterable[Fault]:
    """A sitting of the body passed the matter by the law of its day."""
    body, found = BODIES[OPENS[gate][0]], sitting_for(gate, subject, on)
    if found is None:
        text = _("%(body)s: no sitting is recorded for this place.") % {"body": body}
        return [Fault("sitting_missing", text, source=gate)]
    if found.status == SittingStatus.PASSED:
        return []
    said = {"body": body, "day": found.held_on.isoformat(), "status": SittingStatus(found.status).label}
    return [Fault("sitting_not_passed", _("%(body)s of %(day)s: %(status)s.") % said, source=gate)]


def published(gate: str, kinds: tuple[str, ...], *, subject: Subject, on: date) -> Iterable[Fault]:
    """A notice of the kind hung in the place, or above it, for all its days; for decisions, posted after the last of them."""
    chain = chain_of(subject.place, subject.district, on)
    held = standing_at(subject.about, subject.place, on) if subject.place is not None and kinds == DECISIONS else []
    since = next((one.held_on for one in held if one.status == SittingStatus.PASSED), None)
    until = hung_until(subject.about, chain, kinds=kinds, since=since)
    if until is None:
        return [Fault("notice_missing", _("No such notice hangs for this place."), source=gate)]
    if until > on:
        text = _("The notice must hang until %(day)s.") % {"day": until.isoformat()}
        return [Fault("notice_still_hangs", text, source=gate)]
    return []


PUBLISHED, AUDITED = "assemblies.published_long_enough", "assemblies.audit_published"
GATES = (
    *(
        Gate(gate, title, partial(decided, gate))
        for gate, title in zip(
            OPENS,
            (
                gettext_noop("The villagers' assembly has agreed"),
                gettext_noop("The members of the co-operative have agreed by two thirds"),
                gettext_noop("The Party members have reviewed it"),
            ),
            strict=True,
        )
    ),
    Gate(
        PUBLISHED, gettext_noop("The decision hung as long as the law asks"), partial(published, PUBLISHED, DECISIONS)
    ),
    Gate(AUDITED, gettext_noop("The audit was published before the election"), partial(published, AUDITED, AUDITS)),
    *ELECTION_GATES,
)
