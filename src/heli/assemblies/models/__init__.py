"""The rows of assemblies; a topic to a file."""

from heli.assemblies.models.sittings import FourSteps, Sitting, SittingStatus, StepsVariant

__all__ = ["FourSteps", "Sitting", "SittingStatus", "StepsVariant"]
