"""What the page of a shift shows beside its ledger's own: counts, never names."""

from typing import Any

from django import template

from heli.kernel.access import Actor, may
from heli.points import queries
from heli.points.ledger import CONFIRM
from heli.points.models import Shift

register = template.Library()


@register.simple_tag(takes_context=True)
def on_shift(context: Any, shift: Shift) -> dict[str, Any]:
    """How many are on it, how many were confirmed, and whether the reader confirms."""
    actor: Actor = context["request"].actor
    waiting, confirmed = queries.heads_of(shift)
    return {
        "taken": waiting + confirmed,
        "confirmed": confirmed,
        "waiting": waiting,
        "can_confirm": may(actor, CONFIRM, shift.place_id),
    }
