"""Builders of supervision rounds, and who may open which page."""

from typing import Any

from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matter_pages import EDITORS, FOREVER, OVER_DISTRICT, case, kept, post
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.rounds import services as rounds
from heli.ui.testing import AccessCase, Kwargs


def _list(half: Any) -> Kwargs:
    return {"about_id": campaign_of(half).public_id}


def _round(half: Any) -> Kwargs:
    def open_it() -> str:
        actor, about = half.actor("district_officer"), about_of(campaign_of(half))
        return str(rounds.open_round(actor=actor, about=about, first_on=DAY, last_on=FOREVER).number)

    return {**_list(half), "number": int(kept(half, "matter_round", open_it))}


ACCESS: list[AccessCase] = [
    case("rounds:list", READERS, _list),
    post("rounds:list", OVER_DISTRICT, _list, refused=(403, 422)),
    case("rounds:round", READERS, _round),
    post("rounds:round", EDITORS, _round, "visit", refused=(403, 422)),
]  # fmt: skip
