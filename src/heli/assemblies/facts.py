"""Numbers of the sitting that opens a step's gate, the votes of the three electorates, who was elected: proof that nobody types
twice."""

from datetime import date
from functools import partial

from django.utils.translation import gettext_noop

from heli.assemblies.gates import sitting_for
from heli.assemblies.models import Sitting
from heli.assemblies.queries.elections import elected_by, elects, newest_declared
from heli.assemblies.queries.sittings import OPENS, standing_at
from heli.assemblies.rules.sittings import electorate_of
from heli.assemblies.types import ElectedSort
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


def chosen(sort: ElectedSort, subject: Subject, on: date, *, women: bool = False) -> int | None:
    """How many hold an office of a sort by election; None before a result was declared where one is to be."""
    if subject.place is None:
        return None
    if not newest_declared(subject.about, subject.place, sort, on):
        return None if elects(subject.about, subject.place, sort, on) else 0
    return sum(one.is_woman or not women for one in elected_by(subject.about, subject.place, sort, on))


FACTS = (
    *(
        SubjectFact(f"assemblies.{name}", title, "people", partial(chosen, sort, women=women))
        for name, title, sort, women in (
            ("heads", gettext_noop("Elections: heads of groups"), ElectedSort.HEADS, False),
            ("representatives", gettext_noop("Elections: representatives"), ElectedSort.REPRESENTATIVES, False),
            ("women", gettext_noop("Elections: women among the representatives"), ElectedSort.REPRESENTATIVES, True),
            ("supervisors", gettext_noop("Elections: supervision committee"), ElectedSort.SUPERVISION, False),
        )
    ),
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
