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

__all__ = ["Campaign", "Deputy", "Evidence", "Pause", "PinnedPlaybook", "Step", "StepEvent", "Track"]
