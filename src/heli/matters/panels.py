"""What matters lay beside the meetings of a district: what the next joint sitting has to decide."""

from datetime import date
from typing import Any

from heli.kernel.access import Actor
from heli.matters import board_queries, queries
from heli.problems.ledger import PROBLEMS
from heli.records.abouts import About
from heli.records.panels import Piece, RowPart


def fill(actor: Actor, about: About, _on: date) -> dict[str, Any] | None:
    """Flagged matters, and what joint sittings decided; nothing where there are none of both."""
    flagged, _impossible = board_queries.listed_apart(actor, about)
    decided = queries.decided_lately(actor, about)
    return {"flagged": flagged, "decided": decided} if flagged or decided else None


def shown_problem(row: Any, _on: date) -> dict[str, Any]:
    """The matters that a problem was lifted from."""
    return {"lifted_from": queries.lifted_from(row)}


PIECES = (Piece("meetings:list", "matters/piece.html", fill),)
ROW_PARTS = (RowPart(PROBLEMS.name, shown_problem, "matters/lifted_from.html"),)
