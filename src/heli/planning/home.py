"""The merger plans that changed last, on the first page of those who plan."""

from typing import Any

from heli.kernel.access import may
from heli.kernel.panels import HomeAsk, HomePart
from heli.planning.queries import scenarios_in_scope

MOST = 5


def fill(ask: HomeAsk) -> dict[str, Any] | None:
    """One query."""
    if not may(ask.actor, "planning.edit"):
        return None
    return {"scenarios": list(scenarios_in_scope(ask.actor)[:MOST])}


HOME = (HomePart(id="planning.plans", template="planning/home.html", fill=fill, order=60, beside=True),)
