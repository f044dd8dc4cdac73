"""The lists that the ledger keeps: registers of assets and contracts, clearances."""

from heli.ledger.ledger.clearance import CLEARANCES
from heli.ledger.ledger.registers import ASSETS, CONTRACTS, ENTRY, KEEP, LOCK, READ, VERIFY

LEDGERS = (ASSETS, CONTRACTS, CLEARANCES)

__all__ = ["ASSETS", "CLEARANCES", "CONTRACTS", "ENTRY", "KEEP", "LEDGERS", "LOCK", "READ", "VERIFY"]
