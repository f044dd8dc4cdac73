"""Posts and who holds them, how many a village is to get, where holders go when villages merge."""

from heli.posts.models.allotting import AllottingState, VillageAllotting
from heli.posts.models.offices import (
    Establishment,
    Holding,
    HowHeld,
    OfficeMatter,
    OfficeWord,
    Post,
)
from heli.posts.models.placing import Placement, PlacingOutcome, PlacingState
from heli.posts.models.promoting import Incentive, IncentiveState, RecruitingState, Recruitment, WhoMayApply

__all__ = [
    "AllottingState",
    "Establishment",
    "Holding",
    "HowHeld",
    "Incentive",
    "IncentiveState",
    "OfficeMatter",
    "OfficeWord",
    "Placement",
    "PlacingOutcome",
    "PlacingState",
    "Post",
    "RecruitingState",
    "Recruitment",
    "VillageAllotting",
    "WhoMayApply",
]
