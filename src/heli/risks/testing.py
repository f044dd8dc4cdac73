"""Builders of risk assessments, and who may open which page."""

from typing import Any

from heli.campaigns.testing.matter_pages import EDITORS, PART, case, post
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.risks.types import Aspect, RiskFactor
from heli.ui.testing import AccessCase, Kwargs


def four_factors(likelihood: int = 2, severity: int = 2, measures: str = "逐户核对") -> list[RiskFactor]:
    """One risk in each aspect."""
    return [RiskFactor(aspect, likelihood, severity, f"{aspect}：可能有异议", measures) for aspect in Aspect]


def _list(half: Any) -> Kwargs:
    return {"about_id": campaign_of(half).public_id}


def _place(half: Any) -> Kwargs:
    return {**_list(half), "place": half.village.public_id}


def _elsewhere(world: Any) -> Kwargs:
    return {**_list(world.a), "place": world.a.other_village.public_id}


ACCESS: list[AccessCase] = [
    case("risks:list", READERS, _list),
    case("risks:risk", READERS, _place, narrow=PART, elsewhere=_elsewhere),
    post("risks:risk", EDITORS, _place, "write", narrow=PART[:1], elsewhere=_elsewhere),
]  # fmt: skip
