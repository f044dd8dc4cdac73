"""When a department is urged 督办, in which colour: before its day by the station, on it by the town, after it by the district."""

from datetime import date
from enum import StrEnum

from heli.kernel.workdays import Calendar

BEFORE = 1
"""Working days before the due day from which the station may urge."""


class Urgency(StrEnum):
    """How near the due day is; each colour is a level's to urge."""

    NONE = ""
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


RANKS = tuple(Urgency)
"""From the least pressing on."""


def colour_of(calendar: Calendar, since: date, due_on: date, on: date) -> Urgency:
    """The colour of a day: yellow from the last working day before the due day on, orange on it, red after it.

    On the day of the whistle itself (`since`) nobody is urged yet.
    """
    if on > due_on:
        return Urgency.RED
    if on == due_on:
        return Urgency.ORANGE if on > since else Urgency.NONE
    return Urgency.YELLOW if on > since and due_on <= calendar.add(on, BEFORE) else Urgency.NONE


def is_urged_next(was: str, colour: Urgency) -> bool:
    """Whether this colour is to be urged after what was urged for the same due day: each once, never a weaker one."""
    return colour is not Urgency.NONE and RANKS.index(colour) > RANKS.index(Urgency(was))
