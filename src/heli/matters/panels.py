"""What matters lay beside the meetings of a district: what the next joint sitting has to decide."""

from datetime import date
from typing import Any

from heli.kernel.access import Actor
from heli.matters import board_queries, queries
from heli.records.abouts import About
from heli.records.panels import Piece


def fill(actor: Actor, about: About, _on: date) -> dict[str, Any] | None:
    """Flagged matters, and what joint sittings decided; nothing where there are none of both."""
    flagged, _impossible = board_queries.listed_apart(actor, about)
    decided = queries.decided_lately(actor, about)
    return {"flagged": flagged, "decided": decided} if flagged or decided else None


PIECES = (Piece("meetings:list", "matters/piece.html", fill),)
