"""The rows of assemblies; a topic to a file."""

from heli.assemblies.models.elections import (
    ContestKind,
    CountSheet,
    Declaration,
    ElectedPost,
    Election,
    Nominee,
    OfficeEnd,
    Readiness,
    SheetState,
    UnitContest,
    VotingMode,
)
from heli.assemblies.models.objections import Objection, ObjectionOutcome, ObjectionState
from heli.assemblies.models.sittings import FourSteps, Sitting, SittingStatus, StepsVariant

__all__ = [
    "ContestKind",
    "CountSheet",
    "Declaration",
    "ElectedPost",
    "Election",
    "FourSteps",
    "Nominee",
    "Objection",
    "ObjectionOutcome",
    "ObjectionState",
    "OfficeEnd",
    "Readiness",
    "SheetState",
    "Sitting",
    "SittingStatus",
    "StepsVariant",
    "UnitContest",
    "VotingMode",
]
