"""What assemblies offer to the trail: what was voted, how matters were led to a decision, and every tally of an election."""

from heli.audit.types import Witness

WITNESSES = (
    Witness("assemblies.Sitting"),
    Witness("assemblies.FourSteps"),
    Witness("assemblies.UnitContest"),
    Witness("assemblies.Nominee", leaving_out=("name",)),
    Witness("assemblies.CountSheet"),
    Witness("assemblies.Declaration"),
)
