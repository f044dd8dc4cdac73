"""The five requirements over the holders of regular posts: k of n, told from ten people on."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from heli.accounts.sealing import unseal_text
from heli.kernel.quantities import Ratio
from heli.posts.models import Holding
from heli.posts.types import Education, OfficeFacts, Sex

SEALED_FOR = "facts of an office"
TOLD_FROM = 10
"""People from which on a count is told."""


def facts_of(holding: Holding) -> OfficeFacts:
    """The facts of a holder, opened; empty where nothing is kept."""
    if not holding.sealed:
        return OfficeFacts()
    sex, born, education, is_member = json.loads(unseal_text(SEALED_FOR, holding.sealed))
    return OfficeFacts(Sex(sex) if sex else None, born, Education(education) if education else None, is_member)


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What a team comes to: k of those of whom it is known; `months`: the ages in months of `aged` people together."""

    women: Ratio
    members: Ratio
    up_to_high: Ratio
    months: int
    aged: int


def team_of(holdings: Iterable[Holding], on: date) -> TeamFacts:
    """What a team comes to on a day."""
    known = [facts_of(one) for one in holdings]
    born = [one.born for one in known if one.born]
    month = on.year * 12 + on.month
    low = {Education.MIDDLE, Education.HIGH}
    return TeamFacts(
        Ratio(sum(one.sex is Sex.FEMALE for one in known), sum(one.sex is not None for one in known)),
        Ratio(sum(one.is_member is True for one in known), sum(one.is_member is not None for one in known)),
        Ratio(sum(one.education in low for one in known), sum(one.education is not None for one in known)),
        sum(month - int(text[:4]) * 12 - int(text[5:]) for text in born),
        len(born),
    )


def told(share: Ratio) -> Ratio | None:
    """A count as pages may tell it: of fewer than ten people none."""
    return share if share.denominator >= TOLD_FROM else None
