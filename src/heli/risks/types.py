"""Values of risk assessments. No Django here."""

from dataclasses import dataclass
from enum import StrEnum


class Aspect(StrEnum):
    """The four aspects of a risk assessment 四方面."""

    LEGALITY = "legality"
    REASONABLENESS = "reasonableness"
    FEASIBILITY = "feasibility"
    CONTROLLABILITY = "controllability"


class RiskLevel(StrEnum):
    """How high a risk is, from least to most; the pack says from which score on."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """One risk: its aspect, how likely and how severe it is (1 to 5 each), what it is and what is done against it."""

    aspect: Aspect
    likelihood: int
    severity: int
    what: str
    measures: str = ""

    @property
    def score(self) -> int:
        """1 to 25."""
        return self.likelihood * self.severity
