"""What planning offers to the trail: scenarios, decisions under their documents, runs, and which of them were posted.

Materials and results have a hash in a column of their own, which `heli check` recomputes.
"""

from heli.audit.types import Witness

WITNESSES = (
    Witness("planning.Inputs", leaving_out=("material",)),
    Witness("planning.Scenario"),
    Witness("planning.PlanRun", leaving_out=("rules", "result", "progress", "seconds")),
    Witness("planning.Acceptance"),
    Witness("planning.Application"),
    Witness("planning.Posting"),
)
