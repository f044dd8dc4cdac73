"""What points offer to the trail: every line. Whose it is may be deleted, and is not vouched for."""

from heli.audit.types import Witness

WITNESSES = (Witness("points.PointsEntry"),)
