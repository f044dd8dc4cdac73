"""Numbers of the sitting that opens a step's gate, and the votes of the three electorates: proof that nobody types twice."""

from datetime import date
from functools import partial

from django.utils.translation import gettext_noop

from heli.assemblies.gates import OPENS, sitting_for
from heli.assemblies.models import Sitting
from heli.assemblies.queries.sittings import standing_at
from heli.assemblies.rules.sittings import electorate_of
from heli.kernel.declare import Subject, SubjectFact


def of_gate(column: str, subject: Subject, on: date) -> int | None:
    """A count of the sitting that opens a gate of the step; None while there is none."""
    gate = next((one for one in subject.gates if one in OPENS), None)
    found = sitting_for(gate, subject, on) if gate is not None else None
    return _count(found, column)


def of_electorate(name: str, column: str, subject: Subject, on: date) -> int | None:
    """A count of the newest vote of consent of an electorate."""
    held = standing_at(subject.about, subject.place, on) if subject.place is not None else []
    return _count(next((one for one in held if electorate_of(one.body, one.mode, one.matter) == name), None), column)


def _count(found: Sitting | None, column: str) -> int | None:
    return None if found is None else int(getattr(found, column))


def _fact(name: str, title: str, column: str, unit: str = "votes") -> SubjectFact:
    return SubjectFact(f"assemblies.{name}", title, unit, partial(of_gate, column))


def _of(name: str, title_for: str, title_entitled: str) -> tuple[SubjectFact, SubjectFact]:
    return (
        SubjectFact(f"assemblies.{name}_for", title_for, "votes", partial(of_electorate, name, "votes_for")),
        SubjectFact(f"assemblies.{name}_entitled", title_entitled, "votes", partial(of_electorate, name, "entitled")),
    )


FACTS = (
    _fact("entitled", gettext_noop("Sittings: entitled"), "entitled", "people"),
    _fact("present", gettext_noop("Sittings: present"), "present", "people"),
    _fact("for", gettext_noop("Sittings: for"), "votes_for"),
    _fact("against", gettext_noop("Sittings: against"), "votes_against"),
    _fact("abstain", gettext_noop("Sittings: abstained"), "votes_abstain"),
    *_of("party", gettext_noop("Sittings: Party members for"), gettext_noop("Sittings: Party members entitled")),
    *_of(
        "representatives",
        gettext_noop("Sittings: representatives for"),
        gettext_noop("Sittings: representatives entitled"),
    ),
    *_of(
        "households",
        gettext_noop("Sittings: household delegates for"),
        gettext_noop("Sittings: household delegates entitled"),
    ),
)
