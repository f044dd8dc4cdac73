"""Plan the merger of villages exactly: enumerate, score, partition, and prove."""

from mergeplan.counts import count_after_reduction
from mergeplan.districts import Districts, DistrictShare, SharedTotal
from mergeplan.diversity import Regret, alternatives, regret
from mergeplan.edits import Edits
from mergeplan.io import dump_json, instance_from_json, read_json, write_json
from mergeplan.plan_io import plan_from_json, plan_to_json
from mergeplan.planner import Planner, solve
from mergeplan.types import (
    Edge,
    Explanation,
    Flaw,
    Instance,
    InstanceError,
    Kind,
    MergeplanError,
    Plan,
    RequestError,
    Rules,
    Status,
    TooManyColumnsError,
    TownCount,
    UndecidedError,
    Unit,
    Weights,
)
from mergeplan.verification import verify

__all__ = [
    "DistrictShare",
    "Districts",
    "Edge",
    "Edits",
    "Explanation",
    "Flaw",
    "Instance",
    "InstanceError",
    "Kind",
    "MergeplanError",
    "Plan",
    "Planner",
    "Regret",
    "RequestError",
    "Rules",
    "SharedTotal",
    "Status",
    "TooManyColumnsError",
    "TownCount",
    "UndecidedError",
    "Unit",
    "Weights",
    "alternatives",
    "count_after_reduction",
    "dump_json",
    "instance_from_json",
    "plan_from_json",
    "plan_to_json",
    "read_json",
    "regret",
    "solve",
    "verify",
    "write_json",
]
