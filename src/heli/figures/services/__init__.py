"""Writes of figures."""

from heli.figures.services.snapshots import take_snapshot

__all__ = ["take_snapshot"]
