"""What campaigns offer as figures, by topic."""

from heli.campaigns.figures.burden import BURDEN
from heli.campaigns.figures.colours import COLOURS
from heli.campaigns.figures.runs import RUNS
from heli.kernel.declare import Figure

FIGURES: tuple[Figure, ...] = (*RUNS, *COLOURS, *BURDEN)
