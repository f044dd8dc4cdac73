"""What campaigns offer as figures, by topic."""

from heli.campaigns.figures.burden import BURDEN
from heli.campaigns.figures.colours import COLOURS
from heli.campaigns.figures.consultation import CONSULTATION
from heli.campaigns.figures.finishing import FINISHING
from heli.campaigns.figures.meetings import MEETINGS
from heli.campaigns.figures.problems import PROBLEMS
from heli.campaigns.figures.runs import RUNS
from heli.campaigns.figures.weeks import WEEKS
from heli.kernel.declare import Figure

FIGURES: tuple[Figure, ...] = (
    *RUNS,
    *COLOURS,
    *FINISHING,
    *PROBLEMS,
    *CONSULTATION,
    *MEETINGS,
    *BURDEN,
    *WEEKS,
)
