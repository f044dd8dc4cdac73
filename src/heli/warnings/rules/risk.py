"""Which of several campaigns is most at risk: the one that a screen opens with when nobody has chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class CampaignRisk:
    """A campaign as its newest frozen week left it; noughts where no week was frozen yet.

    `days_beyond`: working days by which the forecast, good in four of five cases, passes the planned end.
    """

    campaign: str
    is_running: bool
    villages: int = 0
    red: int = 0
    orange: int = 0
    days_beyond: int = 0


def most_at_risk(found: Sequence[CampaignRisk]) -> str:
    """The campaign most at risk; "" where there is none.

    One that runs comes before one that does not; then the larger share of red villages decides, then the forecast, then the
    share of orange villages. Of equals the first is taken.
    """
    return max(found, key=_badness).campaign if found else ""


def _badness(one: CampaignRisk) -> tuple[bool, Fraction, int, Fraction]:
    villages = one.villages or 1
    return one.is_running, Fraction(one.red, villages), one.days_beyond, Fraction(one.orange, villages)
