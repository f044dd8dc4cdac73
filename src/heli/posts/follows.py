"""What follows once a sharing of posts is accepted or a placement is settled."""

from datetime import date, datetime
from typing import Any

from heli.kernel.access import Actor
from heli.posts.services.allotting import apply_allotting
from heli.posts.services.placing import settle_placement
from heli.records.ledgers import Follow, Values


def apply(actor: Actor, row: Any, values: Values, _on: date, at: datetime) -> Values:
    """The posts of every village are set."""
    apply_allotting(actor=actor, row=row, since=values["valid_from"], document=values["document"], at=at)
    return {}


def settle(actor: Actor, row: Any, _values: Values, _on: date, at: datetime) -> Values:
    """Whoever leaves has left."""
    settle_placement(actor=actor, row=row, at=at)
    return {}


FOLLOWS = (Follow("allottings", "accept", apply), Follow("placements", "settle", settle))
