"""Rules of risk assessment: scores, levels, and when one may decide."""

from collections.abc import Sequence

from heli.kernel.catalogues import Catalogue, whole
from heli.risks.types import Aspect, RiskFactor, RiskLevel


def compute_score(factors: Sequence[RiskFactor]) -> int:
    """The highest likelihood × severity, 1 to 25; 0 without a risk."""
    return max((factor.score for factor in factors), default=0)


def compute_level(score: int, pack: Catalogue) -> RiskLevel:
    """The level of a score by the pack."""
    if score >= whole(pack.settings["high_from"]):
        return RiskLevel.HIGH
    return RiskLevel.MEDIUM if score >= whole(pack.settings["medium_from"]) else RiskLevel.LOW


def is_allowed(level: RiskLevel, pack: Catalogue) -> bool:
    """Whether one may decide with this level."""
    order = list(RiskLevel)
    return order.index(level) <= order.index(RiskLevel(str(pack.settings["allowed"])))


def missing_aspects(factors: Sequence[RiskFactor]) -> list[Aspect]:
    """Aspects nobody has judged yet, in order."""
    judged = {factor.aspect for factor in factors}
    return [aspect for aspect in Aspect if aspect not in judged]


def without_measures(factors: Sequence[RiskFactor], pack: Catalogue) -> list[RiskFactor]:
    """Risks above the lowest level against which nothing is done yet."""
    return [f for f in factors if compute_level(f.score, pack) is not RiskLevel.LOW and not f.measures.strip()]
