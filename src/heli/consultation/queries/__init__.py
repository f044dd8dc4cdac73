"""Reads of notices, opinions and surveys, a file per topic."""

from heli.consultation.models import OpinionChannel

__all__ = ["OpinionChannel"]
