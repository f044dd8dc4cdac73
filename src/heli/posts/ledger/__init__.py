"""The lists that are kept about posts."""

from heli.posts.ledger.allotting import ALLOTTINGS
from heli.posts.ledger.placing import PLACEMENTS

__all__ = ["ALLOTTINGS", "LEDGERS", "PLACEMENTS"]

LEDGERS = (ALLOTTINGS, PLACEMENTS)
