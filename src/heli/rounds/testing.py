"""Builders of supervision rounds, and who may open which page."""

from typing import Any

from heli.campaigns.testing.matter_pages import EDITORS, FOREVER, OVER_DISTRICT, case, kept, of_campaign, post
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.rounds import services as rounds
from heli.ui.testing import AccessCase, Kwargs


def _round(half: Any) -> Kwargs:
    campaign = campaign_of(half)

    def open_it() -> str:
        actor = half.actor("district_officer")
        return str(rounds.open_round(actor=actor, campaign=campaign, first_on=DAY, last_on=FOREVER).number)

    return {**of_campaign(half), "number": int(kept(half, "matter_round", open_it))}


ACCESS: list[AccessCase] = [
    case("rounds:list", READERS),
    post("rounds:list", OVER_DISTRICT, refused=(403, 422)),
    case("rounds:round", READERS, _round),
    post("rounds:round", EDITORS, _round, "visit", refused=(403, 422)),
]  # fmt: skip
