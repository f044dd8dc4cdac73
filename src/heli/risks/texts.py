"""Words and tones for aspects and levels of risks, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.risks.types import Aspect, RiskLevel

ASPECTS: Mapping[str, Promise] = {
    Aspect.LEGALITY: _("Legality"),
    Aspect.REASONABLENESS: _("Reasonableness"),
    Aspect.FEASIBILITY: _("Feasibility"),
    Aspect.CONTROLLABILITY: _("Controllability"),
}
LEVELS: Mapping[str, Promise] = {
    RiskLevel.LOW: pgettext_lazy("risk", "low"),
    RiskLevel.MEDIUM: pgettext_lazy("risk", "medium"),
    RiskLevel.HIGH: pgettext_lazy("risk", "high"),
}
TONES: Mapping[str, str] = {RiskLevel.LOW: "good", RiskLevel.MEDIUM: "warn", RiskLevel.HIGH: "bad"}
