"""Scenarios that are no merger of villages: groups, grids, communities, service points, pairing. A kind declares its numbers and
how it is solved; everything else (pinning, runs, decision, pages) is the same for all."""

from collections.abc import Mapping

from heli.planning.questions.grids import GRIDS
from heli.planning.questions.groups import GROUPS
from heli.planning.questions.layout import LAYOUT
from heli.planning.questions.pairing import PAIRING
from heli.planning.questions.points import POINTS
from heli.planning.questions.types import QuestionKind
from heli.planning.types import PlanKind

QUESTIONS: Mapping[str, QuestionKind] = {kind.name: kind for kind in (GROUPS, GRIDS, LAYOUT, POINTS, PAIRING)}

__all__ = ["QUESTIONS", "PlanKind", "QuestionKind"]
