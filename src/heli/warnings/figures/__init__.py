"""What warnings offer as figures, by topic."""

from heli.kernel.declare import Figure
from heli.warnings.figures.finishing import FINISHING
from heli.warnings.figures.weeks import WEEKS

FIGURES: tuple[Figure, ...] = (*FINISHING, *WEEKS)
