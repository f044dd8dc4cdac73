"""The two ledgers of matters, declared: the matter itself, and what each department was whistled for."""

from heli.matters.ledger.matter import MATTERS
from heli.matters.ledger.whistle import WHISTLES

__all__ = ["LEDGERS", "MATTERS", "WHISTLES"]
LEDGERS = (MATTERS, WHISTLES)
