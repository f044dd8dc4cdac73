"""For auditors: problems that are past their day and still open, the latest first."""

from typing import Any

from heli.kernel.panels import HomeAsk, HomePart
from heli.places import queries as places
from heli.problems.ledger import PROBLEMS
from heli.problems.queries import late_problems

MOST = 6


def fill(ask: HomeAsk) -> dict[str, Any] | None:
    """How many there are, and the first; three queries."""
    if not any(grant.role == "auditor" for grant in ask.actor.grants):
        return None
    late = late_problems(ask.actor, ask.on)
    shown = list(late[:MOST])
    names = places.names_at({one.place_id for one in shown}, ask.on)
    return {
        "count": late.count(),
        "lines": [
            {
                "title": one.title,
                "place": names.get(one.place_id, ""),
                "days": (ask.on - one.due_on).days if one.due_on else 0,
                "url": PROBLEMS.url("row", one.about, one.public_id),
            }
            for one in shown
        ],
    }


HOME = (HomePart(id="problems.late", template="problems/home.html", fill=fill, order=15),)
