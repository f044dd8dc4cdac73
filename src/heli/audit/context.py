"""What every page says when the trail does not fit."""

from typing import Any

from django.http import HttpRequest

from heli.audit import alarms, anchor
from heli.kernel.access import PUBLIC, may


def alarm(request: HttpRequest) -> dict[str, Any]:
    """Template context: `trail_alarm`, for those who may read the trail; None for others and in peace."""
    actor = getattr(request, "actor", PUBLIC)
    if actor.id is None or not anchor.is_kept() or not may(actor, "audit.read"):
        return {}
    return {"trail_alarm": alarms.raised()}
