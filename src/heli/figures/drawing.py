"""Maps and charts as SVG text for reports and documents: the drawings of `heli.ui.drawing`, where each is described."""

from heli.ui.drawing import (
    Area,
    Curve,
    Panel,
    Rank,
    Tint,
    burn_up_svg,
    choropleth_svg,
    colour_history_svg,
    colour_tints,
    multiples_svg,
    ranking_svg,
    sequence_tints,
)

__all__ = [
    "Area",
    "Curve",
    "Panel",
    "Rank",
    "Tint",
    "burn_up_svg",
    "choropleth_svg",
    "colour_history_svg",
    "colour_tints",
    "multiples_svg",
    "ranking_svg",
    "sequence_tints",
]
