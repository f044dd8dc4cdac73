"""Builders of risk assessments, and who may open which page."""

from heli.campaigns.testing.matter_pages import EDITORS, PART, case, other_place, place, post
from heli.campaigns.testing.runs import READERS
from heli.risks.types import Aspect, RiskFactor
from heli.ui.testing import AccessCase


def four_factors(likelihood: int = 2, severity: int = 2, measures: str = "逐户核对") -> list[RiskFactor]:
    """One risk in each aspect."""
    return [RiskFactor(aspect, likelihood, severity, f"{aspect}：可能有异议", measures) for aspect in Aspect]


ACCESS: list[AccessCase] = [
    case("risks:list", READERS),
    case("risks:risk", READERS, place, narrow=PART, elsewhere=lambda world: other_place(world.a)),
    post("risks:risk", EDITORS, place, "write", narrow=PART[:1], elsewhere=lambda world: other_place(world.a)),
]  # fmt: skip
