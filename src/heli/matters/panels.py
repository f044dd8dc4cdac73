"""What matters lay beside the meetings of a district: what the next joint sitting has to decide."""

from datetime import date
from typing import Any

from heli.kernel.access import Actor
from heli.matters import queries
from heli.records.abouts import About
from heli.records.panels import Piece


def fill(actor: Actor, about: About, _on: date) -> dict[str, Any] | None:
    """Flagged matters; nothing where there are none."""
    flagged, _impossible = queries.listed_apart(actor, about)
    return {"flagged": flagged} if flagged else None


PIECES = (Piece("meetings:list", "matters/piece.html", fill),)
