"""Everything that waits for one person, over everything that is open: one source for inbox, home and reminders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from heli.kernel.access import Actor
from heli.kernel.declare import Due, Waiting
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.records.abouts import works_of
from heli.records.due import gather_for
from heli.records.words import WordEnum

SOON = 2
"""Working days before its day from which something is called due."""


class DueWhen(WordEnum):
    """When something is due, seen from today, the most pressing first; OPEN has no day."""

    LATE = "late", "bad", _("late")
    SOON = "soon", "warn", _("due soon")
    OPEN = "open", "info", _("no fixed day")
    LATER = "later", "quiet", _("later")


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One thing that waits: its sort, what it is, where, in which campaign. `days`: calendar days past its day."""

    due: Due
    one: Waiting
    about: str
    place: str
    town: str
    when: DueWhen
    days: int


def inbox_of(actor: Actor, on: date) -> list[InboxLine]:
    """What waits for the actor on a day, the most pressing first: late, soon, without a day, later.

    As many queries for many campaigns and things as for one.
    """
    names = works_of(actor)
    return lines_of(gather_for(actor, names, date.max, on), names, on)


def lines_of(gathered: Sequence[tuple[Due, Waiting]], names: Mapping[str, str], on: date) -> list[InboxLine]:
    """What was gathered as lines with names, in their order; one query."""
    called = places.names_at({key for _due, one in gathered for key in (one.place, one.town) if key is not None}, on)
    soon = calendar().add(on, SOON)
    found = [
        InboxLine(
            due, one, names.get(one.about, ""), called.get(one.place or 0, ""),
            called.get(one.town, "") if one.town is not None and one.town != one.place else "",
            _when(one.due_on, on, soon), max(0, (on - one.due_on).days) if one.due_on is not None else 0,
        )
        for due, one in gathered
    ]  # fmt: skip
    order = list(DueWhen)
    return sorted(found, key=lambda line: (order.index(line.when), line.one.due_on or date.max, not line.one.note))


def _when(due_on: date | None, on: date, soon: date) -> DueWhen:
    if due_on is None:
        return DueWhen.OPEN
    return DueWhen.LATE if due_on < on else DueWhen.SOON if due_on <= soon else DueWhen.LATER
