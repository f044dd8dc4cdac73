"""Values of risk assessments."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.records.words import WordEnum


class Aspect(WordEnum):
    """The four aspects of a risk assessment 四方面."""

    LEGALITY = "legality", _("Legality")
    REASONABLENESS = "reasonableness", _("Reasonableness")
    FEASIBILITY = "feasibility", _("Feasibility")
    CONTROLLABILITY = "controllability", _("Controllability")


class RiskLevel(WordEnum):
    """How high a risk is, from least to most; the pack says from which score on."""

    LOW = "low", "good", pgettext_lazy("risk", "low")
    MEDIUM = "medium", "warn", pgettext_lazy("risk", "medium")
    HIGH = "high", "bad", pgettext_lazy("risk", "high")


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
