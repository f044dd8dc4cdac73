"""Values of points. No Django here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Earner(StrEnum):
    """Who earns points: a member, an organisation that reports in, or a place (a community's side of a matter)."""

    MEMBER = "member"
    UNIT = "unit"
    PLACE = "place"


class EarnedPer(StrEnum):
    """What the points of an act are for."""

    TIME = "time"
    HOUR = "hour"


class Proof(StrEnum):
    """What proves an act: a shift that was worked, a record on paper, a matter that was closed. Nothing else does."""

    SHIFT = "shift"
    RECORD = "record"
    MATTER = "matter"


class Confirmer(StrEnum):
    """Who confirms an act: whoever keeps the village, or the town's and district's office."""

    VILLAGE = "village"
    OFFICE = "office"


class EarnedBy(StrEnum):
    """What of a matter earns points by itself."""

    IN_TIME = "in_time"
    LATE = "late"
    RETURNED = "returned"
    BROUGHT = "brought"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an account: what was done when, minutes and points; a reversal has both below nought and says why."""

    public_id: str
    act: str
    on: date
    place_id: int
    minutes: int
    points: int
    reverses: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """Points, minutes and lines added up."""

    points: int = 0
    minutes: int = 0
    lines: int = 0
