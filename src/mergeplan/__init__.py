"""Plan the merger of villages exactly: enumerate, score, partition, and prove."""

from mergeplan.io import dump_json, instance_from_json, read_json, write_json
from mergeplan.solve import Edits, Planner, count_after_reduction, solve
from mergeplan.types import (
    Edge,
    Explanation,
    Instance,
    InstanceError,
    Kind,
    MergeplanError,
    Plan,
    Problem,
    RequestError,
    Rules,
    Status,
    TooManyColumnsError,
    TownCount,
    Unit,
    Weights,
)

__all__ = [
    "Edge",
    "Edits",
    "Explanation",
    "Instance",
    "InstanceError",
    "Kind",
    "MergeplanError",
    "Plan",
    "Planner",
    "Problem",
    "RequestError",
    "Rules",
    "Status",
    "TooManyColumnsError",
    "TownCount",
    "Unit",
    "Weights",
    "count_after_reduction",
    "dump_json",
    "instance_from_json",
    "read_json",
    "solve",
    "write_json",
]
