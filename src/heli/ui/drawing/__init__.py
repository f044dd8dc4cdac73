"""Maps and charts as SVG text for documents, mail and pages without JavaScript. Pure: words, numbers and shapes come in.

The same values give the same text. No library, no fonts inside: families that Chinese systems and Heli's own PDF have are
named. Nothing is told by colour alone: tints carry a shape and a letter, missing values are hatched, and planned curves are
dashed. Every function returns a whole `<svg>` with `role="img"` and its title, in pixels of `width`; encode it as UTF-8 for
`files.documents.Picture`.
"""

from heli.ui.drawing.charts import ChartPanel, Curve, Rank, burn_up_svg, colour_history_svg, multiples_svg, ranking_svg
from heli.ui.drawing.maps import Area, choropleth_svg
from heli.ui.drawing.svg import Tint, colour_tints, sequence_tints

__all__ = [
    "Area",
    "ChartPanel",
    "Curve",
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
