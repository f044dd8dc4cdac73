"""Rows that reports tell by name beside their figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from heli.kernel.declare import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A row that a report tells by its name: where, what, of which kind, why, who leads it until when; `count` of the same.

    `who` names a body, or the office of the person in office behind the public id `person`: the name is looked up when a
    report is read, never kept in it.
    """

    place: int | None
    town: int | None
    title: str = ""
    kind: str = ""
    cause: str = ""
    who: str = ""
    person: str = ""
    due_on: date | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Telling:
    """Rows that sentences tell by name, offered in `sentences.py` as `TELLINGS`: `read` gives those of an about as they stood
    at the moment asked for, in a constant number of queries."""

    id: str
    read: Callable[[Ask, str], Sequence[Told]]
