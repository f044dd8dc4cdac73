"""What campaigns keep: one file per topic. Fields and named constraints only; rows change through `campaigns.services`."""

from heli.campaigns.models.runs import (
    Campaign,
    Deputy,
    Evidence,
    Pause,
    PinnedPlaybook,
    Step,
    StepEvent,
    Track,
)
from heli.campaigns.models.weeks import (
    AppraisalProposal,
    Contest,
    Forecast,
    FrozenColour,
    FrozenWeek,
    KeyVillage,
    Statement,
)

__all__ = [
    "AppraisalProposal",
    "Campaign",
    "Contest",
    "Deputy",
    "Evidence",
    "Forecast",
    "FrozenColour",
    "FrozenWeek",
    "KeyVillage",
    "Pause",
    "PinnedPlaybook",
    "Statement",
    "Step",
    "StepEvent",
    "Track",
]
