"""Aspects and levels of risk."""

from heli.kernel.catalogues import shipped
from heli.kernel.packs import Key, Shape
from heli.risks.types import RiskLevel

risk_pack = shipped(
    __file__,
    "risk",
    more=(
        Key("ask_zh", Shape.TEXT, "the guiding question in Chinese"),
        Key("ask_en", Shape.TEXT, "the guiding question in English"),
    ),
    settings=(
        Key("medium_from", Shape.WHOLE, "score from which on a risk is medium", least=2),
        Key("high_from", Shape.WHOLE, "score from which on a risk is high", least=3),
        Key("allowed", Shape.TEXT, "highest level with which one may decide", choices=tuple(RiskLevel)),
    ),
)
