"""What assemblies offer to the trail: what was voted, and how matters were led to a decision."""

from heli.audit.types import Witness

WITNESSES = (Witness("assemblies.Sitting"), Witness("assemblies.FourSteps"))
