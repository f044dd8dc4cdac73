"""Values of warnings: weeks, contests, statements, key villages. No Django here."""

from dataclasses import dataclass
from enum import StrEnum

from heli.campaigns.types import Colour


class ContestStatus(StrEnum):
    """What became of a contested red."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class StatementStatus(StrEnum):
    """How far a demanded statement is."""

    DEMANDED = "demanded"
    GIVEN = "given"
    ACKNOWLEDGED = "acknowledged"
    WITHDRAWN = "withdrawn"


class ProposalStatus(StrEnum):
    """What became of a proposal for the appraisal record; `LAPSED` with a withdrawn demand."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    LAPSED = "lapsed"


class Tier(StrEnum):
    """Who keeps an eye on a key village."""

    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"


@dataclass(frozen=True, slots=True)
class ColourStanding:
    """The colour of a place of a campaign and what lies behind it."""

    place: int
    level: str
    above: int
    colour: Colour
    days_late: int
    open: int
    late: int
    done: int
