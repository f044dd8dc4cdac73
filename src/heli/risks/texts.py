"""Words of a campaign's matters, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.campaigns.texts_matters import Text
from heli.risks.types import Aspect, RiskLevel

ASPECTS: Mapping[Aspect, Text] = {
    Aspect.LEGALITY: _("Legality"),
    Aspect.REASONABLENESS: _("Reasonableness"),
    Aspect.FEASIBILITY: _("Feasibility"),
    Aspect.CONTROLLABILITY: _("Controllability"),
}


RISK_LEVELS: Mapping[RiskLevel, Text] = {
    RiskLevel.LOW: pgettext_lazy("risk", "low"),
    RiskLevel.MEDIUM: pgettext_lazy("risk", "medium"),
    RiskLevel.HIGH: pgettext_lazy("risk", "high"),
}


RISK_TONES: Mapping[RiskLevel, str] = {RiskLevel.LOW: "good", RiskLevel.MEDIUM: "warn", RiskLevel.HIGH: "bad"}
