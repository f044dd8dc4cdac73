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
from heli.posts.models.staffing import (
    GradedYear,
    PayAccount,
    PayGrade,
    PayRule,
    ReserveMember,
    ReserveStage,
    ReserveTarget,
)

__all__ = [
    "AllottingState",
    "Establishment",
    "GradedYear",
    "Holding",
    "HowHeld",
    "Incentive",
    "IncentiveState",
    "OfficeMatter",
    "OfficeWord",
    "PayAccount",
    "PayGrade",
    "PayRule",
    "Placement",
    "PlacingOutcome",
    "PlacingState",
    "Post",
    "RecruitingState",
    "Recruitment",
    "ReserveMember",
    "ReserveStage",
    "ReserveTarget",
    "VillageAllotting",
    "WhoMayApply",
]
