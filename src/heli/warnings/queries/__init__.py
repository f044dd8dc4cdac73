"""Reads of weeks, forecasts and key villages, a file per topic."""

from heli.warnings.models import FrozenWeek

__all__ = ["FrozenWeek"]
