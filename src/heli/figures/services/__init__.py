"""Writes of figures: snapshots, and figures that somebody published."""

from heli.figures.services.claims import report_figures
from heli.figures.services.snapshots import freeze_weeks, take_snapshot

__all__ = ["freeze_weeks", "report_figures", "take_snapshot"]
