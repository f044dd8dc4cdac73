"""The lists that are kept about posts."""

from heli.posts.ledger.allotting import ALLOTTINGS
from heli.posts.ledger.placing import PLACEMENTS
from heli.posts.ledger.promoting import INCENTIVES, RECRUITMENTS

__all__ = ["ALLOTTINGS", "INCENTIVES", "LEDGERS", "PLACEMENTS", "RECRUITMENTS"]

LEDGERS = (ALLOTTINGS, PLACEMENTS, RECRUITMENTS, INCENTIVES)
